"""What the server itself takes: of a request's time, of memory, and how many events it sends.

    python benchmarks/server.py [--beside] [--store]

The model is scripted and takes the time it is told to (`wait:`), so all else is Pellucid's own:
reading and checking the request, the turn, verdicts, receipt, database, and the sending. No
programs are run (`computing` is false), no answer is given again (`cache` is false): a sandbox is
no part of this, and neither is saving the work.

- **overhead**: requests begin at random moments (Poisson, open loop), so many a second that on
  average `--streams` are open at once, while each waits `--wait` seconds for its model. Counted
  from the moment a request was due, not from when it could be sent, to the end of its answer;
  the model's waiting is taken off. (The first word comes a fraction of a millisecond before the
  end: an answer is shown once it is verified.) Target at 50 streams: median below 4 ms, 99 %
  below 25 ms.
- **events**: streams of about 2,000 events each, four at a time, each client asking again when
  it is answered (closed loop). Target: 8,000 a second.
- **idle**: 1,000 streams are opened and their model says nothing. Target: the server's resident
  memory below 400 MiB.

The clients are a process of their own on another core, and parse as little as they can; their
time is not the server's. The server has one core, threads included. `cpu` is its processor time,
user and system, for each request: on a machine with other work it tells more than the clock.
The first requests are a warm-up and not counted.

`--beside` measures LiteLLM's proxy in the same way, in the same run, with its own stand-in for a
model (`mock_response`, `mock_delay`); it is installed for that into a folder of its own and gone
afterwards. It does other things: it routes and counts, and neither computes nor verifies.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from typing import Any

from machine import describe, stored
from rich.console import Console
from rich.table import Table
from server_load import NAME, Heard, Plan
from server_sides import CORES, KEY, MODEL, Side, cpu_seconds, litellm, pellucid
from soak_books import resident

LOAD = Path(__file__).with_name("server_load.py")
SENTENCE = "The sky is blue and the grass is green in the garden behind the house. "
LONG = 28
"""Sentences of a stream of 2,000 events: each letter is one."""
MIB = 2**20
CHAT, RESPONSES = "/v1/chat/completions", "/v1/responses"


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is measured; `wait` is in seconds."""

    streams: int = 50
    wait: float = 2.0
    requests: int = 400
    long_streams: int = 40
    idle: int = 1_000


QUICK = Sizes(requests=100, long_streams=4, idle=50)


@dataclass(frozen=True, slots=True)
class Row:
    """One thing measured of one server. Times are milliseconds, `cpu` those of a request; memory
    is in MiB. What does not apply is 0."""

    server: str
    what: str
    requests: int = 0
    failed: int = 0
    median: float = 0.0
    p99: float = 0.0
    cpu: float = 0.0
    events_a_second: float = 0.0
    events_a_cpu_second: float = 0.0
    memory: float = 0.0


def response(text: str, *, store: bool = False, reasoning: bool = False) -> dict[str, Any]:
    """A streamed request of Responses."""
    ours = {"computing": False, "reasoning": reasoning}
    return {"model": MODEL, "input": text, "stream": True, "store": store, "pellucid": ours}


def overheads(side: Side, sizes: Sizes) -> Iterator[Row]:
    """What is added to the model's time while so many streams are open."""
    say = f"{NAME}\nwait: {sizes.wait:g}\nsay: {SENTENCE}"
    kinds: list[tuple[str, str, dict[str, Any]]] = [("Chat", CHAT, side.chat("slow", say))]
    if side.ours:
        kinds.append(("Responses", RESPONSES, response(say)))
        kinds.append(("Responses, kept", RESPONSES, response(say, store=True)))
    for name, path, body in kinds:
        rate = sizes.streams / sizes.wait
        plan = Plan(side.port, KEY, path, body, sizes.requests, rate=rate)
        heard, cpu = loaded(side, plan, 2 * sizes.streams)
        added = [1000 * (one - sizes.wait) for one in heard.took]
        yield Row(
            side.name,
            f"{name}, {sizes.streams} streams open",
            len(added),
            heard.failed,
            median(added),
            highest(added),
            cpu=1000 * cpu / sizes.requests,
        )


def events(side: Side, sizes: Sizes) -> Iterator[Row]:
    """How many events are sent, four streams at a time."""
    thought = f"{NAME}\nthink: {SENTENCE * LONG}\nsay: yes"
    kinds = [("Chat", CHAT, side.chat("long", thought, reasoning=True))]
    if side.ours:
        kinds.append(("Responses", RESPONSES, response(thought, reasoning=True)))
    for name, path, body in kinds:
        plan = Plan(side.port, KEY, path, body, sizes.long_streams, clients=4)
        heard, cpu = loaded(side, plan, 4)
        yield Row(
            side.name,
            f"{name}, long streams",
            sizes.long_streams,
            heard.failed,
            cpu=1000 * cpu / sizes.long_streams,
            events_a_second=heard.events / heard.seconds,
            events_a_cpu_second=heard.events / max(cpu, 0.01),
        )


def idle(side: Side, sizes: Sizes) -> Iterator[Row]:
    """Memory with so many streams open that say nothing."""
    body = side.chat("idle", f"{NAME}\nwait: 600\nsay: yes")
    plan = Plan(side.port, KEY, CHAT, body, 0, sizes.idle, hold=True)
    with clients(plan) as process:
        assert process.stdout is not None
        held = json.loads(process.stdout.readline() or '{"held": 0}')["held"]
        memory = resident(str(side.pid)) / MIB
        process.communicate("")
    yield Row(side.name, f"{sizes.idle:,} idle streams", held, sizes.idle - held, memory=memory)


def highest(values: Sequence[float]) -> float:
    """99 % are below it."""
    return quantiles(values, n=100)[-1]


def loaded(side: Side, plan: Plan, warm: int) -> tuple[Heard, float]:
    """What a plan's clients heard, and the server's seconds of processor time for it; so many
    requests before it are a warm-up."""
    _asked(replace(plan, requests=warm))
    before = cpu_seconds(side.pid)
    heard = _asked(plan)
    return heard, cpu_seconds(side.pid) - before


def _asked(plan: Plan) -> Heard:
    with clients(plan) as process:
        told, _ = process.communicate("")
    return Heard(**json.loads(told))


@contextmanager
def clients(plan: Plan) -> Iterator[subprocess.Popen[str]]:
    """Clients on a core of their own; gone at the end."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "plan.json"
        file.write_text(json.dumps(asdict(plan)), encoding="utf-8")
        process = subprocess.Popen(
            [sys.executable, str(LOAD), str(file)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            preexec_fn=lambda: os.sched_setaffinity(0, {CORES[-1]}),
        )
        try:
            yield process
        finally:
            process.kill()
            process.communicate()


def measure(
    sides: Sequence[Side], sizes: Sizes, step: Callable[[Row], None] = lambda row: None
) -> list[Row]:
    """All parts, the servers in turns; `step` hears each row."""
    rows = list[Row]()
    for part in (overheads, events, idle):
        for side in sides:
            for row in part(side, sizes):
                step(row)
                rows.append(row)
    return rows


def table(rows: Sequence[Row]) -> Table:
    """For people."""
    shown = Table(title="beyond the model: milliseconds (median, 99 % below), events, memory")
    for name in ("server", "what", "ms", "cpu", "events/s", "MiB", "failed"):
        shown.add_column(name, justify="left" if name in ("server", "what") else "right")
    for row in rows:
        times = f"{row.median:.1f}, {row.p99:.1f}" if row.p99 else ""
        numbers = [f"{row.cpu:.2f}", f"{row.events_a_second:,.0f}", f"{row.memory:.0f}"]
        shown.add_row(row.server, row.what, times, *numbers, str(row.failed))
    return shown


def tell(row: Row) -> None:
    """That a part is done."""
    print(f"{row.server}: {row.what}", file=sys.stderr)


def main() -> int:
    """Measure, print a table and one JSON line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--streams", type=int, default=Sizes().streams)
    parser.add_argument("--wait", type=float, default=Sizes().wait, help="seconds of the model")
    parser.add_argument("--beside", action="store_true", help="LiteLLM's proxy as well")
    parser.add_argument("--beside-python", type=Path, help="a Python that has litellm[proxy]")
    parser.add_argument("--quick", action="store_true", help="a small part of it")
    parser.add_argument("--store", action="store_true", help="keep it in benchmarks/results")
    options = parser.parse_args()
    base = QUICK if options.quick else Sizes()
    sizes = replace(base, streams=options.streams, wait=options.wait)
    before, console = describe(), Console(stderr=True)
    with pellucid() as ours:
        if options.beside or options.beside_python:
            with litellm(options.beside_python, SENTENCE, sizes.wait, LONG) as theirs:
                rows = measure((ours, theirs), sizes, tell)
        else:
            rows = measure((ours,), sizes, tell)
    console.print(table(rows))
    result: dict[str, Any] = {"benchmark": "server", **before, "sizes": asdict(sizes)}
    result["rows"] = [asdict(row) for row in rows]
    if options.store:
        stored("server", result)
    print(json.dumps(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
