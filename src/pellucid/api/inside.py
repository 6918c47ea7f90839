"""Requests that come from inside the server: they take the same routes as those from outside."""

import asyncio
import json
import logging
from typing import Any

from starlette.types import ASGIApp, Message

from pellucid.api.wire.bodies import written

Json = dict[str, Any]
log = logging.getLogger("pellucid.api")


async def posted(app: ASGIApp, path: str, body: Json, owner: str) -> tuple[int, Json]:
    """Post a body to a route for an owner (ASGI 3, https://asgi.readthedocs.io): status and reply.

    Cancelling this cancels the work.
    """
    asked: list[Message] = [{"type": "http.request", "body": written(body), "more_body": False}]
    status, parts = 0, list[bytes]()

    async def receive() -> Message:
        if not asked:
            await asyncio.Event().wait()  # this client never hangs up
        return asked.pop()

    async def send(message: Message) -> None:
        nonlocal status
        status = message.get("status", status)
        parts.append(message.get("body", b""))

    try:
        await app(_scope(path, owner), receive, send)
    except Exception:
        log.exception("%s failed", path)
        error = {"message": "The server had an error.", "type": "server_error"}
        return 500, {"error": {**error, "param": None, "code": "server_error"}}
    return status, json.loads(b"".join(parts))


def _scope(path: str, owner: str) -> dict[str, Any]:
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [(b"content-type", b"application/json")],
        "client": None,
        "server": None,
        "owner": owner,
    }
