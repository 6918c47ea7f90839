"""Grammars that answers must follow, as masks over the vocabulary.

llguidance (https://github.com/guidance-ai/llguidance, MIT) parses what was written so far
with an Earley parser over a lexer of derivatives and says which tokens may come next: some
0.1 ms for 150,000 tokens, no loop over them in Python. Where the grammar leaves one way to
go on, the tokens of that way are forced: nobody has to draw them.

A grammar is text in llguidance's own JSON (`{"grammars": [...]}`) or its Lark dialect.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cached_property, lru_cache
from threading import Lock

import numpy as np
import numpy.typing as npt
from llguidance import LLMatcher, LLParserLimits, LLTokenizer

from pellucid.engine.backend import Sampled

MOST_BYTES = 1_000_000
KEPT = 64
WHOLE, FRACTION = 400, 40
ENDLESS = re.compile(rb"(?:\.[0-9]{%d,}|(?<![.0-9])[0-9]{%d,})$" % (FRACTION, WHOLE))
"""A number of JSON longer than any double (309 digits, 17 of them significant; IEEE 754)."""

TAIL = 4_000
"""Bytes of what was written last that are looked at."""

PHRASE, LOOPED = 24, 400
"""Bytes from which on what is said three times is a phrase, and bytes of it that are a loop."""

SAME, ALIKE = 24, 8
"""How often a list may have the same text in a row, and any item of `PHRASE` bytes or more."""


class GrammarError(ValueError):
    """A grammar cannot be enforced: it is wrong, too large, or beyond what we support."""


class Guide:
    """Where one answer stands in its grammar. Not thread-safe.

    A grammar of JSON lets numbers grow without end, and small weights repeat themselves
    (Holtzman et al. 2020, https://arxiv.org/abs/1904.09751): `0.000…` until the tokens are
    spent. Here a number ends after `FRACTION` digits behind its point or `WHOLE` before it, a
    text where it says the same phrases for the third time, and a list where it has the same text
    `SAME` times in a row, or anything else `ALIKE` times.
    """

    def __init__(
        self, matcher: LLMatcher, tokenizer: LLTokenizer, vocabulary: int, json: bool
    ) -> None:
        """At the grammar's start; `vocabulary` is how many logits a row has."""
        self._matcher, self._tokenizer, self._json = matcher, tokenizer, json
        self._tail = b""
        self._quote, self._end = (tokenizer.tokenize_bytes(one)[0] for one in (b'"', b"]"))
        self._bits = np.zeros((vocabulary + 31) // 32, np.int32)
        self._vocabulary = vocabulary

    @property
    def _complete(self) -> bool:
        """Whether the answer is whole and nothing can follow."""
        return bool(self._matcher.is_stopped()) and not self._matcher.is_error()

    @property
    def _error(self) -> str:
        """Why the grammar cannot go on (a limit was hit), else ""."""
        return (
            f"the grammar: {reason(self._matcher.get_error())}" if self._matcher.is_error() else ""
        )

    def allowed(self) -> npt.NDArray[np.bool_]:
        """Which tokens may come next; end tokens among them where the answer may end."""
        self._matcher.unsafe_compute_mask_ptr(self._bits.ctypes.data, self._bits.nbytes)
        bits = np.unpackbits(self._bits.view(np.uint8), bitorder="little", count=self._vocabulary)
        allowed = bits.view(np.bool_)
        if self._json and ENDLESS.search(self._tail[-WHOLE:]):
            allowed[self._more_digits(allowed)] = False
        if self._json and allowed[self._quote]:  # in a text, or before one
            return self._only(allowed, self._quote) if looping(self._tail) else allowed
        if self._json and allowed[self._end] and repeating(self._tail):
            return self._only(allowed, self._end)
        return allowed

    def _only(self, allowed: npt.NDArray[np.bool_], token: int) -> npt.NDArray[np.bool_]:
        allowed[:] = False
        allowed[token] = True
        return allowed

    def _more_digits(self, allowed: npt.NDArray[np.bool_]) -> list[int]:
        """The tokens that begin with a digit, if the answer is inside a number that may end."""
        digits, others = [], 0
        for token in np.flatnonzero(allowed).tolist():
            first = self._tokenizer.decode_bytes([token])[:1]
            if first.isdigit():
                digits.append(token)
            elif first in b",}] \n\r\teE." or self._tokenizer.is_special_token(token):
                others += 1
            else:
                return []  # a text, which may hold whatever it says
        return digits if others else []

    def choices(self) -> list[int]:
        """The tokens that may come next, in order."""
        found: list[int] = np.flatnonzero(self.allowed()).tolist()
        return found

    def mask(self, logits: npt.NDArray[np.float32]) -> None:
        """Make all other tokens impossible, in place."""
        np.copyto(logits, -np.inf, where=~self.allowed())

    def follow(self, drawn: Sampled, force: bool) -> Sampled:
        """The answer goes on with a drawn token, and with those it forces if `force`."""
        matcher = self._matcher
        matcher.consume_token(drawn.token)
        forced = matcher.compute_ff_tokens() if force else []
        if forced:
            matcher.consume_tokens(forced)
        written = self._tokenizer.decode_bytes([drawn.token, *forced])
        self._tail = (self._tail + written)[-TAIL:]
        return replace(drawn, forced=tuple(forced), complete=self._complete, error=self._error)


def looping(text: bytes) -> bool:
    """Whether a text ends in a phrase that was said before, at least three times over."""
    at = text.rfind(text[-PHRASE:], 0, len(text) - 1)
    period = len(text) - PHRASE - at
    total = max(3 * period, LOOPED)
    if at < 0 or period < PHRASE or total > len(text):
        return False
    return text[-total:-period] == text[period - total :]


def repeating(text: bytes) -> bool:
    """Whether a list ends in the same item so often that it would go on with it for ever."""
    item = text[text.rfind(b'"', 0, -1) :] if text.endswith(b'"') else b""
    before = text[: -len(item)] if item else b""
    between = before[before.rfind(b'"') + 1 :]
    if item and between.strip() == b"," and text.endswith((between + item) * SAME):
        return True
    at = text.rfind(text[-PHRASE:], 0, len(text) - 1)
    period = len(text) - PHRASE - at
    return at >= 0 and period >= PHRASE and text.endswith(text[-period:] * ALIKE)


class Grammars:
    """Compiled grammars; the latest used are kept. Safe to use from several threads."""

    def __init__(self, tokenizer: Callable[[], LLTokenizer], vocabulary: int) -> None:
        """`tokenizer` is called once, when the first grammar comes: it takes a second."""
        self._make, self._vocabulary = tokenizer, vocabulary
        self._compiled = lru_cache(KEPT)(self._compile)
        self._lock = Lock()

    def prepare(self, grammar: str) -> None:
        """Compile a grammar and keep what came of it for `guide`."""
        self._compiled(grammar)

    def guide(self, grammar: str) -> Guide:
        """A guide at the grammar's start; GrammarError when it cannot be enforced."""
        compiled = self._compiled(grammar)
        if isinstance(compiled, GrammarError):
            raise GrammarError(*compiled.args)
        json = bool(re.search(r'"json_schema": ?\{', grammar))
        return Guide(compiled.deep_copy(), self._tokenizer, self._vocabulary, json)

    @cached_property
    def _tokenizer(self) -> LLTokenizer:
        return self._make()

    def _compile(self, grammar: str) -> LLMatcher | GrammarError:
        if len(grammar) > MOST_BYTES:
            return GrammarError(f"a grammar of {len(grammar):,} bytes is over {MOST_BYTES:,}")
        with self._lock:  # two threads must not build the tokenizer twice
            tokenizer = self._tokenizer
        matcher = LLMatcher(tokenizer, grammar, log_level=0, limits=limits())
        first = matcher.deep_copy()
        first.compute_bitmask()  # some limits are met only when the first token is asked for
        return GrammarError(reason(first.get_error())) if first.is_error() else matcher


def limits() -> LLParserLimits:
    """What compiling and one step may cost: counted work, so that it ends on every machine.

    These are llguidance's own defaults (some 20 ms to compile a lexer, 15 ms for the
    worst step), without the grammar's text in messages.
    """
    return LLParserLimits(verbose_errors=False)


def reason(message: str) -> str:
    """A complaint of llguidance in one line: its first, and what a regex parser found."""
    first, *others = message.strip().splitlines() or [""]
    return " ".join([first, *(line for line in others if line.startswith("error: "))])
