"""A backend without weights: deterministic, strict, and fast. For tests and load demos.

The next token is a pure function of the tokens a sequence really holds, so that cells
shared, dropped or placed wrongly give other tokens than the same request run alone, and
every misuse raises. So do cells computed with another adapter. Tokens 0 to 255 are the
bytes, `END` ends a turn.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import chain

from pellucid.engine.backend import Sampled, Work
from pellucid.engine.sequence import Sampling

END = 256
VOCABULARY = 257
LENGTH = 32
MARK = b"fake"
LETTERS = b"etaoinshrdlu .,\n"


class Misuse(RuntimeError):
    """The backend was asked for what a real one cannot do."""


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """One key-value cell; sequences that share it hold the same object."""

    token: int
    adapter: str = ""


class Backend:
    """Implements `engine.backend.Backend`.

    `script` maps prompts to continuations (an end token follows); other prompts get
    letters, with one token in `length` an end. `charge` is called with the number of tokens
    of each decode, for demos that want it to take time, or tests that want it to fail.
    `adapters` are names, and digests of files that there are not.
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
        adapters: Mapping[str, str] | None = None,
    ) -> None:
        """Everything is empty; sizes as in the protocol."""
        self.adapters: Mapping[str, str] = dict(adapters or {})
        self.cells, self.sequences, self.window, self.batch = cells, sequences, window, batch
        self.end_tokens = frozenset({END})
        self._mean = length
        self._script = dict(script or {})
        self._charge = charge
        self._rows: list[list[Cell]] = [[] for _ in range(sequences)]
        self._samplers: dict[int, Sampling] = {}

    def decode(self, plan: Sequence[Work]) -> list[Sampled]:
        """Append all work and draw where asked; Misuse for anything a real one refuses."""
        if sum(len(work.tokens) for work in plan) > self.batch:
            raise Misuse(f"more than {self.batch} tokens in a batch")
        if len({work.adapter for work in plan}) > 1:
            raise Misuse("several adapters in a batch")
        self._charge(sum(len(work.tokens) for work in plan))
        for work in plan:
            self._append(work)
        if len(set(chain.from_iterable(self._rows))) > self.cells:
            raise Misuse(f"out of cells: there are {self.cells}")
        return [self._draw(work.seq) for work in plan if work.sample]

    def open_sampler(self, seq: int, sampling: Sampling) -> None:
        """Draw with these settings; ValueError for a bias on a token that does not exist."""
        if seq in self._samplers:
            raise Misuse(f"sequence {seq} has a sampler already")
        for token, _ in sampling.logit_bias:
            if not 0 <= token < VOCABULARY:
                raise ValueError(f"logit_bias names token {token}, which does not exist")
        self._samplers[seq] = sampling

    def close_sampler(self, seq: int) -> None:
        """Forget the sampler of a sequence."""
        if self._samplers.pop(seq, None) is None:
            raise Misuse(f"sequence {seq} has no sampler")

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

    def save(self, seq: int) -> bytes:
        """The tokens of a sequence with their adapters, two bytes each, behind a mark."""
        names = ["", *self.adapters]
        numbers = [c.token + VOCABULARY * names.index(c.adapter) for c in self._rows[seq]]
        return MARK + b"".join(number.to_bytes(2, "big") for number in numbers)

    def restore(self, seq: int, state: bytes) -> None:
        """Put saved tokens into an empty sequence; ValueError for anything else."""
        if self._rows[seq]:
            raise Misuse(f"sequence {seq} is not empty")
        body = state.removeprefix(MARK)
        numbers = [int.from_bytes(body[at : at + 2], "big") for at in range(0, len(body), 2)]
        names = ["", *self.adapters]
        if len(body) % 2 or body == state or max(numbers, default=0) >= VOCABULARY * len(names):
            raise ValueError(f"no state of the fake backend ({len(state):,} bytes)")
        self._rows[seq] = [Cell(n % VOCABULARY, names[n // VOCABULARY]) for n in numbers]

    def length(self, seq: int) -> int:
        """How many positions a sequence holds."""
        return len(self._rows[seq])

    def piece(self, token: int) -> bytes:
        """The byte a token stands for; nothing for the end token."""
        return bytes((token,)) if token < END else b""

    def held(self, seq: int) -> tuple[tuple[int, int], ...]:
        """Identity and token of each cell of a sequence, for tests."""
        return tuple((id(cell), cell.token) for cell in self._rows[seq])

    def _append(self, work: Work) -> None:
        """Add one sequence's tokens, each in a cell of its own."""
        row = self._rows[work.seq]
        if not work.tokens or not all(0 <= token < VOCABULARY for token in work.tokens):
            raise Misuse(f"sequence {work.seq}: no tokens, or tokens that do not exist")
        if work.start != len(row):
            raise Misuse(f"sequence {work.seq} holds {len(row)} cells, not {work.start}")
        if work.adapter and work.adapter not in self.adapters:
            raise Misuse(f"there is no adapter {work.adapter!r}")
        row.extend(Cell(token, work.adapter) for token in work.tokens)
        if len(row) > self.window:
            raise Misuse(f"sequence {work.seq} is over the window of {self.window}")

    def _draw(self, seq: int) -> Sampled:
        """The next token; greedy ignores the seed."""
        if seq not in self._samplers:
            raise Misuse(f"sequence {seq} has no sampler")
        sampling = self._samplers[seq]
        held = tuple(cell.token for cell in self._rows[seq])
        seed = sampling.seed if sampling.temperature > 0 else 0
        known = (held, seed, *(cell.adapter for cell in self._rows[seq] if cell.adapter))
        digest = blake2b(repr(known).encode(), digest_size=8).digest()
        number = int.from_bytes(digest, "big")
        logprob = -(number % 1000) / 1000 if sampling.logprobs else 0.0
        return Sampled(seq, self._next(held, number), logprob)

    def _next(self, held: tuple[int, ...], number: int) -> int:
        """What follows: the script of this prompt, or letters."""
        for prompt, answer in self._script.items():
            written = held[len(prompt) :]
            if held[: len(prompt)] == prompt and answer[: len(written)] == written:
                return (*answer, END)[len(written)]
        if number // 16 % self._mean == 0:
            return END
        return LETTERS[number % 16]
