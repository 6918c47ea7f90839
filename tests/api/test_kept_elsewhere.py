"""What clients see of a server that keeps everything on PostgreSQL."""

import base64
import io
import json
from pathlib import Path
from typing import Any

import openai
import pytest
from openai import AsyncOpenAI

from api.served import Served, scripted, serving
from postgres_server import Server
from reader.pdf_files import pdf

SUM = "What is 6 * 7?"
TALK: Any = [{"role": "user", "content": SUM}]
CALM = 'On which page does the section "Of calm" begin?'
SEA = base64.b64encode(pdf(["This is about the sea.", "Of calm\nAll is quiet."])).decode()
QUESTION: Any = [
    {
        "role": "user",
        "content": [
            {"type": "input_file", "filename": "a\0b.pdf", "file_data": SEA},
            {"type": "input_text", "text": CALM},
        ],
    }
]


async def test_the_next_server_finds_everything(postgresql: Server, tmp_path: Path) -> None:
    place = postgresql.database()
    async with serving(scripted(tmp_path), home=tmp_path, place=place) as served:
        client = served.client()
        talk = await client.conversations.create(metadata={"a": "b"})
        first = await client.responses.create(
            model="pellucid-mini", input=SUM, conversation=talk.id
        )
        kept = await client.chat.completions.create(
            model="pellucid-mini", messages=TALK, store=True, metadata={"run": "é\0"}
        )
        behind = await client.responses.create(model="pellucid-mini", input=SUM, background=True)
        file = await in_parts(client, b"a" * 10, b"b" * 10)
        batch = await client.batches.create(
            input_file_id=(await requests(client)).id,
            endpoint="/v1/chat/completions",
            completion_window="24h",
        )
        store = (await client.vector_stores.create()).id
        filled = await client.vector_stores.file_batches.create(store, file_ids=[file])
    async with serving(scripted(tmp_path), home=tmp_path, place=place) as served:
        client = served.client()
        files = client.vector_stores.file_batches
        while (await files.retrieve(filled.id, vector_store_id=store)).status != "completed":
            pass
        noted = await client.vector_stores.files.update(
            file, vector_store_id=store, attributes={"year": 1702}
        )
        assert (noted.status, noted.attributes) == ("completed", {"year": 1702})
        assert (await files.cancel(filled.id, vector_store_id=store)).status == "completed"
        items = (await client.conversations.items.list(talk.id)).data
        assert [item.type for item in items if item.type == "message"] == ["message"] * 2
        again = await client.responses.create(
            model="pellucid-mini", input="Say it again.", previous_response_id=first.id
        )
        assert again.status == "completed"
        found = await client.chat.completions.list(metadata={"run": "é\0"})
        assert [one.id for one in found.data] == [kept.id]
        assert (await client.chat.completions.list(metadata={"run": "é"})).data == []
        assert (await client.files.content(file)).content == b"a" * 10 + b"b" * 10
        while (await client.responses.retrieve(behind.id)).status != "completed":
            pass
        while (done := await client.batches.retrieve(batch.id)).status != "completed":
            pass
        assert done.request_counts
        assert (done.request_counts.completed, done.request_counts.failed) == (3, 1)
        assert done.usage
        assert done.usage.total_tokens > 0
        await nothing_is_there(served, "\0")
        assert not (tmp_path / "test.db").exists()


async def in_parts(client: AsyncOpenAI, *parts: bytes) -> str:
    """The id of a file that came in parts."""
    upload = await client.uploads.create(
        bytes=sum(map(len, parts)), filename="a\0b", mime_type="text/plain", purpose="user_data"
    )
    ids = [
        (await client.uploads.parts.create(upload.id, data=io.BytesIO(part))).id for part in parts
    ]
    done = await client.uploads.complete(upload.id, part_ids=ids)
    assert done.file
    return done.file.id


async def requests(client: AsyncOpenAI) -> Any:
    """A file of four requests, of which the last cannot be answered."""
    rows = [
        {
            "custom_id": str(number),
            "method": "POST",
            "url": "/v1/chat/completions",
            "body": {"model": "pellucid-mini", "messages": TALK, "n": 1 if number < 3 else 10**6},
        }
        for number in range(4)
    ]
    content = "\n".join(map(json.dumps, rows)).encode()
    return await client.files.create(file=("in.jsonl", content), purpose="batch")


async def nothing_is_there(served: Served, name: str) -> None:
    """Whatever is looked up under a name does not exist."""
    client = served.client()
    for look in (
        client.files.retrieve,
        client.responses.retrieve,
        client.conversations.retrieve,
        client.chat.completions.retrieve,
        client.batches.retrieve,
        client.vector_stores.retrieve,
    ):
        with pytest.raises(openai.NotFoundError):
            await look(name)


async def test_documents_and_stores_of_them_are_found_too(
    postgresql: Server, tmp_path: Path
) -> None:
    place = postgresql.database()
    async with serving(scripted(tmp_path), home=tmp_path, place=place) as served:
        client = served.client()
        first = await client.responses.create(model="pellucid-mini", input=QUESTION)
        (file,) = (await client.files.list()).data
        store = await client.vector_stores.create(name="a\0b", file_ids=[file.id])
    async with serving(scripted(tmp_path), home=tmp_path, place=place) as served:
        client = served.client()
        again = await client.responses.create(
            model="pellucid-mini", input=CALM, previous_response_id=first.id
        )
        within: Any = [{"type": "file_search", "vector_store_ids": [store.id]}]
        found = await client.responses.create(model="pellucid-mini", input=CALM, tools=within)
        assert again.output_text == found.output_text == '"Of calm" begins on page 2.'
        results = await client.vector_stores.search(store.id, query="quiet")
        assert [one.file_id for one in results.data] == [file.id]
        for reply_id in {first.id, again.id}:  # ids count from zero in each server
            await client.responses.delete(reply_id)
        assert (await client.files.list()).data == []
        assert (await client.vector_stores.files.list(store.id)).data == []
        await nothing_is_there(served, "\0")
