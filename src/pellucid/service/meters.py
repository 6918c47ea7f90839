"""What operators watch, as Prometheus reads it: requests, turns, tokens, tools, verdicts, engines.

https://prometheus.io/docs/practices/naming/. Nothing that a client wrote becomes a label, so
there are only so many series.
"""

from collections.abc import Callable, Iterator, Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector

from pellucid.core.fold import Record
from pellucid.core.items import Item, ToolResult, Verdicts
from pellucid.core.turn import Turn
from pellucid.engine.metrics import Metrics

FORMAT = CONTENT_TYPE_LATEST
"""The media type of `Meters.text`."""

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "WEBSOCKET")
FAST = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600)
"""Upper bounds of times, in seconds: from a reply by rule to high effort on a slow machine."""


class Meters:
    """All counts of one server, in a registry of its own."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._fleet = _Fleet()
        self._registry.register(self._fleet)
        self._requests = self._counter("http_requests", "Requests.", "route", "method", "status")
        self._request_seconds = self._times("http_request", "Time to the end of a reply.", "route")
        self.under_way = Gauge(
            "pellucid_http_requests_in_progress",
            "Requests whose reply has not ended.",
            registry=self._registry,
        )
        self._turns = self._counter("turns", "Turns, by how they ended.", "model", "effort", "end")
        self._turn_seconds = self._times("turn", "Time of a turn in all.", "model", "effort")
        self._first_token = self._times("turn_first_token", "Time to the first token.", "model")
        self._tokens = self._counter(
            "tokens", "Tokens; cached ones are among prompt, reasoning among completion.", "kind"
        )
        self._tools = self._counter("tool_runs", "Runs of tools, by outcome.", "tool", "outcome")
        self._verdicts = self._counter("verdicts", "Claims of answers.", "kind", "verdict")
        self._again = self._counter("cached_turns", "Turns that an equal one had answered.")
        self._failures = self._counter("failures", "Turns that failed, by code.", "code")

    def request(self, route: str, method: str, status: int, seconds: float) -> None:
        """A request was replied to; `route` is the route's template, never the path."""
        known = method if method in METHODS else "other"
        self._requests.labels(route, known, status).inc()
        self._request_seconds.labels(route).observe(seconds)

    def ended(self, turn: Turn, record: Record) -> None:
        """A turn ended, or its client went away."""
        effort = record.spent.granted if record.spent else turn.effort
        end = "failed" if record.error else record.reason
        self._turns.labels(turn.model, effort, end).inc()
        self._turn_seconds.labels(turn.model, effort).observe(record.usage.seconds)
        if record.usage.first_token:
            self._first_token.labels(turn.model).observe(record.usage.first_token)
        for kind in ("prompt", "cached", "reasoning", "completion"):
            self._tokens.labels(kind).inc(getattr(record.usage, kind))
        if record.cached_from:
            self._again.inc()
        if record.error:
            self._failures.labels(record.error.code).inc()
        for item in record.items:
            self._item(item)

    def _item(self, item: Item) -> None:
        match item:
            case ToolResult(execution=ran) if ran is not None:
                self._tools.labels("python", ran.outcome).inc()
            case Verdicts(claims=claims):
                for claim in claims:
                    self._verdicts.labels(claim.kind, claim.verdict).inc()
            case _:
                pass

    def text(self, engines: Mapping[str, Metrics]) -> bytes:
        """Everything so far, with the numbers of the engines at this moment."""
        self._fleet.seen = engines
        return generate_latest(self._registry)

    def _counter(self, name: str, told: str, *labels: str) -> Counter:
        return Counter(f"pellucid_{name}", told, labels, registry=self._registry)

    def _times(self, name: str, told: str, *labels: str) -> Histogram:
        return Histogram(
            f"pellucid_{name}_seconds", told, labels, buckets=FAST, registry=self._registry
        )


Family = type[CounterMetricFamily] | type[GaugeMetricFamily]
ENGINE: tuple[tuple[Family, str, str, Callable[[Metrics], float]], ...] = (
    (GaugeMetricFamily, "up", "1 while it can answer.", lambda m: m.health == "ready"),
    (GaugeMetricFamily, "queued", "Requests that wait.", lambda m: m.report.load.queued),
    (GaugeMetricFamily, "running", "Candidates that run.", lambda m: m.report.load.running),
    (GaugeMetricFamily, "cells_used", "Cells held.", lambda m: m.report.load.used),
    (GaugeMetricFamily, "cells", "Cells in all.", lambda m: m.report.load.cells),
    (GaugeMetricFamily, "resident_bytes", "Memory held.", lambda m: m.report.rss),
    (CounterMetricFamily, "restarts", "Starts after the first.", lambda m: m.restarts),
    (CounterMetricFamily, "deaths", "Processes that died.", lambda m: m.deaths),
    (CounterMetricFamily, "rejected", "Requests refused.", lambda m: m.report.rejected),
    (CounterMetricFamily, "preempted", "Put back.", lambda m: m.report.load.preempted),
    (CounterMetricFamily, "evicted", "Prefixes forgotten.", lambda m: m.report.load.evicted),
    (CounterMetricFamily, "steps", "Steps computed.", lambda m: m.report.steps),
    (CounterMetricFamily, "step_seconds", "Time in steps.", lambda m: m.report.step_seconds),
    (CounterMetricFamily, "computed_tokens", "Tokens computed.", lambda m: m.report.computed),
)
"""What is told of each loaded engine. Counts fall back to 0 when it is loaded anew."""


class _Fleet(Collector):
    """The engines, as they were seen last."""

    def __init__(self) -> None:
        self.seen: Mapping[str, Metrics] = {}

    def collect(self) -> Iterator[Metric]:
        for family, name, told, read in ENGINE:
            found = family(f"pellucid_engine_{name}", told, labels=["engine"])
            for engine, one in self.seen.items():
                found.add_metric([engine], read(one))
            yield found
