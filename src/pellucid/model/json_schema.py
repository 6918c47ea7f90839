"""JSON Schema documents: where in one a complaint comes from (draft 2020-12, RFC 6901)."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

Schema = dict[str, Any]

ONE = ("additionalProperties", "contains", "else", "if", "items", "not", "propertyNames", "then")
LISTS = ("allOf", "anyOf", "oneOf", "prefixItems")
MAPS = ("$defs", "definitions", "dependentSchemas", "patternProperties", "properties")

LEAP = "(0[48]|[2468][048]|[13579][26])"
DATE = f"([0-9]{{4}}-([^0]|0[^2]|02-[01]|02-2[0-8])|([0-9]{{2}}{LEAP}|{LEAP}00|0000)-02-29)"
TIME = "[0-9]{2}:[0-9]{2}:[0-5]"
CALENDAR = {"date": f"^{DATE}", "time": f"^{TIME}", "date-time": f"^{DATE}.*[Tt]{TIME}"}
"""Patterns that, beside the format of that name, leave only days and seconds there are."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong, and the JSON pointer of the innermost schema it is wrong in."""

    pointer: str
    complaint: str


def located(root: Schema, complain: Callable[[Schema], str]) -> Complaint | None:
    """The complaint about a schema, at the innermost place that is wrong by itself.

    `complain` judges a whole schema ("" is a good one). A part is judged as a document that
    refers to it, so that its own references still lead where they led.
    """
    complaint = complain(root)
    if not complaint:
        return None
    pointer, inner = "", complaint
    while inner:
        complaint = inner
        wrong = ((place, complain(_part(root, place))) for place in _children(root, pointer))
        pointer, inner = next((found for found in wrong if found[1]), (pointer, ""))
    return Complaint(pointer, complaint)


def closed(schema: Schema) -> Schema:
    """The same schema; objects with declared properties take no others unless they say so."""
    found: Schema = json.loads(json.dumps(schema), object_hook=_closed)
    return found


def _closed(schema: Schema) -> Schema:
    declares = isinstance(schema.get("properties"), dict) and schema.get("type") == "object"
    return {"additionalProperties": False, **schema} if declares else schema


def dated(schema: Schema) -> Schema:
    """The same schema with what a calendar and a clock forbid forbidden in dates and times.

    llguidance's own formats let 29 February pass in every year and second 60 in every minute
    (RFC 3339 allows neither); here leap seconds are never written.
    """
    found: Schema = json.loads(json.dumps(schema), object_hook=_dated)
    return found


def _dated(schema: Schema) -> Schema:
    pattern = CALENDAR.get(str(schema.get("format")))
    if pattern is None:
        return schema
    if "pattern" not in schema:
        return {**schema, "pattern": pattern}
    return {**schema, "allOf": [*schema.get("allOf", ()), {"pattern": pattern}]}


def _children(root: Schema, pointer: str) -> Iterator[str]:
    """Pointers of the schemas directly inside the one at `pointer`."""
    schema = _at(root, pointer)
    if not isinstance(schema, dict):
        return
    for key, value in schema.items():
        if key in ONE and isinstance(value, dict | bool):
            yield f"{pointer}/{key}"
        elif key in LISTS and isinstance(value, list):
            yield from (f"{pointer}/{key}/{number}" for number in range(len(value)))
        elif key in MAPS and isinstance(value, dict):
            yield from (f"{pointer}/{key}/{_escaped(name)}" for name in value)


def _at(root: Schema, pointer: str) -> object:
    """What a pointer leads to (RFC 6901)."""
    found: Any = root
    for step in pointer.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        found = found[int(name)] if isinstance(found, list) else found[name]
    return found


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def _part(root: Schema, pointer: str) -> Schema:
    """A document that is the part at `pointer`, with all its references kept."""
    moved = json.loads(json.dumps(root), object_hook=_led)
    return {"$ref": f"#/$defs/root{quote(pointer)}", "$defs": {"root": moved}}


def _led(schema: Schema) -> Schema:
    """A local pointer goes through `#/$defs/root`; a reference to an anchor stays."""
    reference = schema.get("$ref")
    if isinstance(reference, str) and (reference == "#" or reference.startswith("#/")):
        return {**schema, "$ref": f"#/$defs/root{reference[1:]}"}
    return schema
