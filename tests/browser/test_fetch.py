"""The guarded fetcher: what comes, what is refused before a byte is sent, what is given up."""

import asyncio
import gzip
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest

from browser.sites import Site, fetching
from pellucid.core.errors import FetchError, FetchRefused
from pellucid.tools.browser.addresses import public
from pellucid.tools.browser.fetch import Fetcher, Guard, Limits, resolved

HOSTS = """
127.0.0.1 127.1 127.0.1 0 0.0.0.0 2130706433 0x7f000001 0x7f.1 0177.0.0.1 017700000001 0x7f.0.0.1
127.255.255.254 10.0.0.1 10.255.255.255 172.16.0.1 172.31.255.255 192.168.0.1 192.168.1.254
169.254.169.254 169.254.170.2 2852039166 0xa9fea9fe 100.64.0.1 100.100.100.200 192.0.0.1 192.0.2.1
198.18.0.1 198.51.100.1 203.0.113.1 192.88.99.1 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255
[::1] [::] [0:0:0:0:0:0:0:1] [::ffff:127.0.0.1] [::ffff:7f00:1] [::ffff:10.0.0.1] [::127.0.0.1]
[::ffff:0:127.0.0.1] [64:ff9b::127.0.0.1] [64:ff9b::a9fe:a9fe] [64:ff9b:1::1] [2002:7f00:1::]
[2002:a9fe:a9fe::1] [2001:0:7f00:1::] [fe80::1] [fe80::1%25lo] [fec0::1] [fc00::1] [fd00:ec2::254]
[ff02::1] [2001:db8::1] [5f00::1] [100::1] localhost LOCALHOST localhost. ip6-localhost
①②⑦.⓪.⓪.① 127。0。0。1
"""

ADDRESSES = [
    "ftp://example.com/", "file:///etc/passwd", "gopher://127.0.0.1:70/_x", "data:text/plain,x",
    "javascript:alert(1)", "unix:///var/run/docker.sock", "//example.com/", "example.com", "",
    "http://", "http:///etc", "https://user:secret@example.com/", "http://user@example.com/",
    "http://[::1",
]  # fmt: skip


@pytest.mark.parametrize("host", HOSTS.split())
async def test_no_notation_leads_to_what_is_not_public(host: str) -> None:
    async with Fetcher() as fetcher:
        with pytest.raises(FetchError) as caught:
            await fetcher.get(f"http://{host}/", Limits(seconds=5))
    refused = isinstance(caught.value, FetchRefused)
    assert refused or "there is no host" in str(caught.value)


@pytest.mark.parametrize("url", ADDRESSES)
async def test_what_is_no_address_of_the_web_is_refused(url: str) -> None:
    async with Fetcher() as fetcher:
        with pytest.raises(FetchRefused):
            await fetcher.get(url)


@pytest.mark.parametrize("port", [22, 25, 3306, 6379, 8000, 8080])
async def test_other_ports_are_refused(site: Site, port: int) -> None:
    async with fetching(site, far_test=["93.184.215.14"]) as fetcher:
        with pytest.raises(FetchRefused, match="only ports 80 and 443"):
            await fetcher.get(f"http://far.test:{port}/")


async def test_one_address_that_is_not_public_refuses_a_host(site: Site) -> None:
    async with fetching(site, two_test=["93.184.215.14", "10.0.0.1"]) as fetcher:
        with pytest.raises(FetchRefused, match=r"10\.0\.0\.1 is no public address"):
            await fetcher.get("http://two.test/")


async def test_a_name_is_asked_for_once_and_that_answer_is_connected_to(site: Site) -> None:
    """DNS rebinding: the second answer would be another."""
    answers = [["127.0.0.1"], ["10.0.0.1"]]

    async def rebinds(host: str, port: int) -> list[str]:
        return answers.pop(0)

    url = site.says("/", b"first")
    async with Fetcher(Guard(rebinds, frozenset({("127.0.0.1", site.port)}))) as fetcher:
        assert (await fetcher.get(url)).content == b"first"
    assert answers == [["10.0.0.1"]]


async def test_a_page_comes_with_its_type_and_nothing_of_ours_goes_along(site: Site) -> None:
    url = site.says(
        "/a?b=1", b"<p>hi</p>", "Content-Type: Text/HTML; charset=utf-8", "Set-Cookie: a=b"
    )
    async with fetching(site) as fetcher:
        first = await fetcher.get(url, Limits(types=("text/",)))
        await fetcher.get(url)
    assert (first.url, first.type, first.content) == (url, "text/html", b"<p>hi</p>")
    told = b"".join(site.asked).lower()
    assert told.startswith(f"get /a?b=1 http/1.1\r\nhost: site.test:{site.port}\r\n".encode())
    assert b"cookie" not in told
    assert b"authorization" not in told
    assert b"referer" not in told


async def test_a_redirect_is_followed_where_it_may_lead(site: Site) -> None:
    site.says("/old", b"", "Location: new/page", status="302 Found")
    site.says("/new/page", b"here")
    async with fetching(site) as fetcher:
        found = await fetcher.get(site.url("/old"))
    assert (found.url, found.content) == (site.url("/new/page"), b"here")


@pytest.mark.parametrize(
    ("where", "why"),
    [
        ("http://127.0.0.1/", "there is no host"),
        ("http://metadata.test/latest", "is no public address"),
        ("file:///etc/passwd", "only http and https"),
        ("http://me:secret@site.test/", "name or password"),
        ("http://[::1", "no address"),
    ],
)
async def test_a_redirect_is_checked_like_the_first_address(
    site: Site, where: str, why: str
) -> None:
    url = site.says("/", b"", f"Location: {where}", status="307 Temporary Redirect")
    async with fetching(site, metadata_test=["169.254.169.254"]) as fetcher:
        with pytest.raises(FetchError, match=why):
            await fetcher.get(url)
    assert len(site.asked) == 1


async def test_redirects_end(site: Site) -> None:
    url = site.says("/", b"", "Location: /", status="301 Moved Permanently")
    async with fetching(site) as fetcher:
        with pytest.raises(FetchError, match="more than 3 redirects"):
            await fetcher.get(url, Limits(hops=3))
    assert len(site.asked) == 4


async def test_what_is_compressed_is_read_as_far_as_it_may_be(site: Site) -> None:
    site.says("/small", gzip.compress(b"words"), "Content-Encoding: gzip")
    site.says("/bomb", gzip.compress(b"\0" * 50_000_000), "Content-Encoding: gzip")
    site.says("/lie", b"words", "Content-Encoding: gzip")
    site.says("/cut", gzip.compress(b"words")[:-9], "Content-Encoding: gzip")
    site.says("/other", b"words", "Content-Encoding: br")
    async with fetching(site) as fetcher:
        assert (await fetcher.get(site.url("/small"))).content == b"words"
        for path, why in (
            ("/bomb", "more than 1,000,000 bytes"),
            ("/lie", "not compressed as it says"),
            ("/cut", "ended too early"),
            ("/other", "which was not asked for"),
        ):
            with pytest.raises(FetchError, match=why):
                await fetcher.get(site.url(path), Limits(most_bytes=1_000_000))


async def test_what_never_ends_ends(site: Site) -> None:
    site.answers["/endless"] = b"HTTP/1.1 200 OK\r\n\r\n"
    site.endless = lambda: b"x" * 65_536
    async with fetching(site) as fetcher:
        with pytest.raises(FetchError, match="more than 1,000,000 bytes"):
            await fetcher.get(site.url("/endless"), Limits(most_bytes=1_000_000))
        with pytest.raises(FetchError, match=r"more than 0\.2 seconds"):
            await fetcher.get(site.url("/silent"), Limits(seconds=0.2))
    site.answers["/endless"], site.endless = (
        b"HTTP/1.1 200 OK\r\n",
        lambda: b"A: " + b"b" * 999 + b"\r\n",
    )
    async with fetching(site) as fetcher:
        with pytest.raises(FetchError, match="could not be fetched"):
            await fetcher.get(site.url("/endless"))


async def test_what_is_not_wanted_is_named(site: Site) -> None:
    site.says("/missing", b"gone", status="404 Not Found")
    site.says("/film", b"x", "Content-Type: video/mp4")
    site.says("/bare", b"x")
    site.answers["/noise"] = b"\x16\x03\x01\r\n\r\n"
    async with fetching(site) as fetcher:
        for path, why in (
            ("/missing", "status 404"),
            ("/film", "is video/mp4; wanted is image/ or text/"),
            ("/bare", "nothing that says what it is"),
            ("/noise", "could not be fetched"),
        ):
            with pytest.raises(FetchError, match=why):
                await fetcher.get(site.url(path), Limits(types=("image/", "text/")))
        with pytest.raises(FetchError, match=r"there is no host nowhere\.test"):
            await fetcher.get("http://nowhere.test/")


async def test_leaving_ends_a_fetch(site: Site) -> None:
    async with fetching(site) as fetcher:
        task = asyncio.create_task(fetcher.get(site.url("/silent")))
        await site.heard.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


async def test_sockets_of_the_machine_are_never_opened() -> None:
    with pytest.raises(FetchRefused):
        await Guard().connect_unix_socket("/run/x.sock")
    assert "127.0.0.1" in await resolved("localhost", 80)


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_public_addresses(address: str) -> None:
    assert public(address)


def test_what_is_no_address_is_not_public() -> None:
    assert not public("example.com")


async def test_waiting_at_a_gate_takes_no_time_of_the_fetch(site: Site) -> None:
    url = site.says("/", b"words", "Content-Type: text/plain; x=y; Charset='UTF-8'", "X-A: b")
    passed = list[str]()

    @asynccontextmanager
    async def gate(url: str) -> AsyncGenerator[None, None]:
        await asyncio.sleep(0.1)
        passed.append(url)
        yield

    async with fetching(site) as fetcher:
        found = await fetcher.get(url, Limits(seconds=0.05), gate=gate)
        with pytest.raises(FetchError, match=r"more than 0\.05 seconds"):
            await fetcher.get(site.url("/silent"), Limits(seconds=0.05), gate=gate)
    assert passed == [url, site.url("/silent")]
    assert (found.charset, found.header("x-a"), found.header("x-b")) == ("utf-8", "b", "")
    assert found.way == (url,)


async def test_other_answers_are_taken_where_they_are_wanted(site: Site) -> None:
    url = site.says("/", b"gone", "X-A: b", status="404 Not Found")
    async with fetching(site) as fetcher:
        found = await fetcher.get(url, Limits(statuses=(404,)))
    assert (found.status, found.content, found.header("x-a")) == (404, b"", "b")
