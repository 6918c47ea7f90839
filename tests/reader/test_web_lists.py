"""Sitemaps and hits, whatever stands in them: something is read, or it is unreadable."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pellucid.core.errors import BadRequest
from pellucid.tools.reader.opening import parsed
from pellucid.tools.reader.parsing import web
from pellucid.tools.reader.parsing.bounds import Unreadable

PIECES = st.sampled_from([
    b"<a href='", b"'>", b"</a>", b"<base href=", b"<title>", b"<!-- ", b" -->", b"<?x y?>", b"\0",
    b"&#xD800;", b"<url>", b"<loc>", b"</loc></url>", b"<sitemap><loc>", b"<p class=result--ad>",
    b"<a class=result__a href=//x>", b"<b class='result__snippet'>", b"charset=utf-16", b"&#0;",
    b"<![CDATA[", b"]]>", b"<svg><a xlink:href=x>", b"<x:a href=y>", b"<form id=challenge-form>",
])  # fmt: skip
RAW = st.lists(st.one_of(PIECES, st.binary(max_size=9)), max_size=40).map(b"".join)


@pytest.mark.parametrize("read", [web.sitemap, web.hits])
@given(raw=RAW)
@example(raw=b"")
@example(raw=b"<div>" * 5_000 + b"<a href=x>")
def test_nothing_else_happens(read: Callable[[bytes], dict[str, Any]], raw: bytes) -> None:
    with suppress(Unreadable):
        assert isinstance(read(raw), dict)


def test_lists_are_bounded() -> None:
    places = b"".join(b"<url><loc>/%d</loc></url>" % n for n in range(web.MOST_LISTED + 9))
    assert len(web.sitemap(b"<urlset>" + places + b"</urlset>")["pages"]) == web.MOST_LISTED


def test_they_are_read_in_a_process_of_their_own() -> None:
    (told,) = parsed("sitemap", "a map", b"<urlset><url><loc> /a </loc></url></urlset>")
    assert told == {"pages": ["/a"], "sitemaps": []}
    with pytest.raises(BadRequest, match=r"^a map is damaged"):
        parsed("sitemap", "a map", b"no")
