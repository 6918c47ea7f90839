"""The document: every operation, and the schemas that they share."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Any

from pydantic import BaseModel

from pellucid.api.wire.openapi.chat_replies import ErrorReply
from pellucid.api.wire.openapi.operation import Body, Operation, Shape
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
    "model": "Any name of the model.",
}
"""Parts of paths, in words."""

QUERIES = {
    "limit": "The most items of a page.",
    "order": "By time: the newest first (`desc`), or last.",
    "after": "Begin behind the item of this id.",
    "stream": "Server-sent events instead of one reply.",
    "starting_after": "Begin behind the event of this `sequence_number`.",
}
"""Parameters of queries, in words."""

REFUSALS: dict[int, str] = {
    400: "What was asked is wrong; `param` names where",
    401: "The key is missing or wrong",
    403: "This server does not answer to the `Host`, or not to pages of the `Origin`",
    404: "There is no such thing, or it belongs to another owner",
    413: "The body is larger than this server takes",
    429: "The queue is full; `retry-after` says in how many seconds to try again",
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

_LATER: Json = {
    "retry-after": {"description": "Seconds to wait.", "schema": {"type": "integer"}},
}
FURTHER: dict[int, Json] = {
    401: {"www-authenticate": {"required": True, "schema": {"const": "Bearer"}}},
    429: _LATER,
    503: _LATER,
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
            "headers": HEADERS,
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
        if parameters := [*_path(one.path), *_query(one.query)]:
            told["parameters"] = parameters
        if one.body is not None:
            told["requestBody"] = _body(one.body)
        if one.open:
            told["security"] = []
        replies = {200: _reply("What was asked for", self._contents(one))}
        replies |= {status: self._refusal(status) for status in _statuses(one)}
        for status, (words, shape) in one.also.items():
            replies[status] = _reply(words, {"application/json": {"schema": self.shapes[shape]}})
        told["responses"] = {str(status): reply for status, reply in sorted(replies.items())}
        return told

    def _contents(self, one: Operation) -> Json:
        contents: Json = {one.media: {"schema": self.shapes[one.reply]}}
        if one.event is not None:
            contents["text/event-stream"] = {"schema": _event(self.shapes[one.event])}
        return contents

    def _refusal(self, status: int) -> Json:
        content = {"application/json": {"schema": self.shapes[ErrorReply]}}
        refusal = _reply(REFUSALS[status], content)
        refusal["headers"] |= FURTHER.get(status, {})
        return refusal


def _event(shape: Json) -> Json:
    """An event of a stream: its data is JSON, but for the last one's."""
    data = {"type": "string", "contentMediaType": "application/json", "contentSchema": shape}
    return {
        "type": "object",
        "description": "One event of the stream; the data of the last one is `[DONE]`.",
        "properties": {"event": {"type": "string"}, "data": data},
        "required": ["data"],
    }


def _statuses(one: Operation) -> list[int]:
    """The refusals that a route may answer with."""
    asked = one.body is not None or one.query is not None
    found = {
        400: asked or one.method == "POST",
        401: not one.open,
        403: True,
        404: bool(_names(one.path)) or one.turn,
        413: True,
        429: one.turn,
        500: True,
        503: one.turn,
    }
    return [status for status, there in found.items() if there]


def _reply(words: str, content: Json) -> Json:
    headers: Json = {name: {"$ref": f"#/components/headers/{name}"} for name in HEADERS}
    return {"description": words, "headers": headers, "content": content}


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
        for name, told in schema["properties"].items()
    ]


def _body(body: Body) -> Json:
    examples = {
        name.lower().replace(" ", "-"): {"summary": name, "value": value}
        for name, value in body.examples.items()
    }
    content = {"schema": {"$ref": REF + body.name}, "examples": examples}
    return {"required": not body.optional, "content": {"application/json": content}}
