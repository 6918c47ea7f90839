"""Seals: what is closed opens for its owner alone, as what it is, and where it was closed."""

import os
import stat
from base64 import urlsafe_b64decode, urlsafe_b64encode
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pellucid.core.errors import BadRequest
from pellucid.core.executions import Execution, FileRecord
from pellucid.core.items import Item, Message, Reasoning, ToolCall, ToolResult
from pellucid.store import seals
from pellucid.store.seals import Seals
from strategies import items

RAN = Execution(
    "exec_1",
    "print(6 * 7)",
    "ok",
    "42\n",
    files=(FileRecord("a.txt", 1, "00"),),
    libraries=(("numpy", "2"),),
)
HELD: tuple[Item, ...] = (
    Reasoning("6 times 7, \ud800"),
    ToolCall("c", "python", RAN.code),
    ToolResult("c", "42", execution=RAN),
    Message("assistant", "42"),
)


def sealing(key: bytes = bytes(32)) -> Seals:
    return Seals(key, os.urandom)


def test_what_was_closed_opens_again() -> None:
    closed = sealing().close("reasoning", HELD, "ann")
    assert sealing().open("reasoning", closed, "ann") == HELD
    assert sealing().close("reasoning", HELD, "ann") != closed
    assert b"42" not in urlsafe_b64decode(closed)


def test_nobody_else_opens_it_nor_as_something_else() -> None:
    closed = sealing().close("reasoning", HELD, "ann")
    assert sealing().open("reasoning", closed, "bob") is None
    assert sealing().open("compaction", closed, "ann") is None
    assert sealing(b"\x01" * 32).open("reasoning", closed, "ann") is None


@given(st.lists(items, max_size=3), st.data())
def test_nothing_changed_opens(held: list[Item], data: st.DataObject) -> None:
    raw = bytearray(urlsafe_b64decode(sealing().close("reasoning", held, "ann")))
    at = data.draw(st.integers(0, len(raw) - 1))
    raw[at] ^= data.draw(st.integers(1, 255))
    assert sealing().open("reasoning", urlsafe_b64encode(raw).decode(), "ann") is None


@given(st.text() | st.binary().map(lambda raw: urlsafe_b64encode(raw).decode()))
def test_what_was_never_closed_does_not_open(text: str) -> None:
    assert sealing().open("reasoning", text, "ann") is None


def test_the_key_is_made_once_for_its_user_alone(tmp_path: Path) -> None:
    home = tmp_path / "deep"
    first = seals.key(home, os.urandom)
    assert len(first) == 32
    assert seals.key(home, os.urandom) == first
    assert stat.S_IMODE((home / seals.FILE).stat().st_mode) == 0o600
    assert [one.name for one in home.iterdir()] == [seals.FILE]


def test_of_two_processes_the_first_makes_the_key(tmp_path: Path) -> None:
    def slow(count: int) -> bytes:
        (tmp_path / seals.FILE).write_bytes(b"\x07" * count)  # the other one was faster
        return bytes(count)

    assert seals.key(tmp_path, slow) == b"\x07" * 32


def test_a_damaged_key_is_told(tmp_path: Path) -> None:
    (tmp_path / seals.FILE).write_bytes(b"short")
    with pytest.raises(BadRequest, match="has 5 bytes, not 32"):
        seals.key(tmp_path, os.urandom)
