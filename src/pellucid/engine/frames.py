"""What crosses the socket between client and host, and how it is framed.

A frame is four bytes of length (big endian) and that many bytes of msgpack. The first
frame a client sends is Load; the first a host sends is Ready or LoadFailed.
"""

from dataclasses import dataclass
from typing import Literal

import msgspec

from pellucid.core.errors import EngineError
from pellucid.engine.metrics import Ask, Report
from pellucid.engine.sequence import Cancel, Output, Request

HEADER = 4
FRAME_CAP = 64 * 1024 * 1024

KvType = Literal["f16", "q8_0"]


@dataclass(frozen=True, slots=True)
class HostSettings:
    """How one host loads and runs its weights.

    `path` is a GGUF file; empty means the fake backend, which needs none. `window` is
    the most positions one sequence may hold: up to what the weights were trained for, or
    to `yarn_window`, the most their makers stretch them to (0: they do not). `cells` are
    the key-value cells all sequences share (0: twice the window), their numbers stored
    as `kv`.
    `sequences` are decoded at once, `queue` requests of a class wait before more are refused.
    `threads` 0 takes all cores; with `spin` they wait for each other awake. `batch` is the
    most tokens computed in one step.
    `adapters` are names and files (GGUF) of LoRA adapters that requests may name.
    `prefixes` is a folder in which prefixes survive a restart (empty: they do not), in files
    of at most `prefix_bytes` together; they are used again only with the same `template`.
    `guesses` tokens of an answer are guessed at once where that pays (engine/lookup.py); 0
    guesses never. `fake_seconds` is how long the fake backend takes for a step.
    """

    path: str = ""
    window: int = 8192
    sequences: int = 8
    queue: int = 64
    cells: int = 0
    kv: KvType = "f16"
    yarn_window: int = 0
    threads: int = 0
    spin: bool = False
    batch: int = 512
    adapters: tuple[tuple[str, str], ...] = ()
    prefixes: str = ""
    prefix_bytes: int = 2_000_000_000
    template: str = ""
    guesses: int = 7
    fake_seconds: float = 0.0


class EngineInfo(msgspec.Struct, frozen=True, tag="ready"):
    """What was loaded; a host sends it when it is ready.

    `window` is the usable window and `native_window` what the weights were trained for
    (tokens), `sequences` how many are decoded at once. `pieces` maps a token id to its
    bytes (empty for control tokens), `special` the text of each control token to its id.
    While `fingerprint` is the same, a deterministic request gives the same tokens: it names
    weights, library and how they compute (engine/llama/fingerprint.py).
    `load_seconds` is what loading took. `yarn` is the factor positions are stretched by (1:
    they are not). `adapters` maps the names of LoRA adapters to digests of their files.
    """

    window: int
    native_window: int
    sequences: int
    cells: int
    end_tokens: frozenset[int]
    pieces: tuple[bytes, ...]
    special: dict[str, int]
    architecture: str
    name: str
    fingerprint: str
    load_seconds: float
    kv: KvType = "f16"
    yarn: int = 1
    adapters: dict[str, str] = {}


class Load(msgspec.Struct, frozen=True, tag="load"):
    """Load these weights; the first frame to a host."""

    settings: HostSettings


class LoadFailed(msgspec.Struct, frozen=True, tag="load_failed"):
    """The weights cannot be used, and why, in one line."""

    message: str


class Tokenize(msgspec.Struct, frozen=True, tag="tokenize"):
    """Split a text into tokens; with `special`, control tokens written in it become such."""

    ask: int
    text: bytes
    special: bool


class Tokenized(msgspec.Struct, frozen=True, tag="tokenized"):
    """The answer to the Tokenize of that number; with `error`, why there is none."""

    ask: int
    tokens: tuple[int, ...] = ()
    error: str = ""


ToHost = Load | Tokenize | Ask | Request | Cancel
ToClient = EngineInfo | LoadFailed | Tokenized | Report | Output


def pack(frame: ToHost | ToClient) -> bytes:
    """Header and body of a frame; EngineError when it is over the cap."""
    body = msgspec.msgpack.encode(frame)
    if len(body) > FRAME_CAP:
        raise EngineError(f"a message of {len(body):,} bytes is over the cap of {FRAME_CAP:,}")
    return len(body).to_bytes(HEADER, "big") + body


def body_length(header: bytes) -> int:
    """Bytes that follow a header; EngineError when it announces more than the cap."""
    length = int.from_bytes(header, "big")
    if length > FRAME_CAP:
        raise EngineError(f"a frame announces {length:,} bytes, over the cap of {FRAME_CAP:,}")
    return length
