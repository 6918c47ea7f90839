"""What is deleted leaves nothing behind: receipts go with responses, completions and files."""

from pathlib import Path
from typing import Any

import openai
import pytest

from api.served import OTHER_KEY, Endless, scripted, serving

SUM = "What is 6 * 7?"
CHAT: Any = [{"role": "user", "content": SUM}]


def receipts(home: Path) -> set[str]:
    return {path.stem for path in home.rglob("*.json") if path.stem.startswith(("resp", "chatc"))}


async def test_a_receipt_goes_with_its_response(tmp_path: Path) -> None:
    async with serving(scripted(tmp_path)) as served:
        client = served.client()
        made, other = [
            await client.responses.create(model="pellucid-mini", input=SUM) for _ in range(2)
        ]
        chat = await client.chat.completions.create(
            model="pellucid-mini", messages=CHAT, n=2, store=True
        )
        assert receipts(tmp_path) == {made.id, other.id, chat.id, f"{chat.id}-1"}
        with pytest.raises(openai.NotFoundError):
            await served.client(api_key=OTHER_KEY).responses.delete(made.id)
        await client.responses.delete(made.id)
        assert receipts(tmp_path) == {other.id, chat.id, f"{chat.id}-1"}
        await client.chat.completions.delete(chat.id)
        assert receipts(tmp_path) == {other.id}


async def test_receipts_of_turns_that_had_a_file_go_with_it(tmp_path: Path) -> None:
    async with serving(scripted(tmp_path)) as served:
        client = served.client()
        file = (
            await client.files.create(file=("a.txt", b"A storm.\n" * 200), purpose="user_data")
        ).id
        store = (await client.vector_stores.create(file_ids=[file])).id
        part = {"type": "input_file", "file_id": file}
        asked: Any = [
            {"role": "user", "content": [part, {"type": "input_text", "text": "Which storm?"}]}
        ]
        tools: Any = [{"type": "file_search", "vector_store_ids": [store]}]
        other = await client.responses.create(model="pellucid-mini", input=SUM)
        for more in ({"input": asked}, {"input": "Which storm?", "tools": tools}):
            await client.responses.create(model="pellucid-mini", **more)
        assert len(receipts(tmp_path)) == 3
        with pytest.raises(openai.NotFoundError):
            await served.client(api_key=OTHER_KEY).files.delete(file)
        await client.files.delete(file)
        assert receipts(tmp_path) == {other.id}


async def test_a_file_goes_where_there_are_no_receipts_too() -> None:
    async with serving(Endless()) as served:
        client = served.client()
        file = await client.files.create(file=("a.txt", b"A storm."), purpose="user_data")
        assert (await client.files.delete(file.id)).deleted
        with pytest.raises(openai.NotFoundError):
            await client.files.retrieve(file.id)
