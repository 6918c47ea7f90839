"""How the engine serves a turn: before or after others, with which adapter, how repeatably."""

from dataclasses import dataclass
from typing import Literal

Priority = Literal["interactive", "background", "batch"]
"""Whose turn it is: interactive before background before batch."""


@dataclass(frozen=True, slots=True)
class Serving:
    """What a turn asks of the engine, beside its words.

    A `deterministic` turn gets the tokens an idle engine gives (with the same fingerprint),
    at the price of making others wait. `adapter` names a LoRA adapter of the weights
    ("": none).
    """

    priority: Priority = "interactive"
    deterministic: bool = False
    adapter: str = ""


USUAL = Serving()
"""What a turn asks that asks for nothing."""
