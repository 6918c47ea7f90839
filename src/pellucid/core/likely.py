"""How likely the tokens of a text were that a model wrote."""

from collections.abc import Sequence
from dataclasses import dataclass

Alternative = tuple[bytes, float]
"""The bytes of a token, and its log-probability."""


@dataclass(frozen=True, slots=True)
class Likely:
    """One token that was written: its bytes, its natural log-probability before any sampler, and
    the likeliest tokens in its place, as many as were asked for."""

    piece: bytes
    logprob: float
    top: tuple[Alternative, ...] = ()


def spelling(tokens: Sequence[Likely], text: str) -> tuple[Likely, ...]:
    """The tokens that a text was written in: some of these that follow each other, with nothing but
    blanks before them; none where they do not spell just this text."""
    first = next((at for at, one in enumerate(tokens) if one.piece.strip()), 0)
    wanted, spelt = text.encode("utf-8", "surrogatepass"), b""
    for at in range(first, len(tokens)):
        spelt += tokens[at].piece
        if spelt == wanted:
            return tuple(tokens[first : at + 1])
    return ()
