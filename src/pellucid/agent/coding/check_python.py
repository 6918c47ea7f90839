"""Runs delivered Python code and its examples inside the sandbox; one line of JSON for each.

This file's own text, without its explanations, is the second half of every program that
checks code (`checks.program`), so that a receipt holds all it takes to run it again. It
uses nothing but the standard library and nothing of Pellucid.

The first line tells how loading went, then there is one for each example, and the last
one counts. What the code prints is kept apart from these lines.
"""

import ast
import contextlib
import doctest
import functools
import io
import json
import linecache
import math
import os
import re
import signal
import sys
import time
import traceback
import types
from collections.abc import Callable, Iterator, Sequence
from typing import Any

LOADING, EACH, ALL = 4.0, 2.0, 8.0
"""Seconds for loading, for one example, and for everything."""
SHOWN = 300
"""Characters of a value, of what was printed and of an error that are reported."""


class TimeLimit(BaseException):
    """Time is up; no `except Exception` of the code's own catches it."""

    __qualname__ = "TimeLimit"  # the functions here stand inside another one when they run


def short(text: str, most: int = SHOWN) -> str:
    """The end of a text where it is long, without addresses in memory."""
    text = re.sub(r" at 0x[0-9a-f]+", "", text)
    return text if len(text) <= most else "…" + text[-most:]


@contextlib.contextmanager
def limited(seconds: float, given: str = "") -> Iterator[io.StringIO]:
    """What is printed inside; `given` is what can be read. TimeLimit is raised after `seconds`."""

    def ring(*_: object) -> None:
        raise TimeLimit(f"stopped after {seconds:.3g} seconds")

    printed, before = io.StringIO(), (sys.stdin, signal.signal(signal.SIGALRM, ring))
    sys.stdin = io.StringIO(given)
    signal.setitimer(signal.ITIMER_REAL, max(seconds, 0.01), 0.5)
    try:
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(io.StringIO()):
            yield printed
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        sys.stdin = before[0]
        signal.signal(signal.SIGALRM, before[1])


def described(error: BaseException, names: Sequence[str]) -> dict[str, str]:
    """An error by kind and by the lines of the code it came through."""
    report = traceback.TracebackException.from_exception(error)
    report.stack = traceback.StackSummary.from_list(
        [frame for frame in report.stack if os.path.basename(frame.filename) in names]
    )
    report.__cause__ = report.__context__ = None
    return {"kind": type(error).__name__, "error": short("".join(report.format()).strip(), 1200)}


def attempt(action: Callable[[], Any], names: Sequence[str]) -> dict[str, Any]:
    """What an action came to: its value, or the error it raised."""
    try:
        return {"value": action()}
    except BaseException as error:
        return described(error, names)


def load(files: dict[str, str], main: str, name: str) -> dict[str, Any]:
    """Run the main file as module `name`; several files are written beside it first."""
    sys.dont_write_bytecode = True
    if len(files) > 1:
        places = [os.path.dirname(os.path.abspath(main)), os.getcwd()]
        sys.path[:] = [*places, *(place for place in sys.path if place not in places)]
        for path, text in files.items():
            os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
            sys.modules.pop(path.removesuffix(".py").replace("/", "."), None)
    code, module = files[main], types.ModuleType(name)
    linecache.cache[main] = (len(code), None, code.splitlines(keepends=True), main)
    before = sys.modules.get(name)
    sys.modules[name] = module
    try:
        exec(compile(code, main, "exec", dont_inherit=True), module.__dict__)  # noqa: S102
    except SystemExit as ended:
        if ended.code not in (None, 0):
            raise
    finally:
        if before is not None:
            sys.modules[name] = before
    return module.__dict__


def same(got: object, wanted: object) -> bool:
    """Whether two values are equal, decimal fractions as near as rounding leaves them."""
    if isinstance(got, float) and isinstance(wanted, int | float):
        return math.isclose(got, wanted, rel_tol=1e-6, abs_tol=1e-9)
    return bool(got == wanted)


def valued(source: str, wanted: str, space: dict[str, Any]) -> dict[str, Any]:
    """An expression, and one for the value it should have."""
    got, value = (
        eval(compile(text, "example", "eval", dont_inherit=True), space)  # noqa: S307
        for text in (source, wanted)
    )
    return {"passed": same(got, value), "got": short(repr(got))}


def at_prompt(source: str, wanted: str, space: dict[str, Any], out: io.StringIO) -> dict[str, Any]:
    """A line typed at the prompt, as doctest has it; a value may be spelt differently."""
    keep = sys.displayhook
    sys.displayhook = lambda value: print(repr(value)) if value is not None else None
    try:
        exec(compile(source + "\n", "example", "single", dont_inherit=True), space)  # noqa: S102
    finally:
        sys.displayhook = keep
    got = out.getvalue().strip()
    flags = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
    passed = not wanted or doctest.OutputChecker().check_output(wanted + "\n", got + "\n", flags)
    if not passed:
        with contextlib.suppress(ValueError, SyntaxError):
            passed = same(ast.literal_eval(got), ast.literal_eval(wanted))
    return {"passed": passed, "got": short(got)}


def typed(out: io.StringIO, wanted: str) -> dict[str, Any]:
    """Whether what a program printed ends as it should; prompts for input may stand before."""
    lines = [line.strip() for line in out.getvalue().strip().splitlines()]
    wants = [line.strip() for line in wanted.strip().splitlines()]
    last = "\n".join(lines[-len(wants) :])
    return {"passed": last.endswith("\n".join(wants)), "got": short(last)}


def report(files: dict[str, str], main: str, name: str, examples: Sequence[Sequence[str]]) -> None:
    """Load the code, try every example, and print a line of JSON for each.

    With an empty `name` nothing is loaded: a program that reads is only run with its examples.
    """
    names, ends = [*map(os.path.basename, files), "example"], time.monotonic() + ALL
    with limited(LOADING) as out:
        found = attempt(lambda: load(files, main, name) if name else {}, names)
    space = found.pop("value", None)
    said(loaded=space is not None, printed=short(out.getvalue().strip()), **found)
    passed, talk = {"request": [0, 0], "model": [0, 0]}, dict(space or {})

    def tried(kind: str, source: str, wanted: str) -> dict[str, Any]:
        with limited(min(EACH, ends - time.monotonic()), source) as out:
            match kind:
                case "statement":
                    exec(compile(source, "example", "exec", dont_inherit=True), {**talk})  # noqa: S102
                    return {"passed": True, "got": ""}
                case "value":
                    return valued(source, wanted, {**talk})
                case "shown":
                    return at_prompt(source, wanted, talk, out)
                case _:
                    load(files, main, "__main__")
                    return typed(out, wanted)

    for origin, *example in examples if space is not None else ():
        result = attempt(functools.partial(tried, *example), names)
        result = result.pop("value", None) or {"passed": False, "got": "", **result}
        passed[origin][0] += result["passed"]
        passed[origin][1] += 1
        said(**result)
    said(**passed)


def said(**facts: object) -> None:
    """One line of JSON."""
    print(json.dumps(facts, ensure_ascii=False), flush=True)
