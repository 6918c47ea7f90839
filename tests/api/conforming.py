"""Every reply that a test's server gives is held against two oracles: the document that the server
publishes (`/openapi.json`), and the types of OpenAI's package.

A reply that differs fails the test in which it was given. Where a reply has a new field, describe
it in `api/wire/openapi/`.
"""

import json
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

from jsonschema import Draft202012Validator
from openai.pagination import SyncCursorPage, SyncPage
from openai.types import (
    Batch,
    Completion,
    CompletionChoice,
    ContainerCreateResponse,
    ContainerListResponse,
    ContainerRetrieveResponse,
    FileDeleted,
    FileObject,
    Model,
    Upload,
    VectorStore,
    VectorStoreDeleted,
    VectorStoreSearchResponse,
)
from openai.types.chat import ChatCompletion, ChatCompletionChunk, ChatCompletionDeleted
from openai.types.chat.chat_completion_chunk import Choice, ChoiceDelta, ChoiceDeltaToolCall
from openai.types.containers import FileCreateResponse, FileListResponse, FileRetrieveResponse
from openai.types.conversations import (
    Conversation,
    ConversationDeletedResource,
    ConversationItem,
    ConversationItemList,
)
from openai.types.responses import (
    CompactedResponse,
    InputTokenCountResponse,
    Response,
    ResponseItemList,
    ResponseStreamEvent,
)
from openai.types.uploads import UploadPart
from openai.types.vector_stores import (
    FileContentResponse,
    VectorStoreFile,
    VectorStoreFileBatch,
    VectorStoreFileDeleted,
)
from pydantic import TypeAdapter, ValidationError
from starlette.applications import Starlette
from starlette.routing import Match, Route
from starlette.types import Message, Receive, Scope, Send

from pellucid.api.wire.openapi.document import FURTHER, document
from pellucid.api.wire.openapi.operations import OPERATIONS

Json = dict[str, Any]


class CallDelta(ChoiceDeltaToolCall):
    """More of a call. OpenAI's API streams those of custom tools too, which its types forget."""

    type: Literal["function", "custom"] | None = None  # type: ignore[assignment]


class Delta(ChoiceDelta):
    """More of a message."""

    tool_calls: list[CallDelta] | None = None  # type: ignore[assignment]


class ChunkChoice(Choice):
    """More of a choice."""

    delta: Delta


class ChatChunk(ChatCompletionChunk):
    """An event of a chat completion."""

    choices: list[ChunkChoice]  # type: ignore[assignment]


class TextChoice(CompletionChoice):
    """A choice of an event. OpenAI's API sends null until the end, which its type forgets."""

    finish_reason: Literal["stop", "length"] | None  # type: ignore[assignment]


class TextChunk(Completion):
    """An event of a completion of a text."""

    choices: list[TextChoice]  # type: ignore[assignment]


class Compacted(CompactedResponse):
    """A compaction. OpenAI says that it begins with the user's messages, which its type forgets."""

    output: list[ConversationItem]  # type: ignore[assignment]


ORACLES: dict[str, Any] = {
    "addContainerFile": FileCreateResponse,
    "addItems": ConversationItemList,
    "addUploadPart": UploadPart,
    "addVectorStoreFile": VectorStoreFile,
    "cancelVectorStoreFileBatch": VectorStoreFileBatch,
    "cancelBatch": Batch,
    "cancelResponse": Response,
    "cancelUpload": Upload,
    "compactResponse": Compacted,
    "completeUpload": Upload,
    "countInputTokens": InputTokenCountResponse,
    "createBatch": Batch,
    "createChatCompletion": ChatCompletion,
    "createCompletion": Completion,
    "createContainer": ContainerCreateResponse,
    "createConversation": Conversation,
    "createFile": FileObject,
    "createResponse": Response,
    "createUpload": Upload,
    "createVectorStore": VectorStore,
    "createVectorStoreFileBatch": VectorStoreFileBatch,
    "deleteChatCompletion": ChatCompletionDeleted,
    "deleteConversation": ConversationDeletedResource,
    "deleteFile": FileDeleted,
    "deleteItem": Conversation,
    "deleteVectorStore": VectorStoreDeleted,
    "deleteVectorStoreFile": VectorStoreFileDeleted,
    "getBatch": Batch,
    "getChatCompletion": ChatCompletion,
    "getContainer": ContainerRetrieveResponse,
    "getContainerFile": FileRetrieveResponse,
    "getConversation": Conversation,
    "getFile": FileObject,
    "getItem": ConversationItem,
    "getModel": Model,
    "getResponse": Response,
    "getVectorStore": VectorStore,
    "getVectorStoreFile": VectorStoreFile,
    "getVectorStoreFileBatch": VectorStoreFileBatch,
    "getVectorStoreFileContent": SyncPage[FileContentResponse],
    "listBatches": SyncCursorPage[Batch],
    "listContainerFiles": SyncCursorPage[FileListResponse],
    "listContainers": SyncCursorPage[ContainerListResponse],
    "listChatCompletions": SyncCursorPage[ChatCompletion],
    "listFiles": SyncCursorPage[FileObject],
    "listInputItems": ResponseItemList,
    "listItems": ConversationItemList,
    "listModels": SyncPage[Model],
    "listVectorStoreFileBatchFiles": SyncCursorPage[VectorStoreFile],
    "listVectorStoreFiles": SyncCursorPage[VectorStoreFile],
    "listVectorStores": SyncCursorPage[VectorStore],
    "searchVectorStore": SyncPage[VectorStoreSearchResponse],
    "updateChatCompletion": ChatCompletion,
    "updateConversation": Conversation,
    "updateVectorStore": VectorStore,
    "updateVectorStoreFile": VectorStoreFile,
}
"""OpenAI's type of what an operation replies."""

EVENTS: dict[str, Any] = {
    "createChatCompletion": ChatChunk,
    "createCompletion": TextChunk,
    "createResponse": ResponseStreamEvent,
    "getResponse": ResponseStreamEvent,
}
"""OpenAI's type of each event of a stream."""

UNTYPED = {
    **dict.fromkeys(
        ("deleteResponse", "deleteContainer", "deleteContainerFile"),
        "OpenAI's client returns nothing",
    ),
    **dict.fromkeys(("getFileContent", "getContainerFileContent"), "no JSON"),
    "listChatMessages": "OpenAI's type has only an assistant's messages",
    **dict.fromkeys(("getReceipt", "replayResponse"), "Pellucid's own"),
    **dict.fromkeys(("getHealth", "getReadiness", "getMetrics"), "Pellucid's own"),
    **dict.fromkeys(("getDescription", "getDocumentation"), "Pellucid's own"),
}
"""Operations whose replies have no type in OpenAI's package, and why."""


@cache
def described() -> Json:
    """The document."""
    return document(OPERATIONS, "0")


@cache
def _validator(schema: str) -> Draft202012Validator:
    return Draft202012Validator({**json.loads(schema), "components": described()["components"]})


@cache
def _adapter(type_: Any) -> TypeAdapter[Any]:
    return TypeAdapter(type_)


def complaint(schema: Json, value: Any) -> str | None:
    """How a value differs from a schema of the document, if it does."""
    return next((e.message for e in _validator(json.dumps(schema)).iter_errors(value)), None)


@dataclass(slots=True)
class _Reply:
    """A reply as it goes out."""

    status: int = 0
    media: str = ""
    headers: set[str] = field(default_factory=set)
    body: bytes = b""
    whole: bool = False

    def take(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = {k.decode().lower(): v.decode() for k, v in message["headers"]}
            self.status, self.headers = message["status"], set(headers)
            self.media = headers.get("content-type", "").partition(";")[0]
        if message["type"] == "http.response.body":
            self.body += message.get("body", b"")
            self.whole = not message.get("more_body", False)


@dataclass(slots=True)
class Conforming:
    """An application, and what was wrong with its replies; `seen` are the operations that
    succeeded."""

    app: Starlette
    complaints: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One connection."""
        reply = _Reply()

        async def watched(message: Message) -> None:
            reply.take(message)
            await send(message)

        await self.app(scope, receive, watched)
        if reply.whole and reply.status != 499 and scope.get("method") not in ("OPTIONS", "HEAD"):
            found = [
                f"{scope['method']} {scope['path']}: {one}" for one in self._check(scope, reply)
            ]
            self.complaints += found

    def _check(self, scope: Scope, reply: _Reply) -> list[str]:
        told = self._operation(scope)
        if told is None:
            return self._error(reply)
        there = told["responses"].get(str(reply.status))
        if there is None and reply.status != 405:
            return [f"status {reply.status} is not described"]
        if there is None:
            return self._error(reply)
        content = there["content"].get(reply.media)
        if content is None:
            return [f"{reply.media} is not described for {reply.status}"]
        found = [f"no {name}" for name in there["headers"] if self._lacks(reply, name)]
        if reply.status == 200:
            self.seen.add(told["operationId"])
        if reply.media == "text/event-stream":
            data = content["schema"]["properties"]["data"]["anyOf"][0]["contentSchema"]
            return found + self._events(told["operationId"], data, reply.body)
        return found + self._body(told["operationId"], content["schema"], reply)

    def _lacks(self, reply: _Reply, name: str) -> bool:
        """Whether a reply has no header of this name, though it must."""
        told = described()["components"]["headers"].get(name) or FURTHER[reply.status][name]
        return name not in reply.headers and told.get("required", False)

    def _operation(self, scope: Scope) -> Json | None:
        for route in self.app.routes:
            if isinstance(route, Route) and route.matches(scope)[0] is Match.FULL:
                told: Json = described()["paths"].get(route.path, {})
                return told.get(scope["method"].lower())
        return None

    def _error(self, reply: _Reply) -> list[str]:
        wrong = complaint({"$ref": "#/components/schemas/ErrorReply"}, json.loads(reply.body))
        return [wrong] if wrong else []

    def _body(self, name: str, schema: Json, reply: _Reply) -> list[str]:
        if reply.media != "application/json":
            return []
        value = json.loads(reply.body)
        wrong = [complaint(schema, value)]
        # OpenAI's types want ids of a page's ends even where it is empty; there are none.
        if reply.status == 200 and name in ORACLES and value.get("data") != []:
            wrong.append(differs(ORACLES[name], value))
        return [one for one in wrong if one]

    def _events(self, name: str, schema: Json, body: bytes) -> list[str]:
        wrong: list[str | None] = []
        for line in body.decode().splitlines():
            if line.startswith("data: ") and line != "data: [DONE]":
                value = json.loads(line.removeprefix("data: "))
                wrong.append(complaint(schema, value))
                if "error" not in value:
                    wrong.append(differs(EVENTS[name], value))
        return [one for one in wrong if one]


def differs(type_: Any, value: Any) -> str | None:
    """How a value differs from a type of OpenAI's, if it does."""
    try:
        _adapter(type_).validate_json(json.dumps(value), strict=True)
    except ValidationError as error:
        return f"not OpenAI's {type_}: {error}"
    return None
