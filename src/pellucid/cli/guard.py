"""The outermost ring: whatever happens inside, the user gets one line and an exit code."""

import io
import os
import secrets
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

from pellucid.cli.exits import Exit, exit_of
from pellucid.cli.text import plain
from pellucid.core.errors import PellucidError


def guarded(command: Callable[[], int]) -> int:
    """Run a command; its exit code, or the one of what went wrong, told in one line."""
    _prepare()
    try:
        code = command()
        sys.stdout.flush()
    except BrokenPipeError:
        code = Exit.CLOSED_PIPE
    except KeyboardInterrupt:
        code = Exit.INTERRUPTED
    except PellucidError as error:
        complain(str(error), error)
        code = exit_of(error)
    except OSError as error:
        complain(_system(error), error)
        code = Exit.FAILED
    except Exception as error:
        complain(_unexpected(error), error)
        code = Exit.FAILED
    _drop_unwritten()
    return int(code)


def _prepare() -> None:
    """Streams that are closed lead nowhere; what an encoding lacks is written as an escape."""
    sys.stdout = sys.stdout or open(os.devnull, "w")  # noqa: SIM115 - for the whole run
    sys.stderr = sys.stderr or open(os.devnull, "w")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def complain(message: str, error: BaseException | None = None) -> None:
    """One line on stderr; with PELLUCID_DEBUG=1 the traceback before it."""
    line = " ".join(plain(message).split())
    shown = "".join(traceback.format_exception(error)) if error and _debugging() else ""
    try:
        print(f"{shown}pellucid: error: {line}", file=sys.stderr, flush=True)
    except OSError:
        return  # nobody is left to read it; the exit code still tells


def _debugging() -> bool:
    """Whether PELLUCID_DEBUG asks for tracebacks; settings that cannot be read do not."""
    from pellucid.settings import load

    try:
        return load().debug
    except PellucidError:
        return False


def _system(error: OSError) -> str:
    """What the operating system refused, and where."""
    where = f": {error.filename}" if error.filename else ""
    return f"{error.strerror or error}{where}"


def _unexpected(error: Exception) -> str:
    """Write the details of a bug to a file; the message says where they are."""
    from pellucid.settings import load

    what = f"unexpected {type(error).__name__}: {error}"[:200]
    try:
        path = load().home / "logs" / f"error-{secrets.token_hex(4)}.txt"
        _write(path, "".join(traceback.format_exception(error)))
    except (OSError, PellucidError) as refused:
        return f"{what}; the details could not be written ({refused})"
    return f"{what}; this is a bug in Pellucid, the details are in {path}"


def _write(path: Path, details: str) -> None:
    """Details are private: they may quote a question."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.write_text(details, encoding="utf-8", errors="backslashreplace")
    path.chmod(0o600)


def _drop_unwritten() -> None:
    """Flush, or point the streams at nothing, so that exiting cannot fail once more."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            nothing = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nothing, stream.fileno())
            os.close(nothing)
