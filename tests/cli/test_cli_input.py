"""The question and its attachments: what is taken, what is refused and how."""

import io
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pellucid.cli.input import Reading, attachments, gather, pipe_name
from pellucid.core.errors import BadRequest
from pellucid.core.turn import Attachment
from pellucid.tools.reader.ingest import MOST_BYTES, decoded
from reader.pdf_files import pdf

Put = Callable[[bytes], object]


@pytest.fixture
def piped(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Put]:
    """Put bytes where standard input is, as `<file` does."""
    path = tmp_path / "stdin"
    path.touch()
    with path.open() as stream:
        monkeypatch.setattr(sys, "stdin", stream)
        yield path.write_bytes


def test_arguments_are_the_question(piped: Put) -> None:
    asked = gather(["What", "is", "2 + 2?"], [])
    assert (asked.question, asked.attachments) == ("What is 2 + 2?", ())


def test_a_pipe_alone_is_the_question(piped: Put) -> None:
    piped(b"What is\n2 + 2?\n")
    asked = gather([], [])
    assert (asked.question, asked.attachments) == ("What is\n2 + 2?", ())


def test_a_pipe_beside_arguments_is_attached(piped: Put) -> None:
    piped(b"a,b\n1,2\n")
    asked = gather(["average of b"], [])
    assert asked.question == "average of b"
    assert asked.attachments == (Attachment("input.csv", "a,b\n1,2\n"),)


def test_an_empty_pipe_is_no_attachment(piped: Put) -> None:
    piped(b" \n")
    assert gather(["hi"], []).attachments == ()


def test_files_with_one_name_get_two(piped: Put, tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "x.csv").write_text(folder)
    asked = gather(["q"], [tmp_path / "a" / "x.csv", tmp_path / "b" / "x.csv"])
    assert asked.attachments == (Attachment("x.csv", "a"), Attachment("2-x.csv", "b"))


@pytest.mark.parametrize("words", [[], [""], ["  ", "\n"]])
def test_an_empty_question_is_refused(piped: Put, words: list[str]) -> None:
    with pytest.raises(BadRequest, match="the question is empty"):
        gather(words, [])


def test_what_is_too_large_together_is_refused(piped: Put, tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).write_text("x" * (MOST_BYTES // 2 + 1))
    with pytest.raises(BadRequest, match=r"1,048,579 bytes; at most 1,048,576"):
        gather(["q"], [tmp_path / "a", tmp_path / "b"])


def test_two_megabytes_are_refused_without_reading_on() -> None:
    with pytest.raises(BadRequest, match=r"the question has 2,000,000 bytes; at most"):
        decoded(b"a" * 2_000_000, "the question")
    with pytest.raises(BadRequest, match="it has more than 1,048,576 bytes"):
        decoded(b"a" * (MOST_BYTES + 1), "it")
    assert decoded(b"a" * MOST_BYTES, "it")


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        (b"a\0b", "NUL byte at offset 1"),
        (b"caf\xe9 au lait", "not valid UTF-8: byte 0xe9 at offset 3"),
        (b"\xed\xa0\x80", "not valid UTF-8"),
    ],
)
def test_what_is_not_text_is_refused(raw: bytes, problem: str) -> None:
    with pytest.raises(BadRequest, match=problem):
        decoded(raw, "the question")


def test_an_argument_that_is_not_utf8_is_refused(piped: Put) -> None:
    with pytest.raises(BadRequest, match="not valid UTF-8: byte 0xff at offset 2"):
        gather([b"a \xff".decode("utf-8", "surrogateescape")], [])


def test_a_byte_order_mark_is_dropped() -> None:
    assert decoded(b"\xef\xbb\xbfa", "it") == "a"


def test_a_pdf_is_attached_as_its_text_however_long_that_is(piped: Put, tmp_path: Path) -> None:
    (tmp_path / "report.PDF").write_bytes(pdf(["The ferry leaves at five.", "x" * MOST_BYTES]))
    asked = gather(["When?"], [tmp_path / "report.PDF"])
    assert asked.attachments[0].name == "report.PDF"
    assert asked.attachments[0].text.startswith("The ferry leaves at five.\f")
    (tmp_path / "film.bin").write_bytes(b"x" * (MOST_BYTES + 9))
    with pytest.raises(BadRequest, match=r"film\.bin has more than 1,048,576 bytes"):
        attachments(tmp_path / "film.bin", Reading())
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.7")
    with pytest.raises(BadRequest, match=r"broken\.pdf is no PDF, or a broken one"):
        attachments(tmp_path / "broken.pdf", Reading())


@pytest.mark.parametrize("name", ["missing.txt", "folder", "locked.txt/below", "a\0b"])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "locked.txt").write_text("")
    with pytest.raises(BadRequest, match=r"^--file .*: "):
        attachments(tmp_path / name, Reading())


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("a,b\n1,2", "input.csv"),
        ("a\tb\n1\t2", "input.tsv"),
        ("Dear Ann, hello\nthere", "input.txt"),
        ("one", "input.txt"),
        ("", "input.txt"),
    ],
)
def test_piped_tables_get_a_name_that_says_so(text: str, name: str) -> None:
    assert pipe_name(text) == name


@given(st.binary(max_size=60))
def test_bytes_are_text_or_refused_in_one_line(raw: bytes) -> None:
    try:
        text = decoded(raw, "it")
    except BadRequest as error:
        text, refused = "", str(error)
    else:
        refused = ""
    assert "\n" not in refused
    assert "\0" not in text
    assert refused or raw.endswith(text.encode())


def test_a_closed_standard_input_is_no_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("not a real stream"))
    assert gather(["q"], []).attachments == ()
    monkeypatch.setattr(sys, "stdin", None)
    assert gather(["q"], []).attachments == ()


def test_a_long_file_is_told_of_and_a_novel_is_no_burden(piped: Put, tmp_path: Path) -> None:
    (tmp_path / "novel.txt").write_text("It was late.\n" * 120_000)
    (tmp_path / "short.txt").write_text("It was late.\n")
    told = list[str]()
    reading = Reading(tell=told.append)
    asked = gather(["When?"], [tmp_path / "novel.txt", tmp_path / "short.txt"], reading)
    assert [one.name for one in asked.attachments] == ["novel.txt", "short.txt"]
    assert told == ["reading novel.txt"]
