"""Responses over a WebSocket, as clients meet them: OpenAI's own, and one that does as it likes."""

import asyncio
import json
import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from agents import Agent, Runner, function_tool, set_tracing_disabled
from agents.models.openai_responses import OpenAIResponsesWSModel
from starlette.websockets import WebSocket
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from api.served import (
    AGAIN,
    KEY,
    OFFER,
    OTHER_KEY,
    Endless,
    Played,
    Served,
    keeper,
    scripted,
    serving,
)
from pellucid.api.websocket import Limits, Maker, Sockets
from pellucid.core.events import ItemClosed, ItemOpened, TurnFailed, TurnStarted
from pellucid.core.items import Message
from pellucid.core.usage import Usage
from pellucid.store.db import opened

SUM = "What is 6 * 7?"
ASK: Any = {"type": "response.create", "model": "pellucid-mini", "input": SUM}
GRAMMAR = {"type": "grammar", "syntax": "lark", "definition": "start: nope"}
UNENFORCEABLE = {"type": "custom", "name": "sql", "format": GRAMMAR}
WEATHER: Any = [{"type": "function", "name": "weather", "parameters": None}]


@pytest.fixture
async def served(tmp_path: Path) -> AsyncGenerator[Served, None]:
    async with serving(scripted(tmp_path)) as running:
        yield running


@asynccontextmanager
async def connected(
    served: Served, key: str = KEY, **headers: str
) -> AsyncGenerator[ClientConnection, None]:
    """A connection of a client that knows nothing of responses."""
    url = served.url.replace("http", "ws") + "/v1/responses"
    asking = {"authorization": f"Bearer {key}"} | headers
    async with connect(url, additional_headers=asking, proxy=None) as socket:
        yield socket


async def told(socket: ClientConnection, **asked: Any) -> list[Any]:
    """The frames that follow a request, up to the last."""
    await socket.send(json.dumps(ASK | asked))
    return await rest(socket)


async def rest(socket: ClientConnection) -> list[Any]:
    frames = list[Any]()
    ends = ("response.completed", "response.incomplete", "error")
    while not frames or frames[-1]["type"] not in ends:
        frames.append(json.loads(await socket.recv()))
    return frames


async def test_events_are_those_of_a_stream(served: Served) -> None:
    client = served.client()
    streamed = await client.responses.create(model="pellucid-mini", input=SUM, stream=True)
    there = [event.to_dict() async for event in streamed]
    async with connected(served) as socket:
        here = await told(socket)
    assert [event["type"] for event in here] == [event["type"] for event in there]
    assert [set(event) for event in here] == [set(event) for event in there]
    words = [
        [one["delta"] for one in events if one["type"] == "response.output_text.delta"]
        for events in (here, there)
    ]
    assert words[0] == words[1]
    kept = await client.responses.retrieve(here[0]["response"]["id"])
    assert kept.output_text == "The answer is 42."


async def test_openais_client(served: Served) -> None:
    client = served.client()
    async with client.responses.connect() as connection:
        await connection.response.create(model="o4-mini", input=SUM, store=False)
        last: Any = None
        async for event in connection:
            last = event
            if event.type == "response.completed":
                break
        assert last.response.output_text == "The answer is 42."
        await connection.response.create(
            model="o4-mini", input=AGAIN, store=False, previous_response_id=last.response.id
        )
        async for event in connection:
            last = event
            if event.type == "response.completed":
                break
        assert last.response.pellucid["verdicts"][0]["verdict"] == "computed"
        await connection.response.create(model="gpt-9", input=SUM)
        failure: Any = await connection.recv()
        assert (failure.type, failure.status) == ("error", 404)
        assert failure.error.code == "model_not_found"


@pytest.mark.filterwarnings("default")
async def test_openai_agents(served: Served) -> None:
    def forecast(city: str) -> str:
        """The weather of a city."""
        return f"18 degrees in {city}"

    set_tracing_disabled(True)
    model = OpenAIResponsesWSModel("pellucid-mini", served.client())
    agent = Agent(name="a", model=model, tools=[function_tool(forecast, name_override="weather")])
    try:
        done = await Runner.run(agent, 'call: weather {"city": "Bern"}')
        assert done.final_output == "The result is 18 degrees in Bern."
    finally:
        await model.close()


async def test_what_is_not_kept_lives_in_its_connection(served: Served) -> None:
    async with connected(served) as socket, connected(served) as other:
        first = (await told(socket, store=False))[-1]["response"]
        on = {"store": False, "previous_response_id": first["id"]}
        lost = await told(other, **on, input=AGAIN)
        assert lost[-1]["error"]["code"] == "previous_response_not_found"
        assert lost[-1]["error"]["param"] == "previous_response_id"
        second = (await told(socket, **on, input=AGAIN))[-1]["response"]
        assert second["pellucid"]["verdicts"][0]["verdict"] == "computed"
        assert second["previous_response_id"] == first["id"]
        older = await told(socket, **on, input=AGAIN)
        assert older[-1]["status"] == 400  # only the last one is remembered


async def test_what_is_remembered_is_dropped_when_a_turn_fails(served: Served) -> None:
    async with connected(served) as socket:
        first = (await told(socket, store=False, input='call: weather {"a": 1}', tools=WEATHER))[-1]
        call = first["response"]["output"][0]
        on: Any = {"store": False, "previous_response_id": first["response"]["id"]}
        stray = {"type": "function_call_output", "call_id": "call_none", "output": "18"}
        failed = (await told(socket, **on, input=[stray]))[-1]
        assert (failed["status"], failed["error"]["param"]) == (400, "input")
        assert "call_none" in failed["error"]["message"]
        answer = {**stray, "call_id": call["call_id"]}
        gone = (await told(socket, **on, input=[answer]))[-1]
        assert gone["error"]["code"] == "previous_response_not_found"


async def test_what_is_kept_is_gone_on_from_anywhere(served: Served) -> None:
    client = served.client()
    made = await client.responses.create(model="pellucid-mini", input=SUM)
    async with connected(served) as socket, connected(served, OTHER_KEY) as theirs:
        on = {"previous_response_id": made.id, "input": AGAIN}
        assert (await told(theirs, **on))[-1]["status"] == 400
        here = (await told(socket, **on))[-1]["response"]
        await client.responses.delete(here["id"])
        gone = await told(socket, previous_response_id=here["id"], input=AGAIN)
        assert gone[-1]["error"]["code"] == "previous_response_not_found"


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({"authorization": ""}, 401, "invalid_api_key"),
        ({"authorization": "Bearer wrong"}, 401, "invalid_api_key"),
        ({"origin": "https://evil.example"}, 403, "invalid_origin"),
        ({"origin": "https://good.example"}, 101, None),
    ],
)
async def test_nobody_else_comes_in(
    served: Served, headers: dict[str, str], status: int, code: str | None
) -> None:
    if code is None:
        async with connected(served, **headers) as socket:
            assert (await told(socket))[-1]["type"] == "response.completed"
            assert socket.response is not None
            assert socket.response.headers["x-request-id"].startswith("req_")
        return
    with pytest.raises(InvalidStatus) as refusal:
        async with connected(served, **headers):
            raise AssertionError("it was let in")
    reply = refusal.value.response
    assert reply.status_code == status
    assert json.loads(reply.body or b"")["error"]["code"] == code
    assert reply.headers["x-request-id"].startswith("req_")


async def test_it_answers_to_its_own_names_alone(tmp_path: Path) -> None:
    async with serving(scripted(tmp_path), hosts=frozenset({"mine.example"})) as served:
        with pytest.raises(InvalidStatus) as refusal:
            async with connected(served):
                raise AssertionError("it was let in")
    assert refusal.value.response.status_code == 403


async def test_there_is_no_other_socket(served: Served) -> None:
    with pytest.raises(InvalidStatus) as refusal:
        async with connect(
            served.url.replace("http", "ws") + "/v1/chat/completions",
            additional_headers={"authorization": f"Bearer {KEY}"},
            proxy=None,
        ):
            raise AssertionError("it was let in")
    assert refusal.value.response.status_code == 403


@pytest.mark.parametrize(
    ("frame", "param"),
    [
        ("no json", None),
        ("[1]", None),
        ('{"type": "response.cancel"}', "type"),
        ('{"model": "pellucid-mini", "input": "x"}', "type"),
        (json.dumps(ASK | {"background": True}), "background"),
        (json.dumps(ASK | {"stream": False}), "stream"),
        (json.dumps(ASK | {"generate": False}), "generate"),
        (json.dumps(ASK | {"input": None}), "input"),
        ('{"type": "response.create", "input": "x"}', "model"),
        (json.dumps(ASK | {"tools": [UNENFORCEABLE]}), "tools[0].format.definition"),
    ],
)
async def test_what_is_refused_does_not_end_the_connection(
    served: Served, frame: str, param: str | None
) -> None:
    async with connected(served) as socket:
        for refused in (frame, frame.encode()):
            await socket.send(refused)
            error = json.loads(await socket.recv())
            assert set(error) == {"type", "status", "error"}
            assert (error["type"], error["status"]) == ("error", 400)
            assert error["error"]["param"] == param
        await socket.send(json.dumps(ASK | {"stream": True, "background": False}).encode())
        assert (await rest(socket))[-1]["type"] == "response.completed"


async def test_a_frame_has_a_bound(served: Served) -> None:
    async with connected(served) as socket:
        await socket.send("x" * 100_001)
        with pytest.raises(ConnectionClosed) as closed:
            await socket.recv()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1009


async def test_a_turn_ends_with_its_connection() -> None:
    turns = Endless()
    async with serving(turns) as served:
        async with connected(served) as socket:
            await socket.send(json.dumps(ASK))
            assert json.loads(await socket.recv())["type"] == "response.created"
        async with asyncio.timeout(1):
            await turns.ended.wait()
    assert turns.begun == 1


async def test_so_many_connections_and_no_more(tmp_path: Path) -> None:
    async with serving(scripted(tmp_path), sockets=Limits(connections=1)) as served:
        async with connected(served) as socket:
            async with connected(served) as second:
                error = json.loads(await second.recv())
                assert error["status"] == 429
                assert error["error"]["code"] == "websocket_connection_limit_reached"
                with pytest.raises(ConnectionClosed) as closed:
                    await second.recv()
                assert closed.value.rcvd is not None
                assert closed.value.rcvd.code == 1013
            async with connected(served, OTHER_KEY) as theirs:
                assert (await told(theirs))[-1]["type"] == "response.completed"
            assert (await told(socket))[-1]["type"] == "response.completed"
            await socket.close()
        async with asyncio.timeout(5):
            while not await comes_in(served):
                pass


async def comes_in(served: Served) -> bool:
    async with connected(served) as socket:
        return bool((await told(socket))[-1]["type"] == "response.completed")


@pytest.mark.parametrize("seconds", [0.0, 0.05])
async def test_a_connection_has_its_time(tmp_path: Path, seconds: float) -> None:
    limits = Limits(seconds=seconds)
    async with serving(scripted(tmp_path), sockets=limits) as served, connected(served) as socket:
        error = json.loads(await socket.recv())
        assert error["status"] == 400
        assert error["error"]["code"] == "websocket_connection_limit_reached"
        with pytest.raises(ConnectionClosed) as closed:
            await socket.recv()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1001


async def test_requests_wait_for_their_turn() -> None:
    answer = Message("assistant", "Hello.")
    began, opened, closed = TurnStarted("r", "m", 0), ItemOpened(answer), ItemClosed(answer)
    turns = Played([began, opened, closed], [TurnFailed("engine_died", "gone", Usage())])
    limits = Limits(waiting=1)
    async with (
        serving(turns, sockets=limits, alive_every=0) as served,
        connected(served) as socket,
    ):
        await socket.send(json.dumps(ASK))
        assert json.loads(await socket.recv())["type"] == "response.created"
        for _ in range(2):
            await socket.send(json.dumps(ASK))
        frames = await rest(socket)
        assert frames[-1]["error"]["code"] == "rate_limit_exceeded"
        turns.sign.set()
        for _ in range(2):
            *_, failed, error = await rest(socket)
            assert (failed["type"], error["status"]) == ("response.failed", 503)
            assert error["error"]["code"] == error["code"] == "engine_died"


async def test_a_server_that_stops_closes_its_connections() -> None:
    turns = Endless()
    server = serving(turns)
    async with connected(await server.__aenter__()) as socket:
        await socket.send(json.dumps(ASK))
        await socket.recv()
        await server.__aexit__(None, None, None)
        with pytest.raises(ConnectionClosed) as closed:
            _ = [frame async for frame in socket]
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1012
    assert turns.ended.is_set()


async def test_a_turn_ends_with_a_connection_that_broke(tmp_path: Path) -> None:
    """What was sent cannot be written; no end of the connection was read yet."""
    turns, frames = Endless(), asyncio.Queue[Any]()
    for message in ({"type": "websocket.connect"},
                    {"type": "websocket.receive", "text": json.dumps(ASK)}):  # fmt: skip
        frames.put_nowait(message)

    async def send(message: Any) -> None:
        if message["type"] == "websocket.send":
            raise OSError("broken pipe")

    async with opened(tmp_path / "test.db") as database:
        maker = Maker(
            turns, keeper(database, tmp_path), OFFER, lambda: 0, lambda kind: f"{kind}_0", 1
        )
        scope = {"type": "websocket", "owner": "ann", "path": "/v1/responses", "headers": []}
        async with asyncio.timeout(5):
            await Sockets(maker, Limits()).connect(WebSocket(scope, frames.get, send))
    assert turns.ended.is_set()


async def test_what_fails_at_once_is_one_frame() -> None:
    turns = Played([TurnStarted("r", "m", 0), TurnFailed("engine_busy", "full", Usage())], [])
    turns.sign.set()
    async with serving(turns) as served, connected(served) as socket:
        frames = await told(socket)
    assert [frame["status"] for frame in frames] == [429]


async def test_what_nobody_foresaw_is_told_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    turns = Played([TurnStarted("r", "m", 0)], [], breaks=True)
    turns.sign.set()
    with caplog.at_level(logging.INFO, "pellucid.api"):
        async with serving(turns) as served, connected(served) as socket:
            error = (await told(socket))[-1]
            assert (error["status"], error["error"]["type"]) == (500, "server_error")
            assert "nobody foresaw" not in json.dumps(error)
            assert (await told(socket))[-1]["status"] == 500
    assert "nobody foresaw this" in caplog.text
    assert "WEBSOCKET /v1/responses 101" in caplog.text
