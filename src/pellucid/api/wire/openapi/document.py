"""The document: every operation, and the schemas that they share."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Any

from pydantic import BaseModel

from pellucid.api.wire.openapi.chat_replies import ErrorReply
from pellucid.api.wire.openapi.operation import JSON, Body, Operation, Shape
from pellucid.api.wire.openapi.schemas import Writer, request, shapes

Json = dict[str, Any]
REF = "#/components/schemas/"
ABOUT = (
    "The API of a Pellucid server: OpenAI's Chat Completions and Responses, answered by weights on "
    "your own machine, with a verdict on every checkable part of an answer."
)
PATHS = {
    "id": "Its id.",
    "item": "The item's id.",
    "file": "The file's id.",
    "batch": "The batch's id.",
    "model": "Any name of the model.",
}
"""Parts of paths, in words."""

QUERIES = {
    "limit": "The most items of a page.",
    "order": "By time: the newest first (`desc`), or last.",
    "after": "Begin behind the item of this id.",
    "stream": "Server-sent events instead of one reply.",
    "starting_after": "Begin behind the event of this `sequence_number`.",
    "purpose": "Only files of this purpose.",
    "filter": "Only files with this status.",
    "name": "Only those of this name.",
    "model": "Only those of this model, by any of its names.",
    "metadata": "Only those with all of these pairs: `metadata[name]=value`.",
}
"""Parameters of queries, in words."""

REFUSALS: dict[int, str] = {
    400: "What was asked is wrong; `param` names where",
    401: "The key is missing or wrong",
    403: "This server does not answer to the `Host`, or not to pages of the `Origin`",
    404: "There is no such thing, or it belongs to another owner",
    409: "The first request with this `Idempotency-Key` is still being answered, or its reply was "
    "too large to be given again",
    413: "The body is larger than this server takes",
    422: "The `Idempotency-Key` was used for another request",
    429: "The queue is full, or this minute's requests or tokens are used up; `retry-after` says "
    "in how many seconds to try again",
    500: "The server had an error",
    503: "The engine, the weights or the sandbox failed",
}
"""What each status means."""

HEADERS: Json = {
    "x-request-id": {
        "description": "The request's id; the log has it too.",
        "required": True,
        "schema": {"type": "string"},
    },
    "openai-processing-ms": {
        "description": "Milliseconds until the reply began.",
        "required": True,
        "schema": {"type": "integer", "minimum": 0},
    },
}

_COUNT: Json = {"type": "integer", "minimum": 0}
RATES: Json = {
    f"x-ratelimit-{what}-{kind}": {"description": words.format(kind), "schema": schema}
    for what, words, schema in (
        ("limit", "How many {} there may be in a minute, if that is limited.", _COUNT),
        ("remaining", "How many {} are left now.", _COUNT),
        ("reset", "When all {} will be there again: `1.5s`, `6m0s`.", {"type": "string"}),
    )
    for kind in ("requests", "tokens")
}
"""Headers that tell how much an owner may still ask; not sent where nothing is limited."""

REPLAYED: Json = {
    "idempotent-replayed": {
        "description": "`true` where nothing was done, and an earlier reply is given again.",
        "schema": {"const": "true"},
    }
}
ONCE: Json = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "A name for this request: what succeeded under it is not done again within a "
    "day, its reply is given again.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255},
}
_LATER: Json = {
    "retry-after": {"description": "Seconds to wait.", "schema": _COUNT},
    "retry-after-ms": {"description": "Milliseconds to wait.", "schema": _COUNT},
}
FURTHER: dict[int, Json] = {
    401: {"www-authenticate": {"required": True, "schema": {"const": "Bearer"}}},
    409: {"retry-after": _LATER["retry-after"]},
    429: _LATER,
    503: {"retry-after": _LATER["retry-after"]},
}
"""Headers that only some refusals have."""


def document(operations: Iterable[Operation], version: str) -> Json:
    """The OpenAPI document of some operations."""
    listed = list(operations)
    references, schemas = shapes(_used(listed), REF)
    schemas |= {one.body.name: request(one.body) for one in listed if one.body is not None}
    writer, paths = _Writer(references), dict[str, Json]()
    for one in listed:
        paths.setdefault(one.path, {})[one.method.lower()] = writer.operation(one)
    key = {"type": "http", "scheme": "bearer", "description": "A key of this server."}
    return {
        "openapi": "3.1.1",
        "info": {"title": "Pellucid", "version": version, "description": ABOUT},
        "servers": [{"url": "/"}],
        "security": [{"key": []}],
        "tags": [{"name": tag} for tag in dict.fromkeys(one.tag for one in listed)],
        "paths": paths,
        "components": {
            "securitySchemes": {"key": key},
            "headers": HEADERS | RATES | REPLAYED,
            "schemas": dict(sorted(schemas.items())),
        },
    }


def _used(listed: Iterable[Operation]) -> Iterator[Shape]:
    """The types of all replies."""
    yield ErrorReply
    for one in listed:
        yield one.reply
        yield from [one.event] if one.event is not None else []
        yield from (shape for _, shape in one.also.values())


@dataclass(frozen=True, slots=True)
class _Writer:
    """Operations as the document has them; `shapes` is how types are written in it."""

    shapes: Mapping[Shape, Json]

    def operation(self, one: Operation) -> Json:
        told: Json = {"operationId": one.name, "tags": [one.tag], "summary": one.summary}
        if one.words:
            told["description"] = one.words
        once = [ONCE] if one.method == "POST" else []
        if parameters := [*_path(one.path), *_query(one.query), *once]:
            told["parameters"] = parameters
        if one.body is not None:
            told["requestBody"] = _body(one.body)
        if one.open:
            told["security"] = []
        replies = {200: _reply("What was asked for", self._contents(one))}
        replies |= {status: self._refusal(status) for status in _statuses(one)}
        for status, (words, shape) in one.also.items():
            replies[status] = _reply(words, {JSON: {"schema": self.shapes[shape]}})
        if one.method == "POST":
            replies[200]["headers"] |= _referred(RATES | REPLAYED)
            replies[429]["headers"] |= _referred(RATES)
        told["responses"] = {str(status): reply for status, reply in sorted(replies.items())}
        return told

    def _contents(self, one: Operation) -> Json:
        contents: Json = {one.media: {"schema": self.shapes[one.reply]}}
        if one.event is not None:
            contents["text/event-stream"] = {"schema": _event(self.shapes[one.event])}
        return contents

    def _refusal(self, status: int) -> Json:
        content = {JSON: {"schema": self.shapes[ErrorReply]}}
        refusal = _reply(REFUSALS[status], content)
        refusal["headers"] |= FURTHER.get(status, {})
        return refusal


def _event(shape: Json) -> Json:
    """An event of a stream: its data is JSON, but for the last one's."""
    data = {"contentMediaType": "application/json", "contentSchema": shape}
    return {
        "type": "object",
        "description": "One event of the stream; the data of the last one is `[DONE]`.",
        "properties": {
            "event": {"type": "string"},
            "data": {"type": "string", "anyOf": [data, {"const": "[DONE]"}]},
        },
        "required": ["data"],
    }


def _statuses(one: Operation) -> list[int]:
    """The refusals that a route may answer with."""
    post, fields = one.method == "POST", one.query.model_fields if one.query else {}
    found = {
        400: post or bool(fields),
        401: not one.open,
        403: True,
        404: bool(_names(one.path)) or one.turn or "after" in fields,
        409: post,
        413: True,
        422: post,
        429: post,
        500: True,
        503: one.turn,
    }
    return [status for status, there in found.items() if there or status in one.refuses]


def _reply(words: str, content: Json) -> Json:
    return {"description": words, "headers": _referred(HEADERS), "content": content}


def _referred(headers: Json) -> Json:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in headers}


def _names(path: str) -> list[str]:
    return [name for _, name, _, _ in Formatter().parse(path) if name]


def _path(path: str) -> list[Json]:
    return [
        {"name": name, "in": "path", "required": True, "description": PATHS[name]}
        | {"schema": {"type": "string"}}
        for name in _names(path)
    ]


def _query(model: type[BaseModel] | None) -> list[Json]:
    if model is None:
        return []
    schema = Writer().schema(model.model_json_schema())
    return [
        {"name": name, "in": "query", "description": QUERIES[name], "schema": told}
        | (_NESTED if told.get("type") == "object" else {})
        for name, told in schema["properties"].items()
    ]


_NESTED = {"style": "deepObject", "explode": True}
"""How an object is written where there is no nesting: `metadata[name]=value`."""


def _body(body: Body) -> Json:
    examples = {
        name.lower().replace(" ", "-"): {"summary": name, "value": value}
        for name, value in body.examples.items()
    }
    content: Json = {"schema": {"$ref": REF + body.name}, "examples": examples}
    if body.nested:
        content["encoding"] = dict.fromkeys(body.nested, _NESTED)
    return {"required": not body.optional, "content": {body.media: content}}
