"""Vector stores, filled and searched with OpenAI's own client."""

import base64
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import openai
import pytest
from openai import AsyncOpenAI
from openai.types.responses import Response, ResponseFileSearchToolCall

from api.served import NOW, OTHER_KEY, Served, scripted, serving, upload
from pellucid.api.collections import Collections
from pellucid.api.enclosures import Enclosures
from pellucid.api.wire.errors import WireError
from pellucid.api.wire.file_search import Searching
from pellucid.api.wire.vector_stores import fits
from pellucid.core.turn import Attachment
from pellucid.store.db import opened
from pellucid.store.files import Files
from pellucid.store.vector_stores import Member, VectorStore, VectorStores
from reader.office_files import xlsx, zipped
from reader.pdf_files import pdf

STORM = b"The captain feared the storm of 1702.\n"
CALM = b"The albatross sleeps while flying.\n"


@pytest.fixture
async def served(tmp_path: Path) -> AsyncGenerator[Served, None]:
    async with serving(scripted(tmp_path)) as running:
        yield running


@pytest.fixture
def client(served: Served) -> AsyncOpenAI:
    return served.client()


async def test_a_store_lives_until_it_is_deleted(served: Served, client: AsyncOpenAI) -> None:
    file = await upload(client, STORM)
    made = await client.vector_stores.create(
        name="sea", file_ids=[file], metadata={"a": "b"}, description="Of the sea.",
        expires_after={"anchor": "last_active_at", "days": 2},
    )  # fmt: skip
    assert (made.name, made.status, made.usage_bytes) == ("sea", "completed", len(STORM))
    assert (made.file_counts.completed, made.file_counts.total) == (1, 1)
    assert made.expires_at == int(NOW) + 2 * 86_400
    assert await client.vector_stores.retrieve(made.id) == made
    other = await client.vector_stores.create()
    assert [one.id for one in (await client.vector_stores.list(order="asc")).data] == [
        made.id, other.id,
    ]  # fmt: skip
    changed = await client.vector_stores.update(made.id, name="waves", metadata={})
    assert (changed.name, changed.metadata) == ("waves", {})
    assert changed.expires_at == made.expires_at
    assert (await client.vector_stores.update(made.id, expires_after=None)).expires_at is None
    days: Any = {"anchor": "last_active_at", "days": 1}
    again = await client.vector_stores.update(made.id, expires_after=days)
    assert (again.name, again.expires_at) == ("waves", int(NOW) + 86_400)
    with pytest.raises(openai.NotFoundError, match=made.id):
        await served.client(api_key=OTHER_KEY).vector_stores.retrieve(made.id)
    assert (await client.vector_stores.delete(made.id)).deleted
    with pytest.raises(openai.NotFoundError, match=made.id):
        await client.vector_stores.retrieve(made.id)
    assert (await client.files.retrieve(file)).id == file


async def test_files_come_and_go(client: AsyncOpenAI) -> None:
    store = (await client.vector_stores.create()).id
    files = client.vector_stores.files
    storm, broken = await upload(client, STORM), await upload(client, b"\0", "b.bin")
    added = await files.create_and_poll(storm, vector_store_id=store, attributes={"year": 1702})
    assert (added.status, added.attributes) == ("completed", {"year": 1702.0})
    failed = await files.create(store, file_id=broken)
    assert failed.status == "failed"
    assert failed.last_error
    assert failed.last_error.message.startswith("The file b.bin is not text")
    assert [one.id for one in (await files.list(store, order="asc")).data] == [storm, broken]
    assert [one.id for one in (await files.list(store, filter="failed")).data] == [broken]
    assert (await client.vector_stores.retrieve(store)).file_counts.failed == 1
    assert await files.retrieve(storm, vector_store_id=store) == added
    await client.files.delete(broken)
    with pytest.raises(openai.NotFoundError, match=broken):
        await files.retrieve(broken, vector_store_id=store)
    assert (await files.delete(storm, vector_store_id=store)).deleted
    assert (await files.list(store)).data == []
    with pytest.raises(openai.NotFoundError, match="No such File object: file-none"):
        await files.create(store, file_id="file-none")


async def test_passages_are_found_best_first(client: AsyncOpenAI) -> None:
    storm, calm = await upload(client, STORM), await upload(client, CALM)
    store = (await client.vector_stores.create(file_ids=[calm])).id
    await client.vector_stores.files.create(store, file_id=storm, attributes={"kind": "wind"})

    async def found(query: Any, **more: Any) -> list[tuple[str, str]]:
        page = await client.vector_stores.search(store, query=query, **more)
        scores = [one.score for one in page.data]
        assert scores == sorted(scores, reverse=True)
        assert all(0 <= one <= 1 for one in scores)
        return [(one.file_id, one.filename) for one in page.data]

    assert await found("What did the captain fear?") == [(storm, "a.txt")]
    assert await found(["albatross", "captain storm"]) == [(storm, "a.txt"), (calm, "a.txt")]
    assert len(await found("albatross captain", max_num_results=1)) == 1
    assert await found("albatross captain ship", ranking_options={"score_threshold": 1}) == []
    assert len(await found("captain", ranking_options={"score_threshold": 0.9})) == 1
    assert len(await found("albatross captain", ranking_options={"ranker": "auto"})) == 2
    kind: Any = {"type": "ne", "key": "kind", "value": "wind"}
    assert await found("albatross captain", filters=kind) == [(calm, "a.txt")]
    assert await found("zebra") == []
    with pytest.raises(openai.BadRequestError) as refused:
        await found("storm", filters={"type": "and", "filters": [{"type": "is", "key": "a"}]})
    assert refused.value.param == "filters.filters[0].value"


async def test_what_is_too_much_is_refused_and_leaves_nothing(client: AsyncOpenAI) -> None:
    long, short = await upload(client, b"a\n" * 2_600), await upload(client, CALM)
    with pytest.raises(openai.BadRequestError, match="3 files, with 5,000 bytes of text"):
        await client.vector_stores.create(file_ids=[short, long])
    assert (await client.vector_stores.list()).data == []
    too_large = await upload(client, b"x" * 50_001, "large.txt")
    store = (await client.vector_stores.create()).id
    failed = await client.vector_stores.files.create(store, file_id=too_large)
    assert failed.last_error
    assert "large.txt has more than 50,000 bytes" in failed.last_error.message
    for _ in range(2):
        await client.vector_stores.create()
    with pytest.raises(openai.BadRequestError, match="3 vector stores"):
        await client.vector_stores.create()
    static: Any = {"type": "static", "static": {}}
    with pytest.raises(openai.BadRequestError, match="chunking_strategy"):
        await client.vector_stores.create(chunking_strategy=static)


async def test_what_nobody_used_for_too_long_is_expired(tmp_path: Path) -> None:
    async with serving(scripted(tmp_path), home=tmp_path) as served:
        async with opened(tmp_path / "test.db") as database:
            old = int(NOW) - 86_400
            stores = VectorStores(database, lambda: NOW)
            await stores.make(VectorStore("vs_old", "ann", old, old, 1))
        client = served.client()
        assert (await client.vector_stores.retrieve("vs_old")).status == "expired"
        with pytest.raises(openai.BadRequestError, match="nobody used it for 1 days"):
            await client.vector_stores.search("vs_old", query="storm")


FITTING: list[tuple[Any, bool]] = [
    ({"type": "eq", "key": "year", "value": 1702}, True),
    ({"type": "eq", "key": "none", "value": 1702}, False),
    ({"type": "ne", "key": "year", "value": 1702}, False),
    ({"type": "in", "key": "kind", "value": ["wind", "rain"]}, True),
    ({"type": "nin", "key": "kind", "value": ["wind", "rain"]}, False),
    ({"type": "gt", "key": "year", "value": 1702}, False),
    ({"type": "gte", "key": "year", "value": 1702}, True),
    ({"type": "lt", "key": "kind", "value": "z"}, True),
    ({"type": "lte", "key": "none", "value": 3}, False),
    ({"type": "lt", "key": "kind", "value": 3}, False),
    ({"type": "and", "filters": [{"type": "eq", "key": "year", "value": 1702},
                                 {"type": "eq", "key": "kind", "value": "rain"}]}, False),
    ({"type": "or", "filters": [{"type": "eq", "key": "year", "value": 1702},
                                {"type": "eq", "key": "kind", "value": "rain"}]}, True),
    (None, True),
]  # fmt: skip


@pytest.mark.parametrize(("filters", "fitting"), FITTING)
def test_files_are_chosen_by_what_is_noted_about_them(filters: Any, fitting: bool) -> None:
    assert fits(filters, {"year": 1702.0, "kind": "wind"}) is fitting


def test_a_filter_that_is_none_is_refused_by_its_place() -> None:
    with pytest.raises(WireError) as refused:
        fits({"type": "or", "filters": []}, {})
    assert refused.value.param == "filters.filters"


PAGES = ("This is about the sea.", "Of storms\nThe captain feared the storm.", "Of calm\nQuiet.")
SEA = pdf(PAGES, [("Of storms", 2), ("Of calm", 3)])
CALM_PAGE = 'On which page does the section "Of calm" begin?'
REST = 'What is the rest of the sentence that begins "The captain feared"?'


async def sea(client: AsyncOpenAI) -> tuple[str, str]:
    """A store with a document, and the id of that."""
    file = await upload(client, SEA, "sea.pdf")
    store = (await client.vector_stores.create()).id
    await client.vector_stores.files.create(store, file_id=file, attributes={"kind": "book"})
    return store, file


def searching(store: str, **more: Any) -> Any:
    return [{"type": "file_search", "vector_store_ids": [store], **more}]


async def asked(client: AsyncOpenAI, text: str, tools: Any, **more: Any) -> Response:
    reply = await client.responses.create(model="pellucid-mini", input=text, tools=tools, **more)
    assert isinstance(reply, Response)
    return reply


async def test_an_answer_is_looked_up_in_stores_and_cites_their_files(client: AsyncOpenAI) -> None:
    store, file = await sea(client)
    reply = await asked(client, CALM_PAGE, searching(store), tool_choice={"type": "file_search"})
    assert reply.output_text == '"Of calm" begins on page 3.'
    kinds = [item.type for item in reply.output]
    assert kinds == ["file_search_call", "message"]
    call, message = reply.output
    assert isinstance(call, ResponseFileSearchToolCall)
    assert (call.queries, call.results, call.status) == (["Of calm"], None, "completed")
    assert message.content[0].annotations[0].file_id == file  # type: ignore[union-attr]
    talk = await client.conversations.create()
    stream = await client.responses.create(
        model="pellucid-mini", input=REST, tools=searching(store, max_num_results=1),
        include=["file_search_call.results"], stream=True, conversation=talk.id,
    )  # fmt: skip
    events = [event async for event in stream]
    stages = [e.type.rpartition(".")[2] for e in events if "file_search_call" in e.type]
    assert stages == ["in_progress", "searching", "completed"]
    done = events[-1].response  # type: ignore[union-attr]
    call = next(one for one in done.output if one.type == "file_search_call")
    assert [(one.file_id, one.filename) for one in call.results or ()] == [(file, "sea.pdf")]
    assert [(one.score, one.attributes) for one in call.results or ()] == [(1.0, {"kind": "book"})]
    assert "captain feared the storm" in (call.results or [])[0].text  # type: ignore[operator]
    assert "ignored" not in done.pellucid
    again = await asked(client, CALM_PAGE, searching(store), conversation=talk.id)
    assert "page 3" in again.output_text


async def test_what_is_no_question_about_documents_is_not_looked_up(client: AsyncOpenAI) -> None:
    store, _ = await sea(client)
    for text, tools, more in (
        ("What is 6 * 7?", searching(store), {}),
        (CALM_PAGE, searching(store), {"tool_choice": "none"}),
    ):
        reply = await asked(client, text, tools, **more)
        assert "file_search_call" not in [item.type for item in reply.output]
    filters = {"type": "eq", "key": "kind", "value": "letter"}
    empty = await asked(client, CALM_PAGE, searching(store, filters=filters))
    assert "page 3" not in empty.output_text


async def test_a_tool_that_is_chosen_is_used(client: AsyncOpenAI) -> None:
    store, _ = await sea(client)
    tools = [*searching(store), {"type": "code_interpreter", "container": {"type": "auto"}}]

    def allowed(mode: str, *kinds: str) -> Any:
        return {"type": "allowed_tools", "mode": mode, "tools": [{"type": one} for one in kinds]}

    for text, choice, used in (
        ("What is 6 * 7?", {"type": "file_search"}, {"file_search_call"}),
        (CALM_PAGE, {"type": "code_interpreter"}, {"code_interpreter_call"}),
        (CALM_PAGE, "required", {"file_search_call"}),
        ("Hello!", "required", {"file_search_call"}),
        ("What is 6 * 7?", "required", {"code_interpreter_call"}),
        ("Hello!", allowed("required", "code_interpreter"), {"code_interpreter_call"}),
        (CALM_PAGE, allowed("auto", "code_interpreter"), set()),
        (CALM_PAGE, allowed("auto", "file_search"), {"file_search_call"}),
        ("What is 6 * 7?", allowed("auto", "file_search"), set()),
        ("What is 6 * 7?", "none", set()),
    ):
        reply = await asked(client, text, tools, tool_choice=choice)
        calls = {item.type for item in reply.output if item.type.endswith("_call")}
        assert calls == used, (text, choice)
        assert reply.to_dict()["tool_choice"] == choice


async def test_passages_that_are_too_little_about_a_question_are_not_read(
    client: AsyncOpenAI,
) -> None:
    store, _ = await sea(client)
    much, little = ({"ranking_options": {"score_threshold": one}} for one in (1.0, 0.1))
    question = "Which storm did the captain of the zebra fear?"
    for more, status in ((little, True), (much, False)):
        include: Any = ["file_search_call.results"]
        reply = await asked(client, question, searching(store, **more), include=include)
        call = next(one for one in reply.output if one.type == "file_search_call")
        assert [one.score is not None for one in call.results or ()] == [True] * status
        assert ("found in" in reply.output_text) is not status


BAD_CHOICES: list[tuple[Any, Any, str]] = [
    ({"type": "web_search"}, {}, "tool_choice"),
    ({"type": "allowed_tools", "mode": "auto", "tools": [{"type": "web_search"}]}, {},
     "tool_choice"),
    ({"type": "allowed_tools", "mode": "any", "tools": []}, {}, "tool_choice"),
    ({"type": "code_interpreter"}, {"reasoning": {"effort": "none"}}, "reasoning.effort"),
]  # fmt: skip


@pytest.mark.parametrize(("choice", "more", "param"), BAD_CHOICES)
async def test_a_choice_that_cannot_be_is_refused(
    client: AsyncOpenAI, choice: Any, more: Any, param: str
) -> None:
    tools: Any = [{"type": "code_interpreter", "container": {"type": "auto"}}]
    with pytest.raises(openai.BadRequestError) as refused:
        await asked(client, "Hello!", tools, tool_choice=choice, **more)
    assert refused.value.param == param


async def test_stores_and_messages_are_looked_up_in_together(client: AsyncOpenAI) -> None:
    store, file = await sea(client)
    data = base64.b64encode(SEA).decode()
    part: Any = {"type": "input_file", "filename": "sea.pdf", "file_data": data}
    text: Any = {"type": "input_text", "text": CALM_PAGE}
    given: Any = [{"role": "user", "content": [part, text]}]
    reply = await asked(client, given, searching(store))
    told = [f'"Of calm" begins on page 3 of {name}.' for name in ("sea.pdf", "2-sea.pdf")]
    assert reply.output_text.splitlines() == told
    cited = reply.output[-1].content[0].annotations  # type: ignore[union-attr]
    assert cited[1].file_id == file  # type: ignore[index,union-attr]
    more: Any = {"include": ["file_search_call.results"], "store": False}
    call = (await asked(client, given, searching(store), **more)).output[0]
    assert isinstance(call, ResponseFileSearchToolCall)
    assert [one.file_id for one in call.results or ()] == [file]


BAD_TOOLS: list[tuple[Any, Any, str, str]] = [
    (searching("vs_none"), {}, "tools", "vs_none"),
    (searching("a", vectors=1), {}, "tools[0].vectors", "vectors"),
    ([{"type": "file_search", "vector_store_ids": []}], {}, "tools[0].vector_store_ids", "1"),
    (searching("a", filters={"type": "is"}), {}, "tools[0].filters.key", "key"),
    (searching("a", ranking_options={"score_threshold": 1.5}), {},
     "tools[0].ranking_options.score_threshold", "less than or equal to 1"),
    (searching("a"), {"reasoning": {"effort": "none"}}, "reasoning.effort", "minimal"),
]  # fmt: skip


@pytest.mark.parametrize(("tools", "more", "param", "said"), BAD_TOOLS)
async def test_a_search_that_cannot_be_is_refused_by_its_place(
    client: AsyncOpenAI, tools: Any, more: Any, param: str, said: str
) -> None:
    with pytest.raises(openai.APIStatusError, match=said) as refused:
        await asked(client, CALM_PAGE, tools, **more)
    assert refused.value.param == param


async def test_no_more_is_searched_than_can_be(tmp_path: Path) -> None:
    async with opened(tmp_path / "test.db") as database:
        stores = VectorStores(database, lambda: NOW)
        store = VectorStore("vs_1", "ann", 1, 1)
        await stores.make(store)
        await stores.put(Member("vs_1", "file-1", 1, {}), Attachment("a.txt", "x" * 11))
        found = Collections(stores, Enclosures(Files(database, lambda: NOW, 10)), 10)
        with pytest.raises(WireError, match="have 11 characters; 10 are the most"):
            await found.library(Searching(("vs_1",), None, None, False), "ann")


async def test_the_sheets_of_a_workbook_are_the_parts_of_one_document(
    client: AsyncOpenAI,
) -> None:
    sheets = {"Boats": [["boat", "knots"], ["Skerrow", 12.0]], "Crew": [["name"], ["Halvard"]]}
    book = await client.files.create(file=("fleet.xlsx", xlsx(sheets)), purpose="user_data")
    tree = {"notes.txt": "Halvard mends nets.", "crew.csv": "name,rank\nHalvard,cook"}
    archive = await client.files.create(file=("a.zip", zipped(tree)), purpose="user_data")
    store = await client.vector_stores.create(file_ids=[book.id, archive.id])
    found = await client.vector_stores.search(store.id, query="Halvard")
    told = {(one.filename, one.content[0].text) for one in found.data}
    assert ("fleet.xlsx", "name\nHalvard") in told
    assert {name for name, _ in told} == {"fleet.xlsx", "a.zip"}
