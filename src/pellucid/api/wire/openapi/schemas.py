"""Schemas of pydantic's, as the document shows them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import JsonSchemaMode

from pellucid.api.wire.openapi.operation import Body, Shape

Json = dict[str, Any]
IGNORED = "Accepted, and changes nothing here; the reply lists it under `pellucid.ignored`."
REFUSED = "Not supported: refused by name, unless it asks for nothing."
_NO_DEFAULT = ("default", None)
"""Of a field that need not be there, which is all that this means; it may not even be null."""

_NOTHING: Json = {"type": "null"}
_SEVERAL = {"anyOf": "anyOf", "oneOf": "anyOf", "allOf": "allOf"}
"""Keywords that hold schemas. Parts of a message overlap by design, which oneOf would forbid."""


@dataclass(frozen=True, slots=True)
class Writer:
    """Schemas without what only pydantic means by them. `words` describe places, `changes`
    override their keywords; references into `definitions` are replaced by what they mean, others
    stay; with `closed`, objects have the properties that they name, and no others."""

    words: Mapping[str, str] = field(default_factory=dict)
    changes: Mapping[str, Json] = field(default_factory=dict)
    definitions: Mapping[str, Json] = field(default_factory=dict)
    closed: bool = False

    def schema(self, given: Json, at: str = "") -> Json:
        """A schema at a place: names of properties, with dots between them; "|" behind it stands
        for what is inside of it without a name."""
        if (name := given.get("$ref", "").rpartition("/")[2]) in self.definitions:
            return self.schema({**self.definitions[name], **_beside(given)}, at)
        told = dict(self._keywords(given, at))
        if self.closed and "properties" in told:
            told.setdefault("additionalProperties", False)
        if at in self.words:
            told["description"] = self.words[at]
        if changes := self.changes.get(at):
            told = {**{k: v for k, v in told.items() if k not in _SEVERAL}, **changes}
        return told

    def _keywords(self, given: Json, at: str) -> Iterator[tuple[str, Any]]:
        for key, value in given.items():
            if key == "properties":
                place = at.rstrip("|")
                names = {name: f"{place}.{name}".strip(".") for name in value}
                yield key, {name: self.schema(one, names[name]) for name, one in value.items()}
            elif key in _SEVERAL:
                yield _SEVERAL[key], [self.schema(one, f"{at}|") for one in value]
            elif key in ("items", "additionalProperties") and isinstance(value, dict):
                yield key, self.schema(value, f"{at}|")
            elif key not in ("title", "$defs", "discriminator") and (key, value) != _NO_DEFAULT:
                yield key, value


def _beside(given: Json) -> Json:
    return {key: value for key, value in given.items() if key != "$ref"}


def request(body: Body) -> Json:
    """The schema of a request."""
    given = body.model.model_json_schema()
    words = {
        **body.words,
        **dict.fromkeys(body.ignored, IGNORED),
        **dict.fromkeys(body.refused, REFUSED),
    }
    changes = {**dict.fromkeys(body.refused, _NOTHING), **body.changes}
    schema = Writer(words, changes, given.get("$defs", {})).schema(given)

    def rank(name: str) -> int:
        """What must be there comes first, what does nothing last."""
        needed = name not in schema.get("required", ())
        return needed + (name in body.ignored) + 2 * (name in body.refused)

    fields = schema["properties"]
    return schema | {"properties": {name: fields[name] for name in sorted(fields, key=rank)}}


def shapes(used: Iterable[Shape], ref: str) -> tuple[dict[Shape, Json], Json]:
    """How each of some types is written where it is used, and the schemas that are named."""
    mode: JsonSchemaMode = "serialization"
    inputs = [(one, mode, TypeAdapter(one)) for one in dict.fromkeys(used)]
    found, defined = TypeAdapter.json_schemas(inputs, ref_template=f"{ref}{{model}}")
    writer = Writer(closed=True)
    references = {key: writer.schema(schema) for (key, _), schema in found.items()}
    return references, {name: writer.schema(one) for name, one in defined["$defs"].items()}
