"""Documents in passages, and as one line of words."""

from hypothesis import given
from hypothesis import strategies as st

from pellucid.core.turn import Attachment
from pellucid.tools.reader.passages import LONGEST, SHARED, Flowing, lists_pages, passages

LINES = st.lists(st.text("abc .!?-\u00e9", max_size=60), max_size=40).map("\n".join)
PAGES = st.lists(LINES, min_size=1, max_size=6)


@given(PAGES)
def test_every_word_is_in_a_passage_of_its_page(parted: list[str]) -> None:
    found = list(passages(Attachment("a.pdf", "\f".join(parted))))
    for number, page in enumerate(parted, start=1):
        here = [one for one in found if len(parted) == 1 or one.place == f"page {number}"]
        said = {word for one in here for word in one.text.split()}
        assert set(page.split()) <= said
    assert all(one.text.strip() for one in found)


def test_passages_are_short_and_share_a_line() -> None:
    text = "\n".join(f"This is line {number} of a long report." for number in range(100))
    found = list(passages(Attachment("a.txt", text)))
    assert all(len(one.text) < 2 * LONGEST for one in found)
    assert found[0].place == "lines 1-15"
    assert found[1].place.startswith("lines 15-")


def test_one_endless_line_is_cut_at_its_sentences_and_in_the_end_anywhere() -> None:
    text = "A short sentence. " * 60 + "x" * 2_000
    found = list(passages(Attachment("a.txt", text)))
    assert "".join(one.text for one in found).count("x") >= 2_000
    assert all(len(one.text) <= LONGEST + SHARED for one in found)
    assert {one.place for one in found} == {"lines 1-1"}


def test_tables_of_contents_are_told_apart() -> None:
    contents = "1 Beginning . . . . . . 3\n2 Going on ....... 9"
    text = "It was dark.\nNobody spoke . . . and then the bell rang."
    assert [lists_pages(one) for one in passages(Attachment("a", contents))] == [True]
    assert [lists_pages(one) for one in passages(Attachment("a", text))] == [False]


def test_words_that_a_line_has_parted_are_whole_and_know_their_page() -> None:
    flowing = Flowing(Attachment("a.pdf", "An exam-\nple of\ta text\fthat  goes\n on\f"))
    assert flowing.text == "An example of a text that goes on "
    assert [flowing.page(flowing.text.index(word)) for word in ("An", "text", "that", "on")] == [
        1, 1, 2, 2,
    ]  # fmt: skip
    assert flowing.page(10_000) == 3
