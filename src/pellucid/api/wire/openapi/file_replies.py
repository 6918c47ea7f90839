"""Files, uploads and batches, as types.

https://platform.openai.com/docs/api-reference/files/object, …/uploads/object and …/batch/object
"""

from typing import Literal

from typing_extensions import TypedDict

from pellucid.api.wire.batches import Endpoint
from pellucid.api.wire.files import Purpose
from pellucid.api.wire.openapi.response_replies import ResponseUsage


class FileObject(TypedDict):
    """What is known of a file; `expires_at` is null where it is kept until it is deleted."""

    id: str
    object: Literal["file"]
    bytes: int
    created_at: int
    expires_at: int | None
    filename: str
    purpose: Purpose | Literal["batch_output"]
    status: Literal["processed"]
    status_details: None


class FileList(TypedDict):
    """A page of files."""

    object: Literal["list"]
    data: list[FileObject]
    first_id: str | None
    last_id: str | None
    has_more: bool


class FileDeleted(TypedDict):
    """A file that is gone."""

    id: str
    object: Literal["file"]
    deleted: Literal[True]


class UploadObject(TypedDict):
    """A file that comes in parts; `file` is there once it is whole."""

    id: str
    object: Literal["upload"]
    bytes: int
    created_at: int
    expires_at: int
    filename: str
    purpose: Purpose
    status: Literal["pending", "completed", "cancelled", "expired"]
    file: FileObject | None


class UploadPart(TypedDict):
    """A part of an upload."""

    id: str
    object: Literal["upload.part"]
    created_at: int
    upload_id: str


class BatchComplaint(TypedDict):
    """What is wrong with a line of the input, or with all of it."""

    code: str | None
    line: int | None
    message: str
    param: str | None


class BatchComplaints(TypedDict):
    """What is wrong with an input, of which nothing was tried then."""

    object: Literal["list"]
    data: list[BatchComplaint]


class BatchCounts(TypedDict):
    """How many requests there are, and how many ended well or badly."""

    total: int
    completed: int
    failed: int


class BatchCosts(TypedDict):
    """Dollars, as decimal numbers: at the price of batches, and at list price."""

    cost_usd: str
    list_cost_usd: str


class BatchObject(TypedDict):
    """Many requests in one file, and how far they are. A file is named once there is something in
    it; `model` is null where there are several."""

    id: str
    object: Literal["batch"]
    endpoint: Endpoint
    model: str | None
    completion_window: Literal["24h"]
    status: Literal[
        "validating",
        "failed",
        "in_progress",
        "finalizing",
        "completed",
        "expired",
        "cancelling",
        "cancelled",
    ]
    input_file_id: str
    output_file_id: str | None
    error_file_id: str | None
    errors: BatchComplaints | None
    request_counts: BatchCounts
    usage: ResponseUsage
    metadata: dict[str, str] | None
    created_at: int
    expires_at: int
    in_progress_at: int | None
    finalizing_at: int | None
    completed_at: int | None
    failed_at: int | None
    expired_at: int | None
    cancelling_at: int | None
    cancelled_at: int | None
    pellucid: BatchCosts


class BatchList(TypedDict):
    """A page of batches."""

    object: Literal["list"]
    data: list[BatchObject]
    first_id: str | None
    last_id: str | None
    has_more: bool
