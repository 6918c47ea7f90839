"""Requests that are part of a trace of their client's."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from api.served import Served, scripted, serving
from pellucid.api.operating import Operating
from service.spans import Seen, below

TRACE, PARENT = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
SUM = "What is 6 * 7?"


@pytest.fixture
def seen() -> Seen:
    return Seen()


@pytest.fixture
async def served(seen: Seen, tmp_path: Path) -> AsyncGenerator[Served, None]:
    turns = seen.traced(scripted(tmp_path))
    async with serving(turns, operating=Operating(under=seen.telemetry.under)) as running:
        yield running


@pytest.mark.parametrize("streamed", [False, True])
async def test_a_turn_is_below_the_span_that_asked_for_it(
    served: Served, seen: Seen, streamed: bool
) -> None:
    client = served.client(default_headers={"traceparent": f"00-{TRACE}-{PARENT}-01"})
    asked = {"model": "pellucid-mini", "input": SUM, "stream": streamed}
    made = await client.responses.create(**asked)  # type: ignore[call-overload]
    if streamed:
        _ = [event async for event in made]
    span = seen.turn()
    assert span.context
    assert (format(span.context.trace_id, "032x"), below(span)) == (TRACE, int(PARENT, 16))


async def test_one_in_the_background_is_so_too(served: Served, seen: Seen) -> None:
    client = served.client(default_headers={"traceparent": f"00-{TRACE}-{PARENT}-01"})
    made = await client.responses.create(model="pellucid-mini", input=SUM, background=True)
    while (await served.client().responses.retrieve(made.id)).status != "completed":
        pass
    assert below(seen.turn()) == int(PARENT, 16)


@pytest.mark.parametrize("header", [None, "00-nothing-01", f"00-{TRACE}-{'0' * 16}-01"])
async def test_one_without_a_trace_begins_its_own(
    served: Served, seen: Seen, header: str | None
) -> None:
    client = served.client(default_headers={"traceparent": header} if header else {})
    await client.responses.create(model="pellucid-mini", input=SUM)
    span = seen.turn()
    assert below(span) is None
    assert span.context
    assert format(span.context.trace_id, "032x") != TRACE
