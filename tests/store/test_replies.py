"""Replies in the database."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import text

from pellucid.core.errors import BadRequest
from pellucid.core.executions import Execution
from pellucid.core.items import Message, Reasoning, ToolCall, ToolResult, Verdicts
from pellucid.store.conversations import Conversation, Conversations
from pellucid.store.db import opened
from pellucid.store.lifetime import DAY, TIDIED_EVERY
from pellucid.store.replies import Replies, Reply

ITEMS = (
    Message("user", "é\ud800"),
    Reasoning("hm"),
    ToolCall("c", "python", "print(1)"),
    ToolResult("c", "1", execution=Execution("e", "print(1)", "ok", output="1\n")),
    Verdicts((), ("gone",), "none"),
)


def reply(number: int, owner: str = "ann", created_at: int = 0) -> Reply:
    return Reply(f"r{number:04}", owner, created_at, ITEMS, ({"id": "i"},), {"n": number})


async def test_a_reply_comes_back_as_it_was_also_after_a_restart(place: Path | str) -> None:
    async with opened(place) as database:
        await Replies(database, lambda: 0, 30, 10).save(reply(1))
    async with opened(place) as database:
        replies = Replies(database, lambda: 0, 30, 10)
        assert await replies.find("r0001", "ann") == reply(1)
        assert await replies.find("r0001", "bob") is None
        assert not await replies.delete("r0001", "bob")
        assert await replies.delete("r0001", "ann")
        assert await replies.find("r0001", "ann") is None


async def test_a_reply_and_its_items_are_kept_together_or_not_at_all(place: Path | str) -> None:
    async with opened(place) as database:
        replies, talks = Replies(database, lambda: 0, 30, 10), Conversations(database)
        await talks.create(Conversation("c", "ann", 0, {}), ({"id": "a"},))
        with pytest.raises(KeyError):  # as if this process died in the middle
            await replies.save(reply(1), "c", ({"id": "b"}, {}))
        assert await replies.find("r0001", "ann") is None
        assert await talks.items("c") == ({"id": "a"},)
        await replies.save(reply(1), "c", ({"id": "b"}, {"id": "d"}))
        assert await replies.find("r0001", "ann") == reply(1)
        assert await talks.items("c") == ({"id": "a"}, {"id": "b"}, {"id": "d"})


async def test_turns_that_end_at_once_do_not_mingle(place: Path | str) -> None:
    async with opened(place) as database:
        talks = Conversations(database)
        await talks.create(Conversation("c", "ann", 0, {}), ())
        pairs = [({"id": f"q{number}"}, {"id": f"a{number}"}) for number in range(12)]
        await asyncio.gather(*(talks.append("c", pair) for pair in pairs))
        found = [item["id"] for item in await talks.items("c")]
        assert sorted(found[::2]) == sorted(pair[0]["id"] for pair in pairs)
        assert [name[1:] for name in found[::2]] == [name[1:] for name in found[1::2]]


async def test_what_is_too_old_or_too_much_is_forgotten(place: Path | str) -> None:
    async with opened(place) as database:
        now = 100 * DAY
        replies = Replies(database, lambda: now, 30, 3)
        for number in range(6):
            await replies.save(reply(number, created_at=now - number))
        await replies.save(reply(9, created_at=now - 31 * DAY))
        await replies.tidy()
        kept = [n for n in range(10) if await replies.find(f"r{n:04}", "ann")]
        assert kept == [0, 1, 2]
        for_ever = Replies(database, lambda: 10**12, 0, 3)
        await for_ever.tidy()
        assert await for_ever.find("r0000", "ann")


async def test_what_is_too_old_is_forgotten_also_where_there_is_room(place: Path | str) -> None:
    async with opened(place) as database:
        now = 100 * DAY
        replies = Replies(database, lambda: now, 30, 99)
        await replies.save(reply(0, created_at=now - 30 * DAY + 1))
        await replies.save(reply(1, created_at=now - 30 * DAY))
        await replies.tidy()
        assert await replies.find("r0000", "ann")
        assert await replies.find("r0001", "ann") is None


async def test_the_store_tidies_itself_now_and_then(place: Path | str) -> None:
    async with opened(place) as database:
        replies = Replies(database, lambda: 0, 30, 2)
        for number in range(TIDIED_EVERY + 1):
            await replies.save(reply(number, created_at=number))
        assert await replies.find(f"r{TIDIED_EVERY:04}", "ann")
        assert await replies.find("r0001", "ann") is None


async def test_many_save_at_the_same_time(place: Path | str) -> None:
    async with opened(place) as database:
        replies = Replies(database, lambda: 0, 30, 1_000)
        await asyncio.gather(*(replies.save(reply(number)) for number in range(40)))
        found = [await replies.find(f"r{number:04}", "ann") for number in range(40)]
        assert all(found)


async def test_a_database_of_a_later_version_is_left_alone(place: Path | str) -> None:
    async with opened(place) as database, database.begin() as connection:
        await connection.execute(text("INSERT INTO versions VALUES (99)"))
    with pytest.raises(BadRequest, match="later version"):
        async with opened(place):
            pass
