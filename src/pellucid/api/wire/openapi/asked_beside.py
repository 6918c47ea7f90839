"""What requests beside those for answers in Chat and Responses may hold, in words."""

from typing import Any

from pydantic import BaseModel, create_model

from pellucid.api.wire import (
    batches,
    bodies,
    chat_request,
    compaction,
    completions,
    containers,
    files,
    legacy,
    vector_stores,
)
from pellucid.api.wire import responses_request as responses
from pellucid.api.wire.openapi.asked import CHAT, COMMON, QUESTION, RESPONSE
from pellucid.api.wire.openapi.operation import FORM, Body

Json = dict[str, Any]


def _as_in(
    model: type[BaseModel], names: set[str], base: type[BaseModel], doc: str
) -> type[BaseModel]:
    """A model that has some parameters as another has them, beside its own."""
    fields: Json = {
        name: (one.annotation, one) for name, one in model.model_fields.items() if name in names
    }
    return create_model(model.__name__, __base__=base, __doc__=doc, **fields)


class _Prompt(bodies.Body):
    prompt: str | list[str]
    suffix: str | None = None
    echo: bool | None = None
    best_of: int | None = None
    logprobs: int | None = None


TEXT = Body(
    "CompletionRequest",
    _as_in(
        chat_request.Asked,
        {*legacy.Asked.model_fields} - {*_Prompt.model_fields},
        _Prompt,
        "The parameters of a completion of a text.",
    ),
    {
        **{name: words for name, words in COMMON.items() if name.startswith(("model", "pellucid"))},
        "prompt": "One text, answered as a message of the user.",
        "stream": COMMON["stream"],
        **{name: CHAT.words[name] for name in ("n", "stop", "seed")},
        "max_tokens": CHAT.words["max_completion_tokens"],
        "stream_options": CHAT.words["stream_options"],
        "stream_options.include_usage": CHAT.words["stream_options.include_usage"],
    },
    tuple(name for name in chat_request.IGNORED if name in legacy.Asked.model_fields),
    tuple(legacy.HARMLESS),
    {
        **{name: CHAT.changes[name] for name in ("n", "stop")},
        "prompt": {
            "anyOf": [
                {"type": "string"},
                {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 1},
            ]
        },
        **{name: {"enum": [*harmless, None]} for name, harmless in legacy.HARMLESS.items()},
    },
    {"A question": {"model": "pellucid-mini", "prompt": QUESTION, "max_tokens": 200}},
)

COMPACTED = Body(
    "CompactionRequest",
    _as_in(responses.Asked, compaction.TAKEN, bodies.Body, "The parameters of a compaction."),
    {
        "model": COMMON["model"],
        "input": "A text, or the items of the conversation.",
        "previous_response_id": "The response whose conversation is made shorter.",
    },
    tuple(name for name in (*responses.IGNORED, "instructions") if name in compaction.TAKEN),
    changes={
        "": {"required": ["model"]},
        "input": {"anyOf": [*RESPONSE.changes["input"]["anyOf"], {"type": "null"}]},
        "previous_response_id": RESPONSE.changes["previous_response_id"],
    },
    examples={
        "A conversation": {
            "model": "pellucid-mini",
            "input": [
                {"role": "user", "content": "What is 6 * 7?"},
                {"role": "assistant", "content": "The answer is 42."},
                {"role": "user", "content": "And 7 * 7?"},
            ],
        }
    },
)

RENAMED_COMPLETION = Body(
    "ChatCompletionMetadata",
    completions.Renamed,
    {"metadata": "Takes the place of what was there."},
    examples={"Other metadata": {"metadata": {"topic": "places"}}},
)


class _FileForm(files.Form):
    """A file, and what is said of it."""

    file: bytes


class _PartForm(bodies.Loose):
    """A part of a file."""

    data: bytes


_KEPT = {
    "expires_after": "For how long the file is kept. Files of batches are kept for 30 days, others "
    "until they are deleted, where nothing is said.",
    "expires_after.anchor": "From when on: from when it was made.",
    "expires_after.seconds": "For how many seconds.",
}
LINES = (
    '{"custom_id": "a", "method": "POST", "url": "/v1/responses",'
    ' "body": {"model": "pellucid-mini", "input": "What is 6 * 7?"}}\n'
)
FILE = Body(
    "FileForm",
    _FileForm,
    {
        "file": "The file, with its name.",
        "purpose": "What it is for; the input of a batch is for `batch`.",
        **_KEPT,
    },
    examples={"The input of a batch": {"purpose": "batch", "file": LINES}},
    media=FORM,
    nested=("expires_after",),
)
UPLOAD = Body(
    "UploadRequest",
    files.Coming,
    {
        "filename": "Its name.",
        "purpose": FILE.words["purpose"],
        "bytes": "How many bytes it will have.",
        "mime_type": "Its media type.",
        **_KEPT,
    },
    examples={
        "A file of two megabytes": {
            "filename": "in.jsonl",
            "purpose": "batch",
            "bytes": 2_000_000,
            "mime_type": "application/jsonl",
        }
    },
)
PART = Body(
    "UploadPartForm",
    _PartForm,
    {"data": "The part."},
    examples={"A part": {"data": LINES}},
    media=FORM,
)
PARTS = Body(
    "UploadParts",
    files.Parts,
    {"part_ids": "The parts in their order.", "md5": "What the MD5 of the file must be, in hex."},
    examples={"All parts": {"part_ids": ["part_abc123"]}},
)

_COPIED = "Files that are copied into it, by their ids."
CONTAINER = Body(
    "ContainerRequest",
    containers.Made,
    {
        "name": "What to call it.",
        "file_ids": _COPIED,
        "expires_after": "For how long it is kept: 20 minutes, if nothing is said.",
        "expires_after.anchor": "From when on: from when it was used last.",
        "expires_after.minutes": "For how many minutes.",
        "memory_limit": "Programs have 2 GiB; more cannot be had.",
        "network_policy": "Programs have no network.",
        "network_policy.type": "Always this.",
    },
    refused=("skills",),
    changes={"memory_limit": {"enum": [containers.MEMORY, None]}},
    examples={"For half an hour": {
        "name": "sales", "expires_after": {"anchor": "last_active_at", "minutes": 30},
    }},
)  # fmt: skip
CONTAINER_FILE = Body(
    "ContainerFileRequest",
    containers.Put,
    {"file_id": "The file to copy."},
    examples={"A file": {"file_id": "file-abc123"}},
)

_IDLE = {
    "expires_after": "For how long it is kept: for ever, if nothing is said.",
    "expires_after.anchor": "From when on: from when it was used last.",
    "expires_after.days": "For how many days.",
}
_CHUNKS = {
    "chunking_strategy": "Passages are as long as looking something up needs them.",
    "chunking_strategy.type": "Always this.",
}
STORE = Body(
    "VectorStoreRequest",
    vector_stores.Made,
    {
        "name": "What to call it.",
        "description": "What it is for.",
        "file_ids": "The files in it, by their ids.",
        "metadata": "Texts to know it by.",
        **_IDLE,
        **_CHUNKS,
    },
    examples={"A store": {"name": "manuals"}},
    optional=True,
)
CHANGED_STORE = Body(
    "VectorStoreChanges",
    vector_stores.Changed,
    {"name": "What to call it.", "metadata": "Takes the place of what was there.", **_IDLE},
    examples={"Another name": {"name": "books"}},
)
STORE_FILE = Body(
    "VectorStoreFileRequest",
    vector_stores.Put,
    {
        "file_id": "The file.",
        "attributes": "What searches can choose by.",
        **_CHUNKS,
    },
    examples={"A file": {"file_id": "file-abc123", "attributes": {"year": 2026}}},
)
NOTED_FILE = Body(
    "VectorStoreFileChanges",
    vector_stores.Noted,
    {"attributes": "What searches can choose by; takes the place of what was there."},
    examples={"Another year": {"attributes": {"year": 2027}}},
)
FILE_BATCH = Body(
    "VectorStoreFileBatchRequest",
    vector_stores.Several,
    {
        "file_ids": "The files, by their ids; or else `files`.",
        "files": "The files, each with its own attributes.",
        "files.file_id": "The file.",
        "files.attributes": "What searches can choose by.",
        "files.chunking_strategy": "Only `auto`: passages are as looking something up needs them.",
        "attributes": "What searches can choose by, for all of `file_ids`.",
        **_CHUNKS,
    },
    examples={"Two files": {"file_ids": ["file-abc123", "file-abc124"]}},
)
SEARCH = Body(
    "VectorStoreSearch",
    vector_stores.Search,
    {
        "query": "What to look for; several texts are one query.",
        "max_num_results": "The most passages: 10, if nothing is said.",
        "filters": "Only files whose attributes fit: comparisons, joined by `and` and `or`.",
        "ranking_options": "How passages are ranked.",
        "ranking_options.ranker": "There is one.",
        "ranking_options.score_threshold": "Only passages with so much.",
        "rewrite_query": "The query is taken as it is.",
    },
    examples={"A question": {"query": "Which storm did the captain fear?"}},
)

BATCH = Body(
    "BatchRequest",
    batches.Wanted,
    {
        "input_file_id": "A file of purpose `batch`: a request in each line.",
        "endpoint": "What all of its requests ask.",
        "completion_window": "When it must be done; what is not done by then is given up.",
        "metadata": COMMON["metadata"],
        "output_expires_after": "For how long its files are kept: 30 days, if nothing is said.",
        "output_expires_after.anchor": _KEPT["expires_after.anchor"],
        "output_expires_after.seconds": _KEPT["expires_after.seconds"],
    },
    examples={
        "A batch": {
            "input_file_id": "file-abc123",
            "endpoint": "/v1/responses",
            "completion_window": "24h",
        }
    },
)
