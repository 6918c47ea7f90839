"""Frames of a WebSocket: https://platform.openai.com/docs/guides/websocket-mode"""

from typing import Any

from pellucid.api.wire.bodies import unsupported
from pellucid.api.wire.errors import WireError, failed
from pellucid.core.events import Event, TurnFailed

Json = dict[str, Any]
CREATE = "response.create"
"""The one event that clients send."""


def created(frame: Json) -> Json:
    """The request for a response that a frame holds: what HTTP would have in its body; WireError
    for what has no meaning here, where every response is told by its events and waited for."""
    kind = frame.get("type")
    if kind != CREATE:
        told = f"Invalid value: {kind!r}. Supported values are: '{CREATE}'."
        raise WireError(400, told, "invalid_value", "type")
    if frame.get("stream") is False:
        raise unsupported("A WebSocket without 'stream'", "stream")
    if frame.get("background"):
        raise unsupported("Parameter 'background' in a WebSocket", "background")
    return {name: value for name, value in frame.items() if name not in ("type", "stream")}


def refused(error: WireError) -> Json:
    """The frame of a request that was refused, or failed before anything was told of it; what HTTP
    would say in headers, when to try again, it says too."""
    headers = {"headers": error.headers} if error.headers else {}
    return {"type": "error", "status": error.status, **error.body(), **headers}


def told(frame: Json, event: Event) -> Json:
    """A frame that an event became; errors have a status here."""
    if frame["type"] != "error" or not isinstance(event, TurnFailed):
        return frame
    return {**frame, "status": failed(event).status}
