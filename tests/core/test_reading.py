"""Results of the reader: what is written can be read off them again."""

from hypothesis import given
from hypothesis import strategies as st

from pellucid.core.browsing import document
from pellucid.core.pages import Page
from pellucid.core.reading import Found, extent, found, placed, seen, written
from pellucid.core.turn import Attachment

LINE = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=20)
PASSAGES = st.lists(st.builds(Found, LINE, LINE, st.integers(1, 99)), max_size=5)


@given(LINE, st.just("") | LINE, PASSAGES)
def test_a_result_tells_what_was_written(there: str, how: str, passages: list[Found]) -> None:
    result = written(there, how, passages)
    assert found(result) == passages
    assert extent(result) == there
    assert seen(result) == (how if passages else "")


def test_a_place_is_told_from_the_name_of_its_file() -> None:
    names = ["a.docx", "a.docx, old", "t.pptx"]
    assert placed('a.docx, section "Of storms, page 3"', names) == (
        "a.docx",
        'section "Of storms, page 3"',
    )
    assert placed("a.docx, old, page 2", names) == ("a.docx, old", "page 2")
    assert placed("t.pptx, slide 9", names) == ("t.pptx", "slide 9")
    assert placed("b.pdf, page 1", names) is None


def test_a_web_page_is_a_document_under_its_address() -> None:
    page = Page("https://mill.example/", "Mill", "Wheels.\fStones.", unit="slide")
    assert document(page) == Attachment("https://mill.example/", page.text, unit="slide")
