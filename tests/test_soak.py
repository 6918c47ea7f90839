"""The soak in short, and whether it would notice what it looks for."""

import os
import signal
from dataclasses import replace

import pytest
from soak import Plan, Soak, soak, table
from soak_books import MOST_COMPLAINTS, Books, Heard, Sample, growths, undisturbed

from pellucid.engine.client import EngineClient, HostSettings
from pellucid.engine.sequence import Finished, Request, Tokens

FAKE = HostSettings(window=512, sequences=4, queue=8, fake_seconds=0.002)
SHORT = Plan(5.0, clients=12, think=0.1, round=1.2, fault=0.3, stuck=2.0, lost=60.0)
REQUEST = Request("r", tuple(b"what then?"), 40, n=2)
ANSWERS = [undisturbed(REQUEST, index) for index in range(2)]


async def test_an_engine_under_fire_keeps_its_promises() -> None:
    over: list[float] = []
    books = await soak(FAKE, SHORT, over.append)
    assert books.wrong == []
    assert books.faults["kill"] >= 1
    assert books.ended["finished"] >= 10
    assert books.compared >= 20
    assert len(books.samples) == len(over) >= 2
    assert table(books).row_count >= 10


async def test_a_death_that_nobody_caused_is_noticed() -> None:
    quiet = replace(SHORT, seconds=0.5, round=0.3, fault=1e6)
    async with EngineClient(FAKE) as engine:
        run = Soak(engine, quiet, 512, known=True)
        while not run.books.wrong:  # ends with the first complaint
            await engine.ready()
            assert engine.pid is not None
            os.kill(engine.pid, signal.SIGKILL)
            await run.run(lambda at: None)
    assert run.books.wrong[0] == "0 hosts were killed, and 1 died"


def heard(*outputs: Tokens | Finished, whole: bool = True) -> list[str]:
    """What the books say about a request of which this was heard."""
    books = Books()
    one = Heard(REQUEST, books)
    for output in outputs:
        one.hear(output)
    one.close(whole, known=True)
    return books.wrong


def tokens(index: int) -> Tokens:
    return Tokens("r", index, ANSWERS[index][0])


def end(index: int, **changes: object) -> Finished:
    answer, reason = ANSWERS[index]
    told = {"reason": reason, "prompt": len(REQUEST.prompt), "completion": len(answer)}
    return Finished("r", index, **(told | changes))  # type: ignore[arg-type]


def test_what_is_right_is_not_complained_about() -> None:
    assert heard(tokens(0), tokens(1), end(1), end(0)) == []
    assert heard(tokens(0), whole=False) == []
    assert heard(whole=False) == []


@pytest.mark.parametrize(
    ("outputs", "complaint"),
    [
        ((tokens(0), end(0)), "1 of 2 candidates ended"),
        ((tokens(0), end(0), tokens(1), end(1), end(1)), "goes on after its end"),
        ((tokens(0), end(0), tokens(1), end(1), tokens(1)), "goes on after its end"),
        ((tokens(0), tokens(0), end(0), tokens(1), end(1)), "counts at its end are wrong"),
        ((tokens(0), tokens(0), tokens(1)), "not that of an undisturbed run"),
        ((end(0, completion=0), tokens(1), end(1)), "not that of an undisturbed run"),
        ((tokens(0), end(0, reason="error"), tokens(1), end(1)), "not that of an undisturbed run"),
        ((tokens(0), end(0, prompt=3), tokens(1), end(1)), "counts at its end are wrong"),
        ((Tokens("r", 2, (1,)),), "or is none"),
    ],
)
def test_what_is_wrong_is(outputs: tuple[Tokens | Finished, ...], complaint: str) -> None:
    assert any(complaint in one for one in heard(*outputs))


def test_growth_is_measured_from_the_first_third_and_in_the_life_of_one_host() -> None:
    samples = [Sample(float(n), 1 + n // 20, 100 + n, 9, 2, 50 - n, 4, 3) for n in range(30)]
    found = {one.name: one for one in growths(samples)}
    memory, host = found["client, memory"], found["host, memory"]
    assert (memory.early, memory.late, memory.flat) == (107, 127, False)
    assert (host.early, host.late, host.flat) == (28.5, 21.5, True)
    assert found["host, threads"].flat
    assert growths([]) == []


def test_complaints_are_bounded() -> None:
    books = Books()
    for number in range(MOST_COMPLAINTS + 5):
        books.complain(str(number))
    assert len(books.wrong) == MOST_COMPLAINTS
