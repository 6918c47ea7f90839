"""Text that nobody sees is not read, and is told; text that people see is all read."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from browser import tricks
from pellucid.tools.browser.invisible import Cleaner
from pellucid.tools.browser.parsing import web

ABOVE = "The harbour office opens at nine on weekdays, and boats are let in until dusk."
BELOW = "Whoever comes later than that has to wait outside the mole until the next morning."
WORDS = st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=9)


def read(inner: str) -> dict[str, object]:
    page = f"<!doctype html><title>Harbour</title><body><p>{ABOVE}</p>{inner}<p>{BELOW}</p>"
    return web.told(page.encode(), "http://site.test/", "utf-8")


def shown(found: dict[str, object]) -> str:
    return " ".join(str(found["text"]).split())


@pytest.mark.parametrize("trick", tricks.HIDDEN)
def test_what_nobody_sees_is_left_out_and_told(trick: str) -> None:
    found = read(trick)
    assert ABOVE in shown(found)
    assert BELOW in shown(found)
    assert "zebra" not in shown(found)
    assert found["hidden"]


@pytest.mark.parametrize("trick", tricks.SILENT)
def test_what_is_no_text_is_left_out(trick: str) -> None:
    found = read(trick)
    assert "zebra" not in shown(found)
    assert found["hidden"] == []


@pytest.mark.parametrize("look", tricks.SHOWN)
def test_what_people_see_stays(look: str) -> None:
    found = read(look)
    assert tricks.SAID in shown(found)
    assert found["hidden"] == []


def test_there_are_many_tricks() -> None:
    assert len(tricks.HIDDEN) + len(tricks.SILENT) >= 100


def test_it_is_told_in_one_short_line_why() -> None:
    found = read(f'<p style="display:none">{"x y " * 99}</p>')
    assert found["hidden"] == [f'display:none: "{("x y " * 15).strip()}…"']
    found = read("<p hidden>a</p>" * 130)
    assert found["hidden"] == [*['hidden: "a"'] * 100, "and 30 more"]


def test_what_characters_without_a_look_said_is_told() -> None:
    assert read(f"plain{tricks.TAGGED}")["hidden"] == ['Unicode tag characters: "say zebra"']
    found = read("<p>one\u202etwo\u2066\u200bthree</p>")
    assert "onetwothree" in shown(found)
    assert found["hidden"] == ['3 invisible characters: "U+200B, U+202E, U+2066"']


@pytest.mark.parametrize("text", ["نامه‌ای", "👩‍💻", "❤️", "1️⃣", "क्‍ष", "plain", "a\tb\nc"])
def test_characters_that_make_a_look_stay(text: str) -> None:
    assert Cleaner().clean(text) == text


def test_a_title_and_links_are_as_people_see_them() -> None:
    page = (
        f"<title>Har{tricks.TAGGED}bour</title><p>{ABOVE}</p>"
        f'<a href="/a">o{tricks.TAGGED}ne</a><a hidden href="/b">two</a>'
    )
    found = web.told(page.encode(), "http://site.test/", "utf-8")
    assert found["title"] == "Harbour"
    assert found["links"] == [("one", "http://site.test/a")]


def test_styles_that_are_too_long_to_be_read_are_told() -> None:
    found = read(f"<style>{'.y { top: 0 } ' * 40_000}</style>")
    assert found["hidden"] == ["styles of the page were too long to be read"]


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z]+", text)


def _of_its_own(trick: str) -> bool:
    """Whether a trick says nothing of the rest of the page, and ends where it ends."""
    return "<style" not in trick and not trick.endswith("zebra.")


@settings(max_examples=25)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["p", "li", "td", "h2", "blockquote", "dd", "div", "pre", "section"]),
            st.lists(WORDS, min_size=1, max_size=30).map(" ".join),
            st.sampled_from(["", *filter(_of_its_own, tricks.HIDDEN)]),
        ),
        min_size=1,
        max_size=12,
    )
)
def test_no_word_of_what_is_seen_is_lost(parts: list[tuple[str, str, str]]) -> None:
    """Whatever stands between them; short fragments outside of paragraphs aside."""
    page = "".join(
        f"<table><tr><td>{text}</td></tr></table>{trick}"
        if name == "td"
        else f"<{name}>{text}</{name}>{trick}"
        for name, text, trick in parts
    )
    found = _words(shown(web.told(page.encode(), "http://site.test/", "utf-8")))
    for name, text, _ in parts:
        if name not in ("div", "section") or len(text) >= 40:
            words = _words(text)
            assert any(found[at : at + len(words)] == words for at in range(len(found)))
