"""Clients that go away in the middle, and whether what they asked for stops soon."""

import asyncio
import json
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from api.served import KEY, Served

SOON = 1.0
"""Seconds in which work must have stopped once nobody waits for it."""
LONG = 60.0
"""Seconds in which a stage must have been reached."""
PATHS = {"chat": "/v1/chat/completions", "responses": "/v1/responses"}


@asynccontextmanager
async def asking(
    served: Served, question: str, *, form: str = "chat", stream: bool = True, **more: Any
) -> AsyncGenerator[None, None]:
    """A request under way; at the end its client hangs up."""
    asked = {"messages": [{"role": "user", "content": question}]}
    asked = asked if form == "chat" else {"input": question}  # type: ignore[dict-item]
    body = json.dumps({"model": "pellucid-mini", "stream": stream, **asked, **more}).encode()
    host, port = served.url.removeprefix("http://").split(":")
    lines = (
        f"POST {PATHS[form]} HTTP/1.1",
        f"host: {host}",
        f"authorization: Bearer {KEY}",
        f"content-length: {len(body)}",
    )
    _, writer = await asyncio.open_connection(host, int(port))
    writer.write("\r\n".join((*lines, "", "")).encode() + body)
    await writer.drain()
    try:
        yield
    finally:
        writer.close()
        await writer.wait_closed()


async def reached(condition: Callable[[], Awaitable[bool]], seconds: float = LONG) -> float:
    """Look until a condition holds; after how many seconds it did, TimeoutError if it did not."""
    began = time.monotonic()
    async with asyncio.timeout(seconds):
        while not await condition():  # noqa: ASYNC110 - other processes set no event of ours
            await asyncio.sleep(0.005)
    return time.monotonic() - began
