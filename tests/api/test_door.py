"""Who may come in, what goes out with a reply, and what ends when nobody waits."""

import asyncio
import json
import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.served import KEY, OFFER, Endless, scripted, serving
from pellucid.api.streams import or_gone
from pellucid.api.wire.openapi.operations import OPERATIONS

AUTH = {"authorization": f"Bearer {KEY}"}
CHAT = {"model": "pellucid-mini", "messages": [{"role": "user", "content": "What is 6 * 7?"}]}


async def ask(url: str, method: str = "POST", **more: Any) -> httpx2.Response:
    async with httpx2.AsyncClient(trust_env=False, timeout=10) as client:
        return await client.request(method, url, **more)


async def test_anybody_may_ask_whether_it_runs(tmp_path: Path) -> None:
    async with serving(scripted(tmp_path)) as served:
        assert (await ask(f"{served.url}/health", "GET")).json() == {"status": "ok"}
        assert (await ask(f"{served.url}/ready", "GET")).json() == {"status": "ready"}
    async with serving(scripted(tmp_path), missing="loading x") as served:
        reply = await ask(f"{served.url}/ready", "GET")
        assert (reply.status_code, reply.json()) == (503, {"status": "loading x"})


@pytest.mark.parametrize(
    "headers", [{}, {"authorization": "Bearer wrong"}, {"authorization": f"Basic {KEY}"}]
)
async def test_nothing_else_is_told_without_a_key(tmp_path: Path, headers: dict[str, str]) -> None:
    async with serving(scripted(tmp_path)) as served:
        for method, path in (
            ("GET", "models"), ("GET", "models/x"), ("POST", "responses"),
            ("POST", "chat/completions"), ("GET", "nothing"),
        ):  # fmt: skip
            reply = await ask(f"{served.url}/v1/{path}", method, headers=headers, json=CHAT)
            assert reply.status_code == 401
            assert reply.json()["error"]["code"] == "invalid_api_key"
            assert reply.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({"host": "evil.example"}, 403, "invalid_host"),
        ({"origin": "https://evil.example"}, 403, "invalid_origin"),
        ({"origin": "https://good.example"}, 200, None),
        ({"host": "127.0.0.1:99"}, 200, None),
        ({"host": "[::1]:99"}, 403, "invalid_host"),
    ],
)
async def test_other_names_and_pages_stay_out(
    tmp_path: Path, headers: dict[str, str], status: int, code: str | None
) -> None:
    async with serving(scripted(tmp_path)) as served:
        reply = await ask(
            f"{served.url}/v1/chat/completions", headers={**AUTH, **headers}, json=CHAT
        )
    assert reply.status_code == status
    assert code is None or reply.json()["error"]["code"] == code
    allowed = reply.headers.get("access-control-allow-origin")
    assert allowed == (headers.get("origin") if status == 200 else None)


@pytest.mark.parametrize(
    ("origin", "status"), [("https://good.example", 200), ("https://evil.example", 400)]
)
async def test_a_page_asks_first_whether_it_may(tmp_path: Path, origin: str, status: int) -> None:
    headers = {
        "origin": origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization,content-type",
    }
    async with serving(scripted(tmp_path)) as served:
        reply = await ask(f"{served.url}/v1/responses", "OPTIONS", headers=headers)
    assert reply.status_code == status
    allowed = reply.headers.get("access-control-allow-origin")
    assert allowed == (origin if status == 200 else None)


async def test_a_body_has_a_bound_told_or_not(tmp_path: Path) -> None:
    async def pieces() -> Any:
        for _ in range(200):
            yield b" " * 1_000

    async with serving(scripted(tmp_path)) as served:
        url = f"{served.url}/v1/chat/completions"
        told = await ask(url, headers=AUTH, content=b"x" * 100_001)
        untold = await ask(url, headers=AUTH, content=pieces())
    for reply in (told, untold):
        assert reply.status_code == 413
        assert reply.json()["error"]["code"] == "request_too_large"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "not JSON"),
        (b"[1]", "JSON object"),
        (b'"\xff"', "not UTF-8"),
        (b"[" * 50_000, "not JSON"),
        (b'{"a":' + b"[" * 70 + b"]" * 70 + b"}", "64 levels"),
        (b'{"model": 3, "messages": [], "input": []}', "Unknown parameter"),
        (b'{"model": "pellucid-mini"}', "Missing required parameter"),
        (b'{"model": NaN}', "NaN is no number"),
        (b'{"model": 1e999}', "1e999 is no number"),
        (b'{"\\ud800": 1}', "Invalid body"),
        (b'\xef\xbb\xbf{"model": NaN}', "NaN is no number"),
        ('{"model": 1}'.encode("utf-16"), "not UTF-8"),
        (b'{"max_tokens": 1' + b"0" * 5_000 + b"}", ""),
    ],
)
async def test_hostile_bodies_are_refused(tmp_path: Path, body: bytes, said: str) -> None:
    async with serving(scripted(tmp_path)) as served:
        for path in ("chat/completions", "responses"):
            reply = await ask(f"{served.url}/v1/{path}", headers=AUTH, content=body)
            assert reply.status_code == 400, reply.text
            assert said in reply.json()["error"]["message"]


@pytest.mark.parametrize(
    "asked",
    [
        b'"input": "x", "previous_response_id": "\\ud800"',
        b'"input": "x", "conversation": "\\ud800"',
        b'"input": "x", "conversation": {"id": "\\u0000"}',
        b'"input": [{"role": "user", "content": "x", "id": "\\ud800"}]',
    ],
)
async def test_ids_that_no_database_could_hold_are_refused(tmp_path: Path, asked: bytes) -> None:
    async with serving(scripted(tmp_path)) as served:
        body = b'{"model": "pellucid-mini", ' + asked + b"}"
        reply = await ask(f"{served.url}/v1/responses", headers=AUTH, content=body)
    assert (reply.status_code, reply.json()["error"]["code"]) == (400, "invalid_value")


async def test_replies_carry_the_headers_that_clients_read(tmp_path: Path) -> None:
    async with serving(scripted(tmp_path)) as served:
        reply = await ask(
            f"{served.url}/v1/models", "GET", headers={**AUTH, "x-client-request-id": "mine"}
        )
        unknown = await ask(f"{served.url}/v1/nothing", "GET", headers=AUTH)
        wrong = await ask(f"{served.url}/v1/responses", "GET", headers=AUTH)
        lost = await ask(f"{served.url}/v1/models/x", "GET", headers=AUTH)
    assert reply.headers["x-request-id"].startswith("req_")
    assert reply.headers["x-client-request-id"] == "mine"
    assert int(reply.headers["openai-processing-ms"]) >= 0
    names = [model["id"] for model in reply.json()["data"]]
    assert names == ["pellucid-mini", "pellucid-mini-alto", *OFFER.pinned(), "o4-mini"]
    assert (unknown.status_code, wrong.status_code, lost.status_code) == (404, 405, 404)
    assert wrong.headers["allow"] == "OPTIONS, POST"
    assert "GET /v1/nothing" in unknown.json()["error"]["message"]


async def test_a_wrong_method_is_told_the_right_ones(tmp_path: Path) -> None:
    allowed = defaultdict[str, set[str]](lambda: {"OPTIONS"})
    for one in OPERATIONS:
        allowed[one.path] |= {"GET", "HEAD"} if one.method == "GET" else {one.method}
    async with serving(scripted(tmp_path)) as served:
        for path, methods in allowed.items():
            url = served.url + re.sub(r"\{\w+\}", "x", path)
            asked = await ask(url, "OPTIONS", headers=AUTH)
            told = [asked.headers["allow"]]
            assert (asked.status_code, asked.content) == (204, b"")
            for method in {"GET", "POST", "PUT", "PATCH", "DELETE"} - methods:
                reply = await ask(url, method, headers=AUTH)
                assert reply.status_code == 405, (path, method)
                told.append(reply.headers["allow"])
            assert set(told) == {", ".join(sorted(methods))}, path
        for method in ("GET", "POST", "DELETE", "OPTIONS"):
            reply = await ask(f"{served.url}/v1/moderations", method, headers=AUTH)
            assert reply.status_code == 404


async def test_every_event_is_one_write(tmp_path: Path) -> None:
    async with (
        serving(scripted(tmp_path)) as served,
        httpx2.AsyncClient(trust_env=False) as client,
        client.stream(
            "POST",
            f"{served.url}/v1/responses",
            headers=AUTH,
            json={"model": "pellucid-mini", "input": "say: hello", "stream": True},
        ) as reply,
    ):
        text = (await reply.aread()).decode()
    assert reply.headers["content-type"].startswith("text/event-stream")
    blocks = text.split("\n\n")
    assert blocks[-2:] == ["data: [DONE]", ""]
    for block in blocks[:-2]:
        name, data = block.split("\n")
        assert name.removeprefix("event: ") == json.loads(data.removeprefix("data: "))["type"]


@pytest.mark.parametrize("stream", [True, False])
async def test_work_stops_when_the_client_goes_away(stream: bool) -> None:
    turns = Endless()
    async with serving(turns) as served:
        with pytest.raises(httpx2.ReadTimeout):
            await ask_briefly(f"{served.url}/v1/chat/completions", stream)
        async with asyncio.timeout(1):
            await turns.ended.wait()
    assert turns.begun == 1


async def ask_briefly(url: str, stream: bool) -> None:
    async with (
        httpx2.AsyncClient(trust_env=False, timeout=httpx2.Timeout(5, read=1.3)) as client,
        client.stream("POST", url, headers=AUTH, json={**CHAT, "stream": stream}) as reply,
    ):
        await reply.aread()


async def test_work_goes_on_where_nobody_read_the_body() -> None:
    """What is received first is the body then, not the end of the connection."""

    async def slow() -> str:
        for _ in range(5):
            await asyncio.sleep(0)
        return "done"

    async def page(request: Request) -> Response:
        return Response(await or_gone(request, slow()))

    transport = httpx2.ASGITransport(app=Starlette(routes=[Route("/", page, methods=["POST"])]))
    async with httpx2.AsyncClient(transport=transport, base_url="http://a") as client:
        assert (await client.post("/")).text == "done"
