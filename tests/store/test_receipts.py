"""Receipts: written whole, read back, and every tampering seen."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pellucid.core.errors import ReceiptError
from pellucid.core.executions import Execution, FileRecord
from pellucid.core.fold import Record
from pellucid.core.items import Message, ToolCall, ToolResult
from pellucid.core.turn import Attachment, GivenFile, Turn
from pellucid.store import receipts

RAN = Execution(
    "exec_1",
    "print(1)",
    "ok",
    output="1\n",
    files=(FileRecord("a", 1, "00"),),
    libraries=(("numpy", "2"),),
)
TURN = Turn("turn_1", (Message("user", "1?"),), created_at=7)
RECORD = Record(
    "turn_1",
    "pellucid-mini",
    7,
    (
        ToolCall("c", "python", "print(1)"),
        ToolResult("c", "1", execution=RAN),
        Message("assistant", "1"),
    ),
    reason="answered",
)


def test_receipts_that_name_something_are_found_and_forgotten(tmp_path: Path) -> None:
    for name, file in (("a", "file-1"), ("b", "file-12"), ("c", "file-1")):
        turn = replace(TURN, turn_id=name, attachments=(Attachment("x", "y", file_id=file),))
        receipts.write(tmp_path, turn, RECORD, "")
    assert sorted(receipts.naming(tmp_path, "file-1", 0)) == ["a", "c"]
    assert receipts.naming(tmp_path, "file-1", 1e12) == []
    (tmp_path / "gone.json").symlink_to(tmp_path / "nowhere")
    assert sorted(receipts.naming(tmp_path, "file-1", 0)) == ["a", "c"]
    (tmp_path / "gone.json").unlink()
    receipts.forget(tmp_path, ["a", "nothing"])
    assert sorted(path.stem for path in tmp_path.glob("*.json")) == ["b", "c"]


@pytest.fixture
def receipt(tmp_path: Path) -> Path:
    return receipts.write(tmp_path / "receipts", TURN, RECORD, "weights/1")


def test_a_receipt_gives_its_executions_back(receipt: Path) -> None:
    read = receipts.read(receipt)
    assert (read.turn_id, read.executions) == ("turn_1", (RAN,))
    assert [p.name for p in receipt.parent.iterdir()] == ["turn_1.json"]


def test_a_receipt_names_the_files_of_a_container(tmp_path: Path) -> None:
    turn = replace(TURN, container="cntr_1", files=(GivenFile("a.csv", 1, "00"),))
    path = receipts.write(tmp_path, turn, RECORD, "weights/1")
    assert receipts.read(path).files == ("a.csv",)
    asked = receipts.whole(path)["entries"][0]["content"]
    assert (asked["container"], asked["files"][0]["sha256"]) == ("cntr_1", "00")


def test_a_receipt_says_what_was_asked_and_how_it_ended(receipt: Path) -> None:
    entries = json.loads(receipt.read_text())["entries"]
    assert entries[0]["content"]["items"] == [{"role": "user", "text": "1?", "files": []}]
    assert entries[0]["content"]["fingerprint"] == "weights/1"
    assert entries[-1]["content"]["reason"] == "answered"


def _change(value: dict[str, Any]) -> None:
    value["entries"][2]["content"]["execution"]["output"] = "2\n"


def _drop(value: dict[str, Any]) -> None:
    del value["entries"][1]


def _drop_last(value: dict[str, Any]) -> None:
    del value["entries"][-1]


def _retitle(value: dict[str, Any]) -> None:
    value["entries"][1]["kind"] = "Message"


@pytest.mark.parametrize("tamper", [_change, _drop, _drop_last, _retitle])
def test_tampering_is_seen(receipt: Path, tamper: Any) -> None:
    value = json.loads(receipt.read_text())
    tamper(value)
    receipt.write_text(json.dumps(value))
    with pytest.raises(ReceiptError):
        receipts.read(receipt)


@pytest.mark.parametrize(
    "content", [b"", b"\xff", b"[]", b"{}", b'{"format": "pellucid-receipt/1", "entries": [1]}']
)
def test_what_is_no_receipt_is_refused_by_name(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(content)
    with pytest.raises(ReceiptError, match=r"x\.json"):
        receipts.read(path)


def test_a_missing_or_huge_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReceiptError, match="No such file"):
        receipts.read(tmp_path / "none.json")
    huge = tmp_path / "huge.json"
    with huge.open("wb") as file:
        file.truncate(receipts.LARGEST + 1)
    with pytest.raises(ReceiptError, match="too large"):
        receipts.read(huge)


@given(st.lists(st.tuples(st.text(max_size=5), st.text(max_size=5)), max_size=4))
def test_the_head_stands_for_the_whole(contents: list[tuple[str, str]]) -> None:
    head = receipts.chain(contents)["head"]
    assert receipts.chain([*contents, ("more", "")])["head"] != head
    assert receipts.chain(contents)["head"] == head
