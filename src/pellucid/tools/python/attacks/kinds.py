"""What a hostile program would try, as data: each prints ESCAPED when it got its way.

Words between @ signs are put in by the battery: @SECRET@ a file of the host anybody may
read, @FOLDER@ its folder anybody may write, @PORT@ a TCP port that answers, @SOCKET@ a
listening Unix socket, @DATAGRAM@ one for datagrams, @VICTIM@ a process of the host.
"""

import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pellucid.core.executions import Execution, Outcome

Judge = Callable[[Execution], str]
"""What went wrong, from the record of the attack; nothing when it was contained."""


def unescaped(execution: Execution) -> str:
    """The program did not report success, and its report is its own."""
    if "FORGED" in execution.result:
        return "a forged report was believed"
    said = (execution.output + execution.result).splitlines()
    return next((line for line in said if "ESCAPED" in line), "")


def must_end(*outcomes: Outcome, within: float = 60.0) -> Judge:
    """The program must also end in one of these ways, in time."""

    def judge(execution: Execution) -> str:
        if execution.outcome not in outcomes:
            return f"ended {execution.outcome}: {execution.error[-200:]}"
        if execution.seconds > within:
            return f"took {execution.seconds:.1f} s"
        return unescaped(execution)

    return judge


def capped(execution: Execution) -> str:
    """Output must stay under the cap, and what is missing be counted."""
    if len(execution.output) > 1_000_000:
        return f"{len(execution.output):,} characters came through"
    return "" if execution.dropped else "nothing was counted as dropped"


@dataclass(frozen=True, slots=True)
class Attack:
    """One attack; `weak_at` names levels where it is known to succeed."""

    name: str
    code: str
    judge: Judge = unescaped
    seconds: float = 10.0
    quick: bool = False
    weak_at: frozenset[str] = frozenset()

    def program(self, names: Mapping[str, object]) -> str:
        """The code as it is run, with these words replaced."""
        code = textwrap.dedent(self.code)
        for word, value in names.items():
            code = code.replace(word, str(value))
        return HELPER + code


LANDLOCK = frozenset({"landlock"})

HELPER = """
def attempt(what, function, *arguments, **options):
    try:
        value = function(*arguments, **options)
    except BaseException:
        return None
    print('ESCAPED', what, repr(value)[:80])
    return value
"""
"""Stands before every attack's code: tries something and reports success."""
