"""What a sandbox is told: where its libraries are, how to isolate, what a session may use."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

CODE_CHARS = 1_000_000
"""Characters of a program, with the files that it puts where later ones find them."""

Level = Literal["namespaces", "landlock", "unsafe"]


@dataclass(frozen=True, slots=True)
class SandboxSettings:
    """How to isolate and what a session may use.

    `libraries` is the sandbox's own site-packages; `state` a folder for work files where
    the level has no private mount. `level` "auto" takes the strongest that works;
    "unsafe" runs programs with this user's rights and is never chosen by itself.
    `memory_bytes`, `disk_bytes`, `files`, `processes` (threads) and `cpu_seconds` are
    per session, `output_chars` per program, `file_seconds` for each file
    that goes in or out. `preload` is imported once, before forking.
    `bubblewrap` is the program that builds the first level's name spaces.
    """

    libraries: Path
    state: Path
    level: Literal["auto", "namespaces", "landlock", "unsafe"] = "auto"
    memory_bytes: int = 2 << 30
    disk_bytes: int = 64 << 20
    files: int = 4096
    processes: int = 64
    cpu_seconds: int = 600
    output_chars: int = 50_000
    file_seconds: float = 10.0
    preload: tuple[str, ...] = ("numpy.random", "sympy")
    bubblewrap: str = "bwrap"
