"""Batches: https://platform.openai.com/docs/api-reference/batch"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field

from pellucid.api.wire.bodies import Body, parsed, read
from pellucid.api.wire.common import Metadata, Offer, response_usage
from pellucid.api.wire.errors import WireError
from pellucid.api.wire.files import BATCH_LIFETIME, Lifetime
from pellucid.core.usage import Usage

Json = dict[str, Any]
WINDOW = 86_400
"""Seconds after which a batch expires: the only `completion_window` there is."""

MOST_LINES = 50_000
MOST_BYTES = 200_000_000
MOST_COMPLAINTS = 100

Endpoint = Literal["/v1/responses", "/v1/chat/completions", "/v1/completions"]


class Wanted(Body):
    """What a batch is asked to be."""

    input_file_id: str
    endpoint: Endpoint
    completion_window: Literal["24h"]
    metadata: Metadata | None = None
    output_expires_after: Lifetime | None = None


class _Line(Body):
    custom_id: Annotated[str, Field(min_length=1, max_length=512)]
    method: Literal["POST"]
    url: str
    body: Json


@dataclass(frozen=True, slots=True)
class Asked:
    """What a batch is asked to be; its files are kept for `lifetime` seconds."""

    input: str
    endpoint: str
    lifetime: int
    metadata: dict[str, str] | None


@dataclass(frozen=True, slots=True)
class Request:
    """One request of a batch: its place among them, its caller's name for it, the model that
    answers it, and its body."""

    position: int
    custom_id: str
    model: str
    body: Json


def asked(body: Json) -> Asked:
    """What a request for a batch asks for."""
    found = parsed(Wanted, body)
    expires = found.output_expires_after
    lifetime = expires.seconds if expires else BATCH_LIFETIME
    return Asked(found.input_file_id, found.endpoint, lifetime, found.metadata)


def requests(content: bytes, endpoint: str, offer: Offer) -> Iterator[Request | Json]:
    """The requests of an input; in the place of one that cannot be tried, a complaint as
    `errors.data` lists it."""
    known = set[str]()
    lines = (pair for pair in enumerate(content.split(b"\n"), start=1) if pair[1].strip())
    for position, (number, text) in enumerate(lines):
        try:
            line = parsed(_Line, _object(text))
            model = _checked(line, endpoint, known, offer)
        except WireError as refusal:
            yield _complaint(refusal.code, refusal.message, number, refusal.param)
            continue
        known.add(line.custom_id)
        yield Request(position, line.custom_id, model, line.body)


def _object(text: bytes) -> Json:
    try:
        return read(text)
    except WireError as refusal:
        told = refusal.message.replace("The body", "The line")
        raise WireError(400, told, "invalid_json_line") from None


def _checked(line: _Line, endpoint: str, known: set[str], offer: Offer) -> str:
    """The model of a request; WireError for what no line can have though its fields are right."""
    if line.custom_id in known:
        told = f"The custom_id {line.custom_id!r} is used by an earlier line."
        raise WireError(400, told, "duplicate_custom_id", "custom_id")
    if line.url != endpoint:
        told = f"The url is {line.url!r}; the endpoint of this batch is {endpoint!r}."
        raise WireError(400, told, "invalid_url", "url")
    for name in ("stream", "background"):
        if line.body.get(name):
            told = f"A request of a batch has no '{name}'."
            raise WireError(400, told, "unsupported_parameter", f"body.{name}")
    model = line.body.get("model")
    if model is None:
        told = "Missing required parameter: 'body.model'."
        raise WireError(400, told, "missing_required_parameter", "body.model")
    return offer.model(str(model))


@dataclass(frozen=True, slots=True)
class Checked:
    """What an input holds: how many requests, the model of all of them (None: several), and
    what is wrong with it."""

    total: int
    model: str | None
    complaints: tuple[Json, ...]


def checked(content: bytes, endpoint: str, offer: Offer) -> Checked:
    """Look at every line of an input before the first is tried."""
    total, models, wrong = 0, set[str](), list[Json]()
    for request in requests(content, endpoint, offer):
        total += 1
        if isinstance(request, Request):
            models.add(request.model)
        else:
            wrong.append(request)
    if not total:
        wrong.append(_complaint("empty_file", "The input file has no requests."))
    if total > MOST_LINES:
        told = f"The input has {total:,} requests; a batch has no more than {MOST_LINES:,}."
        wrong.insert(0, _complaint("too_many_requests", told))
    model = models.pop() if len(models) == 1 else None
    return Checked(total, model, tuple(wrong[:MOST_COMPLAINTS]))


def no_input() -> Json:
    """A complaint about an input that was deleted before all of it was asked."""
    return _complaint("missing_file", "The input file was deleted.")


def _complaint(
    code: str | None, message: str, line: int | None = None, param: str | None = None
) -> Json:
    return {"code": code, "line": line, "message": message, "param": param}


def output(request: Request, request_id: str, status: int, body: Json) -> Json:
    """The line of a request that was answered, or refused."""
    response = {"status_code": status, "request_id": request_id, "body": body}
    name = f"batch_{request_id}"
    return {"id": name, "custom_id": request.custom_id, "response": response, "error": None}


def late(request: Request, request_id: str) -> Json:
    """The line of a request whose time was over before it was answered."""
    told = "This request could not be executed before the completion window expired."
    error = {"code": "batch_expired", "message": told}
    name = f"batch_{request_id}"
    return {"id": name, "custom_id": request.custom_id, "response": None, "error": error}


def used(body: Json) -> Usage:
    """The usage that a reply of either format tells."""
    told = body.get("usage") or {}
    before, after = ("input", "output") if "input_tokens" in told else ("prompt", "completion")
    return Usage(
        told.get(f"{before}_tokens", 0),
        told.get(f"{before}_tokens_details", {}).get("cached_tokens", 0),
        told.get(f"{after}_tokens_details", {}).get("reasoning_tokens", 0),
        told.get(f"{after}_tokens", 0),
    )


@dataclass(frozen=True, slots=True)
class Shown:
    """How far a batch is, as it is told: its requests, what they used, and what that costs in
    dollars at list price and at the price of batches."""

    total: int
    ended: int
    failed: int
    usage: Usage
    list_cost: str
    cost: str


def told(batch: Mapping[str, Any], shown: Shown) -> Json:
    """A batch as the API shows it; `batch` are its fields, in the API's own names."""
    usage = response_usage(shown.usage)
    counts = {
        "total": shown.total,
        "completed": shown.ended - shown.failed,
        "failed": shown.failed,
    }
    times = {f"{status}_at": None for status in TIMED}
    costs = {"cost_usd": shown.cost, "list_cost_usd": shown.list_cost}
    return {
        "object": "batch",
        "completion_window": "24h",
        **times,
        **batch,
        "request_counts": counts,
        "usage": usage,
        "pellucid": costs,
    }


TIMED = (
    "in_progress",
    "finalizing",
    "completed",
    "failed",
    "expired",
    "cancelling",
    "cancelled",
)
"""The statuses whose time is told."""
