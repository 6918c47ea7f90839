"""Protocol: what the step loop needs from whatever computes tokens.

A backend holds `cells` key-value cells shared by `sequences` sequence ids. Sharing a
prefix between sequences costs no cells. `fake.Backend` and `llama.context` implement it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from pellucid.engine.sequence import Sampling

# So many tokens of one sequence are drawn in a step, at most.
DRAWS = 8


@dataclass(frozen=True, slots=True)
class Work:
    """Tokens to append to one sequence at positions `start`, `start + 1`, ..., computed
    with an adapter; with `sample`, the next token is drawn after the last of them.

    The last `guessed` of them (fewer than DRAWS) are only guesses: a token is drawn before
    each one, and the first that is not what was guessed is the last one drawn; what was
    computed after it is forgotten."""

    seq: int
    tokens: tuple[int, ...]
    start: int
    sample: bool
    adapter: str = ""
    guessed: int = 0


@dataclass(frozen=True, slots=True)
class Sampled:
    """One drawn token of a sequence, with its log-probability where asked (else 0), and the `top`
    tokens in its place where asked, with theirs.

    `then` were drawn after it, one for each guess that was right. The sequence's grammar
    forces the tokens `forced` after it; `complete` when nothing can follow these; `error`
    says why the grammar could not go on.
    """

    seq: int
    token: int
    logprob: float = 0.0
    top: tuple[tuple[int, float], ...] = ()
    then: tuple[int, ...] = ()
    forced: tuple[int, ...] = ()
    complete: bool = False
    error: str = ""


class Backend(Protocol):
    """Key-value cells, a decoder and samplers. Not thread-safe: one loop owns it.

    `adapters` maps the name of each LoRA adapter to a digest of its file.
    """

    cells: int
    sequences: int
    window: int
    batch: int
    end_tokens: frozenset[int]
    adapters: Mapping[str, str]

    def decode(self, plan: Sequence[Work]) -> list[Sampled]:
        """Append all work, which is of one adapter, in one batch (at most `batch` tokens)
        and draw where asked."""
        ...

    def open_sampler(self, seq: int, sampling: Sampling) -> None:
        """Draw this sequence's tokens with these settings from now on; ValueError when they
        cannot be followed."""
        ...

    def prepare(self, grammar: str) -> None:
        """Compile a grammar ahead of `open_sampler`, which then tells what is wrong with it.
        The only method that other threads may call."""
        ...

    def close_sampler(self, seq: int) -> None:
        """Forget the sampler of a sequence."""
        ...

    def move_sampler(self, source: int, target: int) -> None:
        """What drew for `source` draws for `target` from now on, in the state it is in. Ids
        from `sequences` on serve to put one aside."""
        ...

    def share(self, source: int, target: int, length: int) -> None:
        """Let `target` begin with the first `length` cells of `source` (target is empty)."""
        ...

    def drop(self, seq: int, start: int = 0) -> None:
        """Forget the cells of a sequence from position `start` on."""
        ...

    def save_size(self, seq: int) -> int:
        """How many bytes `save` would give."""
        ...

    def save(self, seq: int) -> bytes:
        """All that the cells of a sequence hold, to be kept elsewhere."""
        ...

    def restore(self, seq: int, state: bytes) -> None:
        """Put what `save` gave into an empty sequence, in cells of its own; ValueError when
        it is no such state of these weights (the sequence is empty then)."""
        ...

    def length(self, seq: int) -> int:
        """How many positions a sequence holds, as the backend itself counts (for audits)."""
        ...

    def piece(self, token: int) -> bytes:
        """The bytes a token stands for (empty for control tokens)."""
        ...
