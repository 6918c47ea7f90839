"""What is read of a page: text in order, tables, code, title, date, links; and what cannot be."""

import json
import subprocess
import sys
from collections.abc import Iterator

import pytest

from pellucid.core.errors import FetchError
from pellucid.core.pages import Link, Page
from pellucid.tools.browser.fetch import Fetched
from pellucid.tools.browser.page import NeedsScripts, read_page, read_whole
from pellucid.tools.browser.parser import MOST_BYTES, Parser
from pellucid.tools.browser.parsing import article, web
from pellucid.tools.reader.parsing.bounds import allowed

URL = "http://site.test/docs/page"
WHEN = 1_790_000_000
STORY = " ".join(f"In chapter {n} the keeper of the light writes about the sea." for n in range(9))


@pytest.fixture(scope="module")
def parser() -> Iterator[Parser]:
    with Parser(1, seconds=1) as parser:
        yield parser


def page(inner: str | bytes, kind: str = "text/html", charset: str = "", url: str = URL) -> Page:
    """Read in this process."""
    raw = inner.encode() if isinstance(inner, str) else inner
    return read_page(url, Fetched(url, kind, raw, charset), WHEN, web.told)


def test_an_article_without_what_is_around_it() -> None:
    shares, others = "<div>Share</div>" * 9, "<div><a href=/c>Ten lights you must see</a></div>" * 4
    found = page(
        "<title>The light - News</title><nav><ul><li><a href=/>Home</a><li><a href=/b>Boats</a>"
        f"</ul></nav>{shares}<article><h1>The light</h1><p>{STORY}</p><h2>The sea</h2>"
        f"<p>Short.</p><dl><dt>Ebb<dd>When it goes.</dl><ul><li>Item</ul><div><p>{STORY}</p>"
        f"<a href=/z>Part two of three</a></div></article><ul><li>Opens at nine</ul>{others}"
    )
    assert (found.url, found.title, found.fetched) == (URL, "The light - News", WHEN)
    assert found.text.startswith("The light\n\nIn chapter 0 the keeper")
    assert "\n\nThe sea\n\nShort.\n\nEbb\n\nWhen it goes.\n\n- Item\n\nIn chapter 0" in found.text
    assert found.text.endswith("\n\nPart two of three\n\n- Opens at nine")
    assert not any(word in found.text for word in ("Home", "Boats", "Share", "Ten lights"))
    assert max(map(len, found.text.splitlines())) <= 80


def test_a_page_without_noise_is_read_without_asking(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(article, "trafilatura")
    found = page(f"<nav>Home</nav><p>{STORY}</p><div>By A. Keeper</div>")
    assert found.text.endswith("By A. Keeper")
    assert "Home" not in found.text


def test_tables_lists_and_code_are_kept() -> None:
    found = page(
        f"<p>{STORY}</p><table><tr><th>Port<th>Depth</tr><tr><td>Old<br>port<td>4 m</tr></table>"
        "<ol><li>One<li>Two<ul><li>Below</ul></ol><pre>def f():\n    return  1\n</pre>"
        "<dl><dt>Ebb<dd>When it goes.</dl><p>one<br>two"
    )
    text = found.text.split("\n\n", 1)[1]
    assert text == (
        "Port | Depth\nOld port | 4 m\n\n1. One\n2. Two\n- Below\n\ndef f():\n    return  1\n\nEbb"
        "\n\nWhen it goes.\n\none\n\ntwo"
    )


def test_a_page_that_is_no_article_is_read_whole() -> None:
    rows = "".join(f"<tr><td><a href=/{n}>Port {n}</a><td><a href=/m{n}>map</a>" for n in range(40))
    found = page(f"<div>All ports</div><table>{rows}</table>")
    assert found.text.startswith("All ports")
    assert found.text.count(" | map") == 40
    assert len(found.links) == 80
    index = "".join(f"<a href={n}>Port {n}</a>" for n in range(40))
    assert page(f"<div>{index}</div>").text.startswith("Port 0Port 1Port 2")


def test_a_long_cell_and_a_long_word_stand_as_they_can() -> None:
    found = page(f"<table><tr><td>{STORY}<td>short</table><p>{'x' * 200} y</p>")
    assert "short" in found.text.splitlines()
    assert "x" * 200 in found.text.splitlines()


def test_links_are_whole_and_come_once() -> None:
    found = page(
        f"<p>{STORY}</p><a href='a b#c'> <img></a><a href='a b'>The <b>first</b></a><a href='#top'>"
        "up</a><a href='page#x'>here</a><a href='//other.test/x?q=1&amp;r=2'>other</a>"
        "<a href='mailto:a@b.c'>m</a><a href='javascript:x()'>j</a><a href='ftp://x/'>f</a>"
        "<a href='http://me:pw@site.test/'>p</a><a href='http://[::1'>b</a><a href='ja\tva'>tab</a>"
        "<a>none</a><a href='http://x.test:0/'>z</a><a href='/a%20b'>again</a>"
    )
    assert found.links == (
        Link("The first", "http://site.test/docs/ab"),
        Link("other", "http://other.test/x?q=1&r=2"),
        Link("tab", "http://site.test/docs/java"),
        Link("again", "http://site.test/a%20b"),
    )


def test_links_begin_where_the_page_says() -> None:
    found = page(f"<base href='http://other.test/d/'><p>{STORY}</p><a href=x>x</a>")
    assert found.links == (Link("x", "http://other.test/d/x"),)
    assert page(f"<base href='ftp://x/'><p>{STORY}</p><a href=x>x</a>").links == (
        Link("x", "http://site.test/docs/x"),
    )


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ('<meta property="article:published_time" content="2024-05-06T07:08:09Z">', "2024-05-06"),
        ('<meta name="date" content="2024/5/6">', "2024-05-06"),
        ('<meta name="dc.date" content="20240506">', "2024-05-06"),
        ('<meta http-equiv="last-modified" content="Mon, 06 May 2024 07:08:09 GMT">',
         "2024-05-06"),
        ('<script type="application/ld+json">[{"@graph":[{"datePublished":"2024-05-06"}]}]'
         "</script>", "2024-05-06"),
        ('<time datetime="2023-01-01">x</time><meta name="dcterms.modified" content="2024-05-06">',
         "2024-05-06"),
        ('<meta name="lastmod" content="2024-05-07"><meta itemprop="datePublished" '
         'content="2024-05-06">', "2024-05-06"),
        ('<time>2024-05-06</time>', "2024-05-06"),
        ('<time datetime="2024-13-45">x</time>', ""),
        ('<time datetime="07:30">x</time>', ""),
        ('<meta name="date" content="2098-01-01">', ""),
        ('<script type="application/ld+json">{"datePublished": ["x"], nonsense</script>', ""),
        ("<p>Copyright 2024, page of 2024-05-06", ""),
    ],
)  # fmt: skip
def test_the_day_is_what_the_page_says(said: str, day: str) -> None:
    assert page(f"{said}<p>{STORY}").date == day


@pytest.mark.parametrize(
    ("raw", "charset"),
    [
        ("<p>Größe €".encode("utf-8-sig"), "latin-1"),
        ("<p>Größe €".encode("utf-16"), ""),
        ("<p>Größe €".encode(), ""),
        ("<p>Größe €".encode("cp1252"), ""),
        ("<p>Größe €".encode("cp1252"), "ISO-8859-1"),
        ("<p>Größe €".encode("cp1252"), "no-such-thing"),
        ("<meta charset='iso-8859-15'><p>Größe €".encode("iso-8859-15"), ""),
        ("<meta charset='iso-8859-15'><p>Größe €".encode(), "utf-8"),
        ('<?xml version="1.0" encoding="iso-8859-15"?><p>Größe €'.encode("iso-8859-15"), ""),
        ("<meta charset='punycode'><p>Größe €".encode(), ""),
    ],
)
def test_charsets(raw: bytes, charset: str) -> None:
    assert page(raw, charset=charset).text == "Größe €"


def test_other_kinds_of_text() -> None:
    assert page("a\tb  c\n" + "d " * 99, "text/plain").text == "a\tb  c\n" + "d " * 99
    assert page('{"a": 1}', "application/json").text == '{"a": 1}'
    assert page("Größe".encode("latin-1"), "text/csv", "iso-8859-1").text == "Größe"
    assert page("a\u200bb", "text/plain").hidden == ('1 invisible characters: "U+200B"',)
    assert page("<html><p>Hi", "").text == "Hi"
    assert page("<p>Hi", "application/xhtml+xml").text == "Hi"
    assert page("<a/>", "image/svg+xml").text == "<a/>"


def test_documents_are_read_as_files_are() -> None:
    table = b"%PDF-1.4 broken"
    with pytest.raises(FetchError, match=r"paper\.pdf"):
        page(table, "application/pdf", url="http://site.test/paper")
    with pytest.raises(FetchError, match="page "):
        page(table, "application/octet-stream")


@pytest.mark.parametrize(
    ("raw", "kind", "why"),
    [
        (b"x", "video/mp4", "is video/mp4; web pages, texts and documents can be read"),
        (b"x", "", "is nothing that says what it is"),
        (b"x", "application/octet-stream", "is application/octet-stream"),
        (b" ", "text/plain", "has no text"),
        (b"<script>x()</script>", "text/html", "shows no text without scripts"),
    ],
)
def test_what_cannot_be_read_is_named(raw: bytes, kind: str, why: str) -> None:
    with pytest.raises(FetchError, match=why):
        page(raw, kind)


SOME = "The light on the pier is red. " * 12
ASKS = "<noscript>Please enable <b>JavaScript</b>.</noscript>"


@pytest.mark.parametrize(
    ("inner", "needs"),
    [
        (f"<p>{STORY[:100]}<script>x()</script>", True),
        (f"<p>{STORY[:100]}<script type=module src=a.js></script>", True),
        (f"<p>{STORY[:100]}<script type=' Text/JavaScript '></script>", True),
        (f"<p>{STORY[:100]}<script type=application/ld+json>{{}}</script>{ASKS}", False),
        (f"<p>{STORY[:100]}{ASKS}", False),
        (f"<p>{SOME}<script>x()</script>", False),
        (f"<p>{SOME}<script>x()</script><noscript><img src=x></noscript>", False),
        (f"<p>{SOME}<script>x()</script>{ASKS}", True),
        (f"<p>{SOME * 5}<script>x()</script>{ASKS}", False),
    ],
)
def test_a_page_says_whether_scripts_may_show_more(inner: str, needs: bool) -> None:
    """Such a page is read as it is where scripts are not run."""
    fetched = Fetched(URL, "text/html", inner.encode())
    shown = read_page(URL, fetched, WHEN, web.told)
    if not needs:
        assert read_whole(URL, fetched, WHEN, web.told) == shown
        return
    with pytest.raises(NeedsScripts, match="little text without scripts") as caught:
        read_whole(URL, fetched, WHEN, web.told)
    assert caught.value.page == shown


def test_a_page_is_read_in_a_process_of_its_own(parser: Parser) -> None:
    raw = f"<title>A</title><p>{STORY}</p><p hidden>zebra</p><a href=/b>b</a>".encode()
    apart = read_page(URL, Fetched(URL, "text/html", raw), WHEN, parser.told)
    assert apart == page(raw)
    with pytest.raises(FetchError, match=rf"{URL} has no text"):
        parser.told(b"", URL, "")
    with pytest.raises(FetchError, match="of HTML; at most"):
        parser.told(b"x" * (MOST_BYTES + 1), URL, "")


def test_without_a_parser_one_is_started() -> None:
    assert read_page(URL, Fetched(URL, "text/html", b"<p>Hi"), WHEN).text == "Hi"


def test_a_parser_that_ended_is_started_again(parser: Parser) -> None:
    parser.told(b"<p>one", URL, "")
    process = parser._idle.get()
    assert process is not None
    process.kill()
    process.wait()
    parser._idle.put(process)
    with pytest.raises(FetchError, match="what reads web pages ended"):
        parser.told(b"<p>two", URL, "")
    assert parser.told(b"<p>three", URL, "")["text"] == "three"


HOSTILE = {
    "deep": b"<div>" * 100_000 + b"x",
    "deep table": b"<table><tr><td>" * 30_000 + b"x",
    "deep list": b"<ul><li>" * 60_000 + b"x",
    "deep inline": b"<b><i>" * 100_000 + b"x",
    "unclosed": b"<p>" * 1_000_000,
    "many elements": b"<a href=x>y</a>" * 300_000,
    "long attribute": b"<p title='" + b"x" * 4_900_000 + b"'>y",
    "many attributes": b"<p " + b" ".join(b"a%d=b" % n for n in range(300_000)) + b">y",
    "long style": b"<p style='" + b"top:0;" * 800_000 + b"'>y",
    "many styles": b"<p style='left:-9999px;color:#fff'>y</p>" * 100_000,
    "long sheet": b"<style>" + b".x .y > .z ~ .w { display: none }" * 140_000 + b"</style>y",
    "slow selectors": b"<style>" + b":not(:nth-child(3n+1)) :is(a, b) * * * { top: 0 }" * 3_000
    + b"</style>" + b"<p><b>" * 20_000,
    "has": b"<style>" + b":has(* * * b) {display:none}" * 500
    + b"</style>" + b"<p><i>x</i>" * 20_000,
    "entities": b"<!DOCTYPE html [<!ENTITY a 'aaaa'>"
    + b"".join(b"<!ENTITY b%d '%s'>" % (n, b"&a;" * 100) for n in range(99))
    + b"]><p>&b1;&b9;",
    "character references": b"<p>" + b"&#x1F600;" * 500_000,
    "comments": b"<!--x-->" * 500_000 + b"y",
    "nul": b"\0" * 4_000_000 + b"<p>x",
    "noise": bytes(range(256)) * 15_000,
    "open tags": b"<" * 4_000_000,
    "one word": b"<p>" + b"x" * 4_900_000,
    "spaces": b"<p>" + b" " * 4_900_000 + b"x",
    "colours": b"<font color=" + b"#" * 1_000_000 + b">x</font>",
    "numbers": b"<p style='font-size:" + b"9" * 19_000 + b"px;opacity:1e-999;left:-1e999px'>x",
    "json": b"<script type=application/ld+json>" + b"[" * 190_000 + b"</script><p>x",
    "dates": b"<time>" + b"2020-01-0" * 400_000 + b"</time>x",
    "nested cells": b"<table><tr>" + b"<td>x" * 200_000,
    "charset": b"<meta charset=utf-7><p>+ADw-script+AD4-",
    "utf-16 as utf-8": "<p>hello".encode("utf-16-le") * 1000,
    "surrogates": b"<p>&#xD800;&#xDFFF;\xed\xa0\x80x",
    "paragraphs": b"<p>the keeper of the light writes about the sea, and more.</p>" * 70_000,
    "links": b"<p><a href='/x%s'>the keeper of the light writes</a></p>" * 20_000,
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_page_is_read_or_refused_and_the_next_one_read(name: str, parser: Parser) -> None:
    raw = HOSTILE[name]
    try:
        parser.told(raw, URL, "")
    except FetchError as error:
        assert str(error).startswith(URL)  # noqa: PT017 - either is well
    assert parser.told(b"<p>next", URL, "")["text"] == "next"


@pytest.mark.parametrize("told", [{"text": "x"}, {"text": 5, "title": "", "links": [3]}])
def test_what_a_parser_says_may_be_anything(told: dict[str, object]) -> None:
    with pytest.raises(FetchError, match="cannot be read"):
        read_page(URL, Fetched(URL, "text/html", b"x"), WHEN, lambda *_: told)


REACHES = """
import os, socket, sys
from pellucid.tools.browser.parsing import __main__ as process

def tries(raw, url, charset, seconds):
    done = [number for number in range(256) if is_open(number)]
    for act in (lambda: open("/etc/hostname"), lambda: os.listdir("/"), socket.socket, os.fork,
                lambda: os.execv("/bin/true", ["true"]), lambda: os.kill(os.getppid(), 9)):
        try:
            act()
            done.append(repr(act))
        except OSError:
            pass
    return {"done": done}

def is_open(number):
    try:
        os.fstat(number)
    except OSError:
        return False
    return True

process.web.told = tries
print(process.apart(b"x", "http://site.test/", "", process.allowed("setitimer"), 1).decode())
"""


def test_a_page_reaches_nothing() -> None:
    """What took the parser over has one descriptor, and can open, start and end nothing."""
    if allowed() is None:
        pytest.skip("no libseccomp")
    done = subprocess.run([sys.executable, "-c", REACHES], capture_output=True, check=True)
    (only,) = json.loads(done.stdout)["done"]
    assert isinstance(only, int)
