"""Equal requests are answered from what the first one did, and say so."""

import json
import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import openai
import pytest
from openai import AsyncOpenAI
from sqlalchemy import text

from api.served import OTHER_KEY, Served, scripted, serving
from pellucid.api.operating import Operating
from pellucid.core.errors import WeightsError
from pellucid.core.fold import Record
from pellucid.core.serving import Serving
from pellucid.core.turn import Turn
from pellucid.model.scripted import ScriptedModel, rules
from pellucid.service.remembering import Remembering
from pellucid.service.turns import Turns
from pellucid.store import receipts
from pellucid.store.db import opened
from pellucid.store.remembered import LIFETIME, RememberedTurns

SUM = "What is 6 * 7?"
CHAT: Any = [{"role": "user", "content": SUM}]


@dataclass
class Clock:
    now: float = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Told:
    """What became of every turn."""

    records: list[Record] = field(default_factory=list)

    def __call__(self, turn: Turn, record: Record) -> None:
        self.records.append(record)

    @property
    def made(self) -> int:
        return sum(not record.cached_from for record in self.records)


@asynccontextmanager
async def remembering(
    home: Path, told: Told, version: str = "v1", turns: Turns | None = None, clock: Any = None
) -> AsyncGenerator[Served, None]:
    async with opened(home / "cache.db") as database:
        kept = RememberedTurns(database, clock or Clock())
        running = replace(turns or scripted(home), tell=told)
        async with serving(Remembering(running, kept, version)) as served:
            yield served


async def respond(client: AsyncOpenAI, **more: Any) -> dict[str, Any]:
    asked = {"model": "pellucid-mini", "input": SUM, **more}
    return (await client.responses.create(**asked)).to_dict()


async def test_an_equal_response_is_given_at_once_and_says_so(tmp_path: Path) -> None:
    told = Told()
    async with remembering(tmp_path, told) as served:
        client = served.client()
        first = await respond(client)
        again = await respond(client, metadata={"a": "b"}, user="somebody")
        kept = (await client.responses.retrieve(again["id"])).to_dict()
    assert told.made == 1
    assert again["id"] != first["id"]
    assert kept == again
    assert again["pellucid"]["cached"] is True
    assert again["pellucid"]["cached_from"] == first["id"]
    assert "cached" not in first["pellucid"]
    assert again["pellucid"]["receipt_id"] == again["id"]
    assert again["pellucid"]["verdicts"] == first["pellucid"]["verdicts"] != []
    assert bare(again["output"]) == bare(first["output"])
    prompt = first["usage"]["input_tokens"]
    assert again["usage"]["input_tokens"] == prompt > 0
    assert again["usage"]["input_tokens_details"]["cached_tokens"] == prompt
    assert again["usage"]["output_tokens"] == 0
    effort = again["pellucid"]["effort"]
    assert (effort["asked"], effort["granted"], effort["candidates"]) == ("medium", "medium", 0)


def bare(output: Any) -> Any:
    """Items of output without their ids."""
    return json.loads(re.sub(r'"id": "\w+"', '"id": ""', json.dumps(output)))


async def test_its_receipt_is_its_own_and_holds_what_was_run(tmp_path: Path) -> None:
    async with remembering(tmp_path, Told()) as served:
        first = await respond(served.client())
        again = await respond(served.client())
    before, after = (receipts.read(tmp_path / f"{one['id']}.json") for one in (first, again))
    assert after.turn_id == again["id"]
    assert after.executions == before.executions != ()
    whole = receipts.whole(tmp_path / f"{again['id']}.json")["entries"]
    assert whole[-1]["content"]["cached_from"] == first["id"]
    assert whole[0]["content"]["fingerprint"] == "scripted/1"
    ended = receipts.whole(tmp_path / f"{first['id']}.json")["entries"][-1]["content"]
    assert "cached_from" not in ended


async def test_a_stream_is_the_same_stream_again(tmp_path: Path) -> None:
    told = Told()
    async with remembering(tmp_path, told) as served:
        client = served.client()

        async def stream() -> list[Any]:
            events = await client.responses.create(model="pellucid-mini", input=SUM, stream=True)
            return [event.to_dict() async for event in events]

        first, again = await stream(), await stream()
        whole = await respond(client)
    assert told.made == 1
    assert whole["pellucid"]["cached_from"] == first[0]["response"]["id"]

    def kinds(seen: list[Any]) -> list[str]:
        """Kinds of events, pieces of one text counted once."""
        found = [event["type"] for event in seen]
        return [kind for kind, before in zip(found, ["", *found], strict=False) if kind != before]

    assert kinds(again) == kinds(first)
    text = [event["delta"] for event in again if event["type"] == "response.output_text.delta"]
    assert text == ["The answer is 42."]
    assert again[-1]["response"]["pellucid"]["cached"] is True
    assert again[-1]["response"]["usage"]["output_tokens"] == 0


async def test_both_formats_answer_from_each_other(tmp_path: Path) -> None:
    told = Told()
    async with remembering(tmp_path, told) as served:
        client = served.client()
        first = await respond(client)
        chat: Any = await client.chat.completions.create(model="o4-mini", messages=CHAT)
        stream = await client.chat.completions.create(
            model="pellucid-mini",
            messages=CHAT,
            stream=True,
            stream_options={"include_usage": True},
        )
        chunks: Any = [chunk async for chunk in stream]
    assert told.made == 1
    assert chat.choices[0].message.content == "The answer is 42."
    assert chat.pellucid["cached_from"] == first["id"]
    assert chat.usage.completion_tokens == 0
    assert chat.usage.prompt_tokens_details.cached_tokens == chat.usage.prompt_tokens > 0
    assert "".join(c.choices[0].delta.content or "" for c in chunks if c.choices) == (
        "The answer is 42."
    )
    assert [c.pellucid["cached"] for c in chunks if hasattr(c, "pellucid")] == [True]
    assert chunks[-1].usage.completion_tokens == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"input": "What is 6 * 8?"},
        {"model": "pellucid-mini-alto"},
        {"reasoning": {"effort": "low"}},
        {"instructions": "Be brief."},
        {"max_output_tokens": 900},
        {"text": {"format": {"type": "json_object"}}},
        {"tools": [{"type": "function", "name": "f", "parameters": None}]},
        {"extra_body": {"pellucid": {"cache": False}}},
        {"extra_body": {"pellucid": {"computing": False}}},
        {"extra_body": {"pellucid": {"seconds": 60}}},
        {"store": False},
    ],
)
async def test_what_is_asked_otherwise_is_made_anew(
    tmp_path: Path, changes: dict[str, Any]
) -> None:
    told = Told()
    async with remembering(tmp_path, told) as served:
        await respond(served.client())
        made = await respond(served.client(), **changes)
    assert told.made == 2
    assert "cached" not in made["pellucid"]


@pytest.mark.parametrize(
    "never", [{"store": False}, *({"pellucid": one} for one in ({"cache": False}, {"seconds": 60}))]
)
async def test_what_is_not_to_be_remembered_is_not(tmp_path: Path, never: dict[str, Any]) -> None:
    told = Told()
    async with remembering(tmp_path, told) as served:
        await respond(served.client(), extra_body=never)
        await respond(served.client())
    assert told.made == 2


async def test_another_owner_other_weights_and_another_version_answer_for_themselves(
    tmp_path: Path,
) -> None:
    @asynccontextmanager
    async def other(serving: Serving) -> AsyncGenerator[ScriptedModel, None]:
        model = ScriptedModel(rules)
        model.fingerprint = "scripted/2"
        yield model

    told = Told()
    async with remembering(tmp_path, told) as served:
        await respond(served.client())
        await respond(served.client(api_key=OTHER_KEY))
    assert told.made == 2
    for changes in ({"version": "v2"}, {"turns": replace(scripted(tmp_path), model=other)}):
        async with remembering(tmp_path, told, **changes) as served:  # type: ignore[arg-type]
            await respond(served.client())
    assert told.made == 4


async def test_what_is_remembered_outlives_a_restart_but_not_a_day(tmp_path: Path) -> None:
    told, clock = Told(), Clock()
    async with remembering(tmp_path, told, clock=clock) as served:
        await respond(served.client())
    clock.now += LIFETIME - 1
    async with remembering(tmp_path, told, clock=clock) as served:
        await respond(served.client())
        assert told.made == 1
        clock.now += 1
        await respond(served.client())
        assert told.made == 2
        await respond(served.client())
        assert told.made == 2


async def test_in_the_background_it_has_to_be_asked_for(tmp_path: Path) -> None:
    told = Told()

    async def background(client: AsyncOpenAI, **more: Any) -> dict[str, Any]:
        made = await respond(client, background=True, **more)
        stream: Any = await client.responses.retrieve(made["id"], stream=True)
        _ = [event async for event in stream]
        return (await client.responses.retrieve(made["id"])).to_dict()

    async with remembering(tmp_path, told) as served:
        client = served.client()
        await respond(client)
        await background(client)
        assert told.made == 2
        done = await background(client, extra_body={"pellucid": {"cache": True}})
    assert told.made == 2
    assert done["status"] == "completed"
    assert done["pellucid"]["cached"] is True


async def test_calls_are_given_again_and_their_results_belong_to_them(tmp_path: Path) -> None:
    told = Told()
    tools: Any = [{"type": "function", "name": "weather", "parameters": None}]
    async with remembering(tmp_path, told) as served:
        client = served.client()
        asked: Any = {"input": 'call: weather {"a": 1}', "tools": tools}
        first, again = await respond(client, **asked), await respond(client, **asked)
        assert told.made == 1
        answers = []
        for made in (first, again):
            call = made["output"][0]
            result = {"type": "function_call_output", "call_id": call["call_id"], "output": "18"}
            answers.append(
                await respond(client, input=[result], tools=tools, previous_response_id=made["id"])
            )
    assert [one["output"][-1]["content"][0]["text"] for one in answers] == ["The result is 18."] * 2
    assert told.made == 2


async def test_failures_are_not_remembered(tmp_path: Path) -> None:
    @asynccontextmanager
    async def lost(serving: Serving) -> AsyncGenerator[ScriptedModel, None]:
        raise WeightsError("no weights")
        yield ScriptedModel(rules)

    told = Told()
    async with remembering(tmp_path, told, turns=replace(scripted(tmp_path), model=lost)) as served:
        with pytest.raises(openai.InternalServerError, match="No weights"):
            await respond(served.client())
    async with remembering(tmp_path, told) as served:
        for _ in range(2):
            with pytest.raises(openai.BadRequestError):
                await respond(served.client(), input=" ")
        assert "cached" not in (await respond(served.client()))["pellucid"]


async def test_tokens_are_counted_without_it(tmp_path: Path) -> None:
    async with remembering(tmp_path, Told()) as served:
        client = served.client()
        counted = await client.responses.input_tokens.count(model="pellucid-mini", input=SUM)
        assert counted.input_tokens > 0


async def test_operators_see_how_many_there_were(tmp_path: Path) -> None:
    operating = Operating()
    async with opened(tmp_path / "cache.db") as database:
        turns = replace(scripted(tmp_path), tell=operating.ended)
        door = Remembering(turns, RememberedTurns(database, Clock()), "v1")
        async with serving(door, operating=operating) as served:
            for _ in range(3):
                await respond(served.client())
    assert b"\npellucid_cached_turns_total 2.0\n" in operating.meters.text({})


async def remembered(home: Path) -> int:
    """How many turns are remembered, and that no name of one is left without it."""
    async with opened(home / "cache.db") as database, database.connect() as connection:
        turns = await connection.scalar(text("SELECT COUNT(*) FROM remembered_turns"))
        named = "SELECT COUNT(DISTINCT digest) FROM remembered_as"
        assert await connection.scalar(text(named)) == turns
    return int(turns or 0)


@pytest.mark.parametrize("deleted", [0, 1])
async def test_what_is_deleted_is_forgotten_by_whichever_of_its_names(
    tmp_path: Path, deleted: int
) -> None:
    told = Told()
    async with remembering(tmp_path, told) as served:
        client, other = served.client(), served.client(api_key=OTHER_KEY)
        both = [
            await respond(client, extra_body={"pellucid": {"verdicts": False}}) for _ in range(2)
        ]
        theirs = await respond(other)
        assert (told.made, await remembered(tmp_path)) == (2, 2)
        with pytest.raises(openai.NotFoundError):
            await other.responses.delete(both[deleted]["id"])
        assert await remembered(tmp_path) == 2
        await client.responses.delete(both[deleted]["id"])
        assert await remembered(tmp_path) == 1
        await respond(client)
        assert told.made == 3
        assert (await respond(other))["pellucid"]["cached_from"] == theirs["id"]


async def test_a_completion_is_forgotten_with_all_its_choices(tmp_path: Path) -> None:
    async with remembering(tmp_path, Told()) as served:
        client = served.client()
        asked: Any = {"model": "pellucid-mini", "messages": CHAT, "store": True, "n": 2}
        made = await client.chat.completions.create(**asked)
        assert await remembered(tmp_path) == 2
        await client.chat.completions.delete(made.id)
        assert await remembered(tmp_path) == 0
