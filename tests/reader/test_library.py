"""Looking things up: by words, by a section's title, by how a sentence begins."""

import json

import pytest

from pellucid.core.events import ItemClosed
from pellucid.core.items import ToolCall, ToolResult
from pellucid.core.reading import Found, found, seen
from pellucid.core.turn import Attachment
from pellucid.tools.reader.index import words
from pellucid.tools.reader.library import Library
from pellucid.tools.reader.passages import Passage
from pellucid.tools.reader.tool import ReaderTool

FILLER = "\n".join(f"Nothing of note happened on day {n} of the voyage." for n in range(30))
CONTENTS = "Contents\n1 Of storms . . . . . . . . 2\n2 Of calm . . . . . . . . 3"
STORMS = (
    f"1 Of storms\n{FILLER}\nThe captains feared the storm of 1702 most of all, i.e. the great\n"
    "one. the mast broke."
)
FEARED = "The captains feared the storm of 1702 most of all, i.e. the great one."
CALM = f"Of calm\n{FILLER}\nAlbatrosses follow ships. They sleep while\nflying, sailors say."
REPORT = Attachment("report.pdf", "\f".join([CONTENTS, STORMS, CALM]))
OUTLINED = Attachment("report.pdf", REPORT.text, (("1 Of storms", 2), ("Of calm", 3)))


def test_passages_are_found_by_what_a_question_is_about() -> None:
    library = Library([REPORT])
    best = library.search("Which storm did the captain fear?", 1_000)[0]
    assert (best.file, best.place) == ("report.pdf", "page 2")
    assert "1702" in best.text
    assert "ship" in library.search("¿Albatros or albatross?", 600)[0].text


def test_no_more_comes_back_than_was_asked_for_but_one_passage_always() -> None:
    library = Library([REPORT])
    sizes = [sum(len(p.text) for p in library.search("day voyage", n)) for n in (1, 900, 2_000)]
    assert 0 < sizes[0] < 900
    assert sizes[0] <= sizes[1] <= 900 < sizes[2] <= 2_000


def test_scores_tell_how_much_of_a_question_is_in_a_passage() -> None:
    library = Library([REPORT])
    scores = [score for _, score in library.scored("albatross zebra", 2_000)]
    assert len(scores) == 1
    assert 0.3 < scores[0] < 0.7
    assert [score for _, score in library.scored("albatrosses", 2_000)] == [1.0]
    short = [Attachment("a.txt", "One.\nTwo."), Attachment("b.txt", "Three.")]
    assert [score > 0 for _, score in Library(short).scored("three", 100)] == [False, True]


async def test_what_is_only_looked_up_in_has_to_be_about_a_question_enough() -> None:
    near, far = Attachment("near.txt", "A storm."), Attachment("far.txt", "An albatross.")

    async def looked_up(least: float, **asked: str | int) -> ToolResult:
        tool = ReaderTool([far], [near, Attachment("calm.txt", "Calm.")], least)
        call = ToolCall("c", "reader", json.dumps(asked))
        events = [event async for event in tool.run([call])]
        result = events[-1].item  # type: ignore[union-attr]
        assert isinstance(result, ToolResult)
        return result

    every = await looked_up(0.0, search="storm", characters=100)
    assert [one.where.partition(",")[0] for one in found(every.text)] == [
        "far.txt", "near.txt", "calm.txt",
    ]  # fmt: skip
    assert (every.scores[0], every.scores[1] > 0.5, every.scores[2]) == (0.0, True, 0.0)
    some = await looked_up(0.5, search="storm", characters=100)
    assert [one.where.partition(",")[0] for one in found(some.text)] == ["far.txt", "near.txt"]
    assert (await looked_up(0.5, sentence="A storm")).scores == (1.0,)
    assert (await looked_up(0.5, heading="Calm.")).scores == (1.0,)
    assert (await looked_up(0.5, all=100)).scores == ()


def test_short_documents_come_whole_and_in_order() -> None:
    short = [Attachment("a.txt", "One.\nTwo."), Attachment("b.txt", "Three.")]
    found = Library(short).search("three", 100)
    assert [(one.file, one.text) for one in found] == [("a.txt", "One.\nTwo."), ("b.txt", "Three.")]


@pytest.mark.parametrize("question", ["", "?!", "zebra", 'NEAR("x" AND *'])
def test_what_is_not_there_is_not_found_and_nothing_is_syntax(question: str) -> None:
    assert Library([REPORT]).search(question, 1_000) == []


def test_words_of_a_question() -> None:
    assert words("What is the Storm's name, the storm?") == ["storm", "s", "name"]
    assert words("What is it?") == ["what", "is", "it"]


@pytest.mark.parametrize("file", [REPORT, OUTLINED])
@pytest.mark.parametrize(
    ("title", "place"), [("Of storms", "page 2"), ("1 Of storms", "page 2"), ("of CALM", "page 3")]
)
def test_a_section_begins_where_its_title_stands(file: Attachment, title: str, place: str) -> None:
    assert [one.place for one in Library([file]).heading(title)] == [place]


def test_a_section_of_a_text_without_pages_has_a_line() -> None:
    file = Attachment("notes.txt", "Preface\n\nOf storms\nThey are loud.")
    assert [one.place for one in Library([file]).heading("Of storms")] == ["lines 3-3"]
    assert Library([file]).heading("Of rain") == []


@pytest.mark.parametrize(
    ("beginning", "sentence", "place"),
    [
        ("The captains feared", FEARED, "page 2"),
        ("they sleep", "They sleep while flying, sailors say.", "page 3"),
        ("the mast", "the mast broke.", "page 2"),
    ],
)
def test_a_sentence_is_whole_by_how_it_begins(beginning: str, sentence: str, place: str) -> None:
    found = Library([REPORT]).sentence(beginning)
    assert [(one.text, one.place) for one in found] == [(sentence, place)]


def test_a_sentence_of_a_text_without_pages_has_lines() -> None:
    notes = Attachment("notes.txt", f"{FILLER}\nThe captains\nslept. All was well.")
    parted = Attachment("notes.txt", f"{FILLER}\nThe cap-\ntains slept.")
    assert [one.place for one in Library([notes]).sentence("The captains")] == ["lines 28-32"]
    assert [one.place for one in Library([parted]).sentence("The captains")] == ["its text"]


def test_a_sentence_of_a_section_is_told_by_its_title() -> None:
    letter = Attachment(
        "a.docx", "Dear Ann,\fOf storms\nThey roar.", (("Of storms", 2),), "section"
    )
    found = [Library([letter]).sentence(words)[0].place for words in ("They roar", "Dear Ann")]
    assert found == ['section "Of storms"', "the beginning"]
    assert Library([letter]).heading("Of storms") == []
    assert Library([letter]).extent == "2 sections"


def test_a_sentence_that_is_not_there() -> None:
    assert Library([REPORT]).sentence("The cook") == []


def test_how_much_there_is() -> None:
    assert Library([REPORT]).extent == "3 pages"
    assert Library([Attachment("a.txt", "One.\nTwo."), REPORT]).extent.endswith(" lines")


async def test_the_tool_tells_where_each_passage_stands() -> None:
    tool = ReaderTool([REPORT])
    asked = (
        {"search": "albatrosses", "characters": 500},
        {"heading": "Of calm"},
        {"sentence": "No"},
    )
    calls = [ToolCall(f"c{n}", "reader", json.dumps(one)) for n, one in enumerate(asked)]
    assert tool.owns(calls[0])
    assert not tool.owns(ToolCall("x", "python"))
    events = [event async for event in tool.run(calls)]
    results = [event.item for event in events if isinstance(event, ItemClosed)]
    assert all(isinstance(one, ToolResult) for one in results)
    assert results[0].text.startswith("3 pages\n\n[1] report.pdf, page 3\n")
    assert [one.where for one in found(results[0].text)][:1] == ["report.pdf, page 3"]
    assert results[1].text == "3 pages\n\n[1] report.pdf, page 3\nOf calm"
    assert results[2] == ToolResult("c2", "Nothing of it was found in 3 pages.", failed=True)


async def test_what_looks_like_the_line_above_a_passage_is_words_of_one() -> None:
    text = "[1] Smith, page 3\n[2] Jones, page 4"
    call = ToolCall("c", "reader", json.dumps({"search": "Smith", "characters": 500}))
    events = [event async for event in ReaderTool([Attachment("a.txt", text)]).run([call])]
    results = [event.item.text for event in events if isinstance(event, ItemClosed)]
    assert found(results[0]) == [Found("a.txt, lines 1-2", text)]


def test_whole_pages_from_the_first_on() -> None:
    """As many as fit, one in any case, without empty lines."""
    file = Attachment("scan.pdf", "One\n\n  two \f\fThree\fFour")
    library = Library([file, Attachment("board.jpg", "Five\nsix")])
    first = Passage("scan.pdf", "page 1", "One\n  two")
    third, fourth = Passage("scan.pdf", "page 3", "Three"), Passage("scan.pdf", "page 4", "Four")
    assert library.beginning(2) == [first]
    board = Passage("board.jpg", "lines 1-2", "Five\nsix")
    assert library.beginning(100) == [first, third, fourth, board]


async def test_results_tell_how_a_file_was_read_from_pictures() -> None:
    file = Attachment("a.jpg", "[1] Smith\n\nJones", seen="read from a picture, confidence 0.93")
    asked = ({"all": 100}, {"sentence": "No"})
    calls = [ToolCall(f"c{n}", "reader", json.dumps(one)) for n, one in enumerate(asked)]
    events = [event async for event in ReaderTool([file]).run(calls)]
    told, none = [event.item.text for event in events if isinstance(event, ItemClosed)]
    assert seen(told) == "a.jpg: read from a picture, confidence 0.93."
    assert found(told) == [Found("a.jpg, lines 1-2", "[1] Smith\nJones")]
    assert none == f"Nothing of it was found in 3 lines.\n\n{seen(told)}"
    assert seen("[1] a.txt, page 1\nWords.") == ""
