"""Requests that no client sends, over a bare socket: each is refused, and the server goes on."""

import asyncio
import gc
import tracemalloc
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from api.served import KEY, Served, scripted, serving

HOST = b"Host: 127.0.0.1\r\n"
AUTH = f"Authorization: Bearer {KEY}\r\n".encode()
CHUNKED = b"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
JSON = b'{"model": "pellucid-mini", "input": " "}'
POST = b"POST /v1/responses HTTP/1.1\r\n" + HOST
GET = b"GET /v1/models HTTP/1.1\r\n" + HOST


def sized(body: bytes) -> bytes:
    return b"Content-Length: %d\r\nConnection: close\r\n\r\n" % len(body) + body


END = sized(b"")
KEYS = [
    *(b"' OR '1'='1", b'" OR ""="', b"x'; DROP TABLE replies; --", b"' UNION SELECT 'ann' --"),
    *(b"%", b"*", b"null", b"\\", b"\xff\xfe", b"../api-keys.json", KEY.encode() + b"'--"),
    *(KEY.upper().encode(), KEY[:-1].encode(), KEY.encode() + b"x", b"a" * 10_000),
]
"""Guesses of a key."""

TRICKS: list[tuple[bytes, set[int]]] = [
    *((GET + b"Authorization: Bearer " + key + b"\r\n" + END, {401}) for key in KEYS),
    (GET + AUTH.replace(b"Bearer", b"Basic") + END, {401}),
    (GET + b"Authorization: " + KEY.encode() + b"\r\n" + END, {401}),
    (GET + b"Authorization: Bearer\r\n" + END, {401}),
    (GET + b"X-Api-Key: " + KEY.encode() + b"\r\n" + END, {401}),
    (GET.replace(HOST, b"Host: evil.example\r\n") + AUTH + END, {403}),
    (GET.replace(HOST, b"Host: 127.0.0.1@evil.example\r\n") + AUTH + END, {400, 403}),
    (GET.replace(HOST, b"Host: 127.0.0.1.evil.example\r\n") + AUTH + END, {403}),
    (GET.replace(HOST, b"") + AUTH + END, {400, 403}),
    (GET + b"Origin: null\r\n" + AUTH + END, {403}),
    (GET + b"Origin: https://good.example.evil.example\r\n" + AUTH + END, {403}),
    (GET.replace(b"/v1/models", b"//evil.example/v1/models") + AUTH + END, {404}),
    (GET.replace(b"/v1/models", b"/v1/../health") + END, {401}),
    (GET.replace(b"/v1/models", b"/health/../v1/models") + END, {401}),
    (GET.replace(b"/v1/models", b"/docs/v1/models") + END, {401}),
    (GET.replace(b"/v1/models", b"/v1/models/%2e%2e%2f%00'--") + AUTH + END, {404}),
    (GET.replace(b"/v1/models", b"/v1/responses/%ff%fe") + AUTH + END, {404}),
    (GET.replace(b"/v1/models", b"/v1/responses/'%20OR%20'1'='1") + AUTH + END, {404}),
    (GET.replace(b"/v1/models", b"/v1/conversations/%00") + AUTH + END, {404}),
    (POST + AUTH + sized(JSON[:-3]), {400}),
    (POST + AUTH + sized(JSON.replace(b'" "', b'"\xff"')), {400}),
    (POST + AUTH + sized(JSON.replace(b'" "', b'"\xc0\xaf"')), {400}),
    (POST + AUTH + sized(JSON.replace(b'" "', b'"\xed\xa0\x80"')), {400}),
    (POST + AUTH + sized(b"\xff\xfe" + JSON.decode().encode("utf-16-le")), {400}),
    (POST + AUTH + b"Content-Length: -1\r\n\r\n", {400, 413}),
    (POST + AUTH + b"Content-Length: 9999999999999999999999\r\n\r\n", {400, 413}),
    (POST + AUTH + b"Content-Length: 4\r\n" + sized(JSON), {400}),
    (POST + AUTH + CHUNKED[:-4] + b"\r\n" + sized(JSON), {400}),
    (POST + AUTH + CHUNKED + b"zz\r\n", {400}),
    (POST + AUTH + b"Content-Encoding: gzip\r\n" + sized(b"\x1f\x8b\x08\x00"), {400}),
    (GET + AUTH + b"X-Long: " + b"a" * 65_536 + b"\r\n" + END, {400}),
    (GET + AUTH + b"X-Long: " + b"a" * 1_000_000, {400}),
    (GET + AUTH + b"X-Many: a\r\n" * 10_000 + END, {400}),
    (GET.replace(b"/v1/models", b"/" + b"a" * 70_000) + AUTH + END, {400}),
    (POST + AUTH + CHUNKED + b"1\r\n{\r\n0\r\nX-Trailer: " + b"a" * 1_000_000, {400}),
    (GET + AUTH + b"X Y: a\r\n" + END, {400}),
    (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", {400}),
    (b"GET /health HTTP/9.9\r\n\r\n", {400, 403}),
]
"""What is sent, and with which statuses it may be answered."""


async def answer(served: Served, sent: bytes) -> bytes:
    """All that the server says to some bytes until it closes the connection."""
    place = urlsplit(served.url)
    reader, writer = await asyncio.open_connection(place.hostname, place.port)
    try:
        writer.write(sent)
        async with asyncio.timeout(10):
            return await reader.read(100_000)
    finally:
        writer.close()


@pytest.mark.parametrize(("sent", "statuses"), TRICKS)
async def test_tricks_are_refused(tmp_path: Path, sent: bytes, statuses: set[int]) -> None:
    async with serving(scripted(tmp_path), body=200_000) as served:
        said = await answer(served, sent)
        assert int(said.split()[1]) in statuses, said
        assert KEY.encode() not in said
        assert b" 200 OK" in await answer(served, GET + AUTH + END)


async def test_tricks_leave_nothing_behind(tmp_path: Path) -> None:
    """Memory that is held after many of them is what was held after some."""
    async with serving(scripted(tmp_path)) as served:

        async def held() -> int:
            for _ in range(3):
                await asyncio.gather(*(answer(served, sent) for sent, _ in TRICKS))
            gc.collect()
            return tracemalloc.get_traced_memory()[0]

        await held()
        tracemalloc.start()
        try:
            first, second, third = await held(), await held(), await held()
        finally:
            tracemalloc.stop()
    assert third - second < 100_000, (first, second, third)


async def test_a_long_body_is_no_long_head(tmp_path: Path) -> None:
    body = b'{"model": "pellucid-mini", "input": "say: yes"' + b" " * 150_000 + b"}"
    pieces = b"".join(b"%x\r\n%b\r\n" % (len(one), one) for one in (body[:90_000], body[90_000:]))
    async with serving(scripted(tmp_path), body=200_000) as served:
        assert b" 200 OK" in await answer(served, POST + AUTH + sized(body))
        assert b" 200 OK" in await answer(served, POST + AUTH + CHUNKED + pieces + b"0\r\n\r\n")
