"""Several choices of one chat completion (`n`)."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import openai
import pytest
from openai.types.chat import ChatCompletion, ChatCompletionChunk

from api.served import KEY, OFFER, Served, scripted, serving, tools
from pellucid.api.wire import chat_request, choices
from pellucid.core.effort import Spent
from pellucid.core.events import Event, TurnFailed, TurnFinished, TurnStarted
from pellucid.core.items import Item, Message
from pellucid.core.ports import Model, Prompt
from pellucid.core.serving import Serving
from pellucid.core.turn import Turn
from pellucid.core.usage import Usage
from pellucid.model.scripted import ScriptedModel
from pellucid.service.turns import Turns

SUM = "What is 6 * 7?"
HELLO: Any = [{"role": "user", "content": "Say hello to my friends in a new way."}]
ASKED: dict[str, Any] = {"model": "pellucid-mini", "messages": HELLO}


def drawn(prompt: Prompt) -> list[Item]:
    """A reply that depends on how it is drawn, as those of weights do."""
    return [Message("assistant", f"Hello {prompt.seed}, freely {prompt.temperature > 0}.")]


@asynccontextmanager
async def _model(serving: Serving) -> AsyncGenerator[Model, None]:
    yield ScriptedModel(drawn)


@pytest.fixture
async def served(tmp_path: Path) -> AsyncGenerator[Served, None]:
    async with serving(Turns(_model, tools, tmp_path, lambda: 0.0)) as running:
        yield running


@dataclass
class Waiting:
    """Turns that begin and wait; when told to, the last one of `count` fails."""

    count: int
    begun: list[Turn] = field(default_factory=list)
    ended: int = 0
    sign: asyncio.Event = field(default_factory=asyncio.Event)
    all_begun: asyncio.Event = field(default_factory=asyncio.Event)
    all_ended: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self, turn: Turn) -> AsyncGenerator[Event, None]:
        self.begun.append(turn)
        if last := len(self.begun) == self.count:
            self.all_begun.set()
        try:
            yield TurnStarted(turn.turn_id, turn.model, 0)
            if last:
                await self.sign.wait()
                yield TurnFailed("engine_died", "the engine died", Usage())
                return
            await asyncio.Event().wait()
        finally:
            self.ended += 1
            if self.ended == self.count:
                self.all_ended.set()


async def test_each_choice_is_drawn_anew_and_the_first_is_what_one_alone_would_be(
    served: Served,
) -> None:
    client = served.client()
    alone = await client.chat.completions.create(**ASKED, seed=5)
    reply = await client.chat.completions.create(**ASKED, seed=5, n=3)
    ChatCompletion.model_validate(reply.to_dict(), strict=True)
    assert [one.index for one in reply.choices] == [0, 1, 2]
    words = [one.message.content for one in reply.choices]
    assert words == [f"Hello {5 + n}, freely {n > 0}." for n in range(3)]
    assert words[0] == alone.choices[0].message.content
    assert reply.usage is not None
    assert alone.usage is not None
    assert reply.usage.prompt_tokens == alone.usage.prompt_tokens
    assert reply.usage.completion_tokens > 2 * alone.usage.completion_tokens
    assert reply.usage.total_tokens == reply.usage.prompt_tokens + reply.usage.completion_tokens


async def test_each_choice_has_verdicts_and_a_receipt_of_its_own(tmp_path: Path) -> None:
    async with serving(scripted(tmp_path)) as served:
        reply = await served.client().chat.completions.create(
            model="pellucid-mini", messages=[{"role": "user", "content": SUM}], n=2
        )
    assert "pellucid" not in (reply.model_extra or {})
    told: list[Any] = [(one.model_extra or {})["pellucid"] for one in reply.choices]
    assert [one["receipt_id"] for one in told] == [reply.id, f"{reply.id}-1"]
    assert all(one["verdicts"][0]["verdict"] == "computed" for one in told)
    assert {path.stem for path in tmp_path.iterdir()} == {one["receipt_id"] for one in told}


async def test_streamed_choices_are_the_same(served: Served) -> None:
    client = served.client()
    whole = await client.chat.completions.create(**ASKED, n=3)
    stream = await client.chat.completions.create(
        **ASKED, n=3, stream=True, stream_options={"include_usage": True}
    )
    words, ends, chunks = ["", "", ""], list[int](), list[ChatCompletionChunk]()
    async for chunk in stream:
        chunks.append(chunk)
        for one in chunk.choices:
            words[one.index] += one.delta.content or ""
            ends += [one.index] if one.finish_reason else []
    assert words == [one.message.content for one in whole.choices]
    assert sorted(ends) == [0, 1, 2]
    assert len({chunk.id for chunk in chunks}) == 1
    *others, last = chunks
    assert last.usage == whole.usage
    assert last.choices == []
    assert all(chunk.usage is None for chunk in others)


async def test_streamed_choices_are_kept_together(served: Served) -> None:
    client = served.client()
    stream = await client.chat.completions.create(**ASKED, n=2, stream=True, store=True)
    (name,) = {chunk.id async for chunk in stream}
    found = await client.chat.completions.retrieve(name)
    assert [one.message.content for one in found.choices] == [
        "Hello 0, freely False.",
        "Hello 1, freely True.",
    ]


@pytest.mark.parametrize("stream", [True, False])
async def test_all_turns_end_when_the_client_leaves(stream: bool) -> None:
    turns = Waiting(3)
    async with serving(turns) as served, httpx2.AsyncClient(trust_env=False) as client:
        asked = {**ASKED, "n": 3, "stream": stream}
        headers = {"authorization": f"Bearer {KEY}"}
        url = f"{served.url}/v1/chat/completions"
        call = asyncio.create_task(client.post(url, headers=headers, json=asked))
        await turns.all_begun.wait()
        call.cancel()
        await asyncio.gather(call, return_exceptions=True)
        async with asyncio.timeout(10):
            await turns.all_ended.wait()
    assert len({turn.turn_id for turn in turns.begun}) == 3


@pytest.mark.parametrize("stream", [True, False])
async def test_one_that_fails_at_once_ends_all_with_a_status(stream: bool) -> None:
    turns = Waiting(3)
    turns.sign.set()
    async with serving(turns) as served:
        with pytest.raises(openai.InternalServerError, match="The engine died") as refused:
            await served.client().chat.completions.create(**ASKED, n=3, stream=stream)
        assert refused.value.status_code == 503
        async with asyncio.timeout(10):
            await turns.all_ended.wait()


async def test_one_that_fails_late_ends_the_stream_with_an_error() -> None:
    turns = Waiting(2)
    async with serving(turns) as served:
        stream = await served.client().chat.completions.create(**ASKED, n=2, stream=True)
        turns.sign.set()
        with pytest.raises(openai.APIError, match="The engine died"):
            _ = [chunk async for chunk in stream]
        async with asyncio.timeout(10):
            await turns.all_ended.wait()


async def test_a_silent_stream_gives_signs_of_life() -> None:
    turns = Waiting(2)
    asked = {**ASKED, "n": 2, "stream": True}
    async with (
        serving(turns, alive_every=0.02) as served,
        httpx2.AsyncClient(trust_env=False) as client,
        client.stream(
            "POST",
            f"{served.url}/v1/chat/completions",
            headers={"authorization": f"Bearer {KEY}"},
            json=asked,
        ) as reply,
    ):
        text = ""
        async for piece in reply.aiter_text():
            text += piece
            if ": still working\n\n" in text:
                turns.sign.set()
    assert text.endswith("data: [DONE]\n\n")


def test_usage_comes_once_all_have_ended() -> None:
    body = {**ASKED, "n": 2, "stream_options": {"include_usage": True}}
    renderer = choices.Renderer(chat_request.parse(body, OFFER, "t1", 0, "ann"))
    end = TurnFinished("answered", Usage(10, 4, 1, 3), Spent("medium", "medium"))
    more = TurnFinished("answered", Usage(30, 7, 2, 5), Spent("medium", "medium"))
    assert [len(list(renderer.feed(at, one))) for at, one in ((1, more), (0, end))] == [1, 2]
    usage = renderer.whole()["usage"]
    assert (usage["prompt_tokens"], usage["completion_tokens"]) == (30, 8)
    assert usage["prompt_tokens_details"]["cached_tokens"] == 7
    assert usage["completion_tokens_details"]["reasoning_tokens"] == 3
