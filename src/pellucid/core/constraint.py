"""What an answer must look like, whatever enforces it.

Every constraint is a value that can be compared and hashed, so that what was compiled from
it once can be found again.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class JsonSchema:
    """JSON that is valid against a schema (draft 2020-12), its properties in the schema's
    order. `schema` is the schema's JSON text."""

    schema: str


@dataclass(frozen=True, slots=True)
class Regex:
    """Text that a regular expression matches as a whole (syntax of Rust's regex crate)."""

    pattern: str


@dataclass(frozen=True, slots=True)
class Lark:
    """Text that a context-free grammar derives from its rule `start` (llguidance's Lark)."""

    grammar: str


@dataclass(frozen=True, slots=True)
class Choice:
    """Exactly one of these texts."""

    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Marked:
    """Free text up to and including `marker`, then what `then` asks for."""

    marker: str
    then: "Constraint"


@dataclass(frozen=True, slots=True)
class Function:
    """Something the caller can do. `parameters` is the JSON text of a schema of its arguments,
    an object; with `strict`, it must be enforceable as it stands. One that is `custom` takes text
    instead, which looks like `form` (None: any)."""

    name: str
    description: str = ""
    parameters: str = '{"type": "object", "properties": {}}'
    strict: bool = False
    custom: bool = False
    form: "Constraint | None" = None


@dataclass(frozen=True, slots=True)
class Calls:
    """Calls of functions, each its name between `opening` and `middle`, then arguments that fit
    its schema, then `closing`; several, with `between` in between, if `parallel`; all of them
    inside of `around`.

    Free text may stand before and after calls, and no call need be made, unless `required`
    (then there is at least one and nothing else). What is written when nothing is called can
    be fixed: as the text `nothing`, or as what `instead` asks for.
    """

    functions: tuple[Function, ...]
    opening: str
    middle: str
    closing: str
    between: str = "\n"
    around: tuple[str, str] = ("", "")
    required: bool = False
    parallel: bool = True
    nothing: str = ""
    instead: "Constraint | None" = None


Constraint = JsonSchema | Regex | Lark | Choice | Marked | Calls
