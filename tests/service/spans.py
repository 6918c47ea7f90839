"""Spans as OpenTelemetry's own SDK keeps them in memory."""

from dataclasses import replace
from typing import Any

from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from pellucid.service.telemetry import Telemetry
from pellucid.service.turns import Turns

TOKENS = ("input", "cache_read.input", "output", "reasoning.output")


class Seen:
    """What is told of turns; spans are there as soon as they have ended."""

    def __init__(self) -> None:
        self._kept = InMemorySpanExporter()
        provider = TracerProvider(shutdown_on_exit=False)
        provider.add_span_processor(SimpleSpanProcessor(self._kept))
        self.telemetry = Telemetry(provider)

    def traced(self, turns: Turns) -> Turns:
        return replace(turns, trace=self.telemetry.trace)

    def spans(self, operation: str) -> list[ReadableSpan]:
        return [one for one in self._kept.get_finished_spans() if of(one, "operation") == operation]

    def turn(self) -> ReadableSpan:
        (span,) = self.spans("invoke_agent")
        return span

    def text(self) -> str:
        return "\n".join(span.to_json() for span in self._kept.get_finished_spans())


def of(span: ReadableSpan, name: str) -> Any:
    full = {"operation": "gen_ai.operation.name", "end": "gen_ai.response.finish_reasons"}
    return (span.attributes or {}).get(full.get(name, name))


def tokens(span: ReadableSpan) -> tuple[int, ...]:
    return tuple(of(span, f"gen_ai.usage.{kind}_tokens") for kind in TOKENS)


def below(span: ReadableSpan) -> int | None:
    return span.parent.span_id if span.parent else None
