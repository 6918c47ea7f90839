"""One line for each request, and never a word of it."""

import asyncio
import json
import logging
from collections.abc import AsyncGenerator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx2
import openai
import pytest
from starlette.routing import Route

from api.served import KEY, Endless, scripted, serving
from pellucid.api.logs import JsonLines, code_of
from pellucid.api.operating import Operating
from pellucid.core.events import Event, ItemOpened, TurnStarted
from pellucid.core.items import Reasoning
from pellucid.core.turn import Turn

AUTH = {"authorization": f"Bearer {KEY}"}
SECRET = "xylophone-tangerine"
SUM = "What is 6 * 7?"


class Lines(logging.Handler):
    """All that is logged, as it would be written."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.setFormatter(JsonLines())
        self.written: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.written.append(self.format(record))

    def requests(self) -> list[dict[str, Any]]:
        return [line for text in self.written if "route" in (line := json.loads(text))]


@pytest.fixture
def lines() -> Iterator[Lines]:
    found, root = Lines(), logging.getLogger()
    level = root.level
    root.addHandler(found)
    root.setLevel(logging.INFO)
    found.addFilter(lambda record: not record.name.startswith("httpx"))  # the client's own
    yield found
    root.removeHandler(found)
    root.setLevel(level)


async def test_a_line_tells_who_asked_for_what_and_what_it_took(
    tmp_path: Path, lines: Lines
) -> None:
    operating = Operating()
    turns = replace(scripted(tmp_path), tell=operating.ended)
    async with serving(turns, operating=operating) as served:
        client = served.client()
        made = await client.responses.create(model="o4-mini", input=SUM)
        with pytest.raises(openai.BadRequestError):
            await client.responses.create(model="pellucid-mini", input=" ")
        with pytest.raises(openai.NotFoundError):
            await client.responses.retrieve("other")
        with pytest.raises(openai.AuthenticationError):
            await served.client(api_key="wrong").models.list()
    whole, empty, lost, stranger = lines.requests()
    assert made.usage is not None
    assert {key: value for key, value in whole.items() if key not in ("time", "ms")} == {
        "level": "info",
        "logger": "pellucid.api",
        "request_id": "req_0",
        "owner": "ann",
        "method": "POST",
        "route": "/v1/responses",
        "status": 200,
        "turn": made.id,
        "model": "pellucid-mini",
        "effort": "medium",
        "reason": "answered",
        "prompt_tokens": made.usage.input_tokens,
        "cached_tokens": 0,
        "reasoning_tokens": made.usage.output_tokens_details.reasoning_tokens,
        "completion_tokens": made.usage.output_tokens,
    }
    assert (empty["status"], empty["error"], empty["reason"]) == (400, "invalid_request", None)
    assert (lost["route"], lost["error"]) == ("/v1/responses/{id}", "not_found")
    assert (stranger["owner"], stranger["error"]) == ("", "invalid_api_key")
    assert "model" not in lost


async def test_a_stream_has_one_line_at_its_end(tmp_path: Path, lines: Lines) -> None:
    operating = Operating()
    turns = replace(scripted(tmp_path), tell=operating.ended)
    async with serving(turns, operating=operating) as served:
        stream = await served.client().responses.create(
            model="pellucid-mini", input=SUM, stream=True
        )
        _ = [event async for event in stream]
    (line,) = lines.requests()
    assert (line["status"], line["reason"]) == (200, "answered")
    assert line["completion_tokens"] > 0


async def test_no_word_of_any_request_is_logged(tmp_path: Path, lines: Lines) -> None:
    operating = Operating()
    turns = replace(scripted(tmp_path), tell=operating.ended)
    async with (
        serving(turns, operating=operating) as served,
        httpx2.AsyncClient(trust_env=False, headers=AUTH, timeout=10) as client,
    ):
        sent = 0
        for route in (one for one in served.app.app.routes if isinstance(one, Route)):
            names = dict.fromkeys(route.param_convertors, SECRET)
            path = served.url + route.url_path_for(route.name, **names)
            for method in (route.methods or set()) - {"HEAD"}:
                for body in bodies() if method == "POST" else bodies()[:1]:
                    reply = await client.request(
                        method,
                        f"{path}?q={SECRET}",
                        json=body,
                        headers={"x-client-request-id": SECRET, "user-agent": SECRET},
                    )
                    sent += 1
                    await reply.aread()
        await client.get(f"{served.url}/v1/{SECRET}", headers={"authorization": SECRET})
        await client.request("POST", f"{served.url}/v1/responses", content=SECRET.encode())
    assert len(lines.requests()) == sent + 2
    assert {line["status"] for line in lines.requests()} >= {200, 400, 401, 404}
    assert SECRET not in "\n".join(lines.written)


def bodies() -> list[dict[str, Any]]:
    said = f"say: {SECRET}"
    tool = {"type": "function", "name": "f", "parameters": {"type": SECRET}, "strict": True}
    return [
        {"model": "pellucid-mini", "input": said},
        {"model": "pellucid-mini", "input": said, "stream": True},
        {"model": "pellucid-mini", "input": f"```python\nraise ValueError('{SECRET}')\n```"},
        {"model": "pellucid-mini", "messages": [{"role": "user", "content": said}]},
        {"model": "pellucid-mini", "input": said, "tools": [tool]},
        {"model": SECRET, "input": said},
        {"model": "pellucid-mini", SECRET: said},
        {"metadata": {SECRET: SECRET}},
        {"items": [{"role": "user", "content": SECRET}]},
        {"items": [{"role": SECRET, "content": SECRET}]},
    ]


class Quoting:
    """Turns that break in a way nobody foresaw, with the question in the error."""

    def __init__(self, *before: Event) -> None:
        self._before = before

    async def run(self, turn: Turn) -> AsyncGenerator[Event, None]:
        for event in self._before:
            yield event
        raise KeyError(turn.question)

    async def count(self, turn: Turn) -> int:
        raise KeyError(turn.question)


@pytest.mark.parametrize(
    "before", [(), (TurnStarted("resp_0", "pellucid-mini", 0), ItemOpened(Reasoning()))]
)
async def test_an_error_nobody_foresaw_is_told_without_what_it_says(
    lines: Lines, before: tuple[Event, ...]
) -> None:
    body = {"model": "pellucid-mini", "input": SECRET, "stream": True}
    async with (
        serving(Quoting(*before)) as served,
        httpx2.AsyncClient(trust_env=False, headers=AUTH) as client,
    ):
        try:
            reply = await client.post(f"{served.url}/v1/responses", json=body)
            assert reply.status_code == 500
        except httpx2.RemoteProtocolError:
            assert before
    errors = [json.loads(text) for text in lines.written if "KeyError" in text]
    assert [error["exception"] for error in errors] == ["KeyError"] * len(errors)
    assert before or errors[0]["message"] == "req_0 failed"
    assert before or any(place.endswith(" run") for place in errors[0]["trace"])
    assert SECRET not in "\n".join(lines.written)


async def test_who_goes_away_leaves_a_line(lines: Lines) -> None:
    turns = Endless()
    async with serving(turns) as served:
        with pytest.raises(openai.APITimeoutError):
            await served.client(timeout=0.5).responses.create(model="pellucid-mini", input=SUM)
        async with asyncio.timeout(5):
            await turns.ended.wait()
    (line,) = lines.requests()
    assert line["status"] == 499


def test_other_lines_are_json_too() -> None:
    record = logging.LogRecord("x", logging.WARNING, "f.py", 1, "%s\n%s", ("a", "b"), None)
    line = json.loads(JsonLines().format(record))
    assert (line["level"], line["logger"], line["message"]) == ("warning", "x", "a")
    record.created = 0.25
    assert json.loads(JsonLines().format(record))["time"] == "1970-01-01T00:00:00.250+00:00"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b'{"error": {"code": "a", "type": "b"}}', "a"),
        (b'{"error": {"code": null, "type": "b"}}', "b"),
        (b'{"error": 3}', None),
        (b"", None),
        (b"[1]", None),
        (b"\xff", None),
    ],
)
def test_the_code_of_a_refusal_is_read_from_its_body(body: bytes, code: str | None) -> None:
    assert code_of(body) == code
