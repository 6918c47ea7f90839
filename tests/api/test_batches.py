"""Batches, with OpenAI's own client."""

import asyncio
import json
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import openai
import pytest
from openai import AsyncOpenAI
from openai.types import Batch
from sqlalchemy import text

from api.served import KEY, NOW, OFFER, OTHER_KEY, Served, keeper, scripted, service, serving, shelf
from pellucid.api.app import batching as build_batching
from pellucid.api.background import Background
from pellucid.api.batching import Behind
from pellucid.api.wire.batches import MOST_COMPLAINTS, MOST_LINES, checked
from pellucid.core.events import Event, TurnFailed, TurnStarted
from pellucid.core.turn import Turn
from pellucid.core.usage import Usage
from pellucid.service.turns import Turns
from pellucid.store.batches import Batch as StoredBatch
from pellucid.store.db import opened
from pellucid.store.files import File

CHAT, RESPONSES, LEGACY = "/v1/chat/completions", "/v1/responses", "/v1/completions"
Json = dict[str, Any]


def line(name: str, url: str = CHAT, **body: object) -> Json:
    given = {"model": "pellucid-mini", **(body or _asking(url, f"say: {name}"))}
    return {"custom_id": name, "method": "POST", "url": url, "body": given}


def _asking(url: str, text: str) -> Json:
    if url == RESPONSES:
        return {"input": text}
    if url == LEGACY:
        return {"prompt": text}
    return {"messages": [{"role": "user", "content": text}]}


def written(*lines: Json) -> bytes:
    return b"\n".join(json.dumps(one).encode() for one in lines)


async def begun(client: AsyncOpenAI, content: bytes, url: Any = CHAT) -> Batch:
    file = await client.files.create(file=("in.jsonl", content), purpose="batch")
    return await client.batches.create(
        input_file_id=file.id, endpoint=url, completion_window="24h", metadata={"a": "b"}
    )


async def until(client: AsyncOpenAI, batch: Batch, *statuses: str) -> Batch:
    """A batch once it has one of these statuses."""
    async with asyncio.timeout(20):
        while (now := await client.batches.retrieve(batch.id)).status not in statuses:
            pass
    return now


async def lines(client: AsyncOpenAI, file_id: str | None) -> dict[str, Json]:
    content = (await client.files.content(file_id or "")).text
    return {one["custom_id"]: one for one in map(json.loads, content.splitlines())}


@dataclass
class Watched:
    """Turns of the scripted model that begin when they may; what they ask of the engine, and
    how many are at work, is noted."""

    turns: Turns
    may: asyncio.Event = field(default_factory=asyncio.Event)
    priorities: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)
    at_work: int = 0
    most: int = 0

    async def run(self, turn: Turn) -> AsyncGenerator[Event, None]:
        self.priorities.add(turn.serving.priority)
        self.asked.append(turn.question)
        self.at_work += 1
        self.most = max(self.most, self.at_work)
        try:
            if "wait" in turn.question:
                await self.may.wait()
            async for event in self.turns.run(turn):
                yield event
        finally:
            self.at_work -= 1

    async def count(self, turn: Turn) -> int:
        return 7


@pytest.fixture
def turns(tmp_path: Path) -> Watched:
    return Watched(scripted(tmp_path))


@pytest.fixture
async def served(turns: Watched, tmp_path: Path) -> AsyncGenerator[Served, None]:
    async with serving(turns, home=tmp_path, body=2_000_000) as running:
        yield running


@pytest.mark.parametrize("url", [CHAT, RESPONSES, LEGACY])
async def test_every_request_of_a_batch_is_answered(
    served: Served, turns: Watched, url: str
) -> None:
    client = served.client()
    batch = await begun(client, written(*[line(f"n{n}", url) for n in range(20)]), url)
    assert (batch.endpoint, batch.expires_at) == (url, int(NOW) + 86_400)
    done = await until(client, batch, "completed")
    counts = done.request_counts
    assert counts
    assert (counts.total, counts.completed, counts.failed) == (20, 20, 0)
    assert (done.error_file_id, done.model, done.metadata) == (None, "pellucid-mini", {"a": "b"})
    assert turns.priorities == {"batch"}
    assert 1 < turns.most <= 8
    output = await lines(client, done.output_file_id)
    assert [*output] == [f"n{n}" for n in range(20)]
    for name, one in output.items():
        assert one["response"]["status_code"] == 200
        assert one["error"] is None
        assert name in json.dumps(one["response"]["body"])
    file = await client.files.retrieve(done.output_file_id or "")
    assert (file.purpose, file.filename) == ("batch_output", f"{batch.id}_output.jsonl")
    assert file.expires_at == int(NOW) + 30 * 86_400


async def test_usage_adds_up_and_costs_half(served: Served) -> None:
    client = served.client()
    done = await until(client, await begun(client, written(line("a"), line("b"))), "completed")
    output = await lines(client, done.output_file_id)
    usages = [one["response"]["body"]["usage"] for one in output.values()]
    assert done.usage
    assert done.usage.input_tokens == sum(u["prompt_tokens"] for u in usages)
    assert done.usage.output_tokens == sum(u["completion_tokens"] for u in usages) > 0
    costs = done.model_extra["pellucid"] if done.model_extra else {}
    assert float(costs["list_cost_usd"]) == done.usage.total_tokens
    assert float(costs["cost_usd"]) == done.usage.total_tokens / 2


async def test_a_request_that_is_refused_spoils_no_other(served: Served) -> None:
    client = served.client()
    bad = line("bad", messages=[{"role": "user", "content": "x"}], colour="red")
    empty = line("empty", messages=[{"role": "user", "content": " "}])
    batch = await begun(client, written(line("good"), bad, empty))
    done = await until(client, batch, "completed")
    assert [*await lines(client, done.output_file_id)] == ["good"]
    errors = await lines(client, done.error_file_id)
    assert [*errors] == ["bad", "empty"]
    response = errors["bad"]["response"]
    assert response["status_code"] == 400
    assert response["body"]["error"]["param"] == "colour"
    assert response["request_id"].startswith("req_")


async def test_what_is_wrong_with_an_input_is_told_line_by_line(served: Served) -> None:
    client = served.client()
    content = b"\n".join(
        [
            written(line("a")),
            b"",
            b"{not json",
            b'"text"',
            written(line("a")),
            written({**line("b"), "method": "GET"}),
            written(line("c", RESPONSES)),
            written(line("d", messages=[], model="gpt-9")),
            written({"custom_id": "e", "method": "POST", "url": CHAT, "body": {}}),
            written(line("f", messages=[], stream=True)),
            b"\xff\xfe",
        ]
    )
    failed = await until(client, await begun(client, content), "failed")
    assert failed.errors
    told = [(one.line, one.code, one.param) for one in failed.errors.data or []]
    assert told == [
        (3, "invalid_json_line", None),
        (4, "invalid_json_line", None),
        (5, "duplicate_custom_id", "custom_id"),
        (6, "invalid_value", "method"),
        (7, "invalid_url", "url"),
        (8, "model_not_found", "model"),
        (9, "missing_required_parameter", "body.model"),
        (10, "unsupported_parameter", "body.stream"),
        (11, "invalid_json_line", None),
    ]
    assert (failed.output_file_id, failed.failed_at) == (None, int(NOW))
    empty = await until(client, await begun(client, b"\n \n"), "failed")
    assert empty.errors
    assert empty.errors.data
    assert empty.errors.data[0].code == "empty_file"


async def test_a_batch_needs_a_file_that_is_there_and_meant_for_it(served: Served) -> None:
    client = served.client()
    other = await client.files.create(file=("a", b"x"), purpose="user_data")
    theirs = await served.client(api_key=OTHER_KEY).files.create(file=("a", b"x"), purpose="batch")
    asked: Json = {"endpoint": CHAT, "completion_window": "24h"}
    with pytest.raises(openai.BadRequestError, match="purpose 'batch'"):
        await client.batches.create(input_file_id=other.id, **asked)
    for missing in ("file_9", theirs.id):
        with pytest.raises(openai.NotFoundError, match=missing):
            await client.batches.create(input_file_id=missing, **asked)
    for wrong in ({"endpoint": "/v1/embeddings"}, {"completion_window": "1h"}):
        with pytest.raises(openai.BadRequestError, match=next(iter(wrong))):
            await client.batches.create(input_file_id=other.id, **{**asked, **wrong})


async def test_partial_results_can_be_read_and_a_batch_cancelled(
    served: Served, turns: Watched
) -> None:
    client = served.client()
    batch = await begun(client, written(line("a"), line("wait"), line("b")))
    async with asyncio.timeout(20):
        while len(turns.asked) < 3 or turns.at_work > 1:
            await client.batches.retrieve(batch.id)
        while (now := await client.batches.retrieve(batch.id)).output_file_id is None:
            pass
        while len(await lines(client, now.output_file_id)) < 2:
            pass
    assert [*await lines(client, now.output_file_id)] == ["a", "b"]
    stopped, _ = await asyncio.gather(*[client.batches.cancel(batch.id) for _ in range(2)])
    assert stopped.status in ("cancelling", "cancelled")
    assert turns.at_work == 0
    done = await until(client, batch, "cancelled")
    assert [*await lines(client, done.output_file_id)] == ["a", "b"]
    assert done.request_counts
    assert (done.request_counts.total, done.request_counts.completed) == (3, 2)
    assert (await client.batches.cancel(batch.id)).status == "cancelled"


async def test_batches_are_listed_and_belong_to_their_owner(served: Served) -> None:
    client = served.client()
    made = [(await begun(client, written(line(str(n))))).id for n in range(3)]
    assert sorted([one.id async for one in await client.batches.list(limit=2)]) == sorted(made)
    other = served.client(api_key=OTHER_KEY)
    assert (await other.batches.list()).data == []
    for asked in (other.batches.retrieve, other.batches.cancel):
        with pytest.raises(openai.NotFoundError, match=made[0]):
            await asked(made[0])


async def test_the_next_server_asks_only_what_has_no_result(tmp_path: Path) -> None:
    first, second = Watched(scripted(tmp_path)), Watched(scripted(tmp_path))
    async with serving(first, home=tmp_path) as served:
        client = served.client()
        batch = await begun(client, written(line("a"), line("wait"), line("b")))
        async with asyncio.timeout(20):
            while (await client.batches.retrieve(batch.id)).request_counts.completed < 2:  # type: ignore[union-attr]
                pass
    assert first.at_work == 0
    second.may.set()
    async with serving(second, home=tmp_path) as served:
        client = served.client()
        done = await until(client, batch, "completed")
        assert [*await lines(client, done.output_file_id)] == ["a", "wait", "b"]
    assert second.asked == ["say: wait"]


async def test_a_batch_that_was_being_cancelled_is_cancelled_by_the_next_server(
    tmp_path: Path,
) -> None:
    turns = Watched(scripted(tmp_path))
    async with opened(tmp_path / "test.db") as database:
        left = StoredBatch(
            "batch_1", "ann", 0, CHAT, "i", "o", "e", int(NOW) + 9, status="cancelling"
        )
        await shelf(database).batches.save(left)
    async with serving(turns, home=tmp_path) as served:
        client = served.client()
        stopped = await client.batches.retrieve("batch_1")
        assert (await until(client, stopped, "cancelled")).output_file_id is None
    assert turns.asked == []


async def test_there_are_not_too_many_requests_in_a_batch() -> None:
    content = b"\n".join([b"x"] * (MOST_LINES + 1))
    found = checked(content, CHAT, OFFER)
    assert found.complaints[0]["code"] == "too_many_requests"
    assert len(found.complaints) == MOST_COMPLAINTS


async def test_turns_of_a_batch_are_counted_like_all_others(turns: Watched) -> None:
    assert await Behind(turns).count(Turn("t", ())) == await turns.count(Turn("t", ()))


async def test_an_input_deleted_meanwhile_ends_the_batch_with_what_is_there(
    tmp_path: Path,
) -> None:
    turns = Watched(scripted(tmp_path))
    async with serving(turns, home=tmp_path) as served:
        client = served.client()
        batch = await begun(client, written(line("a"), line("wait")))
        async with asyncio.timeout(20):
            while (await client.batches.retrieve(batch.id)).request_counts.completed < 1:  # type: ignore[union-attr]
                pass
        await client.files.delete(batch.input_file_id)
    async with serving(turns, home=tmp_path) as served:
        client = served.client()
        failed = await until(client, batch, "failed")
        assert failed.errors
        assert failed.errors.data
        assert failed.errors.data[0].code == "missing_file"
        assert [*await lines(client, failed.output_file_id)] == ["a"]


@dataclass
class Failing:
    """Turns that fail so many times before the scripted model answers."""

    turns: Turns
    failures: list[str]

    async def run(self, turn: Turn) -> AsyncGenerator[Event, None]:
        if self.failures:
            code = self.failures.pop()
            yield TurnStarted(turn.turn_id, turn.model, 0)
            if code == "bug":
                raise RuntimeError("nobody foresaw this")
            yield TurnFailed(code, "no", Usage(), retryable=True)
            return
        async for event in self.turns.run(turn):
            yield event

    async def count(self, turn: Turn) -> int:
        return 7


@pytest.mark.parametrize(
    ("failures", "status"),
    [(["engine_busy"], 200), (["engine_died", "engine_died"], 200), (["bug"] * 3, 500)],
)
async def test_a_failure_that_may_pass_is_tried_again(
    tmp_path: Path, failures: list[str], status: int, caplog: pytest.LogCaptureFixture
) -> None:
    async with serving(Failing(scripted(tmp_path), failures)) as served:
        client = served.client()
        done = await until(client, await begun(client, written(line("a"))), "completed")
        output = await lines(client, done.output_file_id or done.error_file_id)
        assert output["a"]["response"]["status_code"] == status
        assert ("nobody foresaw" in caplog.text) == (status == 500)
    assert KEY not in caplog.text


async def test_what_is_not_answered_in_time_is_told_to_have_expired(tmp_path: Path) -> None:
    turns = Watched(scripted(tmp_path))
    async with opened(tmp_path / "test.db") as database:
        kept = shelf(database)
        keeps = keeper(database, tmp_path)
        background = Background(turns, keeps, OFFER)
        async with build_batching(service(turns, keeps, kept), background) as batching:
            file = File("file-in", "ann", 0, "in.jsonl", "batch")
            await kept.files.save(file, once(written(line("a"), line("wait"), line("wait 2"))))
            soon = int(NOW) + 1  # half a second from now
            batch = StoredBatch("batch_1", "ann", 0, CHAT, file.id, "file-out", "file-err", soon)
            await batching.start(batch)
            async with asyncio.timeout(20):
                while not (done := (await kept.batches.of("ann"))[0]).result:
                    pass
        assert (done.status, done.result.ended) == ("expired", 3)
        errors = b"".join([c async for c in kept.files.content("file-err")]).splitlines()
        late = [json.loads(one) for one in errors]
        assert [one["custom_id"] for one in late] == ["wait", "wait 2"]
        assert {one["error"]["code"] for one in late} == {"batch_expired"}
        assert b'"custom_id": "a"' in b"".join([c async for c in kept.files.content("file-out")])
    assert turns.at_work == 0


async def test_a_batch_that_breaks_is_logged_and_taken_up_by_the_next_server(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    turns = Watched(scripted(tmp_path))
    file = File("file-in", "ann", 0, "in.jsonl", "batch")
    left = StoredBatch("batch_1", "ann", 0, CHAT, file.id, "o", "e", int(NOW) + 9, total=1)
    async with opened(tmp_path / "test.db") as database:
        kept = shelf(database)
        await kept.files.save(file, once(written(line("a"))))
        await kept.batches.save(replace(left, status="in_progress"))
        async with database.begin() as connection:
            await connection.execute(text("ALTER TABLE batch_lines RENAME TO hidden"))
    async with serving(turns, home=tmp_path) as served:
        while "batch_1 stopped" not in caplog.text:
            await served.client().models.list()
    async with opened(tmp_path / "test.db") as database, database.begin() as connection:
        await connection.execute(text("ALTER TABLE hidden RENAME TO batch_lines"))
    async with serving(turns, home=tmp_path) as served:
        client = served.client()
        batch = await client.batches.retrieve("batch_1")
        assert (await until(client, batch, "completed")).output_file_id == "o"


async def once(content: bytes) -> AsyncGenerator[bytes, None]:
    yield content
