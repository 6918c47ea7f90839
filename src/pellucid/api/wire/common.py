"""What both formats share: models and their aliases, functions, usage, verdicts."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Annotated, Any

from pydantic import BaseModel, Field

from pellucid.api.wire.bodies import Body
from pellucid.api.wire.errors import WireError
from pellucid.api.wire.logprobs import absent
from pellucid.api.wire.snapshots import Snapshot
from pellucid.core.claims import Claim
from pellucid.core.constraint import Constraint, Function, JsonSchema
from pellucid.core.effort import EffortName
from pellucid.core.fold import Record
from pellucid.core.items import Item, ToolCall, ToolResult, Verdicts
from pellucid.core.turn import Turn
from pellucid.core.usage import Usage

Json = dict[str, Any]
ANY_OBJECT = JsonSchema('{"type": "object"}')
RESERVED = "python"
"""The name of Pellucid's own tool; a caller's function of this name could not be told from it."""

FEWEST = 16
"""The smallest limit of tokens that can hold an answer."""

EFFORTS: dict[str, EffortName] = {"max": "xhigh"}
"""Names of efforts that we call otherwise."""


class Extension(Body):
    """What a request may ask of Pellucid beside OpenAI's parameters: raw reasoning in the
    reply, no verdicts in it, no programs of its own while thinking, a deadline in seconds, and
    whether the answer of an equal request may be given again."""

    reasoning: bool = False
    verdicts: bool = True
    computing: bool = True
    seconds: Annotated[float | None, Field(gt=0)] = None
    cache: bool | None = None


Metadata = Annotated[
    dict[Annotated[str, Field(max_length=64)], Annotated[str, Field(max_length=512)]],
    Field(max_length=16),
]
"""What a client notes on an object: 16 pairs at most."""


class Parameters(Body):
    """What requests of both formats may hold."""

    model: str
    stream: bool | None = None
    store: bool | None = None
    tool_choice: str | Json | None = None
    parallel_tool_calls: bool | None = None
    metadata: Metadata | None = None
    moderation: Json | None = None
    temperature: float | None = None
    top_p: float | None = None
    service_tier: str | None = None
    prompt_cache_key: str | None = None
    prompt_cache_retention: str | None = None
    prompt_cache_options: Json | None = None
    safety_identifier: str | None = None
    user: str | None = None
    pellucid: Extension = Extension()

    def cache(self) -> bool | None:
        """Whether an equal request's answer will do; what is not to be stored is not
        remembered either, unless that is asked for."""
        wanted = self.pellucid.cache
        return False if wanted is None and self.store is False else wanted


@dataclass(frozen=True, slots=True)
class Offer:
    """The models of this server: each with its usual effort, other names for them, whether
    turns compute with programs that nobody asked for, what each effort may spend, and the
    snapshot of each that is served."""

    models: Mapping[str, EffortName]
    aliases: Mapping[str, str]
    computing: bool = True
    efforts: Mapping[EffortName, Mapping[str, float]] = field(default_factory=dict)
    snapshots: Mapping[str, Snapshot] = field(default_factory=dict)

    def model(self, name: str) -> str:
        """The model of a name; WireError 404 for one that does not exist."""
        found = self.pinned().get(name) or self.aliases.get(name, name)
        if found not in self.models:
            raise self._absent(name)
        return found

    def pinned(self) -> dict[str, str]:
        """The names of the snapshots, each with its model."""
        return {one.name(model): model for model, one in self.snapshots.items()}

    def called(self, name: str) -> str:
        """What a reply names as its model: the snapshot that was asked for, else the model."""
        return name if name in self.pinned() else self.model(name)

    def _absent(self, name: str) -> WireError:
        told = f"The model `{name}` does not exist or you do not have access to it."
        alike = [model for model in self.snapshots if name.startswith(f"{model}-")]
        if alike:
            model = max(alike, key=len)
            served = self.snapshots[model].name(model)
            told += f" The snapshot of `{model}` that is served now is `{served}`."
        return WireError(404, told, "model_not_found", "model")

    def tools(
        self, wanted: Extension, *, hosted: bool = False, web: bool = False
    ) -> frozenset[str]:
        """What a turn may use by itself; Python too where it is asked for as a hosted tool."""
        computing = hosted or (self.computing and wanted.computing)
        return frozenset({"python"} if computing else ()) | frozenset({"web"} if web else ())


@dataclass(frozen=True, slots=True)
class Choosing:
    """Which functions may be called, and whether one must be."""

    functions: tuple[Function, ...]
    must: bool = False


def effort(name: str | None, usual: EffortName, param: str) -> EffortName:
    """The effort of a name, the model's own where there is none."""
    if name is None:
        return usual
    known: dict[str, EffortName] = {
        **EFFORTS,
        **{one: one for one in ("none", "minimal", "low", "medium", "high", "xhigh")},
    }
    if name not in known:
        told = f"Invalid value: '{name}'. Supported values are: {', '.join(sorted(known))}."
        raise WireError(400, told, "invalid_value", param)
    return known[name]


def stray(items: Sequence[Item]) -> str | None:
    """The id of the first result of a call that was not made before it; a run proves itself."""
    made = set[str]()
    for item in items:
        if isinstance(item, ToolCall):
            made.add(item.call_id)
        if isinstance(item, ToolResult) and not (item.execution or item.call_id in made):
            return item.call_id
    return None


def ignored(asked: BaseModel, names: Sequence[str]) -> tuple[str, ...]:
    """Which of the parameters that change nothing a request sets."""
    return tuple(name for name in names if getattr(asked, name) not in (None, False, []))


def function(name: str, description: str | None, parameters: Json | None, strict: bool) -> Function:
    """A function as the agent knows it."""
    if name == RESERVED:
        told = (
            f"The name {RESERVED!r} is taken by Pellucid's own tool; call the function otherwise."
        )
        raise WireError(400, told, "invalid_value", "tools")
    schema = {"type": "object", "properties": {}} if parameters is None else parameters
    return Function(name, description or "", json.dumps(schema), strict)


def choosing(functions: Sequence[Function], choice: str | Sequence[str]) -> Choosing:
    """What a `tool_choice` leaves: none, auto, required, or names of which one must be called."""
    if isinstance(choice, str):
        return Choosing(() if choice == "none" else tuple(functions), choice == "required")
    chosen = tuple(one for one in functions if one.name in choice)
    if missing := next((name for name in choice if name not in {f.name for f in functions}), None):
        told = f"Tool choice {missing!r} is not one of the tools."
        raise WireError(400, told, "invalid_value", "tool_choice")
    return Choosing(chosen, must=True)


def json_form(kind: str, schema: Json | None) -> Constraint | None:
    """What `response_format` and `text.format` hold an answer to."""
    match kind:
        case "json_schema":
            return JsonSchema(json.dumps(schema or {}))
        case "json_object":
            return ANY_OBJECT
        case _:
            return None


def chat_usage(usage: Usage) -> Json:
    """Usage, as Chat Completions counts it."""
    return {
        "prompt_tokens": usage.prompt,
        "completion_tokens": usage.completion,
        "total_tokens": usage.prompt + usage.completion,
        "prompt_tokens_details": {"cached_tokens": usage.cached, "audio_tokens": 0},
        "completion_tokens_details": {
            "reasoning_tokens": usage.reasoning,
            "audio_tokens": 0,
            "accepted_prediction_tokens": 0,
            "rejected_prediction_tokens": 0,
        },
    }


def response_usage(usage: Usage) -> Json:
    """Usage, as Responses counts it."""
    return {
        "input_tokens": usage.prompt,
        "input_tokens_details": {"cached_tokens": usage.cached, "cache_write_tokens": 0},
        "output_tokens": usage.completion,
        "output_tokens_details": {"reasoning_tokens": usage.reasoning},
        "total_tokens": usage.prompt + usage.completion,
    }


def extension(record: Record, turn: Turn, ignored: Sequence[str]) -> Json:
    """What Pellucid says beside OpenAI's fields: verdicts, effort, and what was ignored."""
    verdicts = next((i for i in reversed(record.items) if isinstance(i, Verdicts)), None)
    told: Json = {"receipt_id": record.turn_id}
    if verdicts is not None:
        told["verdicts"] = [_claim(claim) for claim in verdicts.claims]
        told["removed"] = list(verdicts.removed)
    if record.spent is not None:
        told["effort"] = asdict(record.spent)
    if record.reason == "limit":
        told["partial"] = True
    if record.cached_from:
        told |= {"cached": True, "cached_from": record.cached_from}
    told |= absent(record, turn)
    if ignored:
        told["ignored"] = list(ignored)
    return told


def _claim(claim: Claim) -> Json:
    told = asdict(claim)
    return {name: value for name, value in told.items() if value or name in ("start", "end")}
