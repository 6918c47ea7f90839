"""The kills in short, and whether they would notice what they look for."""

from pathlib import Path

import pytest
from kills import Plan, kills, sound
from kills_books import Books, NotKept, Said, Talk, told

from postgres_server import Server


@pytest.mark.timeout(300)
async def test_a_server_that_is_killed_keeps_its_promises(tmp_path: Path) -> None:
    seen: list[int] = []
    books = await kills(Plan(3, life=1.0, seed=2), tmp_path, lambda: seen.append(1))
    assert books.wrong == []
    assert len(seen) == 4
    assert sum(books.counts.values()) >= 3
    assert not books.due
    assert not books.batches
    sound(tmp_path)


@pytest.mark.timeout(300)
async def test_one_that_keeps_it_on_postgresql_does_too(postgresql: Server, tmp_path: Path) -> None:
    books = await kills(Plan(1, life=1.0, seed=3), tmp_path, database=postgresql.database())
    assert books.wrong == []
    assert sum(books.counts.values()) >= 3
    assert not (tmp_path / "pellucid.db").exists()


def talk(**changes: object) -> Talk:
    """One turn that was acknowledged, one promised, one that was only tried, and an item."""
    usual = {
        "tried": {"a": "turn", "b": "turn", "c": "turn", "d": "item"},
        "known": ["a", "d"],
        "promised": {"b"},
    }
    return Talk("conv_1", **{**usual, **changes})  # type: ignore[arg-type]


A: list[Said] = [("user", "a"), ("assistant", "a")]
B: list[Said] = [("user", "b"), ("assistant", "b")]
C: list[Said] = [("user", "c"), ("assistant", "c")]
D: list[Said] = [("user", "d")]


@pytest.mark.parametrize("found", [A + B + D, A + D + C + B, B + A + D])
def test_what_is_right_is_not_complained_about(found: list[Said]) -> None:
    talk().compare(found)


@pytest.mark.parametrize(
    ("found", "complaint"),
    [
        (B + D, "a was acknowledged, and is not in"),
        (A + D, "b was acknowledged, and is not in"),
        (A + B, "d was acknowledged, and is not in"),
        (A + B + D + B, "b is in conv_1 twice"),
        (A + B + D + C[:1], "half of c is in"),
        (A[:1] + D + A[1:] + B, "something is within a"),
        (D + A + B, "has the order"),
        (A + B + D + [("user", "x")], "nobody said"),
    ],
)
def test_what_is_wrong_is(found: list[Said], complaint: str) -> None:
    with pytest.raises(NotKept, match=complaint):
        talk().compare(found)


def test_what_an_item_says() -> None:
    text = [{"type": "input_text", "text": "wait: 0.1\nsay: abc"}]
    assert told({"role": "user", "content": text}) == ("user", "abc")


def test_a_response_is_acknowledged_once() -> None:
    books = Books()
    books.acknowledge("r", "a", "whole")
    books.confirmed("r")
    with pytest.raises(NotKept, match="twice"):
        books.acknowledge("r", "b", "whole")
