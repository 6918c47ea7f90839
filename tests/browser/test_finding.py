"""Which passages of pages are most about a question."""

import pytest

from pellucid.core.pages import Page
from pellucid.tools.browser.finding import most_about
from pellucid.tools.reader.index import beginning

MANUAL = Page(
    "https://a.example/manual",
    "The farm's manual",
    """The farm's manual

gate_delay (integer)

The time to wait before the gate is opened. The default is 30.

gate_colour (text)

The colour of the gate. It is painted anew each spring, before the gate is
opened to visitors.

Table 1. Animals

Animal | Legs
duck | 2
sheep | 4

Visitors are asked to wait.
""",
)
OTHER = Page("https://a.example/other", "Ducks", "Ducks swim on the pond.\n\nThey have names.")


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("How long does gate_delay wait unless told otherwise?", "gate_delay (integer)"),
        ("What is the colour of the gate?", "gate_colour (text)"),
        ("How many legs does a sheep have?", "Table 1. Animals"),
        ("Where do ducks swim?", "Ducks swim"),
    ],
)
def test_a_passage_begins_with_what_it_describes(question: str, first: str) -> None:
    found = most_about([MANUAL, OTHER], question, 300)
    assert found[0].text.startswith(first)
    assert found[0].text.splitlines()[0] in MANUAL.text + OTHER.text


def test_places_are_lines_of_the_page() -> None:
    (found, *_) = most_about([MANUAL], "What is gate_delay?", 10)
    assert (found.file, found.place) == (MANUAL.url, "lines 3-5")
    assert len(most_about([MANUAL], "What is gate_delay?", 10)) == 1


def test_what_is_described_counts_more_than_what_is_mentioned() -> None:
    text = "Sheep\n\nThe pond is far from the ducks.\n\nDucks\n\nThe pond is theirs."
    page = Page("https://a.example/", "", text)
    (found, *_) = most_about([page], "Whose is the pond of the ducks?", 80)
    assert found.text.startswith("Ducks")


def test_what_has_hardly_a_word_of_it_is_not_found() -> None:
    assert not most_about([MANUAL, OTHER], "Which tractor ploughs the northern acre?", 500)
    assert not most_about([MANUAL, OTHER], "Which tractor ploughs the acre behind the pond?", 500)
    assert not most_about([], "Where do ducks swim?", 500)


def test_the_next_passage_says_something_else() -> None:
    """Both sides of a comparison are shown."""
    ducks = "".join(f"red ducks {n}\n\nRed ducks weigh 2 kg.\n\n" for n in range(3))
    sheep = "".join(f"green sheep {n}\n\nGreen sheep walk.\n\n" for n in range(3))
    page = Page("https://a.example/", "", ducks + sheep)
    found = most_about([page], "Which weigh more, red ducks or green sheep?", 80)
    assert [one.text.splitlines()[0] for one in found] == ["red ducks 0", "green sheep 0"]


def test_long_paragraphs_are_parted_and_share_a_line() -> None:
    lines = "\n".join(
        f"Line {number} of a long tale of ducks and of sheep." for number in range(40)
    )
    found = most_about([Page("https://a.example/", "", lines)], "Which line has ducks?", 3_000)
    assert all(len(one.text) <= 600 for one in found)
    ends = {one.text.splitlines()[-1] for one in found}
    assert any(one.text.splitlines()[0] in ends for one in found)


def test_pages_with_parts_are_read_by_their_parts() -> None:
    page = Page("https://a.example/tides.pdf", "", "Ducks swim.\fSheep walk.")
    (found, *_) = most_about([page], "Who walks? Sheep?", 500)
    assert (found.place, found.text) == ("page 2", "Sheep walk.")


@pytest.mark.parametrize(
    ("word", "begins"),
    [("feared", "fear"), ("fear", "fear"), ("modes", "mod"), ("mode", "mod"), ("need", "need"),
     ("needs", "need"), ("it", "it"), ("sha256", "sha256"), ("concurrently", "concu")],
)  # fmt: skip
def test_words_are_compared_by_how_they_begin(word: str, begins: str) -> None:
    assert beginning(word) == begins


def test_an_empty_page_has_nothing() -> None:
    assert not most_about([Page("https://a.example/", "", "\n\n")], "Ducks?", 500)
