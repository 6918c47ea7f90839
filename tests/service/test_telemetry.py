"""Spans of turns, as OpenTelemetry's own SDK keeps them."""

import sys
import threading
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.trace import StatusCode

from api.served import Instant, scripted, tools
from pellucid.cli.serve import _traces
from pellucid.core.constraint import JsonSchema
from pellucid.core.errors import BadRequest, EngineDied
from pellucid.core.events import Event, ItemOpened
from pellucid.core.executions import Execution
from pellucid.core.fold import fold
from pellucid.core.items import Item, Message, ToolCall, ToolResult
from pellucid.core.ports import Model, Prompt, Toolset
from pellucid.core.serving import Serving
from pellucid.core.turn import Turn
from pellucid.model.scripted import Script, ScriptedModel, rules
from pellucid.service.remembering import Remembering
from pellucid.service.turns import Turns
from pellucid.settings import Settings, TracesSettings
from pellucid.store.db import opened
from pellucid.store.remembered import RememberedTurns
from pellucid.tools.toolset import computing
from service.benches import turn
from service.spans import Seen, below, of, tokens

PROGRAM = ToolCall("x", "python", "print(48271964 - 19384756)\n")


@pytest.fixture
def seen() -> Seen:
    return Seen()


def played(script: Script, folder: Path, ran: Execution | None = None) -> Turns:
    """Turns of a script, in a sandbox that gives the same for every program."""

    @asynccontextmanager
    async def model(serving: Serving) -> AsyncGenerator[Model, None]:
        yield ScriptedModel(script, pause=lambda prompt: 1e-6)  # others get their turn

    @asynccontextmanager
    async def failing(turn: Turn) -> AsyncGenerator[Toolset, None]:
        assert ran is not None
        async with computing(Same(ran), turn.turn_id, kept=False, seed=0) as found:
            yield found

    return replace(scripted(folder), model=model, tools=tools if ran is None else failing)


@dataclass
class Same(Instant):
    execution: Execution

    async def run(self, session: str, code: str, *, seconds: float, seed: int) -> Execution:
        return self.execution


async def events_of(turns: Turns, asked: Turn) -> list[Event]:
    return [event async for event in turns.run(asked)]


async def test_a_turn_its_calls_and_its_tools_are_spans(seen: Seen, tmp_path: Path) -> None:
    asked = turn("What is 6 * 7?", conversation="conv_1", max_output_tokens=900, seed=3)
    record = fold(await events_of(seen.traced(scripted(tmp_path)), asked))
    whole, (run,) = seen.turn(), seen.spans("execute_tool")
    assert whole.name == "invoke_agent pellucid"
    assert below(whole) is None
    assert dict(whole.attributes or {}) == {
        "gen_ai.operation.name": "invoke_agent",
        "gen_ai.provider.name": "pellucid",
        "gen_ai.agent.name": "pellucid",
        "gen_ai.request.model": "pellucid-mini",
        "gen_ai.request.seed": 3,
        "gen_ai.request.temperature": 0.0,
        "gen_ai.request.max_tokens": 900,
        "gen_ai.response.id": "turn_1",
        "gen_ai.response.finish_reasons": ("stop",),
        "gen_ai.response.time_to_first_chunk": record.usage.first_token,
        "gen_ai.conversation.id": "conv_1",
        "gen_ai.usage.input_tokens": record.usage.prompt,
        "gen_ai.usage.cache_read.input_tokens": 0,
        "gen_ai.usage.output_tokens": record.usage.completion,
        "gen_ai.usage.reasoning.output_tokens": record.usage.reasoning,
        "pellucid.effort.asked": "medium",
        "pellucid.effort.granted": "medium",
        "pellucid.end": "answered",
    }
    (call,) = seen.spans("chat")
    assert (call.name, of(call, "end")) == ("chat scripted", ("stop",))
    assert of(call, "pellucid.into") == "ToolCall"
    assert tokens(call) == tokens(whole)
    assert tokens(call)[0] > 0
    assert (run.name, of(run, "gen_ai.tool.name")) == ("execute_tool python", "python")
    assert of(run, "pellucid.execution.id") == "exec_0"
    assert whole.context
    assert {below(call), below(run)} == {whole.context.span_id}
    assert {span.status.status_code for span in (whole, call, run)} == {StatusCode.UNSET}


async def test_nothing_that_was_written_is_in_a_span(seen: Seen, tmp_path: Path) -> None:
    def script(prompt: Prompt) -> Sequence[Item]:
        if isinstance(prompt.into, ToolCall):
            return [replace(prompt.into, text="print('secret program')")]
        return [Message("assistant", "A secret answer.")]

    ran = Execution("e", "secret", "error", "secret output", error="secret error")
    turns = seen.traced(played(script, tmp_path, ran))
    await events_of(turns, turn("What is 6 * 7 secret things?", stop=("secret",)))
    with pytest.raises(ValueError, match="secret bug"):
        await events_of(seen.traced(played(broken, tmp_path)), turn("What is 6 * 7?"))
    assert seen.spans("chat")
    assert "secret" not in seen.text()


def broken(prompt: Prompt) -> Sequence[Item]:
    raise ValueError("secret bug")


async def test_what_failed_is_told_by_its_kind(seen: Seen, tmp_path: Path) -> None:
    def dies(prompt: Prompt) -> Sequence[Item]:
        raise EngineDied("gone")

    await events_of(seen.traced(played(dies, tmp_path)), turn("What is 6 * 7?"))
    (call,) = seen.spans("chat")
    for span in (seen.turn(), call):
        assert of(span, "error.type") == "engine_died"
        assert span.status.status_code == StatusCode.ERROR
        assert of(span, "end") is None


async def test_a_bug_is_told_by_its_type(seen: Seen, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="bug"):
        await events_of(seen.traced(played(broken, tmp_path)), turn("What is 6 * 7?"))
    (call,) = seen.spans("chat")
    assert (of(call, "error.type"), of(seen.turn(), "error.type")) == ("ValueError", "error")


@pytest.mark.parametrize("outcome", ["error", "timeout", "killed"])
async def test_a_program_that_failed_is_told_by_its_outcome(
    seen: Seen, tmp_path: Path, outcome: Any
) -> None:
    turns = played(rules, tmp_path, Execution("e", "x", outcome, error="Error: no\n"))
    await events_of(seen.traced(turns), turn("What is 6 * 7?", effort="low"))
    runs = seen.spans("execute_tool")
    assert of(runs[0], "error.type") == outcome
    assert runs[0].status.status_code == StatusCode.ERROR
    assert of(seen.turn(), "error.type") is None


async def test_a_call_that_no_tool_answers_was_refused(seen: Seen) -> None:
    spans = seen.telemetry.trace(turn())
    async with tools(turn()) as found:
        told = spans.tools(found)
        call = ToolCall("c", "compass", "{}")
        assert not told.owns(call)
        assert told.owns(PROGRAM)
        _ = [event async for event in told.run([call])]
    (run,) = seen.spans("execute_tool")
    assert (of(run, "error.type"), of(run, "gen_ai.tool.name")) == ("refused", "compass")


async def test_replies_that_come_at_once_are_told_each_with_its_tokens(
    seen: Seen, tmp_path: Path
) -> None:
    def script(prompt: Prompt) -> Sequence[Item]:
        if not isinstance(prompt.into, ToolCall):
            return [replace(prompt.into, text="Fewer coins.\nResult: 42")]
        return [replace(prompt.into, text="print(1)\n" if not prompt.temperature else "print(4)\n")]

    asked = turn(
        "Tom had 48271964 coins. He gave 19384756 away. How many coins are left?", effort="high"
    )
    untraced = fold(await events_of(played(script, tmp_path), asked))
    record = fold(await events_of(seen.traced(played(script, tmp_path)), asked))
    calls, whole = seen.spans("chat"), seen.turn()
    assert any(
        (one.start_time or 0) < (other.start_time or 0) < (one.end_time or 0)
        for one in calls
        for other in calls
    )
    sums = tuple(map(sum, zip(*map(tokens, calls), strict=True)))
    assert (
        sums
        == tokens(whole)
        == (
            untraced.usage.prompt,
            untraced.usage.cached,
            untraced.usage.completion,
            untraced.usage.reasoning,
        )
    )
    assert record.items == untraced.items


async def test_a_reply_that_is_cut_or_calls_says_so(seen: Seen) -> None:
    spans = seen.telemetry.trace(turn())
    call = ToolCall("c", "weigh", "{}")
    model = spans.model(
        ScriptedModel(lambda prompt: [call] if prompt.seed else [Message("assistant", "x" * 99)])
    )
    asked = Prompt((Message("user", "?"),), max_tokens=3)
    assert await model.count(asked) == 0
    for prompt in (asked, replace(asked, seed=1)):
        _ = [event async for event in model.generate(prompt)]
    assert [of(span, "end") for span in seen.spans("chat")] == [("length",), ("tool_calls",)]


async def test_a_turn_whose_client_goes_away_ends_its_spans(seen: Seen, tmp_path: Path) -> None:
    async with aclosing(seen.traced(scripted(tmp_path)).run(turn("What is 6 * 7?"))) as events:
        async for event in events:
            if isinstance(event, ItemOpened) and isinstance(event.item, ToolResult):
                break
    (run,), whole = seen.spans("execute_tool"), seen.turn()
    assert of(whole, "pellucid.end") == "cancelled"
    assert of(whole, "end") is None
    assert {run.status.status_code, whole.status.status_code} == {StatusCode.UNSET}
    assert tokens(whole) == tokens(seen.spans("chat")[0])


async def test_a_form_of_json_is_told(seen: Seen, tmp_path: Path) -> None:
    asked = turn("say: {}", form=JsonSchema('{"type": "object"}'))
    await events_of(seen.traced(scripted(tmp_path)), asked)
    assert of(seen.turn(), "gen_ai.output.type") == "json"


async def test_a_turn_that_an_equal_one_answered_names_it(seen: Seen, tmp_path: Path) -> None:
    async with opened(tmp_path / "cache.db") as database:
        kept = RememberedTurns(database, lambda: 1_000_000)
        door = Remembering(seen.traced(scripted(tmp_path)), kept, "v1")
        asked = turn("What is 6 * 7?")
        for name in ("t", "u"):
            _ = [event async for event in door.run(replace(asked, turn_id=name))]
    first, again = seen.spans("invoke_agent")
    assert (of(first, "pellucid.cached_from"), of(again, "pellucid.cached_from")) == (None, "t")
    assert tokens(again) == (tokens(first)[0], tokens(first)[0], 0, 0)
    assert len(seen.spans("chat")) == 1


@dataclass
class Collector:
    """An OTLP endpoint: what was posted to it, by path."""

    url: str
    posted: list[tuple[str, bytes]] = field(default_factory=list)


@pytest.fixture
def collector() -> Iterator[Collector]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            found.posted.append((self.path, body))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *told: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        found = Collector(f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield found
        server.shutdown()
        thread.join()


async def test_spans_are_sent_at_the_latest_at_the_end(
    collector: Collector, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=here")
    settings = Settings(home=tmp_path, traces=TracesSettings(endpoint=collector.url))
    async with _traces(settings) as telemetry:
        assert telemetry is not None
        turns = replace(scripted(tmp_path), trace=telemetry.trace)
        await events_of(turns, turn("What is 6 * 7?"))
    ((path, body),) = collector.posted
    assert path == "/v1/traces"
    (told,) = ExportTraceServiceRequest.FromString(body).resource_spans
    about = {one.key: one.value.string_value for one in told.resource.attributes}
    assert (about["service.name"], about["deployment.environment.name"]) == ("pellucid", "here")
    assert len(told.scope_spans[0].spans) == 3


async def test_without_a_setting_there_are_no_spans(tmp_path: Path) -> None:
    async with _traces(Settings(home=tmp_path)) as telemetry:
        assert telemetry is None


async def test_what_is_missing_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "pellucid.service.telemetry")
    monkeypatch.setitem(sys.modules, "opentelemetry", None)
    settings = Settings(home=tmp_path, traces=TracesSettings(endpoint="http://127.0.0.1:1"))
    with pytest.raises(BadRequest, match=r"opentelemetry, which is missing: .*'pellucid\[otel\]'"):
        async with _traces(settings):
            pass
