"""Owner of model and context; implements Backend on llama.cpp."""

import ctypes
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import llama_cpp.llama_cpp as llama
import numpy as np
import numpy.typing as npt

from pellucid.core.errors import EngineError
from pellucid.engine.backend import Sampled, Work
from pellucid.engine.grammar import Grammars
from pellucid.engine.llama.binding import Context, Model, Shape
from pellucid.engine.llama.lora import Adapters
from pellucid.engine.llama.samplers import Chain
from pellucid.engine.llama.vocabulary import Vocabulary
from pellucid.engine.sequence import Sampling

NO_ROOM = 1
NO_ADAPTERS: Mapping[str, Path] = MappingProxyType({})


class Batch:
    """A llama_batch over numpy arrays, made once and filled again for every step."""

    def __init__(self, size: int) -> None:
        """Room for `size` tokens."""
        self.tokens = np.zeros(size, np.int32)
        self.positions = np.zeros(size, np.int32)
        self.sequences = np.zeros(size, np.int32)
        self.wanted = np.zeros(size, np.int8)
        self._ones = np.ones(size, np.int32)
        # llama.cpp takes a list of sequences per token; each list here has one entry.
        step = self.sequences.itemsize
        self._lists = np.arange(size, dtype=np.uintp) * step + self.sequences.ctypes.data
        self.struct = self._struct()

    def _struct(self) -> llama.llama_batch:
        """The C view of the arrays."""
        struct = llama.llama_batch()
        for name, array in (
            ("token", self.tokens),
            ("pos", self.positions),
            ("n_seq_id", self._ones),
            ("seq_id", self._lists),
            ("logits", self.wanted),
        ):
            kind = type(getattr(struct, name))
            setattr(struct, name, ctypes.cast(array.ctypes.data, kind))
        return struct

    def fill(self, plan: Sequence[Work]) -> list[tuple[int, Work]]:
        """Lay the work out; returns the last row of each work that a token is drawn for."""
        row, draws = 0, []
        self.wanted[:] = 0
        for work in plan:
            end = row + len(work.tokens)
            self.tokens[row:end] = work.tokens
            self.positions[row:end] = range(work.start, work.start + len(work.tokens))
            self.sequences[row:end] = work.seq
            if work.sample:
                self.wanted[end - 1 - work.guessed : end] = 1
                draws.append((end - 1, work))
            row = end
        self.struct.n_tokens = row
        return draws


class LlamaBackend:
    """Backend on real weights. Not thread-safe, except for `vocabulary` and `prepare`."""

    def __init__(
        self, path: Path, window: int, shape: Shape, adapters: Mapping[str, Path] = NO_ADAPTERS
    ) -> None:
        """Load weights and make room; WeightsError when either fails.

        `window` is clamped to what the weights were trained for, stretched as `shape` says.
        """
        self.model = Model(path)
        self.vocabulary = Vocabulary(self.model)
        self.window = min(window, shape.yarn * self.model.native_window)
        self._adapters = Adapters(self.model, adapters)
        self._context = Context(self.model, shape)
        self._batch = Batch(shape.batch)
        self._chains: dict[int, Chain] = {}
        self._grammars = Grammars(self.vocabulary.for_grammars, len(self.vocabulary.pieces))
        self.cells = self._context.cells
        self.sequences = shape.sequences
        self.batch = shape.batch
        self.end_tokens = self.vocabulary.end_tokens
        self.adapters: Mapping[str, str] = self._adapters.digests

    def decode(self, plan: Sequence[Work]) -> list[Sampled]:
        """Append all work in one batch and draw where asked; EngineError if it cannot be."""
        if not plan:
            return []
        self._adapters.use(self._context.handle, plan[0].adapter)
        draws = self._batch.fill(plan)
        code = llama.llama_decode(self._context.handle, self._batch.struct)
        if code == NO_ROOM:
            raise EngineError("no free cells for the batch")
        if code != 0:
            raise EngineError(f"llama.cpp could not decode the batch (code {code})")
        return [self._draw_after(row, work) for row, work in draws]

    def _draw_after(self, row: int, work: Work) -> Sampled:
        """Draw after a work's tokens, which end at a row, and after each right guess."""
        guesses = work.tokens[len(work.tokens) - work.guessed :]
        first = row - work.guessed
        drawn = self._draw(first, work.seq)
        last, then = drawn.token, list[int]()
        for place, guess in enumerate(guesses, first + 1):
            if guess != last or last in self.end_tokens:
                break
            last = self._draw(place, work.seq).token
            then.append(last)
        if len(then) < work.guessed:
            self.drop(work.seq, work.start + len(work.tokens) - work.guessed + len(then))
        return replace(drawn, then=tuple(then))

    def _draw(self, row: int, seq: int) -> Sampled:
        """The next token of a sequence from the logits of a row; the chain accepts it."""
        chain = self._chains[seq]
        if chain.guide is not None:
            chain.guide.mask(self.logits(row))
        token = chain.draw(self._context.handle, row)
        logprob = log_softmax(self.logits(row), token) if chain.sampling.logprobs else 0.0
        top = likeliest(self.logits(row), chain.sampling.top_logprobs)
        return chain.follow(Sampled(seq, token, logprob, top))

    def logits(self, row: int) -> npt.NDArray[np.float32]:
        """The logits of a row of the last batch; a view that the next decode overwrites."""
        pointer = llama.llama_get_logits_ith(self._context.handle, row)
        return np.ctypeslib.as_array(pointer, (len(self.vocabulary.pieces),))

    def open_sampler(self, seq: int, sampling: Sampling) -> None:
        """Draw with these settings; ValueError for a bias on a token that does not exist, or
        a grammar that cannot be followed."""
        self.close_sampler(seq)
        guide = self._grammars.guide(sampling.grammar) if sampling.grammar else None
        self._chains[seq] = Chain(sampling, len(self.vocabulary.pieces), guide)

    def prepare(self, grammar: str) -> None:
        """Compile a grammar ahead of `open_sampler`, from any thread."""
        self._grammars.prepare(grammar)

    def close_sampler(self, seq: int) -> None:
        """Forget the sampler of a sequence."""
        if chain := self._chains.pop(seq, None):
            chain.close()

    def move_sampler(self, source: int, target: int) -> None:
        """Let the sampler of one sequence, as it is, draw for another one."""
        self._chains[target] = self._chains.pop(source)

    def share(self, source: int, target: int, length: int) -> None:
        """Let `target` begin with the first `length` cells of `source`; no cell is copied."""
        llama.llama_memory_seq_cp(self._context.memory, source, target, 0, length)

    def drop(self, seq: int, start: int = 0) -> None:
        """Forget the cells of a sequence from position `start` on."""
        if not llama.llama_memory_seq_rm(self._context.memory, seq, start, -1):
            raise EngineError(f"these weights cannot forget part of a sequence (from {start})")

    def save_size(self, seq: int) -> int:
        """How many bytes `save` would give."""
        return int(llama.llama_state_seq_get_size(self._context.handle, seq))

    def save(self, seq: int) -> bytes:
        """Keys and values of a sequence (llama.cpp's sequence state, with its own header)."""
        handle = self._context.handle
        state = np.empty(self.save_size(seq), np.uint8)
        address = state.ctypes.data_as(ctypes.POINTER(ctypes.c_uint8))
        if llama.llama_state_seq_get_data(handle, address, state.size, seq) != state.size:
            raise EngineError(f"llama.cpp could not save sequence {seq}")
        return state.tobytes()

    def restore(self, seq: int, state: bytes) -> None:
        """Put a saved state into an empty sequence; ValueError when it does not fit."""
        data = np.frombuffer(state, np.uint8)
        address = data.ctypes.data_as(ctypes.POINTER(ctypes.c_uint8))
        taken = llama.llama_state_seq_set_data(self._context.handle, address, data.size, seq)
        if not data.size or taken != data.size:
            self.drop(seq)
            raise ValueError(f"no state of these weights ({data.size:,} bytes)")

    def length(self, seq: int) -> int:
        """How many positions a sequence holds, as llama.cpp counts."""
        return int(llama.llama_memory_seq_pos_max(self._context.memory, seq)) + 1

    def piece(self, token: int) -> bytes:
        """The bytes a token stands for (empty for control tokens)."""
        return self.vocabulary.pieces[token]

    def close(self) -> None:
        """Free samplers, cells and weights."""
        for seq in list(self._chains):
            self.close_sampler(seq)
        self._context.close()
        self.model.close()


def log_softmax(logits: npt.NDArray[np.float32], token: int) -> float:
    """The log-probability of a token under the unchanged logits (before any sampler)."""
    shifted = logits - logits.max()
    return float(shifted[token]) - float(np.log(np.exp(shifted).sum(dtype=np.float64)))


def likeliest(logits: npt.NDArray[np.float32], count: int) -> tuple[tuple[int, float], ...]:
    """So many of the likeliest tokens, the likeliest first, each with its log-probability."""
    if not count:
        return ()
    found = np.argpartition(logits, -count)[-count:]
    ordered = found[np.argsort(-logits[found], kind="stable")]
    shifted = logits - logits.max()
    total = float(np.log(np.exp(shifted).sum(dtype=np.float64)))
    return tuple((int(token), float(shifted[token]) - total) for token in ordered)
