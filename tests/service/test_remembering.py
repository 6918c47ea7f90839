"""What is remembered of turns, for how long, and which turns are equal."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from api.served import scripted
from pellucid.core.effort import Spent
from pellucid.core.events import Event, ItemClosed, ItemGrew, ItemOpened, TurnFinished
from pellucid.core.executions import Execution
from pellucid.core.fold import Record, fold
from pellucid.core.items import Message, ToolCall, ToolResult
from pellucid.core.serving import Serving
from pellucid.core.turn import Turn
from pellucid.core.usage import Usage
from pellucid.service.remembering import (
    Remembering,
    _lasting,
    digest_of,
    may_be_equal,
    source_of,
    version_of,
)
from pellucid.store import events
from pellucid.store.db import opened
from pellucid.store.remembered import LARGEST, Remembered, RememberedTurns
from strategies import streams

SUM = "What is 6 * 7?"
TURN = Turn("t", (Message("user", SUM),))


@dataclass
class Clock:
    now: float = 1_000_000.0

    def __call__(self) -> float:
        return self.now


async def test_the_oldest_and_the_largest_are_forgotten(place: Path | str) -> None:
    clock = Clock()
    end = ending()
    async with opened(place) as database:
        kept = RememberedTurns(database, clock, lifetime=100, most=2)
        for number in range(3):
            clock.now += 1
            await kept.save(f"d{number}", Remembered("t", (), end))
        await kept.tidy()
        assert [await kept.find(f"d{n}") for n in range(3)] == [
            None,
            *[Remembered("t", (), end)] * 2,
        ]
        long = (ItemOpened(Message("assistant")), ItemGrew("x" * LARGEST))
        await kept.save("large", Remembered("t", long, end))
        assert await kept.find("large") is None


def ending(reason: Any = "answered") -> TurnFinished:
    return TurnFinished(reason, Usage(3, 1, 0, 2, 0.5, 1.5), Spent("low", "low", "why", 1, 2))


@given(streams())
def test_events_are_read_as_they_were_written(seen: list[Event]) -> None:
    again = events.read(events.written(seen))
    items = tuple(event.item for event in seen if isinstance(event, ItemClosed))
    assert fold(again).items == items
    opened_before = [event for event in seen if isinstance(event, ItemOpened)]
    assert [event for event in again if isinstance(event, ItemOpened)] == opened_before
    grew = "".join(event.text for event in seen if isinstance(event, ItemGrew))
    assert "".join(event.text for event in again if isinstance(event, ItemGrew)) == grew
    assert len(again) <= 3 * len(items)


def test_how_an_item_ended_is_remembered() -> None:
    ran = ToolResult("c", "42", execution=Execution("e", "print(6 * 7)", "ok", "42"))
    told = (ItemOpened(ToolResult("c")), ItemClosed(ran, cut=True, confidence=-0.25))
    assert events.read(events.written(told)) == told


@pytest.mark.parametrize(
    ("code", "lasts"),
    [
        ("print(6 * 7)", True),
        ("time = 3\nprint(time * 2)", True),
        ("import random\nprint(random.random())", True),  # seeded by the sandbox
        ("from datetime import date\nprint(date.today())", False),
        ("import datetime as d\nprint(d.datetime.now ())", False),
        ("import time\nprint(time.time())", False),
        ("import os\nprint(os.urandom(4))", False),
        ("import uuid\nprint(uuid.uuid4())", False),
    ],
)
def test_programs_that_read_a_clock_do_not_last(code: str, lasts: bool) -> None:
    end = ending()
    ran = ItemClosed(ToolResult("c", execution=Execution("e", code, "ok")))
    assert _lasting(end, [ItemClosed(ToolCall("c", "python", code)), ran, end]) == lasts


@pytest.mark.parametrize(
    ("reason", "lasts"),
    [("answered", True), ("calls", True), ("length", True), ("limit", False), ("cancelled", False)],
)
def test_what_ran_out_of_time_does_not_last(reason: Any, lasts: bool) -> None:
    end = ending(reason)
    assert _lasting(end, [ItemClosed(ToolResult("c")), end]) == lasts


@pytest.mark.parametrize(
    ("changes", "may"),
    [
        ({}, True),
        ({"cache": False}, False),
        ({"serving": Serving("background")}, False),
        ({"serving": Serving("batch"), "cache": True}, True),
        ({"seconds": 5.0}, False),
        ({"conversation": "c", "cache": True}, False),
        ({"top_logprobs": 0, "cache": True}, False),
        ({"container": "cntr_1", "cache": True}, False),
        ({"tools": frozenset({"web"}), "cache": True}, False),
    ],
)
def test_which_turns_may_be_equal(changes: Any, may: bool) -> None:
    assert may_be_equal(replace(TURN, **changes)) == may


def test_ids_times_and_the_place_in_the_queue_make_no_difference() -> None:
    same: Any = {
        "turn_id": "u",
        "created_at": 7,
        "cache": True,
        "serving": Serving("background"),
        "tools": frozenset(["python"]),
    }
    assert digest_of(replace(TURN, **same), "f") == digest_of(TURN, "f")
    other: list[Any] = [
        {"owner": "bob"},
        {"seed": 1},
        {"stop": ("x",)},
        {"items": (Message("system", SUM),)},
        {"items": (Message("user", "\ud800"),)},
        {"tools": frozenset()},
        {"serving": Serving(deterministic=True)},
    ]
    digests = {digest_of(replace(TURN, **one), "f") for one in other}
    assert len(digests | {digest_of(TURN, "f"), digest_of(TURN, "g")}) == len(other) + 2


def test_a_version_is_that_of_every_file_and_setting(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    file = tmp_path / "a" / "b.py"
    file.write_text("x = 1")
    versions = [version_of(tmp_path, "s"), version_of(tmp_path, "s"), version_of(tmp_path, "t")]
    file.write_text("x = 2")
    versions.append(version_of(tmp_path, "s"))
    file.rename(tmp_path / "b.py")
    versions.append(version_of(tmp_path, "s"))
    assert versions[0] == versions[1]
    assert len(set(versions)) == 4


def test_the_source_of_answers_is_that_of_the_parts_that_make_them(tmp_path: Path) -> None:
    for part in ("agent", "api"):
        (tmp_path / part).mkdir()
        (tmp_path / part / "a.py").write_text("x = 1")
    before = source_of(tmp_path)
    (tmp_path / "api" / "a.py").write_text("x = 2")
    assert source_of(tmp_path) == before
    (tmp_path / "agent" / "a.py").write_text("x = 2")
    assert source_of(tmp_path) != before


async def test_a_replay_that_nobody_hears_to_its_end_was_cancelled(tmp_path: Path) -> None:
    records: list[Record] = []
    async with opened(tmp_path / "cache.db") as database:
        turns = replace(scripted(tmp_path), tell=lambda turn, record: records.append(record))
        door = Remembering(turns, RememberedTurns(database, Clock()), "v1")
        first = [event async for event in door.run(TURN)]
        again = door.run(replace(TURN, turn_id="u"))
        started = await anext(again)
        await again.aclose()
    assert isinstance(first[-1], TurnFinished)
    assert started.turn_id == "u"  # type: ignore[union-attr]
    assert [record.reason for record in records] == ["answered", "cancelled"]
