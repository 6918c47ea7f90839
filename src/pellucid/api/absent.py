"""Endpoints of OpenAI's API that this server has nothing to answer with, refused by name."""

from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pellucid.api.wire.errors import WireError

ABSENT = {
    "/v1/embeddings": "embeddings",
    "/v1/moderations": "moderation",
    "/v1/images/{rest:path}": "images",
    "/v1/audio/{rest:path}": "audio",
}
"""What is missing, by its path."""

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


def routes() -> list[Route]:
    """All of them."""
    return [Route(path, partial(_absent, what), methods=METHODS) for path, what in ABSENT.items()]


async def _absent(what: str, request: Request) -> Response:
    told = f"This server has no {what}: {request.method} {request.url.path} is not served here."
    raise WireError(404, told, "unsupported_endpoint")
