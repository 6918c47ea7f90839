"""The owner's index: what is put is found, whatever the words are; files that cannot be used."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pellucid.core.browsing import Hit
from pellucid.core.errors import BadRequest
from pellucid.core.pages import Link, Page
from pellucid.tools.browser.index import LocalIndex, Source, words

STORMS = Page(
    "https://weather.example/storms",
    "On storms",
    "A storm is a disturbed state of the atmosphere.\nWinds reach 30 metres a second.",
    (Link("Winds", "https://weather.example/winds"), Link("", "https://weather.example/")),
    "2026-03-01",
    1_700_000_000,
    ("3 lines were hidden",),
)
WINDS = Page("https://weather.example/winds", "Winds", "Air that moves. Some storms are windy.")


@pytest.fixture
def index(tmp_path: Path) -> LocalIndex:
    return LocalIndex(tmp_path / "home" / "web-index.db")


def test_a_page_comes_back_as_it_was_put(index: LocalIndex) -> None:
    index.put(STORMS)
    found = index.get(STORMS.url)
    assert found == STORMS
    assert found.sha256 == STORMS.sha256
    assert index.get("https://weather.example/winds") is None


def test_what_was_kept_of_an_address_is_replaced(index: LocalIndex) -> None:
    index.put(STORMS)
    index.put(Page(STORMS.url, "On calms", "Nothing moves.", fetched=5))
    assert [hit.title for hit in index.search("calms", 9)] == ["On calms"]
    assert index.search("atmosphere", 9) == []
    assert index.sources() == [Source(STORMS.url, 1, 5)]


def test_titles_weigh_more_and_words_stand_around(index: LocalIndex) -> None:
    filler = "Words about something else altogether. " * 20
    index.put(Page("https://a.example/", "Other", f"{filler}One storm was seen.\n{filler}"))
    index.put(Page("https://b.example/", "Storm", filler))
    index.put(Page("https://c.example/", "Nothing", filler))
    assert [hit.url for hit in index.search("the Storms", 9)] == [
        "https://b.example/",
        "https://a.example/",
    ]
    assert [hit.url for hit in index.search("the Storms", 1)] == ["https://b.example/"]
    snippet = index.search("storm", 9)[1].snippet
    assert "One storm was seen." in snippet
    assert len(snippet) < 400


def test_any_of_the_words_is_enough_and_common_ones_are_not_asked_for(index: LocalIndex) -> None:
    index.put(STORMS)
    index.put(WINDS)
    assert {hit.url for hit in index.search("storms or tides", 9)} == {STORMS.url, WINDS.url}
    assert words("What is the list of storms of the year?") == ["list", "storms", "year"]
    assert words("who is it") == ["who", "is", "it"]
    assert index.search("", 9) == index.search("?!", 9) == []


def test_nothing_is_made_by_looking(index: LocalIndex, tmp_path: Path) -> None:
    assert index.search("storm", 9) == []
    assert index.get(STORMS.url) is None
    assert index.sources() == []
    with pytest.raises(BadRequest, match=r"no source 'https://x\.example/'"):
        index.remove("https://x.example/")
    assert list(tmp_path.iterdir()) == []


def test_a_page_stays_as_long_as_a_source_holds_it(index: LocalIndex) -> None:
    index.put(STORMS, "all of it")
    index.put(WINDS, "all of it")
    index.put(STORMS)
    assert index.sources() == [
        Source("all of it", 2, STORMS.fetched),
        Source(STORMS.url, 1, STORMS.fetched),
    ]
    assert index.remove("all of it") == 1
    assert [hit.url for hit in index.search("storm", 9)] == [STORMS.url]
    assert index.remove(STORMS.url) == 1
    assert index.search("storm", 9) == []


def test_what_a_source_has_no_more_is_forgotten(index: LocalIndex) -> None:
    index.put(STORMS, "all of it")
    index.put(WINDS, "all of it")
    index.put(WINDS, "another")
    assert index.keep_only("all of it", [STORMS.url, "https://weather.example/new"]) == 0
    assert [(one.name, one.pages) for one in index.sources()] == [("all of it", 1), ("another", 1)]
    assert index.keep_only("another", []) == 1
    assert index.get(WINDS.url) is None
    assert index.get(STORMS.url) == STORMS


def test_a_full_index_takes_nothing_more_and_says_so(tmp_path: Path) -> None:
    index = LocalIndex(tmp_path / "small.db", most=200)
    index.put(Page("https://a.example/", "a", "x" * 150))
    with pytest.raises(BadRequest, match=r"full: with https://b\.example/ it would have more than"):
        index.put(Page("https://b.example/", "b", "x" * 100))
    index.put(Page("https://a.example/", "a", "y" * 199))
    assert index.sources() == [Source("https://a.example/", 1, 0)]


def test_other_files_are_refused_by_name(tmp_path: Path) -> None:
    text, later = tmp_path / "text.db", tmp_path / "later.db"
    text.write_text("no database " * 100)
    rows = sqlite3.connect(later)
    rows.execute("pragma user_version = 99")
    rows.close()
    with pytest.raises(BadRequest, match=r"text\.db cannot be used: file is not a database"):
        LocalIndex(text).search("storm", 9)
    with pytest.raises(BadRequest, match=r"later\.db was written by another version"):
        LocalIndex(later).put(STORMS)
    with pytest.raises(BadRequest, match=r"cannot be used: .*File exists"):
        LocalIndex(text / "deep.db").put(STORMS)


def test_several_write_and_read_at_the_same_time(index: LocalIndex) -> None:
    """From the first moment, in which all of them find no file."""

    def write(number: int) -> list[Hit]:
        index.put(Page(f"https://a.example/{number}", "Storm", f"number {number}"), "all")
        return index.search(f"storm {number}", 1)

    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(write, range(40)))
    assert [hits[0].url for hits in found] == [f"https://a.example/{n}" for n in range(40)]
    assert index.sources() == [Source("all", 40, 0)]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> LocalIndex:
    index = LocalIndex(tmp_path_factory.mktemp("index") / "web-index.db")
    index.put(STORMS)
    return index


@given(terms=st.text(max_size=60), most=st.integers(0, 5))
@example(terms='storm" OR title:* AND NEAR(a b, 2) NOT ^x + -y {title text}: (', most=5)
@example(terms="storm NOT storm", most=5)
@example(terms="_ __ \0 storm", most=5)
def test_no_words_are_commands(kept: LocalIndex, terms: str, most: int) -> None:
    hits = kept.search(terms, most)
    assert [hit.url for hit in hits] in ([], [STORMS.url])
    if "storm" in words(terms) and most:
        assert hits


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=200)


@settings(max_examples=50)
@given(
    title=TEXT,
    text=TEXT,
    word=st.from_regex(r"[a-zäöüßéñ]{3,12}|[а-я]{3,9}|[0-9]{1,6}", fullmatch=True),
)
@example(title="", text="", word="straße")
def test_what_is_put_is_found(kept: LocalIndex, title: str, text: str, word: str) -> None:
    page = Page("https://a.example/?q='\"%", title, f"{text} {word}\n{text}")
    kept.put(page)
    assert kept.get(page.url) == page
    assert page.url in [hit.url for hit in kept.search(word, 9)]


def test_what_no_file_can_hold_is_replaced(index: LocalIndex) -> None:
    index.put(Page("https://a.example/\udcff", "\ud800", "a storm\0 of \udcff signs"))
    found = index.get("https://a.example/\udcff")
    assert found == Page("https://a.example/?", "?", "a storm\ufffd of ? signs")
    assert index.search("storm", 9)[0].title == "?"
