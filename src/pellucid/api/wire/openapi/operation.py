"""What is said of a route."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import BaseModel

Json = dict[str, Any]
JSON, FORM = "application/json", "multipart/form-data"
Shape = Any
"""The type of a reply: a TypedDict; `str` and `bytes` where it is no JSON."""


@dataclass(frozen=True, slots=True)
class Body:
    """A request's body: its name in the document, and the model that parses it.

    The model knows names, types and bounds. `words` are what a parameter means, `ignored` those
    that change nothing here, `refused` those that are refused whatever they say; `changes` are
    keywords of JSON Schema where the model takes more than what is understood. Places inside are
    written with dots: `messages.role`. `examples` have a line each that says what they ask for.
    A form has the media type FORM; `nested` are those of its fields that are objects, written as
    one field for each field of theirs: `expires_after[seconds]`.
    """

    name: str
    model: type[BaseModel]
    words: Mapping[str, str] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    changes: Mapping[str, Json] = field(default_factory=dict)
    examples: Mapping[str, Json] = field(default_factory=dict)
    optional: bool = False
    media: str = JSON
    nested: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Operation:
    """A method of a path.

    `reply` is what a success holds, `event` each event of it as a stream; `query` is the model
    that parses the query. `turn` says that a turn is run, which may find the queue full or the
    engine down; `refuses` are refusals that neither this nor the path lets expect; `also` are
    further statuses with what they hold; `open` needs no key.
    """

    method: Literal["GET", "POST", "DELETE"]
    path: str
    name: str
    tag: str
    summary: str
    reply: Shape
    words: str = ""
    body: Body | None = None
    query: type[BaseModel] | None = None
    event: Shape = None
    turn: bool = False
    refuses: tuple[int, ...] = ()
    also: Mapping[int, tuple[str, Shape]] = field(default_factory=dict)
    media: str = JSON
    open: bool = False
