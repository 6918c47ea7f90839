"""What was done for a response, and done again, as types."""

from typing import Any, Literal

from typing_extensions import TypedDict

Json = dict[str, Any]


class ReceiptEntry(TypedDict):
    """What was asked, an item of the turn, or how it ended; `hash` covers all up to it."""

    kind: str
    content: Json
    hash: str


class Receipt(TypedDict):
    """All that was done for a response, as a chain of hashes; `head` stands for the whole."""

    format: Literal["pellucid-receipt/1"]
    entries: list[ReceiptEntry]
    head: str


class Replayed(TypedDict):
    """A program that was run again; `detail` says what differs."""

    execution_id: str
    verdict: Literal["same", "differs"]
    detail: str


class ReplayList(TypedDict):
    """All programs of a response, run again."""

    object: Literal["list"]
    data: list[Replayed]
