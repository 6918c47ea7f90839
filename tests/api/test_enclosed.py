"""Documents in messages, sent and asked about with OpenAI's own client."""

import asyncio
import base64
import json
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import openai
import pytest
from openai import AsyncOpenAI
from openai.types.responses import Response, ResponseOutputText

from api.served import KEY, NOW, OTHER_KEY, Served, scripted, serving
from api.test_reply_cache import Told, remembering
from pellucid.api.enclosures import Enclosures
from pellucid.api.websocket import Limits
from pellucid.api.wire.cited import citations
from pellucid.api.wire.enclosed import Enclosed
from pellucid.api.wire.errors import WireError
from pellucid.core.items import Item, Message, ToolCall, ToolResult
from pellucid.core.turn import Attachment
from pellucid.store.db import opened
from pellucid.store.files import Files
from reader.pdf_files import pdf

PAGES = (
    "This is a report about the sea.",
    "Of storms\nThe captain feared the storm.",
    "Of calm\nThe albatross sleeps.",
)
REPORT = pdf(PAGES, [("Of storms", 2), ("Of calm", 3)])
OTHER = pdf((*PAGES[:1], *PAGES), [("Of calm", 4)])
CALM = 'On which page does the section "Of calm" begin?'
STORMS = 'On which page does the section "Of storms" begin?'
REST = 'What is the rest of the sentence that begins "The captain feared"?'
ANSWER = '"Of calm" begins on page 3.'
PICTURE = b"\x89PNG\r\n\x1a\n\0 a picture"


def url(content: bytes, kind: str = "application/pdf") -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


def file(content: bytes = REPORT, name: str = "report.pdf") -> Any:
    return {"type": "input_file", "filename": name, "file_data": url(content)}


def asking(text: str, *parts: Any) -> Any:
    return [{"role": "user", "content": [*parts, {"type": "input_text", "text": text}]}]


def chat(text: str, *parts: Any) -> Any:
    return [{"role": "user", "content": [*parts, {"type": "text", "text": text}]}]


@pytest.fixture
async def served(tmp_path: Path) -> AsyncGenerator[Served, None]:
    async with serving(scripted(tmp_path)) as running:
        yield running


@pytest.fixture
def client(served: Served) -> AsyncOpenAI:
    return served.client()


async def asked(client: AsyncOpenAI, given: Any, **more: Any) -> Response:
    reply = await client.responses.create(model="pellucid-mini", input=given, **more)
    assert isinstance(reply, Response)
    return reply


def raw(given: Any) -> Any:
    """What was sent: OpenAI's types take an input message for an answer."""
    return given.model_dump(exclude_unset=True, warnings=False)


def cited(reply: Response) -> list[tuple[str, str, int]]:
    (message,) = [item for item in reply.output if item.type == "message"]
    (part,) = message.content
    assert isinstance(part, ResponseOutputText)
    return [(a.file_id, a.filename, a.index) for a in part.annotations if a.type == "file_citation"]


async def names(client: AsyncOpenAI) -> list[str]:
    return [one.filename for one in (await client.files.list()).data]


async def test_a_document_is_asked_about_cited_and_kept_as_long_as_a_response_has_it(
    client: AsyncOpenAI,
) -> None:
    first = await asked(client, asking(CALM, {**file(), "detail": "low"}))
    assert first.output_text == ANSWER
    ((file_id, name, index),) = cited(first)
    assert (name, first.output_text[index:]) == ("report.pdf", "page 3.")
    (item,) = (await client.responses.input_items.list(first.id)).data
    kept = {"type": "input_file", "file_id": file_id, "filename": "report.pdf", "detail": "low"}
    assert raw(item)["content"][0] == kept
    assert (await client.files.content(file_id)).content == REPORT
    second = await asked(client, STORMS, previous_response_id=first.id)
    assert second.output_text == '"Of storms" begins on page 2.'
    await client.responses.delete(first.id)
    third = await asked(client, REST, previous_response_id=second.id, store=False)
    assert "(report.pdf, page 2)" in third.output_text
    assert [third.output_text[at:][:18] for _, _, at in cited(third)] == ["report.pdf, page 2"]
    await client.responses.delete(second.id)
    assert await names(client) == []
    again = await asked(client, [raw(item), *asking(CALM, file())], store=False)
    assert (again.output_text, cited(again), await names(client)) == (ANSWER, [], [])


async def test_a_file_that_was_uploaded_is_named_by_its_id_and_stays(
    served: Served, client: AsyncOpenAI
) -> None:
    there = await client.files.create(file=("sea.pdf", REPORT), purpose="user_data")
    part: Any = {"type": "input_file", "file_id": there.id}
    stream = await client.responses.create(
        model="pellucid-mini", input=asking(CALM, part), stream=True
    )
    events = [event async for event in stream]
    (added,) = [e for e in events if e.type == "response.output_text.annotation.added"]
    assert raw(added)["annotation"]["file_id"] == there.id
    reply = events[-1].response  # type: ignore[union-attr]
    assert cited(reply) == [(there.id, "sea.pdf", len('"Of calm" begins on '))]
    follow: Any = {"model": "pellucid-mini", "input": CALM, "previous_response_id": reply.id}
    await client.files.delete(there.id)
    with pytest.raises(openai.BadRequestError, match=f"{there.id}' of an earlier message is gone"):
        await client.responses.create(**follow)
    with pytest.raises(openai.NotFoundError, match="No such File object") as refused:
        await asked(client, asking(CALM, part))
    assert refused.value.param == "input[0].content[0].file_id"
    there = await client.files.create(file=("sea.pdf", REPORT), purpose="user_data")
    part["file_id"] = there.id
    with pytest.raises(openai.NotFoundError, match="No such File object"):
        await asked(served.client(api_key=OTHER_KEY), asking(CALM, part))
    await client.responses.delete((await asked(client, asking(CALM, part))).id)
    assert await names(client) == ["sea.pdf"]


async def test_conversations_keep_their_documents(client: AsyncOpenAI) -> None:
    talk = await client.conversations.create(items=asking("Read this.", file()))
    (first,) = (await client.conversations.items.list(talk.id)).data
    reply = await asked(client, CALM, conversation=talk.id, store=False)
    assert reply.output_text == ANSWER
    assert cited(reply)
    added = await client.conversations.items.create(
        talk.id, items=asking("And this.", file(OTHER, "other.pdf"))
    )
    both = await asked(client, CALM, conversation=talk.id, store=False)
    pages = '"Of calm" begins on page 3 of report.pdf.\n"Of calm" begins on page 4 of other.pdf.'
    assert both.output_text == pages
    assert [name for _, name, _ in cited(both)] == ["report.pdf", "other.pdf"]
    await client.conversations.items.delete(first.id, conversation_id=talk.id)
    assert await names(client) == ["other.pdf"]
    assert added.data[0].id
    within = await asked(client, asking(STORMS, file()), conversation=talk.id, store=False)
    assert "page 2 of report.pdf" in within.output_text
    assert sorted(await names(client)) == ["other.pdf", "report.pdf"]
    await client.conversations.delete(talk.id)
    assert await names(client) == []


async def test_chat_reads_documents_too(client: AsyncOpenAI) -> None:
    data: Any = {"type": "file", "file": {"filename": "report.pdf", "file_data": url(REPORT)}}
    made: Any = {"model": "pellucid-mini", "messages": chat(CALM, data)}
    reply = await client.chat.completions.create(**made, store=True)
    assert reply.choices[0].message.content == ANSWER
    (there,) = (await client.files.list()).data
    (message,) = (await client.chat.completions.messages.list(reply.id)).data
    part = {"type": "file", "file": {"file_id": there.id, "filename": "report.pdf"}}
    assert raw(message)["content_parts"][0] == part
    again = [*chat("Read this.", part), *chat(CALM)]
    stream = await client.chat.completions.create(
        model="pellucid-mini", messages=again, stream=True, n=2
    )
    assert ANSWER in "".join([c.delta.content or "" async for e in stream for c in e.choices])
    await client.chat.completions.delete(reply.id)
    assert await names(client) == []
    await client.chat.completions.create(**made)
    assert await names(client) == []


BOTH = {**file(), "file_id": "file-1"}
WEB = "https://example.org/a"
BAD: list[tuple[Any, str, str, str]] = [
    ({"type": "input_file"}, "missing_required_parameter", "file_id", "file_id"),
    (BOTH, "mutually_exclusive_parameters", "file_id", "only one of both"),
    ({"type": "input_file", "file_url": WEB}, "unsupported_parameter", "file_url", "file_data"),
    ({"type": "input_file", "file_id": "a b"}, "invalid_value", "file_id", "no blanks"),
    ({"type": "input_file", "file_id": 1}, "invalid_type", "file_id", "string"),
    ({"type": "input_file", "file_data": "a$"}, "invalid_value", "file_data", "no base64"),
    ({"type": "input_file", "file_data": "data:,hi"}, "invalid_value", "file_data", "be base64"),
    ({"type": "input_file", "file_data": "data:hi"}, "invalid_value", "file_data", "be base64"),
    ({"type": "input_file", "file_data": url(b"")}, "invalid_value", "file_data", "empty"),
    (file(b"%PDF-1.4 broken"), "invalid_file", "file_data", "The file report.pdf"),
    ({"type": "input_image"}, "missing_required_parameter", "file_id", "file_id"),
    ({"type": "input_image", "image_url": WEB}, "unsupported_parameter", "image_url", "data URL"),
    ({"type": "input_image", "image_url": url(PICTURE, "image/png")}, "invalid_file", "image_url",
     "The file image.png"),
    ({"type": "input_image", "image_url": url(PICTURE, "image/png"), "detail": "huge"},
     "invalid_value", "detail", "original"),
    (file(b"x" * 50_001, "long.txt"), "file_too_large", "file_data", "50,000 bytes together"),
]  # fmt: skip


@pytest.mark.parametrize(("part", "code", "param", "said"), BAD)
async def test_what_cannot_be_read_is_refused_by_its_place(
    client: AsyncOpenAI, part: Any, code: str, param: str, said: str
) -> None:
    with pytest.raises(openai.BadRequestError, match=said) as refused:
        await asked(client, asking(CALM, part))
    assert (refused.value.code, refused.value.param) == (code, f"input[0].content[0].{param}")
    assert await names(client) == []


BAD_CHAT: list[tuple[Any, str, str]] = [
    ({"type": "file"}, "file", "file"),
    ({"type": "file", "file": {}}, "file.file_id", "file_id"),
    ({"type": "image_url", "image_url": {}}, "image_url.url", "url"),
    ({"type": "image_url", "image_url": {"url": WEB}}, "image_url.url", "data URL"),
    ({"type": "image_url", "image_url": {"url": url(PICTURE, "image/png")}}, "image_url.url",
     "The file image.png"),
]  # fmt: skip


@pytest.mark.parametrize(("part", "param", "said"), BAD_CHAT)
async def test_chat_refuses_by_place_too(
    client: AsyncOpenAI, part: Any, param: str, said: str
) -> None:
    with pytest.raises(openai.BadRequestError, match=said) as refused:
        await client.chat.completions.create(model="pellucid-mini", messages=chat(CALM, part))
    assert refused.value.param == f"messages[0].content[0].{param}"


async def test_files_stand_in_questions_not_in_answers(client: AsyncOpenAI) -> None:
    said = [{**asking("Here.", file())[0], "role": "assistant"}, *asking(CALM)]
    with pytest.raises(openai.BadRequestError, match="'input_file' is not supported"):
        await asked(client, said)
    part = {"type": "file", "file": {"file_data": "aGk="}}
    said = [{**chat("Here.", part)[0], "role": "assistant"}, *chat(CALM)]
    with pytest.raises(openai.BadRequestError, match="'file' is not supported"):
        await client.chat.completions.create(model="pellucid-mini", messages=said)
    with pytest.raises(openai.BadRequestError, match="question is empty"):
        await asked(client, [{"role": "user", "content": [file()]}])


async def test_a_conversation_has_so_many_files_and_the_server_so_much_space(
    client: AsyncOpenAI,
) -> None:
    parts = [file(REPORT, f"{n}.pdf") for n in range(4)]
    with pytest.raises(openai.BadRequestError, match=r"has 4 files; 3 are the most"):
        await asked(client, asking(CALM, *parts))
    for n in range(10):
        await client.files.create(file=(f"{n}", b"x" * 99_000), purpose="user_data")
    large = file(REPORT + b"\n" * 10_000)
    with pytest.raises(openai.BadRequestError, match="PELLUCID_STORE_SPACE"):
        await asked(client, asking(CALM, large))
    assert (await asked(client, asking(CALM, large), store=False)).output_text == ANSWER


async def test_text_is_bounded_as_a_whole(tmp_path: Path) -> None:
    async with opened(tmp_path / "test.db") as database:
        files = Enclosures(Files(database, lambda: NOW, 10))
        given = [Enclosed(f"file-{n}", "", "a.txt", b"x" * 600_000) for n in range(2)]
        read = await files.read([Message("user", "", ("file-0",))], "ann", given, keep=False)
        assert [(one.name, one.file_id) for one in read] == [("a.txt", "")]
        with pytest.raises(WireError, match="1,200,000 bytes"):
            await files.read([Message("user", "", ("file-0", "file-1"))], "ann", given, keep=False)


async def test_other_files_are_another_question(tmp_path: Path) -> None:
    async with remembering(tmp_path, Told()) as served:
        client = served.client()
        first = await asked(client, asking(CALM, file()))
        same = await asked(client, asking(CALM, file()))
        other = await asked(client, asking(CALM, file(OTHER)))
        told = [raw(one)["pellucid"].get("cached") for one in (first, same, other)]
        assert told == [None, True, None]
        assert cited(same) == cited(first)
        assert [one.output_text[-7:] for one in (first, other)] == ["page 3.", "page 4."]


async def test_a_response_in_the_background_has_its_documents(client: AsyncOpenAI) -> None:
    reply = await asked(client, asking(CALM, file()), background=True)
    async with asyncio.timeout(10):
        stream = await client.responses.retrieve(reply.id, stream=True)
        _ = [event async for event in stream]
    done = await client.responses.retrieve(reply.id)
    assert done.output_text == ANSWER
    assert await names(client) == ["report.pdf"]
    await client.responses.delete(reply.id)
    assert await names(client) == []


async def test_a_connection_remembers_documents_that_are_not_kept(served: Served) -> None:
    client = served.client()
    async with client.responses.connect() as connection:
        given: Any = {"model": "pellucid-mini", "store": False}
        await connection.response.create(**given, input=asking(CALM, file()))
        first = await last(connection)
        await connection.response.create(**given, input=STORMS, previous_response_id=first.id)
        assert (await last(connection)).output_text == '"Of storms" begins on page 2.'
        await connection.response.create(**given, input=CALM)
        assert "page 3" not in (await last(connection)).output_text
    assert await names(client) == []


async def test_a_connection_remembers_only_so_many_bytes(tmp_path: Path) -> None:
    limits = Limits(remembered=len(REPORT) - 1)
    async with (
        serving(scripted(tmp_path), sockets=limits) as served,
        served.client().responses.connect() as connection,
    ):
        given: Any = {"model": "pellucid-mini", "store": False}
        await connection.response.create(**given, input=asking(CALM, file()))
        first = await last(connection)
        await connection.response.create(**given, input=CALM, previous_response_id=first.id)
        refused = await connection.recv()
    assert "Send it again" in str(refused)


async def last(connection: Any) -> Response:
    async for event in connection:
        if event.type == "response.completed":
            return event.response  # type: ignore[no-any-return]
        assert event.type != "error", event
    raise AssertionError("the connection ended")


async def test_documents_count_as_the_model_is_shown_them(client: AsyncOpenAI) -> None:
    count = client.responses.input_tokens.count
    bare = await count(model="pellucid-mini", input=asking(CALM))
    whole = await count(model="pellucid-mini", input=asking(CALM, file()))
    assert whole.input_tokens > bare.input_tokens + 10
    assert await names(client) == []


async def test_compactions_keep_what_files_were_asked_about(client: AsyncOpenAI) -> None:
    compact: Any = client.responses.compact
    with pytest.raises(openai.BadRequestError, match="nothing is kept of a compaction"):
        await compact(model="pellucid-mini", input=asking(CALM, file()))
    there = await client.files.create(file=("sea.pdf", REPORT), purpose="user_data")
    talk = asking(CALM, {"type": "input_file", "file_id": there.id})
    made = await compact(model="pellucid-mini", input=talk)
    question, sealed = map(raw, made.output)
    assert question["content"][0] == {"type": "input_file", "file_id": there.id}
    for given in ([sealed], [question, sealed]):
        reply = await asked(client, [*given, *asking(STORMS)])
        assert reply.output_text == '"Of storms" begins on page 2.'


async def test_putting_files_in_place_is_no_program_of_the_answer(client: AsyncOpenAI) -> None:
    tools: Any = [{"type": "code_interpreter", "container": {"type": "auto"}}]
    table = file(b"month,sold\njan,3\nfeb,4\n", "sales.csv")
    reply = await asked(client, asking("What is the sum of sold?", table), tools=tools)
    calls = [one for one in reply.output if one.type == "code_interpreter_call"]
    assert len(calls) == 1
    assert "open('sales.csv', 'w'" not in calls[0].code  # type: ignore[operator]


def test_only_places_that_were_read_are_cited() -> None:
    read: list[Item] = [
        ToolCall("c1", "reader", "{}"),
        ToolResult(
            "c1", "[1] a.pdf, page 1\nx\n\n[2] a.pdf, page 12\ny\n\n[3] b.txt, lines 3-9\nz"
        ),
        ToolCall("c2", "python", ""),
        ToolResult("c2", "[1] a.pdf, page 7\nx"),
    ]
    kept = [Attachment("a.pdf", "", file_id="file-a"), Attachment("b.txt", "", file_id="file-b")]
    text = "(b.txt, lines 3-9) page 12 of a.pdf, a.pdf, page 7 and page 1"
    found = [(one["file_id"], one["index"]) for one in citations(text, read, kept)]
    assert found == [("file-b", 1), ("file-a", 19)]
    alone = [(one["filename"], one["index"]) for one in citations(text, read, kept[:1])]
    assert alone == [("a.pdf", 19), ("a.pdf", text.rindex("page 1"))]
    assert citations(text, read, [Attachment("a.pdf", "")]) == []


def test_slides_sections_and_files_of_archives_are_cited() -> None:
    places = ["t.pptx, slide 9", 'a.docx, section "Storms (1702)"', "a.zip, src/x.py lines 3-9"]
    told = "\n\n".join(f"[{n}] {place}\nx" for n, place in enumerate(places, start=1))
    read: list[Item] = [ToolCall("c", "reader", "{}"), ToolResult("c", f"3 parts\n\n{told}")]
    kept = [Attachment(name, "", file_id=name) for name in ("t.pptx", "a.docx", "a.zip")]
    found = citations("; ".join(places), read, kept)
    assert [one["file_id"] for one in found] == ["t.pptx", "a.docx", "a.zip"]


async def test_what_is_kept_of_a_request_has_no_bytes(tmp_path: Path) -> None:
    async with serving(scripted(tmp_path), home=tmp_path) as served:
        reply = await asked(served.client(), asking(CALM, file()), background=True)
        stream = await served.client().responses.retrieve(reply.id, stream=True)
        told = [event.to_dict() async for event in stream]
    assert "base64" not in json.dumps(told)
    assert base64.b64encode(REPORT)[:60] not in (tmp_path / "test.db").read_bytes()
    assert KEY
