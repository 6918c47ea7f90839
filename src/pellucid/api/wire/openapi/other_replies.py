"""What is replied about the server, its models and conversations, as types."""

from typing import Literal, NotRequired

from typing_extensions import TypedDict

from pellucid.core.effort import EffortName


class Health(TypedDict):
    """The server runs."""

    status: Literal["ok"]


class Ready(TypedDict):
    """`ready`, or what turns wait for."""

    status: str


class SnapshotDetails(TypedDict):
    """The snapshot of a model that is served: its name, its digest, and the digests that this is
    made of, of the weights, of the source that writes prompts, and of the efforts."""

    id: str
    digest: str
    weights: str
    prompts: str
    effort: str


class ModelDetails(TypedDict):
    """What a model does when no effort is asked for, and what each effort may spend of a turn:
    tokens of thinking, solutions from scratch, repairs, rounds of correction, runs of tools; the
    snapshot that is served; the real name of another name, or of a snapshot."""

    usual_effort: EffortName
    efforts: dict[EffortName, dict[str, float]]
    snapshot: NotRequired[SnapshotDetails]
    alias_of: NotRequired[str]
    snapshot_of: NotRequired[str]


class ServedModel(TypedDict):
    """A model, by one of its names."""

    id: str
    object: Literal["model"]
    created: int
    owned_by: Literal["pellucid"]
    pellucid: ModelDetails


class ModelList(TypedDict):
    """The models, then their snapshots, then their other names."""

    object: Literal["list"]
    data: list[ServedModel]


class ConversationObject(TypedDict):
    """A conversation."""

    id: str
    object: Literal["conversation"]
    created_at: int
    metadata: dict[str, str]


class ConversationDeleted(TypedDict):
    """A conversation that is gone."""

    id: str
    object: Literal["conversation.deleted"]
    deleted: Literal[True]
