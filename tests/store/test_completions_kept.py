"""Chat completions in the database."""

from dataclasses import replace
from itertools import count
from pathlib import Path

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pellucid.store.completions import Completion, Completions, Search
from pellucid.store.db import opened
from pellucid.store.lifetime import DAY, TIDIED_EVERY

texts = st.text(st.sampled_from('ab, :"\\{}%é\0\ud800'), max_size=5)
numbers = count(1)


def completion(number: int, created_at: int = 0, **metadata: str) -> Completion:
    name = f"c{number:04}"
    return Completion(name, "ann", created_at, "m", metadata, ({"id": "i"},), {"id": name})


async def test_one_comes_back_as_it_was_also_after_a_restart(place: Path | str) -> None:
    made = completion(1, run="\ud800é")
    async with opened(place) as database:
        await Completions(database, lambda: 0, 30, 10).save(made)
    async with opened(place) as database:
        completions = Completions(database, lambda: 0, 30, 10)
        assert await completions.find(made.id, "ann") == made
        assert await completions.find(made.id, "bob") is None


async def test_what_is_too_old_or_too_much_is_forgotten(place: Path | str) -> None:
    now = 100 * DAY
    async with opened(place) as database:
        completions = Completions(database, lambda: now, 30, 3)
        await completions.save(completion(0, now - 31 * DAY))
        for number in range(1, TIDIED_EVERY + 1):
            await completions.save(completion(number, now - 400 + number))
        found = await completions.search("ann", Search(limit=9))
        assert [one.id for one in found] == ["c0254", "c0255", "c0256"]


async def test_order_is_by_age_whatever_the_ids(place: Path | str) -> None:
    async with opened(place) as database:
        completions = Completions(database, lambda: 0, 0, 10)
        made = [completion(9 - number, created_at=number) for number in range(4)]
        for one in made:
            await completions.save(one)
        assert await completions.search("ann", Search(9)) == tuple(made)
        after = Search(9, newest_first=True, after=made[2])
        assert await completions.search("ann", after) == (made[1], made[0])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(texts, texts, max_size=3), st.dictionaries(texts, texts, max_size=2))
@example({'x"a': "b"}, {"a": "b"})
@example({"a": "B"}, {"a": "b"})
async def test_a_search_finds_what_has_all_the_pairs(
    place: Path | str, metadata: dict[str, str], wanted: dict[str, str]
) -> None:
    owner = f"owner {next(numbers)}"
    made = replace(completion(next(numbers)), owner=owner, metadata=metadata)
    async with opened(place) as database:
        completions = Completions(database, lambda: 0, 0, 10)
        await completions.save(made)
        found = await completions.search(owner, Search(9, metadata=wanted))
        assert found == ((made,) if wanted.items() <= metadata.items() else ())


async def test_a_page_is_as_long_as_was_asked_for(place: Path | str) -> None:
    async with opened(place) as database:
        completions = Completions(database, lambda: 0, 0, 100)
        for number in range(60):
            await completions.save(completion(number, run="even" if number % 2 == 0 else "odd"))
        found = await completions.search("ann", Search(20, metadata={"run": "odd"}))
        assert [one.id for one in found] == [f"c{number:04}" for number in range(1, 41, 2)]
