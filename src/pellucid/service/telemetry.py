"""Turns as OpenTelemetry's spans: the turn, each call of the model, each run of a tool.

Names and attributes are those of the semantic conventions for generative AI
(https://github.com/open-telemetry/semantic-conventions-genai); what they have no name for begins
with `pellucid.`. No word that anybody wrote is in a span: no prompt, no answer, no program.
"""

import asyncio
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager, contextmanager
from copy import copy
from dataclasses import dataclass
from importlib.metadata import version

from opentelemetry import context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import OTELResourceDetector, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Span, SpanKind, StatusCode, set_span_in_context
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from opentelemetry.util.types import AttributeValue

from pellucid.core.constraint import JsonSchema
from pellucid.core.errors import PellucidError
from pellucid.core.events import EndReason, Event, ItemClosed
from pellucid.core.fold import Record
from pellucid.core.items import ToolCall, ToolResult
from pellucid.core.ports import Model, Prompt, Toolset
from pellucid.core.turn import Turn
from pellucid.core.usage import Usage

AGENT = "pellucid"
FINISHED: dict[EndReason, str] = {
    "answered": "stop",
    "calls": "tool_calls",
    "length": "length",
    "limit": "length",
}
"""Why a turn ended, as OpenAI's clients are told; one that was cancelled has not finished."""


@asynccontextmanager
async def exporting(url: str) -> AsyncGenerator["Telemetry", None]:
    """Spans that are sent to an OTLP endpoint (HTTP, protobuf) while this is open; the last ones at
    its end. OpenTelemetry's own variables (OTEL_…) say the rest: headers, sampling, a name."""
    usual = Resource.create({"service.name": AGENT, "service.version": version("pellucid")})
    resource = usual.merge(OTELResourceDetector().detect())
    provider = TracerProvider(resource=resource, shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=url)))
    try:
        yield Telemetry(provider)
    finally:
        await asyncio.to_thread(provider.shutdown)


class Telemetry:
    """Makes spans of turns."""

    def __init__(self, provider: TracerProvider) -> None:
        """Where the spans go is the provider's."""
        self._tracer = provider.get_tracer("pellucid", version("pellucid"))

    @contextmanager
    def under(self, headers: Mapping[str, str]) -> Iterator[None]:
        """Take up the trace that a request's headers name (W3C Trace Context), for the turns that
        begin in here, in this task or in one that is started from it."""
        token = context.attach(TraceContextTextMapPropagator().extract(headers))
        try:
            yield
        finally:
            context.detach(token)

    def trace(self, turn: Turn) -> "Spans":
        """The span of a turn that begins."""
        asked = {
            **_operation("invoke_agent"),
            "gen_ai.agent.name": AGENT,
            "gen_ai.request.model": turn.model,
            "gen_ai.response.id": turn.turn_id,
            "gen_ai.request.seed": turn.seed,
            "gen_ai.request.temperature": turn.temperature,
            "pellucid.effort.asked": turn.effort,
        }
        if turn.max_output_tokens is not None:
            asked["gen_ai.request.max_tokens"] = turn.max_output_tokens
        if turn.conversation:
            asked["gen_ai.conversation.id"] = turn.conversation
        if isinstance(turn.form, JsonSchema):
            asked["gen_ai.output.type"] = "json"
        return Spans(self, self._begun(f"invoke_agent {AGENT}", asked))

    @contextmanager
    def inside(
        self, parent: Span, name: str, attributes: Mapping[str, AttributeValue]
    ) -> Iterator[Span]:
        """A span below another one, which ends with what is done in here, and fails with it."""
        span = self._begun(name, attributes, parent)
        try:
            yield span
        except Exception as error:
            _failed(span, error.code if isinstance(error, PellucidError) else type(error).__name__)
            raise
        finally:
            span.end()

    def _begun(
        self, name: str, attributes: Mapping[str, AttributeValue], parent: Span | None = None
    ) -> Span:
        # The parent is named, not the current one: a generator is at home in no one's context.
        above = None if parent is None else set_span_in_context(parent)
        return self._tracer.start_span(name, above, SpanKind.INTERNAL, attributes)


@dataclass(frozen=True, slots=True)
class Spans:
    """The spans of one turn: its own, and those below it."""

    telemetry: Telemetry
    span: Span

    def model(self, model: Model) -> Model:
        """The same model, with a span for each call."""
        return _Model(self, model)

    def tools(self, tools: Toolset) -> Toolset:
        """The same tools, with a span for each run."""
        return _Tools(self, tools)

    def ended(self, record: Record) -> None:
        """End the turn's span."""
        _used(self.span, record.usage)
        if record.usage.first_token:
            first = record.usage.first_token
            self.span.set_attribute("gen_ai.response.time_to_first_chunk", first)
        if record.spent is not None:
            self.span.set_attribute("pellucid.effort.granted", record.spent.granted)
        if record.cached_from:
            self.span.set_attribute("pellucid.cached_from", record.cached_from)
        if record.reason is not None:
            self.span.set_attribute("pellucid.end", record.reason)
        if record.reason in FINISHED:
            _finished(self.span, FINISHED[record.reason])
        if record.error is not None:
            _failed(self.span, record.error.code)
        self.span.end()


class _Model:
    """A model whose calls are spans."""

    def __init__(self, spans: Spans, model: Model) -> None:
        self.name, self.fingerprint, self.window = model.name, model.fingerprint, model.window
        self.spent = Usage()
        self._spans, self._model = spans, model

    async def count(self, prompt: Prompt) -> int:
        """Tokens the prompt takes of the window."""
        return await self._model.count(prompt)

    async def generate(self, prompt: Prompt) -> AsyncGenerator[Event, None]:
        """One reply. Replies to several prompts may come at once, so each is asked of a copy of
        the model, which adds up what this one used."""
        model = copy(self._model)
        model.spent = Usage()
        with self._spans.telemetry.inside(
            self._spans.span, f"chat {self.name}", _asked(self.name, prompt)
        ) as span:
            try:
                closed: ItemClosed | None = None
                async with aclosing(model.generate(prompt)) as events:
                    async for event in events:
                        closed = event if isinstance(event, ItemClosed) else closed
                        yield event
                if closed is not None:
                    _finished(span, _end(prompt, closed))
            finally:
                self.spent += model.spent
                _used(span, model.spent)


class _Tools:
    """Tools whose runs are spans."""

    def __init__(self, spans: Spans, tools: Toolset) -> None:
        self._spans, self._tools = spans, tools

    def owns(self, call: ToolCall) -> bool:
        """Whether this set answers the call."""
        return self._tools.owns(call)

    async def run(self, calls: Sequence[ToolCall]) -> AsyncGenerator[Event, None]:
        """Answer the calls in order."""
        for call in calls:
            told = {
                **_operation("execute_tool"),
                "gen_ai.tool.name": call.name,
                "gen_ai.tool.type": "extension",
                "gen_ai.tool.call.id": call.call_id,
            }
            name = f"execute_tool {call.name}"
            with self._spans.telemetry.inside(self._spans.span, name, told) as span:
                async with aclosing(self._tools.run([call])) as events:
                    async for event in events:
                        if isinstance(event, ItemClosed) and isinstance(event.item, ToolResult):
                            _ran(span, event.item)
                        yield event


def _operation(name: str) -> dict[str, AttributeValue]:
    return {"gen_ai.operation.name": name, "gen_ai.provider.name": AGENT}


def _asked(name: str, prompt: Prompt) -> dict[str, AttributeValue]:
    return {
        **_operation("chat"),
        "gen_ai.request.model": name,
        "gen_ai.request.max_tokens": prompt.max_tokens,
        "gen_ai.request.temperature": prompt.temperature,
        "gen_ai.request.top_p": prompt.top_p,
        "gen_ai.request.seed": prompt.seed,
        "pellucid.into": type(prompt.into).__name__,
    }


def _end(prompt: Prompt, closed: ItemClosed) -> str:
    """Why a reply ended: a program that is written for a prompt is its answer, no call."""
    if closed.cut:
        return "length"
    calls = isinstance(closed.item, ToolCall) and not isinstance(prompt.into, ToolCall)
    return "tool_calls" if calls else "stop"


def _ran(span: Span, result: ToolResult) -> None:
    """What came of a run; the receipt has the execution under its id."""
    if result.execution is not None:
        span.set_attribute("pellucid.execution.id", result.execution.execution_id)
    if result.failed:
        _failed(span, result.execution.outcome if result.execution else "refused")


def _finished(span: Span, reason: str) -> None:
    span.set_attribute("gen_ai.response.finish_reasons", (reason,))


def _used(span: Span, usage: Usage) -> None:
    span.set_attribute("gen_ai.usage.input_tokens", usage.prompt)
    span.set_attribute("gen_ai.usage.cache_read.input_tokens", usage.cached)
    span.set_attribute("gen_ai.usage.output_tokens", usage.completion)
    span.set_attribute("gen_ai.usage.reasoning.output_tokens", usage.reasoning)


def _failed(span: Span, kind: str) -> None:
    """Only what kind of error it was: its message may quote a request."""
    span.set_attribute("error.type", kind)
    span.set_status(StatusCode.ERROR)
