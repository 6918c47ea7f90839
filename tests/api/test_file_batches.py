"""Batches of files, put into vector stores while nobody waits, with OpenAI's own client."""

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import openai
import pytest
from openai import AsyncOpenAI
from sqlalchemy import text

from api.served import NOW, OTHER_KEY, Served, scripted, serving, upload
from pellucid.api.collections import Collections
from pellucid.api.enclosures import Enclosures
from pellucid.api.filling import Filling
from pellucid.store.db import opened
from pellucid.store.files import Files
from pellucid.store.vector_stores import Bounds, FileBatch, Member, VectorStore, VectorStores

STORM = b"The captain feared the storm of 1702.\n"


@pytest.fixture
async def served(tmp_path: Path) -> AsyncGenerator[Served, None]:
    async with serving(scripted(tmp_path)) as running:
        yield running


@pytest.fixture
def client(served: Served) -> AsyncOpenAI:
    return served.client()


async def ended(client: AsyncOpenAI, batch_id: str, store: str) -> Any:
    """The batch, once it has ended."""
    batches = client.vector_stores.file_batches
    async with asyncio.timeout(20):
        while True:
            batch = await batches.retrieve(batch_id, vector_store_id=store)
            if batch.status != "in_progress":
                return batch


async def test_files_come_many_at_a_time(served: Served, client: AsyncOpenAI) -> None:
    store = (await client.vector_stores.create()).id
    storm, broken = await upload(client, STORM), await upload(client, b"\0", "b.bin")
    files: Any = [{"file_id": storm, "attributes": {"year": 1702}}, {"file_id": broken}]
    batch = await client.vector_stores.file_batches.create(store, files=files)
    assert (batch.vector_store_id, batch.file_counts.total) == (store, 2)
    batch = await ended(client, batch.id, store)
    counts = batch.file_counts
    assert (batch.status, counts.completed, counts.failed) == ("completed", 1, 1)
    listed = client.vector_stores.file_batches.list_files
    failed = (await listed(batch.id, vector_store_id=store, filter="failed")).data
    assert [one.id for one in failed] == [broken]
    assert failed[0].last_error
    assert "b.bin is not text" in failed[0].last_error.message
    found = await client.vector_stores.search(store, query="storm")
    assert [one.attributes for one in found.data] == [{"year": 1702}]
    calm = await upload(client, b"The albatross sleeps.\n")
    more = await client.vector_stores.file_batches.create(
        store, file_ids=[calm], attributes={"kind": "bird"}
    )
    await ended(client, more.id, store)
    file = await client.vector_stores.files.retrieve(calm, vector_store_id=store)
    assert (file.status, file.attributes) == ("completed", {"kind": "bird"})
    assert len((await listed(batch.id, vector_store_id=store)).data) == 2
    stays = await client.vector_stores.file_batches.cancel(more.id, vector_store_id=store)
    assert stays.status == "completed"
    with pytest.raises(openai.NotFoundError, match="vsfb_none"):
        await client.vector_stores.file_batches.retrieve("vsfb_none", vector_store_id=store)
    other = served.client(api_key=OTHER_KEY).vector_stores.file_batches
    with pytest.raises(openai.NotFoundError, match=store):
        await other.retrieve(batch.id, vector_store_id=store)


async def test_what_is_noted_of_a_file_and_what_was_read_of_it(client: AsyncOpenAI) -> None:
    files = client.vector_stores.files
    storm = await upload(client, STORM)
    store = (await client.vector_stores.create(file_ids=[storm])).id
    changed = await files.update(storm, vector_store_id=store, attributes={"year": 1703})
    assert changed.attributes == {"year": 1703}
    assert await files.retrieve(storm, vector_store_id=store) == changed
    emptied = await files.update(storm, vector_store_id=store, attributes=None)
    assert emptied.attributes == {}
    read = await files.content(storm, vector_store_id=store)
    assert [(one.type, one.text) for one in read.data] == [("text", STORM.decode())]
    broken = await upload(client, b"\0", "b.bin")
    await files.create(store, file_id=broken)
    assert (await files.content(broken, vector_store_id=store)).data == []


BAD: list[tuple[Any, str]] = [
    ({}, "files"),
    ({"file_ids": ["file-none"], "files": [{"file_id": "file-none"}]}, "files"),
    ({"file_ids": ["file-none"]}, "file_ids[0]"),
    ({"files": [{"file_id": "file-none"}]}, "files[0].file_id"),
    ({"files": [{"file_id": "a", "attributes": {"a": "x" * 513}}]}, "files[0].attributes.a"),
]


@pytest.mark.parametrize(("body", "param"), BAD)
async def test_a_batch_that_cannot_be_is_refused_by_its_place(
    client: AsyncOpenAI, body: Any, param: str
) -> None:
    store = (await client.vector_stores.create()).id
    with pytest.raises(openai.APIStatusError) as refused:
        await client.vector_stores.file_batches.create(store, **body)
    assert refused.value.param == param


async def test_more_files_than_a_store_may_have_are_refused(client: AsyncOpenAI) -> None:
    store = (await client.vector_stores.create()).id
    ids = [await upload(client, STORM) for _ in range(4)]
    with pytest.raises(openai.BadRequestError, match="3 files"):
        await client.vector_stores.file_batches.create(store, file_ids=ids)
    assert (await client.vector_stores.retrieve(store)).file_counts.total == 0


async def test_a_batch_that_was_left_is_taken_up_and_one_that_was_cancelled_is_not(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with opened(tmp_path / "test.db") as database:
        stores = VectorStores(database, lambda: NOW, Bounds(bytes=4_000))
        files = Files(database, lambda: NOW, 1_000_000)
        await stores.make(VectorStore("vs_1", "ann", 1, 1))
        for batch_id, batch_files in {"b1": ["file-gone"], "b2": ["file-2", "file-3"]}.items():
            members = [
                Member("vs_1", f, 1, {}, batch=batch_id, state="waiting") for f in batch_files
            ]
            await stores.begin(FileBatch(batch_id, "vs_1", 1), members)
        assert await stores.unfinished() == ("b1", "b2")
        await stores.cancel(FileBatch("b2", "vs_1", 1))
        late = Member("vs_1", "file-2", 1, {}, bytes=9, batch="b2")
        await stores.finish(late, None)  # read meanwhile
        filling = Filling(Collections(stores, Enclosures(files)))
        async with filling:
            pass  # a server that ends at once
        async with database.begin() as connection:
            full = "BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"
            await connection.execute(
                text(f"CREATE TRIGGER full BEFORE UPDATE ON vector_store_files {full}")
            )
        async with filling, asyncio.timeout(20):
            while "b1 stopped" not in caplog.text:
                await stores.unfinished()
        assert "the disk is full" in caplog.text
        assert await stores.unfinished() == ("b1",)
        async with database.begin() as connection:
            await connection.execute(text("DROP TRIGGER full"))
        async with filling, asyncio.timeout(20):
            while await stores.unfinished():
                pass
        told = {one.file: (one.state, one.error) for one in await stores.files("vs_1")}
        assert told["file-gone"] == ("ended", "The file is gone.")
        assert told["file-2"] == told["file-3"] == ("cancelled", "")
        assert await stores.contents("vs_1") == ()
