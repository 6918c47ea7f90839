"""What any sandbox must do, checked against a running one; `pellucid doctor` shows it."""

import hashlib
from collections.abc import Awaitable, Callable

from pellucid.core.executions import Execution
from pellucid.core.ports import Sandbox
from pellucid.tools.python.battery import CheckResult, assault
from pellucid.tools.python.sandbox import PythonSandbox

__all__ = ["CheckResult", "conformance", "selfcheck"]

SESSION, OTHER, SECONDS = "check", "check 2", 20.0
Check = Callable[[Sandbox], Awaitable[str]]
"""What does not hold, or nothing."""


async def selfcheck(sandbox: PythonSandbox, *, quick: bool) -> list[CheckResult]:
    """Conformance and the escape battery; `quick` leaves out what takes seconds."""
    return [*await conformance(sandbox), *await assault(sandbox, quick=quick)]


async def conformance(sandbox: Sandbox) -> list[CheckResult]:
    """Every check, each in fresh sessions."""
    results = []
    for name, check in CHECKS.items():
        trouble = await check(sandbox)
        results.append(CheckResult(name, not trouble, trouble))
        for session in (SESSION, OTHER):
            await sandbox.close_session(session)
    return results


async def _run(
    sandbox: Sandbox, code: str, session: str = SESSION, seconds: float = SECONDS, seed: int = 0
) -> Execution:
    """Run code with the checks' defaults."""
    return await sandbox.run(session, code, seconds=seconds, seed=seed)


def _differs(what: str, seen: object, wanted: object) -> str:
    """The difference in words, or nothing."""
    return "" if seen == wanted else f"{what} is {seen!r}, not {wanted!r}"


async def _value(sandbox: Sandbox) -> str:
    """The value of a last expression is the result; long integers are no problem."""
    ran = await _run(sandbox, "48271964 - 19384756")
    digits = await _run(sandbox, "len(str(2 ** 20000))")
    return _differs("the result", (ran.outcome, ran.result), ("ok", "28887208")) or _differs(
        "the length of 2 ** 20000", digits.result, "6021"
    )


async def _printed(sandbox: Sandbox) -> str:
    """Both streams are the output, in order, whatever the characters."""
    code = (
        "import os, sys\nprint('é', end='')\nprint('b', file=sys.stderr)\nos.write(1, b'c\\xff')\n"
    )
    ran = await _run(sandbox, code + "print('\\ud800', end='')")
    return _differs("the output", ran.output, "éb\nc\ufffd\\ud800")


async def _error(sandbox: Sandbox) -> str:
    """An exception is a result that names the line, and keeps what was printed."""
    ran = await _run(sandbox, "print(1)\n\n1 / 0")
    if ran.outcome != "error" or ran.output != "1\n":
        return f"ended {ran.outcome} with {ran.output!r}"
    named = "line 3" in ran.error and ran.error.strip().endswith(
        "ZeroDivisionError: division by zero"
    )
    return "" if named else f"the error is {ran.error!r}"


async def _state(sandbox: Sandbox) -> str:
    """Variables and files stay in their session, and only there."""
    await _run(sandbox, "x = 7\nopen('f', 'w').write('kept')")
    ran = await _run(sandbox, "x, open('f').read()")
    other = await _run(sandbox, "import os\n'x' in globals(), os.path.exists('f')", OTHER)
    return _differs("the state", ran.result, "(7, 'kept')") or _differs(
        "another session's view", other.result, "(False, False)"
    )


async def _seed(sandbox: Sandbox) -> str:
    """The same seed gives the same random numbers, another seed others."""
    runs = [await _run(sandbox, "import random\nrandom.random()", seed=seed) for seed in (5, 5, 6)]
    same, again, other = (ran.result for ran in runs)
    return "" if same == again != other else f"seeds 5, 5, 6 gave {same}, {again}, {other}"


async def _files(sandbox: Sandbox) -> str:
    """Files that are new or changed are recorded by content."""
    first = await _run(sandbox, "open('a', 'w').write('1')")
    second = await _run(sandbox, "open('b', 'wb').write(b'22') and None")
    wanted = [
        ("a", 1, hashlib.sha256(b"1").hexdigest()),
        ("b", 2, hashlib.sha256(b"22").hexdigest()),
    ]
    seen = [(file.name, file.size, file.sha256) for file in (*first.files, *second.files)]
    return _differs("the record", seen, wanted)


async def _stopped(sandbox: Sandbox) -> str:
    """A program over its time is stopped, its output kept; the session name works on."""
    ran = await _run(sandbox, "print('begun', end='')\nwhile True: pass", seconds=0.5)
    if ran.outcome != "timeout" or ran.output != "begun" or ran.seconds > 2:
        return f"ended {ran.outcome} after {ran.seconds:.1f} s with {ran.output!r}"
    after = await _run(sandbox, "1 + 1")
    return _differs("the next result", after.result, "2")


async def _no_input(sandbox: Sandbox) -> str:
    """There is nobody to ask."""
    ran = await _run(sandbox, "input('? ')")
    return "" if "EOFError" in ran.error else f"input() ended {ran.outcome}: {ran.error}"


async def _record(sandbox: Sandbox) -> str:
    """The record says what ran where: own ids, code, seed, isolation, versions."""
    one, two = await _run(sandbox, "1", seed=3), await _run(sandbox, "1", seed=3)
    if one.execution_id == two.execution_id or not one.sandbox or not one.libraries:
        return f"ids {one.execution_id}, {two.execution_id}; sandbox {one.sandbox!r}"
    return _differs("code and seed", (one.code, one.seed), ("1", 3))


async def _bad_code(sandbox: Sandbox) -> str:
    """Text that is no program is an error of the program."""
    for code in ("x =", "\0", "'\ud800'.encode()", "(" * 300):
        ran = await _run(sandbox, code)
        if ran.outcome != "error" or not ran.error:
            return f"{code[:20]!r} ended {ran.outcome}"
    return ""


CHECKS: dict[str, Check] = {
    "values come back": _value,
    "what is printed comes back": _printed,
    "errors name their line": _error,
    "sessions keep their state apart": _state,
    "seeds decide": _seed,
    "files are recorded": _files,
    "programs are stopped in time": _stopped,
    "input is at its end": _no_input,
    "executions are recorded": _record,
    "bad code is an error": _bad_code,
}
