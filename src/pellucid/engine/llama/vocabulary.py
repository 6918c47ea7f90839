"""Text to tokens and back, as the loaded weights define it."""

import ctypes
from typing import Any

import llama_cpp.llama_cpp as llama
from llguidance import LLTokenizer

from pellucid.core.errors import EngineError
from pellucid.engine.llama.binding import Model

PIECE_CAP = 1024


class Vocabulary:
    """The tokens of a model. Reading it is safe from several threads at once.

    `pieces` maps a token id to its bytes (empty for control tokens), `special` the text
    of each control token to its id, `end_tokens` are those that end a turn.
    """

    def __init__(self, model: Model) -> None:
        """Read the whole vocabulary; about 0.2 s for 150,000 tokens."""
        self._handle = model.vocabulary
        self.pieces = self._pieces()
        # Ordinary tokens have bytes, so only the empty ones need a second look.
        control = [
            token for token, piece in enumerate(self.pieces) if self._is_control(token, piece)
        ]
        self.special = {self._text(token): token for token in control}
        ends = {*control, llama.llama_vocab_eos(self._handle), llama.llama_vocab_eot(self._handle)}
        self.end_tokens = frozenset(token for token in ends if self._ends(token))

    def tokenize(self, text: bytes, special: bool) -> tuple[int, ...]:
        """Split a text. Without `special`, the text of a control token is plain text.

        What is not UTF-8 becomes U+FFFD: llama.cpp aborts the process over some of it.
        """
        text = text.decode("utf-8", "replace").encode()
        room = len(text) + 2
        for _ in range(2):
            tokens = (llama.llama_token * room)()
            count = llama.llama_tokenize(
                self._handle, text, len(text), tokens, room, False, special
            )
            if count >= 0:
                return tuple(tokens[:count])
            room = -count
        raise EngineError(f"cannot tokenize a text of {len(text):,} bytes")

    def for_grammars(self) -> LLTokenizer:
        """The vocabulary as llguidance wants it, which tokenises through llama.cpp too.

        Control tokens are marked by a byte that no text has (llguidance.llamacpp).
        """
        tokens = list(self.pieces)
        for text, token in self.special.items():
            tokens[token] = b"\xff" + text.encode()
        function = ctypes.cast(llama._lib.llama_tokenize, ctypes.c_void_p).value
        untyped: Any = LLTokenizer
        tokenizer: LLTokenizer = untyped.from_llamacpp(
            tokens=tokens,
            vocab_ptr=self._handle,
            tokenize_fptr=function,
            eos_token=sorted(self.end_tokens),
            slices=None,
        )
        return tokenizer

    def _pieces(self) -> tuple[bytes, ...]:
        """The bytes of every token; a model has some 150,000, so nothing is in this loop twice."""
        handle, buffer, pieces = self._handle, ctypes.create_string_buffer(PIECE_CAP), []
        to_piece, raw = llama.llama_token_to_piece, memoryview(buffer).cast("B")
        for token in range(llama.llama_vocab_n_tokens(handle)):
            count = to_piece(handle, token, buffer, PIECE_CAP, 0, False)
            pieces.append(bytes(raw[: max(count, 0)]))
        return tuple(pieces)

    def _is_control(self, token: int, piece: bytes) -> bool:
        """Whether a token has no bytes because it is a control token."""
        return not piece and bool(llama.llama_vocab_is_control(self._handle, token))

    def _text(self, token: int) -> str:
        """How a control token is written."""
        text: bytes = llama.llama_vocab_get_text(self._handle, token)
        return text.decode("utf-8", "replace")

    def _ends(self, token: int) -> bool:
        """Whether a token ends a turn; ids below 0 stand for "none"."""
        return token >= 0 and bool(llama.llama_vocab_is_eog(self._handle, token))
