"""Server-sent events (HTML, 9.2): every event is one write, whole."""

from typing import Any

from pellucid.api.wire.bodies import written

DONE = b"data: [DONE]\n\n"
ALIVE = b": still working\n\n"
"""A comment, for proxies that close what is silent."""


def data(value: dict[str, Any]) -> bytes:
    """A nameless event, as Chat Completions sends them."""
    return b"data: " + written(value) + b"\n\n"


def named(value: dict[str, Any]) -> bytes:
    """An event named by its `type`, as Responses sends them."""
    return b"event: " + str(value["type"]).encode() + b"\ndata: " + written(value) + b"\n\n"
