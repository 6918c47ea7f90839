"""Containers in the database: bounds, heads of texts, what is forgotten and when."""

from collections.abc import AsyncGenerator
from itertools import count
from pathlib import Path

import pytest

from pellucid.core.errors import BadRequest
from pellucid.core.ports import WorkFile
from pellucid.store.containers import Bounds, Container, Containers, in_chunks
from pellucid.store.db import Database, opened
from pellucid.store.files import CHUNK, Files


class Kept:
    """Containers on a clock that stands still until it is moved."""

    def __init__(self, database: Database) -> None:
        self.now, ids = 1_000_000.0, count()
        self.files = Files(database, lambda: self.now, 4_000_000)
        bounds = Bounds(containers=3, files=4, largest=3_000_000, bytes=3_500_000)
        self.all = Containers(
            database, self.files, lambda: self.now, lambda kind: f"{kind}_{next(ids)}", bounds
        )

    async def make(self, name: str, *, automatic: bool = False, owner: str = "ann") -> Container:
        return await self.all.make(name, owner, name, automatic=automatic)


@pytest.fixture
async def kept(tmp_path: Path) -> AsyncGenerator[Kept, None]:
    async with opened(tmp_path / "test.db") as database:
        yield Kept(database)


@pytest.mark.parametrize(
    ("content", "head"),
    [
        (b"", ""),
        (b"a,b\n1,2\n", "a,b\n1,2\n"),
        (b"\0\1", ""),
        (b"\xff\xfe", ""),
        ("é".encode() * 600, "é" * 500),
        (b"x" + "é".encode() * 600, "x" + "é" * 499),
        (("a" * 98 + "\n").encode() * 20, ("a" * 98 + "\n") * 10),
        (b"1\n" * 40, "1\n" * 12),
        (b"a" * 998 + b"\xff" * 9, ""),
    ],
)
async def test_the_beginning_of_a_text_is_known(kept: Kept, content: bytes, head: str) -> None:
    made = await kept.make("a")
    file = await kept.all.add(made, "a", "user", in_chunks(content))
    assert file.head == head
    assert (await kept.all.files(made)) == (file,)


async def test_a_file_takes_the_place_of_its_name_or_nothing_changes(kept: Kept) -> None:
    made = await kept.make("a")
    first = await kept.all.add(made, "a", "user", in_chunks(b"1" * (CHUNK + 1)))
    with pytest.raises(BadRequest, match="too large"):
        await kept.all.add(made, "a", "assistant", in_chunks(b"2" * 3_000_001))
    assert await kept.all.files(made) == (first,)
    second = await kept.all.add(made, "a", "assistant", in_chunks(b"22"))
    assert await kept.all.files(made) == (second,)
    assert [piece async for piece in kept.all.content(second.id)] == [b"22"]
    assert [piece async for piece in kept.all.content(first.id)] == []


async def test_files_of_containers_count_among_all_files(kept: Kept) -> None:
    made, other = await kept.make("a"), await kept.make("b")
    await kept.all.add(made, "a", "user", in_chunks(b"1" * 3_000_000))
    with pytest.raises(BadRequest, match="all files may take 4,000,000 bytes"):
        await kept.all.add(other, "a", "user", in_chunks(b"1" * 1_000_001))
    await kept.all.delete(made)
    await kept.all.add(other, "a", "user", in_chunks(b"1" * 1_000_001))


async def test_what_has_expired_is_forgotten_bit_by_bit(kept: Kept) -> None:
    made = await kept.make("a")
    file = await kept.all.add(made, "a", "user", in_chunks(b"1"))
    kept.now += 20 * 60
    assert kept.all.expired(made)
    await kept.make("b")
    assert [piece async for piece in kept.all.content(file.id)] == []
    assert await kept.all.find("a", "ann") is not None
    kept.now += 86_400
    await kept.make("c")
    assert await kept.all.find("a", "ann") is None


async def test_what_was_made_for_responses_makes_room_the_longest_unused_first(kept: Kept) -> None:
    for name in ("a", "b", "c"):
        await kept.make(name, automatic=name != "a")
        kept.now += 1
    await kept.all.add(await kept.make("b", automatic=True), "x", "user", in_chunks(b"1"))
    await kept.make("d")
    assert [one.id for one in await kept.all.of("ann")] == ["a", "b", "d"]
    await kept.make("e", owner="bob")
    await kept.make("f")
    with pytest.raises(BadRequest, match="may have 3 containers"):
        await kept.make("g")


async def test_programs_use_a_container_that_is_made_when_they_do(kept: Kept) -> None:
    folder = kept.all.folder("cntr_1", "ann")
    assert await kept.all.find("cntr_1", "ann") is None
    assert await folder.contents() == []
    file_id = await folder.keep(WorkFile("a", b"1"))
    assert await folder.contents() == [WorkFile("a", b"1")]
    made = await kept.all.find("cntr_1", "ann")
    assert made is not None
    assert [(one.id, one.source) for one in await kept.all.files(made)] == [(file_id, "assistant")]
    kept.now += 20 * 60
    with pytest.raises(BadRequest, match="'cntr_1' is expired"):
        await folder.contents()
