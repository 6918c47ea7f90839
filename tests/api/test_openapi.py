"""The server's description of itself: that it is whole, and that it is true."""

import json
import re
from collections.abc import AsyncGenerator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, get_args

import httpx2
import pytest
from jsonschema import Draft202012Validator
from openai.types.responses import ResponseInputItem
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

from api.conforming import EVENTS, ORACLES, UNTYPED, Conforming, complaint, described
from api.served import KEY, OFFER, OTHER_KEY, Served, scripted, serving
from pellucid.api import rates
from pellucid.api.absent import ABSENT, METHODS
from pellucid.api.once import HEADER, REPLAYED
from pellucid.api.wire import (
    chat_request,
    compaction,
    legacy,
    responses_request,
    sealed,
    shortening,
)
from pellucid.api.wire.errors import WireError
from pellucid.api.wire.input_items import items_of
from pellucid.api.wire.openapi import asked, asked_beside
from pellucid.api.wire.openapi.document import FURTHER, ONCE
from pellucid.api.wire.openapi.operation import FORM, Body
from pellucid.api.wire.openapi.operations import OPERATIONS

AUTH = {"authorization": f"Bearer {KEY}"}
SUM = {"model": "pellucid-mini", "input": "What is 6 * 7?"}
Json = dict[str, Any]


@pytest.fixture
async def served(tmp_path: Path) -> AsyncGenerator[Served, None]:
    async with serving(scripted(tmp_path)) as running:
        yield running


@pytest.fixture
async def client(served: Served) -> AsyncGenerator[httpx2.AsyncClient, None]:
    async with httpx2.AsyncClient(
        base_url=served.url, headers=AUTH, trust_env=False, timeout=20
    ) as asking:
        yield asking


async def ok(client: httpx2.AsyncClient, method: str, path: str, **more: Any) -> Any:
    reply = await client.request(method, path, **more)
    assert reply.status_code == 200, reply.text
    return reply.json() if reply.headers["content-type"] == "application/json" else reply.text


async def test_every_route_is_described_and_nothing_else(served: Served) -> None:
    routes = [route for route in served.app.app.routes if isinstance(route, Route)]
    there = {(m, r.path) for r in routes for m in (r.methods or ()) if m != "HEAD"}
    there -= {(method, path) for method in METHODS for path in ABSENT}
    assert there == {(one.method, one.path) for one in OPERATIONS}
    assert len(OPERATIONS) == len(there)


def test_the_document_holds_together() -> None:
    document = described()
    names = [one.name for one in OPERATIONS]
    assert len(set(names)) == len(names)
    schemas = document["components"]["schemas"]
    for schema in schemas.values():
        Draft202012Validator.check_schema(schema)
        assert schema["description"]
        assert [one for one in _defaults(schema) if complaint(one, one["default"])] == []
    used = set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(document)))
    assert used == set(schemas)
    for one in OPERATIONS:
        if one.body is not None:
            places = set(_places(schemas[one.body.name]))
            assert {*one.body.words, *one.body.ignored, *one.body.refused} <= places
            assert {place for place in one.body.changes if place} <= places


def _defaults(value: Any) -> list[Json]:
    """The schemas with a default, wherever they are in another."""
    inside = value.values() if isinstance(value, dict) else value
    found = [value] if isinstance(value, dict) and "default" in value else []
    nested = (one for one in inside if isinstance(one, dict | list))
    return found + [schema for one in nested for schema in _defaults(one)]


def _places(schema: Json, at: str = "") -> list[str]:
    found = []
    for inner in (*schema.get("anyOf", ()), *([schema["items"]] if "items" in schema else ())):
        found += _places(inner, at)
    for name, told in schema.get("properties", {}).items():
        place = f"{at}.{name}".strip(".")
        found += [place, *_places(told, place)]
    return found


async def test_every_operation_replies_as_described(
    served: Served, client: httpx2.AsyncClient
) -> None:
    """Each once; `Conforming` holds the replies against the document and OpenAI's types."""
    for path in ("/health", "/ready", "/openapi.json", "/docs", "/v1/models", "/v1/models/o4-mini"):
        await ok(client, "GET", path)
    talk = await ok(client, "POST", "/v1/conversations", json={"items": [asked.NOTE]})
    place = f"/v1/conversations/{talk['id']}"
    await ok(client, "GET", place)
    await ok(client, "POST", place, json={"metadata": {"a": "b"}})
    added = await ok(client, "POST", f"{place}/items", json={"items": [asked.NOTE]})
    item = f"{place}/items/{added['first_id']}"
    await ok(client, "GET", item)
    made = await ok(client, "POST", "/v1/responses", json={**SUM, "conversation": talk["id"]})
    await ok(client, "GET", f"{place}/items", params={"limit": 2, "order": "asc"})
    await ok(client, "DELETE", item)
    await ok(client, "DELETE", place)
    await ok(client, "POST", "/v1/responses/input_tokens", json=SUM)
    for stream in (False, True):
        await ok(client, "GET", f"/v1/responses/{made['id']}", params={"stream": stream})
    await ok(client, "GET", f"/v1/responses/{made['id']}/input_items")
    await ok(client, "GET", f"/v1/responses/{made['id']}/receipt")
    await ok(client, "POST", f"/v1/responses/{made['id']}/replay")
    await ok(client, "DELETE", f"/v1/responses/{made['id']}")
    behind = await ok(client, "POST", "/v1/responses", json={**SUM, "background": True})
    await ok(client, "POST", f"/v1/responses/{behind['id']}/cancel")
    chat = {"model": "o4-mini", "messages": [{"role": "user", "content": "What is 6 * 7?"}]}
    for stream in (False, True):
        await ok(client, "POST", "/v1/chat/completions", json={**chat, "stream": stream})
        text = {"model": "o4-mini", "prompt": "What is 6 * 7?", "stream": stream}
        await ok(client, "POST", "/v1/completions", json=text)
    await ok(client, "POST", "/v1/responses/compact", json=SUM)
    await use_stored_completions(client)
    await use_files(client)
    await use_containers(client)
    await use_vector_stores(client)
    await ok(client, "GET", "/metrics")
    assert served.app.seen == {one.name for one in OPERATIONS}


async def use_stored_completions(client: httpx2.AsyncClient) -> None:
    parts = [{"type": "text", "text": "What is 6 * 7?"}]
    messages = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": parts}]
    chat = {"model": "o4-mini", "messages": messages, "store": True}
    made = await ok(client, "POST", "/v1/chat/completions", json={**chat, "n": 2})
    place = f"/v1/chat/completions/{made['id']}"
    await ok(client, "POST", place, json={"metadata": {"a": "b"}})
    found = await ok(client, "GET", place)
    wanted = {"metadata[a]": "b", "model": "o4-mini", "order": "desc", "limit": 1}
    listed = await ok(client, "GET", "/v1/chat/completions", params=wanted)
    assert listed["data"] == [found]
    said = await ok(client, "GET", f"{place}/messages", params={"limit": 2})
    assert [one["content_parts"] for one in said["data"]] == [None, parts]
    await ok(client, "DELETE", place)


async def use_files(client: httpx2.AsyncClient) -> None:
    sent: Json = {"data": {"purpose": "batch"}, "files": {"file": ("a", asked_beside.LINES)}}
    file = await ok(client, "POST", "/v1/files", **sent)
    listed = await ok(client, "GET", "/v1/files", params={"purpose": "batch"})
    assert listed["data"] == [file]
    batch = {**asked_beside.BATCH.examples["A batch"], "input_file_id": file["id"]}
    batch = await ok(client, "POST", "/v1/batches", json=batch)
    await ok(client, "GET", "/v1/batches")
    await ok(client, "GET", f"/v1/batches/{batch['id']}")
    await ok(client, "POST", f"/v1/batches/{batch['id']}/cancel")
    place = f"/v1/files/{file['id']}"
    await ok(client, "GET", place)
    assert await ok(client, "GET", f"{place}/content") == asked_beside.LINES
    await ok(client, "DELETE", place)
    upload, part = await begin_upload(client)
    await ok(client, "POST", f"{upload}/complete", json={"part_ids": [part]})
    upload, _ = await begin_upload(client)
    await ok(client, "POST", f"{upload}/cancel")


async def use_containers(client: httpx2.AsyncClient) -> None:
    made = await ok(client, "POST", "/v1/containers", json={"name": "a"})
    listed = await ok(client, "GET", "/v1/containers", params={"name": "a"})
    assert listed["data"] == [made]
    place = f"/v1/containers/{made['id']}"
    assert await ok(client, "GET", place) == made
    file = await ok(client, "POST", f"{place}/files", files={"file": ("a", b"hi")})
    listed = await ok(client, "GET", f"{place}/files", params={"limit": 1})
    assert listed["data"] == [file]
    inside = f"{place}/files/{file['id']}"
    assert await ok(client, "GET", inside) == file
    assert await ok(client, "GET", f"{inside}/content") == "hi"
    await ok(client, "DELETE", inside)
    await ok(client, "DELETE", place)


async def use_vector_stores(client: httpx2.AsyncClient) -> None:
    made = await ok(client, "POST", "/v1/vector_stores", content=b"")
    assert (await ok(client, "GET", "/v1/vector_stores"))["data"] == [made]
    place = f"/v1/vector_stores/{made['id']}"
    assert await ok(client, "GET", place) == made
    await ok(client, "POST", place, json={"name": "b"})
    sent: Json = {"data": {"purpose": "user_data"}, "files": {"file": ("a.txt", b"A storm.")}}
    file = (await ok(client, "POST", "/v1/files", **sent))["id"]
    there = await ok(client, "POST", f"{place}/files", json={"file_id": file})
    assert (await ok(client, "GET", f"{place}/files"))["data"] == [there]
    assert await ok(client, "GET", f"{place}/files/{file}") == there
    found = await ok(client, "POST", f"{place}/search", json={"query": "storm"})
    assert [one["file_id"] for one in found["data"]] == [file]
    noted = {"attributes": {"year": 1702}}
    assert (await ok(client, "POST", f"{place}/files/{file}", json=noted)) == {**there, **noted}
    assert (await ok(client, "GET", f"{place}/files/{file}/content"))["data"] != []
    batch = await ok(client, "POST", f"{place}/file_batches", json={"file_ids": [file]})
    at = f"{place}/file_batches/{batch['id']}"
    assert (await ok(client, "GET", at))["file_counts"]["total"] == 1
    assert [one["id"] for one in (await ok(client, "GET", f"{at}/files"))["data"]] == [file]
    await ok(client, "POST", f"{at}/cancel")
    await ok(client, "DELETE", f"{place}/files/{file}")
    await ok(client, "DELETE", place)


async def begin_upload(client: httpx2.AsyncClient, size: int = 2) -> tuple[str, str]:
    """Where a new upload is, and the id of its first part, of two bytes."""
    coming = {"filename": "a", "purpose": "batch", "bytes": size, "mime_type": "text/plain"}
    place = f"/v1/uploads/{(await ok(client, 'POST', '/v1/uploads', json=coming))['id']}"
    return place, (await ok(client, "POST", f"{place}/parts", files={"data": ("a", b"hi")}))["id"]


async def asked_of(client: httpx2.AsyncClient, path: str) -> tuple[str, Json]:
    """A path with something that it is about, and what of an example names something there is."""
    if "/v1/uploads/{id}" in path:
        upload, part = await begin_upload(client, 1_000 if path.endswith("/parts") else 2)
        own = {"part_ids": [part]} if path.endswith("/complete") else {}
        return path.replace("/v1/uploads/{id}", upload), own
    if path.startswith("/v1/vector_stores/{id}"):
        made = await ok(client, "POST", "/v1/vector_stores", content=b"")
        sent = {"data": {"purpose": "user_data"}, "files": {"file": ("a", asked_beside.LINES)}}
        file = (await ok(client, "POST", "/v1/files", **sent))["id"]
        await ok(client, "POST", f"/v1/vector_stores/{made['id']}/files", json={"file_id": file})
        given = {"/files": {"file_id": file}, "/file_batches": {"file_ids": [file]}}
        ending = path.removeprefix("/v1/vector_stores/{id}")
        return path.format(id=made["id"], file=file), given.get(ending, {})
    if path in ("/v1/batches", "/v1/containers/{id}/files"):
        sent: Json = {"data": {"purpose": "batch"}, "files": {"file": ("a", asked_beside.LINES)}}
        file = (await ok(client, "POST", "/v1/files", **sent))["id"]
        if path == "/v1/batches":
            return path, {"input_file_id": file}
        made = await ok(client, "POST", "/v1/containers", json={"name": "a"})
        return path.format(id=made["id"]), {"file_id": file}
    if path.startswith("/v1/chat"):
        chat = {**asked.CHAT.examples["A question"], "store": True}
        made = await ok(client, "POST", "/v1/chat/completions", json=chat)
    else:
        made = await ok(client, "POST", "/v1/conversations", content=b"")
    return path.format(id=made["id"]), {}


@pytest.mark.parametrize("one", [one for one in OPERATIONS if one.body], ids=lambda one: one.name)
async def test_examples_are_understood(one: Any, client: httpx2.AsyncClient) -> None:
    for example in one.body.examples.values():
        assert complaint({"$ref": f"#/components/schemas/{one.body.name}"}, example) is None
        path, own = await asked_of(client, one.path)
        if one.body.media == FORM:
            files = {name: ("a", example[name]) for name in ("file", "data") if name in example}
            fields = {name: text for name, text in example.items() if name not in files}
            await ok(client, one.method, path, data=fields, files=files)
        else:
            await ok(client, one.method, path, json={**example, **own})


VALUES: Json = {
    **{"temperature": 0.5, "top_p": 0.5, "frequency_penalty": 1.0, "presence_penalty": 1.0},
    **{"logit_bias": {"1": 1}, "service_tier": "auto", "prompt_cache_key": "a", "user": "a"},
    **{"prompt_cache_retention": "24h", "prompt_cache_options": {"a": 1}, "verbosity": "low"},
    **{"safety_identifier": "a", "prediction": {"a": 1}, "store": True, "logprobs": True},
    **{"top_logprobs": 3, "modalities": ["audio"], "audio": {"a": 1}, "functions": [{"a": 1}]},
    **{"web_search_options": {"a": 1}, "function_call": "auto", "moderation": {"a": 1}},
    **{"truncation": "auto", "max_tool_calls": 3, "stream_options": {"a": 1}, "include": ["x"]},
    **{"context_management": [{"type": "a"}], "prompt": {"id": "a"}, "instructions": "Be brief."},
    **{"suffix": ".", "echo": True, "best_of": 2},
}
"""Something that asks for each parameter."""

BODIES = [asked.CHAT, asked.RESPONSE, asked_beside.TEXT, asked_beside.COMPACTED]


def ignored(body: Body, changes: Json) -> list[str]:
    """What a request with these parameters is told to be ignored of it."""
    given = {**next(iter(body.examples.values())), **changes}
    if body is asked_beside.COMPACTED:
        wanted, done = compaction.asked(given), shortening.compacted(())
        told = compaction.reply(wanted, done, lambda items: "", "resp_t", 0)["pellucid"]
        return list(told.get("ignored", []))
    if body is asked.RESPONSE:
        understood = responses_request.understood(given)
        return list(responses_request.parse(understood, OFFER, "resp_t", 0, "ann").ignored)
    given = legacy.chat_body(given) if body is asked_beside.TEXT else given
    return list(chat_request.parse(given, OFFER, "t", 0, "ann").ignored)


@pytest.mark.parametrize("body", BODIES, ids=lambda body: body.name)
def test_what_is_said_to_be_ignored_or_refused_is(body: Body) -> None:
    for name in body.ignored:
        assert ignored(body, {name: VALUES[name]}) == [name]
    for name in body.refused:
        with pytest.raises(WireError, match=r"is not supported here\.") as refusal:
            ignored(body, {name: VALUES[name]})
        assert refusal.value.status == 400
    known = {*body.ignored, *body.refused, *body.words}
    fields = {field.alias or name for name, field in body.model.model_fields.items()}
    assert {name for name in known if "." not in name} == fields


def test_what_is_described_beside_the_models_that_parse_is_what_they_parse() -> None:
    assert {*asked_beside.TEXT.model.model_fields} == {*legacy.Asked.model_fields}
    assert {*asked_beside.COMPACTED.model.model_fields} == compaction.TAKEN


def test_the_headers_of_middleware_are_described() -> None:
    headers = {*described()["components"]["headers"], *FURTHER[429]}
    assert {*rates.HEADERS, REPLAYED} <= headers
    assert ONCE["name"] == HEADER


def test_the_kinds_of_input_items_are_those_that_are_understood() -> None:
    kinds = {
        kind
        for item in get_args(get_args(ResponseInputItem)[0])
        if "type" in item.model_fields
        for kind in get_args(item.model_fields["type"].annotation)
        if isinstance(kind, str)
    }
    assert len(kinds) > 20
    whole = {"role": "user", "content": "x", "call_id": "c", "name": "f", "arguments": "{}"}
    whole |= {"input": "x", "output": "x", "encrypted_content": "x"}
    understood = set()
    for kind in kinds | set(asked.KINDS):
        listed = [{**whole, "type": kind}]
        opened = sealed.restored(listed, lambda kind, text: (), "input")
        try:
            items_of(listed, opened)
            understood.add(kind)
        except WireError as refusal:
            assert refusal.code == "unsupported_parameter"  # noqa: PT017
    assert understood == set(asked.KINDS)


def test_every_reply_has_an_oracle_or_a_reason_for_none() -> None:
    names = {one.name for one in OPERATIONS}
    assert {*ORACLES, *UNTYPED} == names
    assert not set(ORACLES) & set(UNTYPED)
    assert set(EVENTS) == {one.name for one in OPERATIONS if one.event is not None}


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (JSONResponse({"status": "ok", "more": 1}), "'more' was unexpected"),
        (JSONResponse({"status": "fine"}), "'ok' was expected"),
        (JSONResponse({}, 418), "status 418 is not described"),
    ],
)
async def test_a_reply_that_differs_is_found(reply: JSONResponse, said: str) -> None:
    app = Conforming(Starlette(routes=[Route("/health", lambda request: reply)]))
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://a") as client:
        await client.get("/health")
    assert any(said in one for one in app.complaints), app.complaints


class Page(HTMLParser):
    """What a page is made of: its ids, what it links to, what it would load."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids, self.links, self.loads = set[str](), set[str](), set[str]()
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        assert not [name for name in told if name.startswith("on") or name == "style"]
        assert "id" not in told or told["id"] not in self.ids
        self.ids |= {told["id"]} if "id" in told else set()
        self.links |= {told["href"]} if tag == "a" else set()
        if tag in ("script", "link", "img", "iframe") or "src" in told:
            self.loads.add(tag)
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


async def test_the_page_shows_everything_and_loads_nothing(served: Served) -> None:
    async with httpx2.AsyncClient(base_url=served.url, trust_env=False) as anybody:
        reply = await anybody.get("/docs")
        document = (await anybody.get("/openapi.json")).json()
    assert document["paths"] == described()["paths"]
    page = Page(reply.text)
    assert page.open == []
    assert page.loads == set()
    assert {one.name for one in OPERATIONS} | set(document["components"]["schemas"]) <= page.ids
    written_out = {f"#{one.body.name}" for one in OPERATIONS if one.body}
    assert page.links == {"/openapi.json", *(f"#{name}" for name in page.ids)} | written_out
    assert f"curl {served.url}/v1/chat/completions" in reply.text
    policy = reply.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy


async def test_nobody_finds_more_than_the_description_without_a_key(served: Served) -> None:
    known = {one.path for one in OPERATIONS if one.open}
    assert known == {"/health", "/ready", "/openapi.json", "/docs"}
    async with httpx2.AsyncClient(base_url=served.url, trust_env=False) as anybody:
        for one in OPERATIONS:
            reply = await anybody.request(
                one.method, one.path.format(id="a", item="b", model="c", file="d", batch="e")
            )
            assert reply.status_code == (200 if one.open else 401), one.path
            assert KEY not in reply.text
            assert OTHER_KEY not in reply.text
