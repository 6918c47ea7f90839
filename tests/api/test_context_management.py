"""Conversations that get too long are made shorter by themselves, and the reply says so."""

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import openai
import pytest

from api.served import AGAIN, OFFER, Endless, Served, keeper, scripted, serving
from pellucid.api.compaction import managed
from pellucid.api.wire import responses_request
from pellucid.api.wire.shortening import NOTE
from pellucid.core.errors import EngineError
from pellucid.core.turn import Turn
from pellucid.store.db import opened

SUM = "What is 6 * 7?"
LONG = "say: " + "word " * 1_000
MANAGED: Any = [{"type": "compaction", "compact_threshold": 2_000}]
"""The scripted model counts four characters as a token: LONG has 1,250, and so has its answer."""


@pytest.fixture
async def served(tmp_path: Path) -> AsyncGenerator[Served, None]:
    async with serving(scripted(tmp_path)) as running:
        yield running


async def ask(served: Served, text: Any, last: Any = None, **more: Any) -> Any:
    return await served.client().responses.create(
        model="pellucid-mini",
        input=text,
        previous_response_id=last and last.id,
        context_management=MANAGED,
        **more,
    )


async def read(served: Served, made: Any) -> list[str]:
    """The texts that a response was made from."""
    receipt: Any = await served.client().get(f"/responses/{made.id}/receipt", cast_to=dict)
    return [one["text"] for one in receipt["entries"][0]["content"]["items"]]


async def tokens(served: Served, last: Any) -> int:
    counted = await served.client().responses.input_tokens.count(
        model="pellucid-mini", input="x", previous_response_id=last.id
    )
    return int(counted.input_tokens)


async def test_a_conversation_is_made_shorter_once_it_is_too_long(served: Served) -> None:
    first = await ask(served, SUM)
    second = await ask(served, LONG, first)
    third = await ask(served, AGAIN, second, instructions="Be brief.")
    for short in (first, second):
        assert "context" not in short.to_dict()["pellucid"]
        assert "compaction" not in [item.type for item in short.output]
    assert [item.type for item in third.output] == ["compaction", "message"]
    told = third.to_dict()["pellucid"]
    assert told["context"]["compact_threshold"] == 2_000
    assert told["context"]["tokens"] > 2_000
    assert told["context"]["left_out"]["cut"] == 1
    assert [one["verdict"] for one in told["verdicts"]] == ["computed"]  # evidence stays
    assert (await read(served, third))[0] == "Be brief."
    before, after = await tokens(served, second), await tokens(served, third)
    assert after < before - 900
    assert "context" not in (await ask(served, "say: b", third)).to_dict()["pellucid"]


async def test_a_stream_begins_with_what_is_left(served: Served) -> None:
    last = await ask(served, LONG, await ask(served, SUM))
    events = [event async for event in await ask(served, AGAIN, last, stream=True)]
    kinds = [event.type.removeprefix("response.") for event in events[:4]]
    assert kinds == ["created", "in_progress", "output_item.added", "output_item.done"]
    assert events[3].item.type == "compaction"
    assert events[3].output_index == 0
    assert events[-1].response.output[0] == events[3].item


@pytest.mark.parametrize("whole", [True, False])
async def test_clients_that_keep_the_conversation_may_send_all_of_it_or_the_end(
    served: Served, whole: bool
) -> None:
    talk: list[Any] = []
    encrypted = ["reasoning.encrypted_content"]
    for text in (SUM, LONG, "say: a"):
        talk.append({"role": "user", "content": text})
        made = await ask(served, talk, store=False, include=encrypted)
        talk += [item.to_dict() for item in made.output]
    [at] = [at for at, item in enumerate(talk) if item.get("type") == "compaction"]
    rest = [*talk[0 if whole else at :], {"role": "user", "content": AGAIN}]
    made = await served.client().responses.create(model="pellucid-mini", input=rest)
    assert [one["verdict"] for one in made.to_dict()["pellucid"]["verdicts"]] == ["computed"]  # type: ignore[index]
    *before, said, _, last, question = await read(served, made)
    assert before == [SUM, "42", "The answer is 42.", LONG]
    assert said.endswith(NOTE)
    assert (last, question) == ("a", AGAIN)


async def test_where_nothing_can_be_left_out_that_is_told(served: Served) -> None:
    made = await ask(served, "x" * 9_000)
    told = made.to_dict()["pellucid"]["context"]
    assert told["left_out"] == {"items": 0, "cut": 0, "characters": 0}
    assert "compaction" not in [item.type for item in made.output]


async def test_in_the_background_it_is_done_when_the_response_begins(served: Served) -> None:
    last = await ask(served, LONG, await ask(served, SUM))
    made = await ask(served, AGAIN, last, background=True)
    stream = await served.client().responses.retrieve(made.id, stream=True)
    *_, ended = [event async for event in stream]
    assert [item.type for item in ended.response.output] == ["compaction", "message"]  # type: ignore[union-attr]
    assert await tokens(served, made) < await tokens(served, last)


async def test_over_a_websocket_too(served: Served) -> None:
    async with served.client().responses.connect() as connection:
        last = None
        for text in (SUM, LONG, AGAIN):
            await connection.response.create(
                model="pellucid-mini",
                input=text,
                previous_response_id=last,
                context_management=MANAGED,
                store=False,
            )
            async for event in connection:
                if event.type == "response.completed":
                    break
            last, kinds = event.response.id, [item.type for item in event.response.output]  # type: ignore[union-attr]
        assert kinds == ["compaction", "message"]


@pytest.mark.parametrize(
    ("entries", "param", "said"),
    [
        ([{"type": "summary"}], "context_management[0].type", "'summary'"),
        ([{"type": "compaction"}], "context_management[0].compact_threshold", "Missing"),
        ([{"type": "compaction", "compact_threshold": 999}],
         "context_management[0].compact_threshold", "1000"),
        ([*MANAGED, *MANAGED], "context_management", "1 item"),
        ([{"type": "compaction", "a": 1}], "context_management[0].a", "Unknown"),
    ],
)  # fmt: skip
async def test_what_is_not_known_is_refused_by_name(
    served: Served, entries: Any, param: str, said: str
) -> None:
    with pytest.raises(openai.BadRequestError, match=said) as refused:
        await served.client().responses.create(
            model="pellucid-mini", input=SUM, context_management=entries
        )
    assert refused.value.param == param


class Broken(Endless):
    async def count(self, turn: Turn) -> int:
        raise EngineError("it died")


async def test_an_engine_that_cannot_count_is_told_by_the_turn(tmp_path: Path) -> None:
    body = {"model": "pellucid-mini", "input": SUM, "context_management": MANAGED}
    understood = responses_request.understood(body)
    asked = responses_request.parse(understood, OFFER, "resp_0", 0, "ann")
    async with opened(tmp_path / "test.db") as database:
        assert await managed(asked, Broken(), keeper(database, tmp_path)) is asked
