"""A backend without weights: deterministic, strict, and fast. For tests and load demos.

The next token is a pure function of the tokens a sequence really holds, so that cells
shared, dropped or placed wrongly give other tokens than the same request run alone, and
every misuse raises. So do cells computed with another adapter. Tokens 0 to 255 are the
bytes, `END` ends a turn.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from hashlib import blake2b
from itertools import chain
from struct import Struct
from typing import ClassVar
from zlib import crc32

from llguidance import LLTokenizer, TokenizerWrapper

from pellucid.engine.backend import DRAWS, Sampled, Work
from pellucid.engine.grammar import Grammars, Guide
from pellucid.engine.sequence import Sampling

END = 256
VOCABULARY = 257
LENGTH = 32
MARK = b"fake"
CELL = Struct(">HIB")
LETTERS = b"etaoinshrdlu .,\n"
PREFERRED = LETTERS + b'"]}0'


class Misuse(RuntimeError):
    """The backend was asked for what a real one cannot do."""


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """One key-value cell; sequences that share it hold the same object. `trace` tells how
    it was computed, where that makes a difference."""

    token: int
    trace: int = 0
    adapter: str = ""


class _ByteTokenizer:
    """What llguidance's TokenizerWrapper asks of a tokenizer."""

    eos_token_id, bos_token_id = END, None
    tokens: ClassVar = [*(bytes((byte,)) for byte in range(END)), b"\xff<|end|>"]
    special_token_ids: ClassVar = [END]

    def __call__(self, text: bytes) -> list[int]:
        """Every byte is a token."""
        return list(text)


def for_grammars() -> LLTokenizer:
    """The vocabulary as llguidance wants it."""
    return LLTokenizer(TokenizerWrapper(_ByteTokenizer()))


@cache
def grammars() -> Grammars:
    """Compiled grammars know nothing of a backend, so all of this process share them."""
    return Grammars(for_grammars, VOCABULARY)


class Backend:
    """Implements `engine.backend.Backend`.

    `script` maps prompts to continuations (an end token follows); other prompts get
    letters, with one token in `length` an end. `charge` is called with the number of tokens
    of each decode, for demos that want it to take time, or tests that want it to fail. A
    `touchy` backend draws otherwise when a token was computed in a batch of another shape,
    as real ones may. `adapters` are names, and digests of files that there are not.
    """

    def __init__(
        self,
        cells: int = 4096,
        sequences: int = 32,
        window: int = 2048,
        batch: int = 512,
        length: int = LENGTH,
        script: Mapping[tuple[int, ...], tuple[int, ...]] | None = None,
        charge: Callable[[int], None] = lambda tokens: None,
        touchy: bool = False,
        adapters: Mapping[str, str] | None = None,
    ) -> None:
        """Everything is empty; sizes as in the protocol."""
        self.adapters: Mapping[str, str] = dict(adapters or {})
        self.cells, self.sequences, self.window, self.batch = cells, sequences, window, batch
        self.end_tokens = frozenset({END})
        self._mean = length
        self._script = dict(script or {})
        self._charge = charge
        self._touchy = touchy
        self._rows: list[list[Cell]] = [[] for _ in range(sequences)]
        self._samplers: dict[int, tuple[Sampling, Guide | None]] = {}

    def decode(self, plan: Sequence[Work]) -> list[Sampled]:
        """Append all work and draw where asked; Misuse for anything a real one refuses."""
        if sum(len(work.tokens) for work in plan) > self.batch:
            raise Misuse(f"more than {self.batch} tokens in a batch")
        if len({work.adapter for work in plan}) > 1:
            raise Misuse("several adapters in a batch")
        self._charge(sum(len(work.tokens) for work in plan))
        shape = [len(work.tokens) for work in plan] if self._touchy else []
        for work in plan:
            self._append(work, crc32(bytes(str(shape), "ascii")) if shape else 0)
        if len(set(chain.from_iterable(self._rows))) > self.cells:
            raise Misuse(f"out of cells: there are {self.cells}")
        return [self._draw_after(work) for work in plan if work.sample]

    def _draw_after(self, work: Work) -> Sampled:
        """Draw after a work's tokens, and after each of its guesses that is right."""
        row = self._rows[work.seq]
        guesses = row[len(row) - work.guessed :]
        del row[len(row) - work.guessed :]
        drawn = self._draw(work.seq)
        last, then = drawn.token, list[int]()
        for guess in guesses:
            if guess.token != last or last in self.end_tokens:
                break
            row.append(guess)
            last = self._draw(work.seq).token
            then.append(last)
        return replace(drawn, then=tuple(then))

    def open_sampler(self, seq: int, sampling: Sampling) -> None:
        """Draw with these settings; ValueError for a bias on a token that does not exist, or
        a grammar that cannot be followed."""
        if seq in self._samplers:
            raise Misuse(f"sequence {seq} has a sampler already")
        for token, _ in sampling.logit_bias:
            if not 0 <= token < VOCABULARY:
                raise ValueError(f"logit_bias names token {token}, which does not exist")
        guide = grammars().guide(sampling.grammar) if sampling.grammar else None
        self._samplers[seq] = sampling, guide

    def prepare(self, grammar: str) -> None:
        """Compile a grammar ahead of `open_sampler`, from any thread."""
        grammars().prepare(grammar)

    def close_sampler(self, seq: int) -> None:
        """Forget the sampler of a sequence."""
        if self._samplers.pop(seq, None) is None:
            raise Misuse(f"sequence {seq} has no sampler")

    def move_sampler(self, source: int, target: int) -> None:
        """Let the sampler of one sequence draw for another one, which has none."""
        if source not in self._samplers or target in self._samplers:
            raise Misuse(f"no sampler in {source}, or one in {target} already")
        self._samplers[target] = self._samplers.pop(source)

    def share(self, source: int, target: int, length: int) -> None:
        """Let an empty sequence begin with the first cells of another."""
        if self._rows[target]:
            raise Misuse(f"sequence {target} is not empty")
        if not 0 < length <= len(self._rows[source]):
            raise Misuse(f"sequence {source} holds no {length} cells")
        self._rows[target] = self._rows[source][:length]

    def drop(self, seq: int, start: int = 0) -> None:
        """Forget the cells of a sequence from a position on."""
        del self._rows[seq][start:]

    def save_size(self, seq: int) -> int:
        """How many bytes `save` gives."""
        return len(MARK) + CELL.size * len(self._rows[seq])

    def save(self, seq: int) -> bytes:
        """Token, trace and adapter of each cell of a sequence, behind a mark."""
        names = ["", *self.adapters]
        cells = ((c.token, c.trace, names.index(c.adapter)) for c in self._rows[seq])
        return MARK + b"".join(CELL.pack(*cell) for cell in cells)

    def restore(self, seq: int, state: bytes) -> None:
        """Put saved tokens into an empty sequence; ValueError for anything else."""
        if self._rows[seq]:
            raise Misuse(f"sequence {seq} is not empty")
        body = state.removeprefix(MARK)
        names = ["", *self.adapters]
        cells = [] if len(body) % CELL.size else list(CELL.iter_unpack(body))
        known = all(token < VOCABULARY and name < len(names) for token, _, name in cells)
        if not cells or body == state or not known:
            raise ValueError(f"no state of the fake backend ({len(state):,} bytes)")
        self._rows[seq] = [Cell(token, trace, names[name]) for token, trace, name in cells]

    def length(self, seq: int) -> int:
        """How many positions a sequence holds."""
        return len(self._rows[seq])

    def piece(self, token: int) -> bytes:
        """The byte a token stands for; nothing for the end token."""
        return bytes((token,)) if token < END else b""

    def held(self, seq: int) -> tuple[tuple[int, int], ...]:
        """Identity and token of each cell of a sequence, for tests."""
        return tuple((id(cell), cell.token) for cell in self._rows[seq])

    def _append(self, work: Work, trace: int) -> None:
        """Add one sequence's tokens, each in a cell of its own."""
        row = self._rows[work.seq]
        if not 0 <= work.guessed < min(DRAWS, len(work.tokens) or 1):
            raise Misuse(f"sequence {work.seq}: {work.guessed} tokens cannot be guesses")
        if not work.tokens or not all(0 <= token < VOCABULARY for token in work.tokens):
            raise Misuse(f"sequence {work.seq}: no tokens, or tokens that do not exist")
        if work.start != len(row):
            raise Misuse(f"sequence {work.seq} holds {len(row)} cells, not {work.start}")
        if work.adapter and work.adapter not in self.adapters:
            raise Misuse(f"there is no adapter {work.adapter!r}")
        row.extend(Cell(token, trace, work.adapter) for token in work.tokens)
        if len(row) > self.window:
            raise Misuse(f"sequence {work.seq} is over the window of {self.window}")

    def _draw(self, seq: int) -> Sampled:
        """The next token; greedy ignores the seed."""
        if seq not in self._samplers:
            raise Misuse(f"sequence {seq} has no sampler")
        sampling, guide = self._samplers[seq]
        row = self._rows[seq]
        held = tuple(cell.token for cell in row)
        traces = [cell.trace for cell in row] if self._touchy else ()
        seed = sampling.seed if sampling.temperature > 0 else 0
        adapters = [cell.adapter for cell in row if cell.adapter]
        digest = blake2b(repr((held, seed, traces, adapters)).encode(), digest_size=8).digest()
        number = int.from_bytes(digest, "big")
        logprob = -(number % 1000) / 1000 if sampling.logprobs else 0.0
        if guide is None:
            top = self._likeliest(sampling.top_logprobs, logprob)
            return Sampled(seq, self._next(held, number), logprob, top)
        token = self._allowed(guide.choices(), number)
        return guide.follow(Sampled(seq, token, logprob), sampling.forced)

    def _likeliest(self, count: int, logprob: float) -> tuple[tuple[int, float], ...]:
        """So many letters, each less likely than the one before it."""
        return tuple((LETTERS[at], logprob - at) for at in range(count))

    def _allowed(self, choices: list[int], number: int) -> int:
        """One of the tokens a grammar allows: the end when its time has come, else letters
        and what closes strings and brackets, where there are any."""
        if END in choices and number // 16 % self._mean == 0:
            return END
        liked = [token for token in PREFERRED if token in choices] or choices
        return liked[number % len(liked)]

    def _next(self, held: tuple[int, ...], number: int) -> int:
        """What follows: the script of this prompt, or letters."""
        for prompt, answer in self._script.items():
            written = held[len(prompt) :]
            if held[: len(prompt)] == prompt and answer[: len(written)] == written:
                return (*answer, END)[len(written)]
        if number // 16 % self._mean == 0:
            return END
        return LETTERS[number % 16]
