"""Snapshots: a model under a name that pins what answers.

OpenAI's snapshots are told apart by dates. These are by digest, because what a name of this kind
promises can be looked up: nothing else has it.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from pellucid.core.effort import EFFORTS, EffortName

Json = dict[str, Any]
CHARACTERS = 12
"""Of a digest, in a name."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What answers of a model are made by, each as a digest: the `weights`, the source that writes
    its `prompts` and reads what comes of them, and how much `effort` it may spend."""

    weights: str
    prompts: str
    effort: str

    @property
    def digest(self) -> str:
        """The SHA-256 of the three."""
        return _digest(asdict(self))

    def name(self, model: str) -> str:
        """What a model is called where it must be this snapshot of it."""
        return f"{model}-{self.digest[:CHARACTERS]}"

    def told(self, model: str) -> Json:
        """The snapshot as the model's description has it."""
        return {"id": self.name(model), "digest": self.digest, **asdict(self)}


def taken(
    models: Mapping[str, EffortName],
    efforts: Mapping[EffortName, Mapping[str, float]],
    most: EffortName,
    weights: str,
    prompts: str,
) -> dict[str, Snapshot]:
    """A snapshot of each model as it is served: `models` have their usual effort, `efforts` what
    each may spend, of which no more than `most` is granted."""
    return {
        model: Snapshot(weights, prompts, _digest(_spends(usual, efforts, most)))
        for model, usual in models.items()
    }


def _spends(
    usual: EffortName, efforts: Mapping[EffortName, Mapping[str, float]], most: EffortName
) -> Json:
    """The row of each effort that may be asked for, and which of them is the usual one."""
    granted = {name: min(name, most, key=EFFORTS.index) for name in efforts}
    return {"usual": usual, "rows": {name: dict(efforts[row]) for name, row in granted.items()}}


def _digest(value: Json) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()
