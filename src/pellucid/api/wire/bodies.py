"""JSON bodies: read with limits first, then fields, each complaint with the parameter it is about;
and written so that any text can go out."""

import json
import math
import re
from typing import Any, NoReturn, TypeVar

import msgspec
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from pellucid.api.wire.errors import WireError

Json = dict[str, Any]

DEEPEST = 64
"""Levels of nesting in a body."""

_CODES = {
    "missing": "missing_required_parameter",
    "extra_forbidden": "unknown_parameter",
}
"""Kinds of complaints, as OpenAI calls them; others are of a type or of a value."""


class Body(BaseModel):
    """A part of a request: unknown fields are refused by name, and so are values of other types,
    but for whole numbers that some clients write as 1.0."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    @model_validator(mode="before")
    @classmethod
    def _whole(cls, given: object) -> object:
        if not isinstance(given, dict):
            return given
        return {
            name: int(value) if isinstance(value, float) and value.is_integer() else value
            for name, value in given.items()
        }


class Loose(BaseModel):
    """A part of a request of which only some fields matter."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=False)


Model = TypeVar("Model", bound=BaseModel)


def read(body: bytes) -> Json:
    """The JSON object of a body; WireError where it is none."""
    try:
        value = json.loads(body.decode("utf-8-sig"), parse_float=_finite, parse_constant=_no_number)
    except UnicodeDecodeError as error:
        raise WireError(400, f"The body is not UTF-8: {error.reason}.") from None
    except (ValueError, RecursionError) as error:
        raise WireError(400, f"The body is not JSON: {error}.") from None
    if not isinstance(value, dict):
        raise WireError(400, "The body must be a JSON object.", "invalid_type")
    if _deep(value):
        raise WireError(400, f"The body is nested more than {DEEPEST} levels deep.")
    return value


def written(value: Json) -> bytes:
    """JSON in UTF-8; half a surrogate pair, which that lacks, as an escape."""
    try:
        return msgspec.json.encode(value)
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":")).encode()


def _finite(text: str) -> float:
    """A number; ValueError for one so large that nothing but "infinite" is left of it."""
    value = float(text)
    return value if math.isfinite(value) else _no_number(text)


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text[:20]} is no number that can be worked with")


def _deep(value: object) -> bool:
    """Whether a value is nested deeper than anything means."""
    level: list[object] = [value]
    for _ in range(DEEPEST):
        level = [
            inner
            for one in level
            for inner in (
                one.values() if isinstance(one, dict) else one if isinstance(one, list) else ()
            )
        ]
        if not level:
            return False
    return True


def parsed(model: type[Model], value: Json) -> Model:
    """The body as a model; WireError with code and parameter for the first field that is wrong."""
    try:
        return model.model_validate(value)
    except ValidationError as error:
        raise _complaint(error) from None


def _complaint(error: ValidationError) -> WireError:
    found = error.errors(include_url=False)
    # Of the complaints about the variants of one field, the deepest is about the one meant.
    first = min(found, key=lambda one: (one["type"] not in _CODES, -len(one["loc"])))
    param = path(first["loc"])
    match first["type"]:
        case "missing":
            message = f"Missing required parameter: '{param}'."
        case "extra_forbidden":
            message = f"Unknown parameter: '{param}'."
        case _:
            where = f"value for '{param}'" if param else "body"
            message = f"Invalid {where}: {first['msg'].removeprefix('Value error, ')}."
    kind = "invalid_type" if first["type"].endswith(("_type", "_parsing")) else "invalid_value"
    return WireError(400, message, _CODES.get(first["type"], kind), param)


def path(location: tuple[int | str, ...], at: str = "") -> str:
    """A place as OpenAI names it: `messages[0].content`; names of variants are left out."""
    text = at
    for part in location:
        if isinstance(part, int):
            text += f"[{part}]"
        elif part.isidentifier() and part not in _VARIANTS:
            text += f".{part}" if text else part
    return text


_VARIANTS = frozenset({"str", "int", "bool", "float", "Automatic"})


NAME = r"[\x21-\x7e]{1,128}"
"""Ids that can be looked up."""


def named(value: object, param: str) -> str | None:
    """An id that a request gives, or None; WireError for what can be nobody's."""
    if value is None or (isinstance(value, str) and re.fullmatch(NAME, value)):
        return value
    kind = "value" if isinstance(value, str) else "type"
    told = f"Invalid {kind} for '{param}': an id has 1 to 128 characters of ASCII, and no blanks."
    raise WireError(400, told, f"invalid_{kind}", param)


def unsupported(what: str, param: str) -> WireError:
    """Something the API has and this server has not."""
    return WireError(400, f"{what} is not supported here.", "unsupported_parameter", param)
