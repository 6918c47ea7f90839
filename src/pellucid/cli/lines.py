"""Lines of a chat: typed, with editing and a history, or from a pipe."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pellucid.cli.exits import Exit
from pellucid.cli.lifetime import Life, Stopped
from pellucid.tools.reader.ingest import MOST_BYTES

PROMPT = "> "
HISTORY_LINES = 1_000

NextLine = Callable[[], bytes | None]
"""The next line, None at the end. Raises Stopped when a signal came instead."""


def piped(life: Life) -> NextLine:
    """Lines of standard input, each cut (and then refused) above the largest allowed size."""

    def next_line() -> bytes | None:
        with life.waiting():
            try:
                return sys.stdin.buffer.readline(MOST_BYTES + 1) or None
            except KeyboardInterrupt:
                raise Stopped(Exit.INTERRUPTED) from None

    return next_line


@contextmanager
def typed(life: Life, history: Path) -> Iterator[NextLine]:
    """Lines from the terminal; what was typed is kept in `history` for the next time."""
    import readline

    with suppress(OSError):  # no history yet, or not readable: begin without
        readline.read_history_file(history)
    readline.set_history_length(HISTORY_LINES)
    try:
        yield lambda: _typed_line(life)
    finally:
        with suppress(OSError):
            history.parent.mkdir(parents=True, exist_ok=True)
            history.touch(mode=0o600)
            readline.write_history_file(history)


def _typed_line(life: Life) -> bytes | None:
    """One line; the first Ctrl-C drops what was typed, the second in a row leaves."""
    for told in ("(Ctrl-C again or Ctrl-D leaves)", ""):
        try:
            with life.waiting():
                return input(PROMPT).encode("utf-8", "surrogateescape")
        except EOFError:
            print()
            return None
        except UnicodeDecodeError as error:
            return error.object if isinstance(error.object, bytes) else b"\xff"
        except KeyboardInterrupt:
            print(f"\n{told}".rstrip())
    return None
