"""PDF files: their text with pages, their outline, and what is wrong with others."""

import random
import subprocess
import sys
from base64 import b64decode
from pathlib import Path

import pytest

from pellucid.core.errors import BadRequest
from pellucid.tools.reader import opening, pdf
from pellucid.tools.reader.parsing import pdf as parsing
from reader.pdf_files import pdf as written

PAGES = ["The ferry leaves at 05:52.\nBring a coat.", "Chapter two tells of storms at sea."]

LINED = "a) Tj ET 72 700 m 300 700 l S BT ("
"""What a page of the writer becomes one with a line from."""


def test_text_pages_and_outline() -> None:
    found = pdf.read("ferry.pdf", written(PAGES, [("One", 1), ("Two", 2)]))
    assert found.name == "ferry.pdf"
    assert found.text.split("\f") == PAGES
    assert found.outline == (("One", 1), ("Two", 2))


def test_words_that_a_hyphen_parts_are_whole() -> None:
    lines = "The ferry that is described be-\nlow leaves at five."
    assert pdf.read("a.pdf", written([lines])).text.split()[5:] == [
        "below",
        "leaves",
        "at",
        "five.",
    ]


@pytest.mark.parametrize(
    ("raw", "complaint"),
    [
        (b"%PDF-1.7\nnothing", "ferry.pdf is no PDF, or a broken one"),
        (written(PAGES)[:200], "ferry.pdf is no PDF, or a broken one"),
        (written(["", "x"]), "ferry.pdf has 2 pages and next to no text"),
    ],
)
def test_what_is_wrong_is_named(raw: bytes, complaint: str) -> None:
    with pytest.raises(BadRequest, match=complaint):
        pdf.read("ferry.pdf", raw)


def test_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "LARGEST", 100)
    with pytest.raises(BadRequest, match="more than 100 bytes"):
        pdf.read("ferry.pdf", written(PAGES))
    monkeypatch.undo()
    monkeypatch.setattr(opening, "PATIENCE", 0.001)
    with pytest.raises(BadRequest, match=r"takes more than 0\.001 seconds"):
        pdf.read("ferry.pdf", written(PAGES))
    monkeypatch.setattr(parsing, "MOST_PAGES", 1)
    assert parsing.told(written(PAGES)) == {"error": "has 2 pages; 1 are the most"}
    monkeypatch.setattr(parsing, "MOST_PAGES", 2)
    monkeypatch.setattr(parsing, "MOST_CHARACTERS", 50)
    assert parsing.told(written(PAGES)) == {"error": "has more than 50 characters"}


def test_broken_files_end_in_an_error_or_in_text() -> None:
    """The parser may fall; this process, and the next file, do not notice."""
    random_bytes, whole = random.Random(7), written(PAGES, [("One", 1)])
    for _ in range(12):
        broken = bytearray(whole)
        for _ in range(random_bytes.randint(1, 40)):
            broken[random_bytes.randrange(9, len(broken))] = random_bytes.randrange(256)
        try:
            complaint = "" if pdf.read("broken.pdf", bytes(broken)).text else "no text"
        except BadRequest as error:
            complaint = str(error)
        assert complaint == "" or complaint.startswith("broken.pdf ")
    assert pdf.read("ferry.pdf", whole).outline


def test_pages_of_other_things_than_text_are_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page of a line and no words; a blank one and one of words are not drawn."""
    pages = ["", LINED, "Long words enough for a page.", LINED]
    told = parsing.told(written(pages))
    assert list(told["drawn"]) == [1, 3]
    assert b64decode(told["drawn"][1]).startswith(b"P5 1275 165")
    monkeypatch.setattr(parsing, "MOST_DRAWN", 1)
    assert parsing.told(written(pages))["undrawn"] == [3]
    monkeypatch.setattr(parsing, "MOST_DOTS", 10_000)
    small = b64decode(parsing.told(written(pages))["drawn"][1])
    assert small.startswith(b"P5 88 11")


SCRIPT = """
import os, socket, sys
from pellucid.tools.reader.parsing import __main__, bounds
__main__.reader("pdf")
if sys.argv[1] == "unfiltered":
    bounds.allowed = lambda: None
bounds.restrict(0)
for way in (
    lambda: open("/etc/hostname"),
    lambda: open("/dev/null"),
    socket.socket,
    lambda: os.mkdir(sys.argv[2]),
    os.fork,
):
    try:
        way()
    except OSError as error:
        print(error.errno)
"""


@pytest.mark.parametrize(
    ("how", "errors"), [("filtered", ["1"] * 5), ("unfiltered", ["24", "24", "24"])]
)
def test_a_document_can_open_nothing(how: str, errors: list[str], tmp_path: Path) -> None:
    """In the child no descriptor is to be had once the file is looked at; where calls are
    filtered, nothing can be made or started either."""
    command = [sys.executable, "-c", SCRIPT, how, str(tmp_path / "made")]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.stdout.split()[: len(errors)] == errors, done.stderr
    assert how == "unfiltered" or not (tmp_path / "made").exists()


def test_a_hyphen_stays_where_the_word_has_one_elsewhere_too() -> None:
    text = "The zsh-workers list. The zsh\x02workers wrote a docu\x02ment\x02"
    assert parsing.whole_words(text) == "The zsh-workers list. The zsh-workers wrote a document-"
