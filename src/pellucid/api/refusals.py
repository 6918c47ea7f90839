"""What is replied where there is no answer."""

import logging

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Match, Route

from pellucid.api.replies import JsonReply
from pellucid.api.streams import ClientGone
from pellucid.api.wire.errors import WireError, sentence
from pellucid.core.errors import BadRequest, ReceiptError

log = logging.getLogger("pellucid.api")
GONE = 499
"""What is logged, and read by nobody, where the client has gone away (nginx's number)."""


def no_response(reply_id: str) -> WireError:
    """For an id that is no response, or none of this owner's."""
    return WireError(404, f"Response with id '{reply_id}' not found.", "not_found", "id")


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, WireError)  # noqa: S101 - what it is registered for
    return JsonReply(error.body(), error.status, error.headers)


async def _bad(request: Request, error: Exception) -> Response:
    """What was asked cannot be done as asked."""
    return JsonReply(WireError(400, sentence(str(error))).body(), 400)


async def _no_receipt(request: Request, error: Exception) -> Response:
    """A receipt that was removed, or changed since it was written."""
    log.warning("%s", error)
    told = "The receipt of this response is missing or was changed."
    return JsonReply(WireError(404, told, "receipt_error").body(), 404)


async def _unknown(request: Request, error: Exception) -> Response:
    """A path or a method that there is not; OPTIONS asks which methods there are."""
    status = error.status_code if isinstance(error, HTTPException) else 404
    if status == 405 and request.method == "OPTIONS":
        return Response(status_code=204, headers={"allow": _allowed(request)})
    told = f"Unknown request URL: {request.method} {request.url.path}."
    known = "See docs/api.md for what is served."
    headers = {"allow": _allowed(request)} if status == 405 else None
    return JsonReply(WireError(status, f"{told} {known}", "unknown_url").body(), status, headers)


def _allowed(request: Request) -> str:
    """The methods of a path (RFC 9110, 10.2.1), whichever routes they are in."""
    there = [
        route
        for route in request.app.routes
        if isinstance(route, Route) and route.matches(request.scope)[0] is not Match.NONE
    ]
    same = (route for route in there if route.path == there[0].path)
    methods = {method for route in same for method in route.methods or ()}
    return ", ".join(sorted({"OPTIONS", *methods}))


async def _gone(request: Request, error: Exception) -> Response:
    return Response(status_code=GONE)


HANDLERS = {
    WireError: _refused,
    BadRequest: _bad,
    ReceiptError: _no_receipt,
    HTTPException: _unknown,
    ClientGone: _gone,
    ClientDisconnect: _gone,
}
"""What becomes of each exception that a route raises."""
