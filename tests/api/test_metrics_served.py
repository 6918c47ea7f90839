"""What operators see at /metrics: every request, every turn, whoever went away."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path

import httpx2
import openai
import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.routing import Route

from api.served import KEY, Played, Served, scripted, serving
from pellucid.api.middleware import OPEN
from pellucid.api.operating import METRICS, Operating
from pellucid.core.claims import Claim
from pellucid.core.errors import EngineDied
from pellucid.core.events import Event, ItemOpened, TurnStarted
from pellucid.core.fold import Record
from pellucid.core.items import Message, Reasoning, Verdicts
from pellucid.core.turn import Turn
from pellucid.core.usage import Usage
from pellucid.engine.metrics import Load, Metrics, Report
from pellucid.service.meters import Meters
from pellucid.service.taps import watched

AUTH = {"authorization": f"Bearer {KEY}"}
SUM = "What is 6 * 7?"
TURN = Turn("t", (Message("user", "?"),))
Seen = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def read(text: str) -> Seen:
    """Each sample by its name and labels."""
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def of(seen: Seen, name: str, **labels: str) -> float:
    return seen.get((f"pellucid_{name}", tuple(sorted(labels.items()))), 0.0)


async def look(served: Served) -> Seen:
    async with httpx2.AsyncClient(trust_env=False, headers=AUTH) as client:
        reply = await client.get(f"{served.url}/metrics")
    assert reply.headers["content-type"].startswith("text/plain; version=")
    return read(reply.text)


async def test_requests_turns_and_what_they_took_are_counted(tmp_path: Path) -> None:
    operating = Operating()
    turns = replace(scripted(tmp_path), tell=operating.ended)
    async with serving(turns, operating=operating) as served:
        client = served.client()
        made = await client.responses.create(model="o4-mini", input=SUM)
        chat = await client.chat.completions.create(
            model="pellucid-mini-alto", messages=[{"role": "user", "content": "say: yes"}]
        )
        with pytest.raises(openai.NotFoundError):
            await client.responses.retrieve("nothing")
        with pytest.raises(openai.BadRequestError):
            await client.responses.create(model="pellucid-mini", input=" ")
        with pytest.raises(openai.AuthenticationError):
            await served.client(api_key="wrong").models.list()
        seen = await look(served)
    asked = {"route": "/v1/responses", "method": "POST"}
    assert of(seen, "http_requests_total", **asked, status="200") == 1
    assert of(seen, "http_requests_total", **asked, status="400") == 1
    unknown = {"route": "/v1/responses/{id}", "method": "GET", "status": "404"}
    assert of(seen, "http_requests_total", **unknown) == 1
    refused = {"route": "unknown", "method": "GET", "status": "401"}
    assert of(seen, "http_requests_total", **refused) == 1
    assert of(seen, "http_request_seconds_count", route="/v1/responses") == 2
    assert of(seen, "http_requests_in_progress") == 1  # the one that looks
    mini = {"model": "pellucid-mini", "effort": "medium"}
    assert of(seen, "turns_total", **mini, end="answered") == 1
    assert of(seen, "turns_total", **mini, end="failed") == 1
    assert of(seen, "failures_total", code="invalid_request") == 1
    assert of(seen, "turn_seconds_count", model="pellucid-mini-alto", effort="high") == 1
    assert of(seen, "turn_first_token_seconds_count", model="pellucid-mini") == 1
    assert made.usage is not None
    assert chat.usage is not None
    assert of(seen, "tokens_total", kind="prompt") == (
        made.usage.input_tokens + chat.usage.prompt_tokens
    )
    assert of(seen, "tokens_total", kind="completion") == (
        made.usage.output_tokens + chat.usage.completion_tokens
    )
    assert of(seen, "tool_runs_total", tool="python", outcome="ok") >= 1
    assert of(seen, "verdicts_total", kind="number", verdict="computed") == 1


async def test_a_client_that_goes_away_is_counted_with_what_it_cost(tmp_path: Path) -> None:
    operating = Operating()
    turns = replace(scripted(tmp_path), tell=operating.ended)
    async with aclosing(turns.run(replace(TURN, items=(Message("user", "say: a long one"),)))) as e:
        async for event in e:
            if isinstance(event, ItemOpened):
                break
    seen = read(operating.meters.text({}).decode())
    cancelled = {"model": "pellucid-mini", "effort": "medium", "end": "cancelled"}
    assert of(seen, "turns_total", **cancelled) == 1
    assert of(seen, "tokens_total", kind="prompt") > 0
    assert of(seen, "turn_seconds_count", model="pellucid-mini", effort="medium") == 1


@pytest.mark.parametrize(
    ("error", "code", "end"), [(ZeroDivisionError(), "error", "failed"), (None, "", "cancelled")]
)
async def test_a_stream_that_breaks_is_told_as_a_failure(
    error: Exception | None, code: str, end: str
) -> None:
    async def breaks() -> AsyncGenerator[Event, None]:
        yield TurnStarted("t", "pellucid-mini", 0)
        if error is not None:
            raise error

    meters, ticks = Meters(), iter([10.0, 12.5])
    stream = watched(breaks(), TURN, meters.ended, lambda: Usage(5), lambda: next(ticks))
    if error is None:
        _ = [event async for event in stream]
    else:
        with pytest.raises(ZeroDivisionError):
            _ = [event async for event in stream]
    seen = read(meters.text({}).decode())
    labels = {"model": "pellucid-mini", "effort": "medium"}
    assert of(seen, "turns_total", **labels, end=end) == 1
    assert of(seen, "turn_seconds_sum", **labels) == 2.5
    assert of(seen, "tokens_total", kind="prompt") == 5
    assert of(seen, "failures_total", code=code) == (1 if code else 0)


def test_claims_are_counted_by_kind_and_verdict() -> None:
    meters = Meters()
    claims = (Claim("number", "stated", 0, 1, "4"), Claim("link", "read", 2, 3, "x"))
    meters.ended(TURN, Record(items=(Verdicts(claims), Reasoning()), reason="answered"))
    seen = read(meters.text({}).decode())
    assert of(seen, "verdicts_total", kind="number", verdict="stated") == 1
    assert of(seen, "verdicts_total", kind="link", verdict="read") == 1


async def test_engines_tell_their_queue_and_their_restarts(tmp_path: Path) -> None:
    found = {"tiny": Metrics("ready", restarts=2, report=Report(load=Load(queued=3, running=4)))}

    async def engines() -> Mapping[str, Metrics]:
        return found

    async with serving(scripted(tmp_path), operating=Operating(engines=engines)) as served:
        seen = await look(served)
        found.clear()
        later = await look(served)
    assert of(seen, "engine_up", engine="tiny") == 1
    assert of(seen, "engine_queued", engine="tiny") == 3
    assert of(seen, "engine_running", engine="tiny") == 4
    assert of(seen, "engine_restarts_total", engine="tiny") == 2
    assert ("pellucid_engine_queued", (("engine", "tiny"),)) not in later


async def test_no_route_but_those_for_health_is_open(tmp_path: Path) -> None:
    async with (
        serving(scripted(tmp_path)) as served,
        httpx2.AsyncClient(trust_env=False) as client,
    ):
        walked = 0
        for route in (one for one in served.app.app.routes if isinstance(one, Route)):
            for method in (route.methods or set()) - {"HEAD"}:
                path = route.path.replace("{", "").replace("}", "")
                reply = await client.request(method, served.url + path)
                walked += 1
                assert reply.status_code == (200 if path in OPEN else 401), path
    assert walked > 20


async def test_metrics_are_open_where_that_is_set(tmp_path: Path) -> None:
    async with (
        serving(scripted(tmp_path), open=(*OPEN, METRICS)) as served,
        httpx2.AsyncClient(trust_env=False) as client,
    ):
        assert (await client.get(f"{served.url}/metrics")).status_code == 200
        assert (await client.get(f"{served.url}/v1/models")).status_code == 401


async def test_strange_methods_and_paths_make_no_series(tmp_path: Path) -> None:
    async with (
        serving(scripted(tmp_path)) as served,
        httpx2.AsyncClient(trust_env=False, headers=AUTH) as client,
    ):
        for number in range(3):
            await client.request("PROPFIND", f"{served.url}/v1/secret-{number}")
        seen = await look(served)
    strange = {"route": "unknown", "method": "other", "status": "404"}
    assert of(seen, "http_requests_total", **strange) == 3
    assert not [labels for _, labels in seen if "secret" in str(labels)]


async def test_a_reply_that_breaks_off_is_counted(tmp_path: Path) -> None:
    turns = Played([TurnStarted("resp_0", "pellucid-mini", 0), ItemOpened(Reasoning())], [])
    turns.breaks = True
    async with serving(turns) as served:
        stream = await served.client().responses.create(
            model="pellucid-mini", input=SUM, stream=True
        )
        turns.sign.set()
        with pytest.raises((openai.APIError, httpx2.RemoteProtocolError)):
            _ = [event async for event in stream]
        async with asyncio.timeout(5):
            seen = await look(served)
            while not of(seen, "http_request_seconds_count", route="/v1/responses"):
                seen = await look(served)
    broken = {"route": "/v1/responses", "method": "POST", "status": "200"}
    assert of(seen, "http_requests_total", **broken) == 1


async def test_failures_are_counted_by_their_code(tmp_path: Path) -> None:
    operating = Operating()

    class Dying:
        def __init__(self, serving: object) -> None:
            pass

        async def __aenter__(self) -> None:
            raise EngineDied("gone")

        async def __aexit__(self, *error: object) -> None:
            pass

    turns = replace(scripted(tmp_path), model=Dying, tell=operating.ended)
    async with serving(turns, operating=operating) as served:
        with pytest.raises(openai.InternalServerError):
            await served.client().responses.create(model="pellucid-mini", input=SUM)
        seen = await look(served)
    assert of(seen, "failures_total", code="engine_died") == 1
