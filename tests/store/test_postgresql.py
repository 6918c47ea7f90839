"""What is different about a database on PostgreSQL: who gets in, and what several do at once."""

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from pellucid.core.errors import BadRequest
from pellucid.store.conversations import Conversation, Conversations
from pellucid.store.db import MIGRATIONS, opened
from pellucid.store.files import File, Files
from pellucid.store.keyed import Keyed, KeyedReplies
from pellucid.store.postgresql import REPLACED, named
from pellucid.store.uploads import LIFETIME, Upload, Uploads
from postgres_server import Server

FILE = File("file-1", "ann", 0, "a.txt", "user_data")


async def once(content: bytes) -> AsyncGenerator[bytes, None]:
    yield content


async def refused(url: str) -> str:
    """What is told of a database that cannot be opened."""
    with pytest.raises(BadRequest) as told:
        async with opened(url):
            pass
    assert "secret" not in str(told.value)
    assert "\n" not in str(told.value)
    return str(told.value)


async def test_a_server_that_is_not_there_is_named_without_the_password(tmp_path: Path) -> None:
    told = await refused("postgresql://ann:secret@127.0.0.1:1/kept?password=secret")
    assert told == (
        "the database postgresql://ann@127.0.0.1:1/kept cannot be reached:"
        " Connect call failed ('127.0.0.1', 1)"
    )
    assert f"?host={tmp_path} cannot be reached: " in await refused(
        f"postgresql://ann:secret@/kept?host={tmp_path}&password=secret"
    )


async def test_what_the_server_says_is_told(postgresql: Server) -> None:
    told = await refused(postgresql.url("nowhere"))
    assert told.endswith('cannot be used: database "nowhere" does not exist')
    url = postgresql.database()
    assert 'parameter "colour"' in await refused(f"{url}&colour=red")
    assert "`sslmode` parameter must be" in await refused(f"{url}&sslmode=maybe")


async def test_a_database_that_cannot_hold_every_text_is_refused(postgresql: Server) -> None:
    told = await refused(postgresql.database("LATIN1"))
    assert told.endswith("is in LATIN1; it has to be in UTF8")


def test_a_url_is_shown_with_its_user_and_its_hosts() -> None:
    url = "postgres://ann@one:5432,two/kept?sslmode=require&passfile=x"
    assert named(url) == "postgres://ann@one:5432,two/kept"


async def test_two_servers_that_begin_at_once_make_the_tables_once(postgresql: Server) -> None:
    url = postgresql.database()

    async def begun() -> int:
        async with opened(url) as database, database.connect() as connection:
            return await connection.scalar(text("SELECT COUNT(*) FROM versions")) or 0

    assert await asyncio.gather(*(begun() for _ in range(4))) == [len(MIGRATIONS)] * 4


async def test_connections_that_broke_are_made_anew(postgresql: Server) -> None:
    url = postgresql.database()
    others = text(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    async with opened(url) as database, opened(url) as other:
        talks = Conversations(database)
        await talks.create(Conversation("c", "ann", 0, {}), ({"id": "a"},))
        async with other.connect() as connection:
            assert (await connection.execute(others)).all()
        assert await talks.items("c") == ({"id": "a"},)


async def test_what_may_be_lost_does_not_wait_for_the_disk(postgresql: Server) -> None:
    url = postgresql.database()

    async def waits(database: AsyncEngine) -> str:
        async with database.connect() as connection:
            return str(await connection.scalar(text("SHOW synchronous_commit")))

    async with opened(url) as kept, opened(url, durable=False) as cache:
        assert (await waits(kept), await waits(cache)) == ("on", "off")


async def test_a_character_it_has_no_place_for_is_replaced(place: Path | str) -> None:
    async with opened(place) as database:
        files = Files(database, lambda: 0, 9)
        await files.save(File("file-1", "ann", 0, "a\0b", "user_data"), once(b"\0"))
        found = await files.find("file-1", "ann")
        assert found is not None
        assert found.filename == ("a\0b" if isinstance(place, Path) else f"a{REPLACED}b")
        assert await files.find("\0", "ann") is None
        assert [chunk async for chunk in files.content("file-1")] == [b"\0"]


async def test_what_is_kept_under_one_key_at_once_is_kept(place: Path | str) -> None:
    async with opened(place) as database:
        kept = KeyedReplies(database, lambda: 0)
        replies = [Keyed(str(number), 200, "text/plain", "") for number in range(12)]
        await asyncio.gather(*(kept.save("ann", "k", reply) for reply in replies))
        assert await kept.find("ann", "k") in replies


async def test_what_is_kept_about_something_goes_with_it(place: Path | str) -> None:
    async with opened(place) as database:
        kept = KeyedReplies(database, lambda: 0)
        bodies = {"a": '{"id":"resp_1"}', "b": '{"file":"file-1"}', "c": '{"file":"file-12"}'}
        for key, body in bodies.items():
            await kept.save("ann", key, Keyed("", 200, "text/plain", body, f"about-{key}"))
            await kept.save("bob", key, Keyed("", 200, "text/plain", body, f"about-{key}"))
        await kept.forget("ann", "about-a")
        await kept.forget_naming("ann", "file-1")
        assert [await kept.find("ann", key) is None for key in "abc"] == [True, True, False]
        assert [await kept.find("bob", key) is None for key in "abc"] == [False] * 3


async def test_files_that_are_written_at_once_take_no_more_than_there_is(
    postgresql: Server,
) -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slow() -> AsyncGenerator[bytes, None]:
        begun.set()
        yield b"abc"
        await go_on.wait()

    async with opened(postgresql.database()) as database:
        files = Files(database, lambda: 0, 5)
        late = asyncio.create_task(files.save(FILE, slow()))
        await begun.wait()
        await files.save(File("file-2", "ann", 0, "b", "user_data"), once(b"abcde"))
        go_on.set()
        with pytest.raises(BadRequest, match="of which 0 are left"):
            await late
        assert [file.id for file in await files.of("ann")] == ["file-2"]


async def somebody_waits(database: AsyncEngine) -> bool:
    """Whether a transaction waits for another to end."""
    async with database.connect() as connection:
        return bool(
            await connection.scalar(text("SELECT COUNT(*) FROM pg_locks WHERE NOT granted"))
        )


async def test_a_part_that_comes_while_its_upload_is_ended_is_refused(postgresql: Server) -> None:
    now, begun, go_on = [0.0], asyncio.Event(), asyncio.Event()

    async def slow() -> AsyncGenerator[bytes, None]:
        begun.set()
        await go_on.wait()
        yield b"abc"

    async with opened(postgresql.database()) as database:
        files = Files(database, lambda: now[0], 9)
        uploads = Uploads(database, files, lambda: now[0])
        upload = Upload("upload_1", "ann", 0, "a", "user_data", 9)
        await uploads.create(upload)
        adding = asyncio.create_task(uploads.add_part(upload, "part_1", slow()))
        await begun.wait()
        now[0] += LIFETIME
        ending = asyncio.create_task(
            uploads.create(Upload("upload_2", "ann", int(now[0]), "b", "user_data", 9))
        )
        while not (ending.done() or await somebody_waits(database)):
            pass
        go_on.set()
        await asyncio.gather(adding, ending)
        with pytest.raises(BadRequest, match="is expired"):
            await uploads.add_part(upload, "part_2", once(b"x"))
        await files.save(FILE, once(b"x" * 9))  # the parts take no space any more
