"""The command line: `pellucid ask | chat | serve | keys | index | pull | eval | replay | doctor`.

`guard` turns everything that can go wrong into one line and an exit code, `commands`
declares the options; each command has a module of its own, imported when it is called,
so that `--help` stays quick.
"""

import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line (by default the process's own) and return its exit code."""
    from pellucid.cli.commands import dispatch
    from pellucid.cli.guard import guarded

    given = sys.argv[1:] if arguments is None else list(arguments)
    return guarded(lambda: dispatch(given))
