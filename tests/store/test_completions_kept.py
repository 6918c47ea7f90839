"""Chat completions in the database."""

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from pellucid.store.completions import Completion, Completions, Search
from pellucid.store.db import opened
from pellucid.store.lifetime import DAY, TIDIED_EVERY

# A query is UTF-8, which has no half pairs; to SQLite's JSON a text ends before a NUL.
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=6)


def completion(number: int, created_at: int = 0, **metadata: str) -> Completion:
    name = f"c{number:04}"
    return Completion(name, "ann", created_at, "m", metadata, ({"id": "i"},), {"id": name})


async def test_one_comes_back_as_it_was_also_after_a_restart(tmp_path: Path) -> None:
    made = completion(1, run="\ud800é")
    async with opened(tmp_path / "x.db") as database:
        await Completions(database, lambda: 0, 30, 10).save(made)
    async with opened(tmp_path / "x.db") as database:
        completions = Completions(database, lambda: 0, 30, 10)
        assert await completions.find(made.id, "ann") == made
        assert await completions.find(made.id, "bob") is None


async def test_what_is_too_old_or_too_much_is_forgotten(tmp_path: Path) -> None:
    now = 100 * DAY
    async with opened(tmp_path / "x.db") as database:
        completions = Completions(database, lambda: now, 30, 3)
        await completions.save(completion(0, now - 31 * DAY))
        for number in range(1, TIDIED_EVERY + 1):
            await completions.save(completion(number, now - 400 + number))
        found = await completions.search("ann", Search(limit=9))
        assert [one.id for one in found] == ["c0254", "c0255", "c0256"]


async def test_order_is_by_age_whatever_the_ids(tmp_path: Path) -> None:
    async with opened(tmp_path / "x.db") as database:
        completions = Completions(database, lambda: 0, 0, 10)
        made = [completion(9 - number, created_at=number) for number in range(4)]
        for one in made:
            await completions.save(one)
        assert await completions.search("ann", Search(9)) == tuple(made)
        after = Search(9, newest_first=True, after=made[2])
        assert await completions.search("ann", after) == (made[1], made[0])


@given(st.dictionaries(texts, texts, max_size=3), st.dictionaries(texts, texts, max_size=2))
async def test_a_search_finds_what_has_all_the_pairs(
    metadata: dict[str, str], wanted: dict[str, str]
) -> None:
    with TemporaryDirectory() as folder:
        async with opened(Path(folder) / "x.db") as database:
            completions = Completions(database, lambda: 0, 0, 10)
            await completions.save(completion(1, **metadata))
            found = await completions.search("ann", Search(9, metadata=wanted))
            assert bool(found) == (wanted.items() <= metadata.items())
