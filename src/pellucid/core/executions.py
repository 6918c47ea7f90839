"""The record of one run of model-written code: the evidence behind `computed`."""

from dataclasses import dataclass
from typing import Literal

Outcome = Literal["ok", "error", "timeout", "killed"]
"""ok: ran to its end; error: raised; timeout: over its time; killed: over another limit."""


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A file the code left behind, by content.

    One that was kept beyond the run has the `file_id` it can be got by; one that was to be kept
    and was not has `lost`, which says why. Without both, size and hash are the program's word.
    """

    name: str
    size: int
    sha256: str
    file_id: str = ""
    lost: str = ""


@dataclass(frozen=True, slots=True)
class Execution:
    """One run of code in a sandbox.

    `seconds` is wall time; `dropped` counts characters of output beyond the cap;
    `sandbox` is the isolation level and its fingerprint, `libraries` the versions
    the code could import, `seed` what its random generators started from. `files` are new or
    changed by the run, `unlisted` counts those beyond the number that are named; `container`
    names where they were kept (empty: nowhere).
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
    unlisted: int = 0
    container: str = ""

    @property
    def kept(self) -> tuple[FileRecord, ...]:
        """The files that outlive the run."""
        return tuple(file for file in self.files if file.file_id)
