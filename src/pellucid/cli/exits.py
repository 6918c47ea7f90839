"""Exit codes, and which error ends with which."""

from enum import IntEnum

from pellucid.core.errors import (
    BadRequest,
    EngineError,
    PellucidError,
    ReceiptError,
    SandboxError,
    WeightsError,
)


class Exit(IntEnum):
    """How a command ended; `pellucid --help` and docs/cli.md list these numbers."""

    OK = 0
    FAILED = 1
    USAGE = 2
    WEIGHTS = 3
    SANDBOX = 4
    ENGINE = 5
    DEADLINE = 124
    HANGUP = 129
    INTERRUPTED = 130
    CLOSED_PIPE = 141
    TERMINATED = 143


TABLE = """
Exit codes: 0 done; 1 the turn failed, a replay differs, or another error; 2 usage or bad input;
3 weights; 4 sandbox; 5 engine; 124 deadline passed without an answer; 130 interrupted;
141 the reader of the output went away; 129 and 143 hung up and terminated.
"""

# The first match counts, so a class comes before its bases.
BY_CLASS: tuple[tuple[type[PellucidError], Exit], ...] = (
    (BadRequest, Exit.USAGE),
    (ReceiptError, Exit.USAGE),
    (WeightsError, Exit.WEIGHTS),
    (SandboxError, Exit.SANDBOX),
    (EngineError, Exit.ENGINE),
    (PellucidError, Exit.FAILED),
)


def exit_of(error: PellucidError) -> Exit:
    """The exit code of an error that was raised."""
    return next(code for kind, code in BY_CLASS if isinstance(error, kind))


def _codes() -> dict[str, Exit]:
    """Every stable error code, with the exit code of the class that carries it."""
    table: dict[str, Exit] = {}
    waiting: list[type[PellucidError]] = [PellucidError]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        table[kind.code] = next(code for base, code in BY_CLASS if issubclass(kind, base))
    return table


def exit_of_code(code: str) -> Exit:
    """The exit code of a failed turn, from the error code its last event carries."""
    return _codes().get(code, Exit.FAILED)
