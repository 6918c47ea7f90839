"""The record of one run of model-written code: the evidence behind `computed`."""

from dataclasses import dataclass
from typing import Literal

Outcome = Literal["ok", "error", "timeout", "killed"]
"""ok: ran to its end; error: raised; timeout: over its time; killed: over another limit."""


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A file the code left behind, by content."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Execution:
    """One run of code in a sandbox.

    `seconds` is wall time; `dropped` counts characters of output beyond the cap;
    `sandbox` is the isolation level and its fingerprint, `libraries` the versions
    the code could import, `seed` what its random generators started from.
    """

    execution_id: str
    code: str
    outcome: Outcome
    output: str = ""
    result: str = ""
    error: str = ""
    seconds: float = 0.0
    dropped: int = 0
    files: tuple[FileRecord, ...] = ()
    sandbox: str = ""
    libraries: tuple[tuple[str, str], ...] = ()
    seed: int = 0
