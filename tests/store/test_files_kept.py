"""Files in the database."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from pellucid.core.errors import BadRequest
from pellucid.store.db import opened
from pellucid.store.files import File, Files
from pellucid.store.uploads import LIFETIME, Upload, Uploads

FILE = File("file-1", "ann", 100, "a.txt", "user_data")


@dataclass
class Clock:
    now: float = 100

    def __call__(self) -> float:
        return self.now


async def parts(*contents: bytes) -> AsyncGenerator[bytes, None]:
    for content in contents:
        yield content


async def whole(files: Files, file_id: str) -> bytes:
    return b"".join([chunk async for chunk in files.content(file_id)])


async def test_a_file_survives_a_restart_and_is_replaced_whole(place: Path | str) -> None:
    async with opened(place) as database:
        kept = await Files(database, Clock(), 99).save(FILE, parts(b"ab", b"cd", b"ef"))
        assert kept == replace(FILE, bytes=6)
    async with opened(place) as database:
        files = Files(database, Clock(), 99)
        assert await files.find(FILE.id, "ann") == kept
        assert await whole(files, FILE.id) == b"abcdef"
        await files.save(FILE, parts(b"x"))
        assert await whole(files, FILE.id) == b"x"


async def test_what_has_no_space_leaves_nothing(place: Path | str) -> None:
    async with opened(place) as database:
        files = Files(database, Clock(), 5)
        with pytest.raises(BadRequest, match="PELLUCID_STORE_SPACE"):
            await files.save(FILE, parts(b"abc", b"def"))
        assert await files.of("ann") == ()
        assert await whole(files, FILE.id) == b""
        await files.save(FILE, parts(b"abcde"))


async def test_a_file_is_gone_when_its_time_is_over_and_its_space_is_free(
    place: Path | str,
) -> None:
    clock = Clock()
    async with opened(place) as database:
        files = Files(database, clock, 5)
        await files.save(replace(FILE, expires_at=200), parts(b"abcde"))
        clock.now = 199
        assert await files.find(FILE.id, "ann")
        clock.now = 200
        assert await files.find(FILE.id, "ann") is None
        assert await files.of("ann") == ()
        await files.save(replace(FILE, id="file-2"), parts(b"abcde"))
        assert await whole(files, FILE.id) == b""


async def test_an_upload_that_nobody_completes_expires_with_its_parts(place: Path | str) -> None:
    clock = Clock()
    async with opened(place) as database:
        files = Files(database, clock, 5)
        uploads = Uploads(database, files, clock)
        upload = Upload("upload_1", "ann", 100, "a", "user_data", 5)
        await uploads.create(upload)
        await uploads.add_part(upload, "part_1", parts(b"abcde"))
        clock.now += LIFETIME
        found = await uploads.find("upload_1", "ann")
        assert found == replace(upload, status="expired")
        with pytest.raises(BadRequest, match="is expired"):
            await uploads.complete(found, ["part_1"], "file-1", None)
        await uploads.create(replace(upload, id="upload_2", created_at=int(clock.now)))
        await files.save(FILE, parts(b"abcde"))
        assert await whole(files, "part_1") == b""
