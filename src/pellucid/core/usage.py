"""Token counts, seconds, and how they add."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Usage:
    """What a turn used.

    Tokens: `prompt` counts all input, `cached` the part of it that was reused,
    `completion` all output, `reasoning` the part of it spent on thinking (programs
    included). `first_token` is seconds from the start to the first decoded token
    (0 when none was), `seconds` is wall time in all.
    """

    prompt: int = 0
    cached: int = 0
    reasoning: int = 0
    completion: int = 0
    first_token: float = 0.0
    seconds: float = 0.0

    def __add__(self, other: "Usage") -> "Usage":
        """Counts add; the first token stays the first."""
        return Usage(
            self.prompt + other.prompt,
            self.cached + other.cached,
            self.reasoning + other.reasoning,
            self.completion + other.completion,
            self.first_token or other.first_token,
            self.seconds + other.seconds,
        )
