"""What a session sends is hostile bytes: nothing of it raises, nothing is believed blindly."""

import json

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from pellucid.tools.python.session import Output, Piece, Report, understand

GOOD = {"nonce": "n", "outcome": "ok", "result": "1", "error": "", "files": [["a", 1, "h"]]}


def test_a_good_report_is_understood() -> None:
    report = understand(json.dumps(GOOD).encode(), "n", Report)
    assert report is not None
    assert (report.result, report.files[0].name) == ("1", "a")


@given(st.binary())
def test_any_bytes_are_refused_quietly(line: bytes) -> None:
    assert understand(line, "n", Report) is None


@given(
    st.sampled_from(sorted(GOOD)), st.none() | st.integers() | st.text() | st.lists(st.integers())
)
def test_a_report_with_one_wrong_part_is_refused(part: str, value: object) -> None:
    report = understand(json.dumps(GOOD | {part: value}).encode(), "n", Report)
    if report is not None:  # the value happened to be of the right kind
        assert isinstance(report, Report)
        assert msgspec.to_builtins(report)[part] == value
        assert part != "nonce" or value == "n"


def test_a_report_is_of_the_kind_that_was_asked_for() -> None:
    piece = {"nonce": "n", "data": "YWI=", "error": ""}
    said = understand(json.dumps(piece).encode(), "n", Piece)
    assert said is not None
    assert said.data == b"ab"
    assert understand(json.dumps(piece).encode(), "n", Report) is None
    assert understand(json.dumps(GOOD).encode(), "n", Piece) is None
    assert understand(json.dumps(piece | {"data": "no base64"}).encode(), "n", Piece) is None


def test_other_reports_are_refused() -> None:
    for wrong in (
        b"[" * 100_000,
        json.dumps(GOOD | {"extra": 1}).encode(),
        json.dumps(GOOD | {"outcome": "killed"}).encode(),
        json.dumps(GOOD | {"nonce": "m"}).encode(),
        json.dumps(GOOD).encode()[:-1],
        b'{"nonce": "\xff"}',
    ):
        assert understand(wrong, "n", Report) is None


@given(st.binary(), st.lists(st.integers(0, 50)), st.integers(0, 30))
def test_output_is_the_same_however_it_arrives(data: bytes, cuts: list[int], cap: int) -> None:
    whole, pieces = Output(cap), Output(cap)
    whole.feed(data)
    start = 0
    for cut in sorted(cuts):
        pieces.feed(data[start:cut])
        start = max(start, cut)
    pieces.feed(data[start:])
    assert (whole.text, whole.dropped) == (pieces.text, pieces.dropped)
    assert len(whole.text) <= cap
