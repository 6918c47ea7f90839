"""Streams that are silent, fail late, or break."""

from typing import Any

import httpx2
import openai
import pytest

from api.served import KEY, Played, serving
from pellucid.core.events import Event, ItemClosed, ItemGrew, ItemOpened, TurnFailed, TurnStarted
from pellucid.core.items import Reasoning
from pellucid.core.usage import Usage

BEGUN: list[Event] = [
    TurnStarted("resp_0", "pellucid-mini", 0),
    ItemOpened(Reasoning()),
    ItemGrew("hm"),
]
DIED: list[Event] = [
    ItemClosed(Reasoning("hm"), cut=True),
    TurnFailed("engine_died", "the engine died", Usage(), retryable=True),
]
AUTH = {"authorization": f"Bearer {KEY}"}
ASKED: dict[str, Any] = {"model": "pellucid-mini", "input": "x", "stream": True}


async def test_a_silent_stream_gives_signs_of_life_and_a_late_failure_is_an_event() -> None:
    turns = Played(BEGUN, DIED)
    async with (
        serving(turns, alive_every=0.02) as served,
        httpx2.AsyncClient(trust_env=False) as client,
        client.stream("POST", f"{served.url}/v1/responses", headers=AUTH, json=ASKED) as reply,
    ):
        text = ""
        async for piece in reply.aiter_text():
            text += piece
            if ": still working\n\n" in text:
                turns.sign.set()
    assert reply.status_code == 200
    kinds = [line.removeprefix("event: ") for line in text.split("\n") if line[:6] == "event:"]
    assert kinds[-2:] == ["response.failed", "error"]
    assert text.endswith("data: [DONE]\n\n")


async def test_a_late_failure_reaches_the_client_as_an_error() -> None:
    turns = Played(BEGUN, DIED)
    turns.sign.set()
    async with serving(turns) as served:
        stream = await served.client().chat.completions.create(
            model="pellucid-mini", messages=[{"role": "user", "content": "x"}], stream=True
        )
        with pytest.raises(openai.APIError, match="The engine died"):
            _ = [chunk async for chunk in stream]


@pytest.mark.parametrize("path", ["responses", "chat/completions"])
@pytest.mark.parametrize("stream", [True, False])
async def test_a_turn_that_fails_at_once_is_refused_with_a_status(path: str, stream: bool) -> None:
    turns = Played(BEGUN[:1], DIED[1:])
    turns.sign.set()
    body = {"model": "pellucid-mini", "stream": stream}
    body |= (
        {"input": "x"} if path == "responses" else {"messages": [{"role": "user", "content": "x"}]}
    )  # type: ignore[dict-item]
    async with serving(turns) as served, httpx2.AsyncClient(trust_env=False) as client:
        reply = await client.post(f"{served.url}/v1/{path}", headers=AUTH, json=body)
    assert reply.status_code == 503
    assert reply.headers["retry-after"] == "1"
    assert reply.json()["error"]["code"] == "engine_died"


@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize("before", [0, 1])
async def test_what_nobody_foresaw_is_an_error_of_the_servers(stream: bool, before: int) -> None:
    turns = Played(BEGUN[:before], [], breaks=True)
    turns.sign.set()
    async with serving(turns) as served, httpx2.AsyncClient(trust_env=False) as client:
        reply = await client.post(
            f"{served.url}/v1/responses", headers=AUTH, json={**ASKED, "stream": stream}
        )
    assert reply.status_code == 500
    error = reply.json()["error"]
    assert error["code"] == "server_error"
    assert reply.headers["x-request-id"] in error["message"]


async def test_a_stream_that_breaks_off_is_no_whole_reply() -> None:
    turns = Played(BEGUN, [], breaks=True)
    async with (
        serving(turns) as served,
        httpx2.AsyncClient(trust_env=False) as client,
        client.stream("POST", f"{served.url}/v1/responses", headers=AUTH, json=ASKED) as reply,
    ):
        turns.sign.set()
        with pytest.raises(httpx2.RemoteProtocolError):
            await reply.aread()
