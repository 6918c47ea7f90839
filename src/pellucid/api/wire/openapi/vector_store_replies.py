"""Vector stores, their files and what is found in them, as types.

https://platform.openai.com/docs/api-reference/vector-stores/object and …/vector-stores-files
"""

from typing import Literal, NotRequired

from typing_extensions import TypedDict

Attributes = dict[str, str | bool | float]


class IdleDays(TypedDict):
    """For how many days without use a store is kept."""

    anchor: Literal["last_active_at"]
    days: int


class FileCounts(TypedDict):
    """How many files were read, could not be, are still to be, and never will be."""

    cancelled: int
    completed: int
    failed: int
    in_progress: int
    total: int


class VectorStoreObject(TypedDict):
    """Files that are searched together; `usage_bytes` is their text."""

    id: str
    object: Literal["vector_store"]
    created_at: int
    last_active_at: int
    name: str
    description: str
    metadata: dict[str, str]
    status: Literal["in_progress", "completed", "expired"]
    usage_bytes: int
    expires_after: IdleDays | None
    expires_at: int | None
    file_counts: FileCounts


class VectorStoreList(TypedDict):
    """A page of stores."""

    object: Literal["list"]
    data: list[VectorStoreObject]
    first_id: str | None
    last_id: str | None
    has_more: bool


class VectorStoreDeleted(TypedDict):
    """A store that is gone."""

    id: str
    object: Literal["vector_store.deleted"]
    deleted: Literal[True]


class Unreadable(TypedDict):
    """Why a file could not be read."""

    code: Literal["unsupported_file"]
    message: str


class Chunks(TypedDict):
    """How a file is parted: as looking something up needs it."""

    type: Literal["other"]


class VectorStoreFileObject(TypedDict):
    """A file of a store, by the id of the file."""

    id: str
    object: Literal["vector_store.file"]
    created_at: int
    vector_store_id: str
    status: Literal["in_progress", "completed", "failed", "cancelled"]
    last_error: Unreadable | None
    usage_bytes: int
    attributes: Attributes
    chunking_strategy: Chunks


class VectorStoreFileBatchObject(TypedDict):
    """Files that are put into a store, by those that are still in it."""

    id: str
    object: Literal["vector_store.files_batch"]
    created_at: int
    vector_store_id: str
    status: Literal["in_progress", "completed", "cancelled"]
    file_counts: FileCounts


class VectorStoreFileList(TypedDict):
    """A page of files of a store."""

    object: Literal["list"]
    data: list[VectorStoreFileObject]
    first_id: str | None
    last_id: str | None
    has_more: bool


class VectorStoreFileDeleted(TypedDict):
    """A file that is in a store no more."""

    id: str
    object: Literal["vector_store.file.deleted"]
    deleted: Literal[True]


class ReadText(TypedDict):
    """A part of a file: a page, where it has any."""

    type: Literal["text"]
    text: str


class VectorStoreFileContent(TypedDict):
    """What was read of a file."""

    object: Literal["vector_store.file_content.page"]
    data: list[ReadText]
    has_more: Literal[False]
    next_page: None


class FoundText(TypedDict):
    """A passage."""

    type: Literal["text"]
    text: str


class SearchResult(TypedDict):
    """A passage with the file it is of; `score` tells how much of the query is in it, from 0 to
    1."""

    file_id: str
    filename: str
    attributes: Attributes
    score: float
    content: list[FoundText]


class SearchResults(TypedDict):
    """What was found, the best first."""

    object: Literal["vector_store.search_results.page"]
    search_query: list[str]
    data: list[SearchResult]
    has_more: Literal[False]
    next_page: None


class FoundPassage(TypedDict):
    """A passage that was found for an answer; `score` tells how much of what was looked for is in
    it, where something was looked for by its words."""

    file_id: str
    filename: str
    attributes: Attributes
    text: str
    score: NotRequired[float]


class OutputSearch(TypedDict):
    """A lookup in documents, where the tool `file_search` was asked for; `results` are told where
    `include` names them."""

    id: str
    type: Literal["file_search_call"]
    status: Literal["in_progress", "completed"]
    queries: list[str]
    results: list[FoundPassage] | None
