"""The web, through OpenAI's own client: what is done is told, what is read is cited."""

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import openai
import pytest
from openai import AsyncOpenAI
from openai.types.responses import Response, ResponseFunctionWebSearch

from api.served import SEA, Served, scripted, serving
from pellucid.store import receipts

QUESTION = "Which storm did the captain of the HMS fear in the ship's logs?"
WEB: Any = [{"type": "web_search"}]


@pytest.fixture
async def served(tmp_path: Path) -> AsyncGenerator[Served, None]:
    async with serving(scripted(tmp_path)) as running:
        yield running


@pytest.fixture
def client(served: Served) -> AsyncOpenAI:
    return served.client()


async def ask(
    client: AsyncOpenAI, tools: Any = WEB, question: str = QUESTION, **more: Any
) -> Response:
    found = await client.responses.create(
        model="pellucid-mini", input=question, tools=tools, **more
    )
    assert isinstance(found, Response)
    return found


def actions(response: Response) -> list[dict[str, Any]]:
    calls = [one for one in response.output if isinstance(one, ResponseFunctionWebSearch)]
    return [one.action.model_dump(exclude_none=True) | {"status": one.status} for one in calls]


async def test_an_answer_is_looked_up_and_cites_its_page(
    client: AsyncOpenAI, tmp_path: Path
) -> None:
    response = await ask(client)
    done = {"status": "completed"}
    assert actions(response) == [
        {"type": "search", "query": QUESTION, "queries": [QUESTION], **done},
        {"type": "open_page", "url": SEA.url, **done},
        {"type": "find_in_page", "url": SEA.url, "pattern": QUESTION, **done},
    ]
    message: Any = response.output[-1]
    text = message.content[0]
    (cited,) = text.annotations
    assert (cited.type, cited.url, cited.title) == ("url_citation", SEA.url, SEA.title)
    assert text.text[cited.start_index : cited.end_index] == f"{SEA.url}, lines 1-2"
    kept = receipts.whole(tmp_path / f"{response.id}.json")
    pages = [
        entry["content"]["page"]
        for entry in kept["entries"]
        if entry["kind"] == "ToolResult" and entry["content"]["page"]
    ]
    assert [(page["url"], page["text"]) for page in pages] == [(SEA.url, SEA.text)]


async def test_addresses_that_were_found_are_told_where_they_are_wanted(
    client: AsyncOpenAI,
) -> None:
    response = await ask(client, include=["web_search_call.action.sources"])
    assert actions(response)[0]["sources"] == [{"type": "url", "url": SEA.url}]


async def test_what_fails_is_told(client: AsyncOpenAI) -> None:
    nothing = await ask(client, question="Search the web for zebras.")
    assert [one["status"] for one in actions(nothing)] == ["failed"]
    assert "found nothing" in nothing.output_text
    lost = await ask(client, question="Read https://lost.example/page for me, what is it about?")
    assert [one["type"] for one in actions(lost)] == ["open_page"]
    assert "could not be fetched" in lost.output_text


async def test_a_request_says_which_hosts_may_be_read(client: AsyncOpenAI) -> None:
    only: Any = [{"type": "web_search", "filters": {"allowed_domains": ["land.example"]}}]
    refused = await ask(client, only)
    assert [one["status"] for one in actions(refused)] == ["completed", "failed"]
    assert "only land.example may be" in refused.output_text
    sea: Any = [{"type": "web_search_2025_08_26", "filters": {"allowed_domains": ["sea.example"]}}]
    assert len(actions(await ask(client, sea))) == 3


async def test_without_the_tool_nothing_is_looked_up(client: AsyncOpenAI) -> None:
    assert actions(await ask(client, [])) == []
    assert actions(await ask(client, tool_choice="none")) == []
    chosen: Any = {"type": "web_search_preview"}
    assert len(actions(await ask(client, tool_choice=chosen))) == 3
    told: Any = {"type": "web_search"}
    forced = await ask(client, question="What is 6 * 7?", tool_choice=told)
    assert actions(forced)[0]["type"] == "search"
    assert forced.to_dict()["tool_choice"] == chosen
    with pytest.raises(openai.BadRequestError):
        await ask(client, [], tool_choice=chosen)


@pytest.mark.parametrize(
    ("tool", "param"),
    [
        ({"filters": {"allowed_domains": ["https://a.example/b"]}}, "filters.allowed_domains[0]"),
        ({"filters": {"blocked": []}}, "filters.blocked"),
        ({"external_web_access": "sometimes"}, "external_web_access"),
    ],
)
async def test_what_is_wrong_with_the_tool_is_named(
    client: AsyncOpenAI, tool: dict[str, Any], param: str
) -> None:
    with pytest.raises(openai.BadRequestError) as refused:
        await ask(client, [{"type": "web_search", **tool}])
    assert refused.value.param == f"tools[0].{param}"


async def test_a_conversation_goes_on_from_what_was_looked_up(client: AsyncOpenAI) -> None:
    first = await ask(client)
    again = await ask(client, [], "Thanks!", previous_response_id=first.id)
    assert again.status == "completed"
    carried: Any = [*(one.model_dump() for one in first.output), {"role": "user", "content": "Hi"}]
    kept = await client.responses.create(model="pellucid-mini", input=carried, store=False)
    assert kept.status == "completed"


async def test_chat_completions_cite_too(client: AsyncOpenAI) -> None:
    asked: Any = {
        "model": "pellucid-mini",
        "messages": [{"role": "user", "content": QUESTION}],
        "web_search_options": {"search_context_size": "low"},
    }
    whole = await client.chat.completions.create(**asked)
    message = whole.choices[0].message
    assert message.content
    assert message.annotations
    cited = message.annotations[0].url_citation
    assert (cited.url, cited.title) == (SEA.url, SEA.title)
    assert message.content[cited.start_index : cited.end_index] == f"{SEA.url}, lines 1-2"
    streamed = [
        note
        async for chunk in await client.chat.completions.create(**asked, stream=True)
        for choice in chunk.choices
        for note in getattr(choice.delta, "annotations", None) or ()
    ]
    assert [one["url_citation"]["url"] for one in streamed] == [SEA.url]
