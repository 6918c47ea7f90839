"""What was done under a key is not done again."""

import asyncio
import json
import re
from collections.abc import AsyncGenerator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import pytest

from api.served import KEY, OTHER_KEY, Endless, scripted, serving
from pellucid.api import once
from pellucid.api.keeping import Runs
from pellucid.api.operating import Operating
from pellucid.core.events import Event
from pellucid.core.turn import Turn
from pellucid.store.db import opened
from pellucid.store.keyed import LIFETIME, Keyed, KeyedReplies

RESPONSE = {"model": "pellucid-mini", "input": "say: yes"}
CHAT = {"model": "pellucid-mini", "messages": [{"role": "user", "content": "say: yes"}]}
ANN, BOB = (f"Bearer {key}" for key in (KEY, OTHER_KEY))
NAME = "k-1"


@dataclass
class Clock:
    now: float = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Counted:
    """Turns that are counted, and told, as they begin."""

    turns: Runs
    begun: list[str] = field(default_factory=list)
    told: asyncio.Queue[str] = field(default_factory=asyncio.Queue)

    async def run(self, turn: Turn) -> AsyncGenerator[Event, None]:
        self.begun.append(turn.turn_id)
        self.told.put_nowait(turn.turn_id)
        async with aclosing(self.turns.run(turn)) as events:
            async for event in events:
                yield event

    async def count(self, turn: Turn) -> int:
        return await self.turns.count(turn)


@dataclass
class Client:
    http: httpx2.AsyncClient
    url: str

    async def post(
        self, path: str, body: Any, key: str | None = NAME, owner: str = ANN, **sent: Any
    ) -> httpx2.Response:
        named = {} if key is None else {"idempotency-key": key}
        headers = {"authorization": owner, **named}
        content = sent or {"json": body}
        return await self.http.post(f"{self.url}/v1/{path}", headers=headers, **content)

    async def delete(self, path: str) -> httpx2.Response:
        headers = {"authorization": ANN}
        return await self.http.delete(f"{self.url}/v1/{path}", headers=headers)


@asynccontextmanager
async def served(home: Path, turns: Runs, clock: Clock | None = None, **limits: int) -> Any:
    async with (
        opened(home / "keyed.db") as database,
        serving(
            turns, operating=Operating(keyed=KeyedReplies(database, clock or Clock(), **limits))
        ) as running,
        httpx2.AsyncClient(trust_env=False, timeout=10) as http,
    ):
        yield Client(http, running.url)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("responses", RESPONSE),
        ("responses", {**RESPONSE, "background": True}),
        ("responses", {**RESPONSE, "stream": True}),
        ("chat/completions", CHAT),
        ("chat/completions", {**CHAT, "stream": True}),
        ("conversations", {"metadata": {"a": "b"}}),
    ],
)
async def test_the_first_reply_is_given_again(
    tmp_path: Path, path: str, body: dict[str, Any]
) -> None:
    turns = Counted(scripted(tmp_path))
    async with served(tmp_path, turns) as client:
        first = await client.post(path, body)
        again = await client.post(path, body)
        other = await client.post(path, body, key="k-2")
        theirs = await client.post(path, body, owner=BOB)
        keyless = await client.post(path, body, key=None)
    assert first.status_code == again.status_code == 200
    assert again.content == first.content
    assert again.headers["content-type"] == first.headers["content-type"]
    assert again.headers["idempotent-replayed"] == "true"
    assert again.headers["x-request-id"] != first.headers["x-request-id"]
    for new in (first, other, theirs, keyless):
        assert "idempotent-replayed" not in new.headers
    assert len({reply.content for reply in (first, other, theirs, keyless)}) == 4
    assert len(turns.begun) == (0 if path == "conversations" else 4)


@pytest.mark.parametrize(
    ("path", "body", "kind"),
    [
        ("responses", RESPONSE, "responses"),
        ("responses", {**RESPONSE, "stream": True}, "responses"),
        ("chat/completions", {**CHAT, "store": True}, "chat/completions"),
        ("conversations", {"metadata": {"a": "b"}}, "conversations"),
        ("containers", {"name": "a"}, "containers"),
        ("vector_stores", {}, "vector_stores"),
    ],
)
async def test_what_is_about_something_deleted_is_not_given_again(
    tmp_path: Path, path: str, body: dict[str, Any], kind: str
) -> None:
    async with served(tmp_path, scripted(tmp_path)) as client:
        first = await client.post(path, body)
        other = await client.post(path, body, key="k-2")
        found = re.search(rf'"id":"({NAMES[kind]}[\w-]+)"', first.text)
        assert found
        gone = await client.delete(f"{kind}/{found[1]}")
        assert gone.status_code == 200
        again = await client.post(path, body)
        assert again.status_code == 200
        assert "idempotent-replayed" not in again.headers
        assert again.content != first.content
        assert (await client.post(path, body, key="k-2")).content == other.content


NAMES = {
    "responses": "resp_",
    "chat/completions": "chatcmpl[_-]",
    "conversations": "conv_",
    "containers": "cntr_",
    "vector_stores": "vs_",
}


async def test_what_was_found_in_a_file_is_not_told_again_once_it_is_deleted(
    tmp_path: Path,
) -> None:
    async with served(tmp_path, scripted(tmp_path)) as client:
        sent: Any = {"data": {"purpose": "user_data"}, "files": {"file": ("a.txt", b"A storm.")}}
        file = (await client.post("files", None, key=None, **sent)).json()["id"]
        store = (await client.post("vector_stores", {"file_ids": [file]}, key=None)).json()["id"]
        search = f"vector_stores/{store}/search"
        assert "A storm." in (await client.post(search, {"query": "storm"})).text
        await client.delete(f"files/{file}")
        assert "A storm." not in (await client.post(search, {"query": "storm"})).text


async def test_another_request_is_not_answered_under_the_same_key(tmp_path: Path) -> None:
    async with served(tmp_path, scripted(tmp_path)) as client:
        await client.post("responses", RESPONSE)
        for path, body in (("responses", {**RESPONSE, "user": "x"}), ("conversations", RESPONSE)):
            reply = await client.post(path, body)
            assert reply.status_code == 422
            error = reply.json()["error"]
            assert (error["code"], error["param"]) == ("idempotency_key_reused", "Idempotency-Key")


async def test_what_was_refused_may_be_sent_again_changed(tmp_path: Path) -> None:
    async with served(tmp_path, scripted(tmp_path)) as client:
        for _ in range(2):
            refused = await client.post("responses", {**RESPONSE, "model": "x"})
            assert refused.status_code == 404
            assert "idempotent-replayed" not in refused.headers
        assert (await client.post("responses", RESPONSE)).status_code == 200


async def test_while_the_first_is_under_way_the_second_is_told_so(tmp_path: Path) -> None:
    turns = Counted(Endless())
    async with served(tmp_path, turns) as client, asyncio.timeout(10):
        first = asyncio.create_task(client.post("responses", RESPONSE))
        await turns.told.get()
        second = await client.post("responses", RESPONSE)
        another = await client.post("responses", {**RESPONSE, "user": "x"})
        theirs = asyncio.create_task(client.post("responses", RESPONSE, owner=BOB))
        await turns.told.get()
        theirs.cancel()
        first.cancel()
        await asyncio.gather(first, theirs, return_exceptions=True)
    assert second.status_code == 409
    assert second.json()["error"]["code"] == "idempotency_key_in_use"
    assert second.headers["retry-after"] == "1"
    assert another.status_code == 422


async def test_what_its_client_left_is_done_when_it_comes_again(tmp_path: Path) -> None:
    turns = Endless()
    async with served(tmp_path, turns) as client:
        for stream in (True, False):
            body = {**RESPONSE, "stream": stream}
            for _ in range(2):
                turns.ended.clear()
                with pytest.raises(httpx2.ReadTimeout):
                    await client.http.post(
                        f"{client.url}/v1/responses",
                        json=body,
                        headers={"authorization": ANN, "idempotency-key": f"k-{stream}"},
                        timeout=httpx2.Timeout(5, read=1.2),
                    )
                async with asyncio.timeout(5):
                    await turns.ended.wait()
    assert turns.begun == 4


async def test_replies_outlive_a_restart_but_not_a_day(tmp_path: Path) -> None:
    turns, clock = Counted(scripted(tmp_path)), Clock()
    async with served(tmp_path, turns, clock) as client:
        first = await client.post("responses", RESPONSE)
    clock.now += LIFETIME - 1
    async with served(tmp_path, turns, clock) as client:
        assert (await client.post("responses", RESPONSE)).content == first.content
        clock.now += 1
        late = await client.post("responses", {**RESPONSE, "user": "x"})
        assert late.status_code == 200
        assert "idempotent-replayed" not in late.headers
        assert (await client.post("responses", {**RESPONSE, "user": "x"})).content == late.content
    assert len(turns.begun) == 2


async def test_the_oldest_replies_are_forgotten(place: Path | str) -> None:
    clock = Clock()
    async with opened(place) as database:
        kept = KeyedReplies(database, clock, lifetime=100, most=2)
        for number in range(3):
            clock.now += 1
            await kept.save("ann", f"k-{number}", Keyed("r", 200, "application/json", "{}"))
        await kept.tidy()
        found = [await kept.find("ann", f"k-{number}") for number in range(3)]
        assert [one is None for one in found] == [True, False, False]
        clock.now += 100
        await kept.tidy()
        clock.now -= 100
        assert await kept.find("ann", "k-2") is None


async def test_a_reply_that_is_too_large_to_keep_is_not_made_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(once, "LARGEST", 100)
    turns = Counted(scripted(tmp_path))
    async with served(tmp_path, turns) as client:
        first = await client.post("responses", {**RESPONSE, "stream": True})
        again = await client.post("responses", {**RESPONSE, "stream": True})
    assert first.status_code == 200
    assert again.status_code == 409
    assert again.json()["error"]["code"] == "idempotency_reply_lost"
    assert len(turns.begun) == 1


@pytest.mark.parametrize("key", ["", "x" * 256, "a\tb"])
async def test_a_key_that_is_none_is_refused(tmp_path: Path, key: str) -> None:
    async with served(tmp_path, scripted(tmp_path)) as client:
        reply = await client.post("responses", RESPONSE, key=key)
    assert reply.status_code == 400
    assert reply.json()["error"]["param"] == "Idempotency-Key"


async def test_a_body_that_is_too_large_is_refused_here_too(tmp_path: Path) -> None:
    async def pieces() -> AsyncGenerator[bytes, None]:
        for _ in range(200):
            yield b" " * 1_000

    async with served(tmp_path, scripted(tmp_path)) as client:
        reply = await client.http.post(
            f"{client.url}/v1/responses",
            content=pieces(),
            headers={"authorization": ANN, "idempotency-key": NAME},
        )
    assert reply.status_code == 413


async def test_what_is_looked_up_needs_no_key_to_be_the_same(tmp_path: Path) -> None:
    async with served(tmp_path, scripted(tmp_path)) as client:
        headers = {"authorization": ANN, "idempotency-key": NAME}
        for _ in range(2):
            reply = await client.http.get(f"{client.url}/v1/models", headers=headers)
            assert reply.status_code == 200
            assert "idempotent-replayed" not in reply.headers


async def test_a_client_that_leaves_before_its_body_is_whole_gets_nothing(tmp_path: Path) -> None:
    turns = Counted(scripted(tmp_path))
    async with served(tmp_path, turns) as client:
        port = int(client.url.rpartition(":")[2])
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        head = f"POST /v1/responses HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: {ANN}\r\n"
        writer.write(f"{head}idempotency-key: {NAME}\r\ncontent-length: 100\r\n\r\n{{".encode())
        await writer.drain()
        writer.close()
        await writer.wait_closed()
        assert (await client.post("responses", RESPONSE)).status_code == 200
    assert len(turns.begun) == 1


async def test_each_event_of_a_stream_is_one_write_again() -> None:
    parts = [part async for part in once._events("event: a\ndata: {}\n\ndata: [DONE]\n\n")]
    assert parts == [b"event: a\ndata: {}\n\n", b"data: [DONE]\n\n"]
    assert json.loads(parts[0].split(b"data: ")[1]) == {}
