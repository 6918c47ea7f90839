"""Runs programs one after another in one namespace and reports on each, in JSON lines.

What is printed goes straight to the output channel, piece by piece, so that nothing is
lost when a program is stopped. The host trusts nothing that comes from here.
"""

import ast
import builtins
import hashlib
import importlib
import json
import linecache
import os
import random
import site
import stat
import sys
import traceback
import types
from collections.abc import Iterator
from io import FileIO, TextIOWrapper
from typing import Any

from . import files

RESULT_CHARS, ERROR_CHARS, FILES, FIGURES = 20_000, 4_000, 64, 8
PICTURES = (".png", ".jpg", ".jpeg", ".svg", ".pdf")
DIGITS = 100_000
"""Python refuses to print integers beyond 4,300 digits; arithmetic is what we are for."""
RESERVE = 8 << 20
"""Bytes set aside, so that a program out of memory can still be reported on."""

Stamp = tuple[int, int, int]


class Runner:
    """One session: its variables, its work folder, the two ways out."""

    def __init__(self, control: int, output: int) -> None:
        """Take the channels' descriptors; the work folder is where we stand."""
        self._control, self._output = control, output
        self._box = os.getcwd()
        self._number = 0
        self._module = types.ModuleType("__main__")
        self._module.__dict__["__builtins__"] = builtins
        sys.modules["__main__"] = self._module
        sys.set_int_max_str_digits(DIGITS)
        site.setquit()  # `exit()` is a habit of programs, and -S leaves it out

    def serve(self) -> None:
        """Answer requests until the host hangs up."""
        send(self._control, {"ready": True})
        for line in lines(self._control):
            request = json.loads(line)
            if "code" in request:
                reply = self._run(request["code"], request["seed"])
            else:
                reply = files.answer(self._box, request)
            send(self._control, reply | {"nonce": request["nonce"]})

    def _run(self, code: str, seed: int) -> dict[str, Any]:
        """One program, from fresh output streams and generators to its report."""
        self._number += 1
        before = self._stamps()
        self._open_streams()
        reserve = [bytearray(RESERVE)]
        outcome, result, error = "ok", "", ""
        try:
            sow(seed)
            result = self._execute(code, f"<program {self._number}>")
            self._save_figures(before)
        except BaseException as raised:
            reserve.clear()
            if not isinstance(raised, SystemExit) or raised.code not in (None, 0):
                outcome, error = "error", describe(raised)
        changed = [name for name, stamp in self._stamps().items() if before.get(name) != stamp]
        return {
            "outcome": outcome,
            "result": result,
            "error": error,
            "files": [self._record(name) for name in changed[:FILES]],
            "unlisted": len(changed[FILES:]),
        }

    def _execute(self, code: str, name: str) -> str:
        """Run the code; the value of a last bare expression comes back as text."""
        linecache.cache[name] = (len(code), None, code.splitlines(keepends=True), name)
        tree = ast.parse(code, name)
        last = None
        if tree.body and isinstance(tree.body[-1], ast.Expr):
            last = ast.Expression(tree.body.pop().value)  # type: ignore[attr-defined]
        space = self._module.__dict__
        exec(compile(tree, name, "exec", dont_inherit=True), space)  # noqa: S102 - the purpose
        if last is None:
            return ""
        value = eval(compile(last, name, "eval", dont_inherit=True), space)  # noqa: S307
        return "" if value is None else str(repr(value))[:RESULT_CHARS]

    def _open_streams(self) -> None:
        """Fresh standard streams, whatever the program before did to them."""
        for number in (1, 2):
            os.dup2(self._output, number)
        sys.stdin = TextIOWrapper(FileIO(0, closefd=False), encoding="utf-8")
        sys.stdout, sys.stderr = (
            TextIOWrapper(
                FileIO(number, "w", closefd=False),
                encoding="utf-8",
                errors="backslashreplace",
                write_through=True,
            )
            for number in (1, 2)
        )

    def _save_figures(self, before: dict[str, Stamp]) -> None:
        """Open matplotlib figures become PNG files of the work folder, unless the program has saved
        pictures itself."""
        pyplot = sys.modules.get("matplotlib.pyplot")
        if pyplot is None:
            return
        changed = (name for name, stamp in self._stamps().items() if before.get(name) != stamp)
        saved = any(name.endswith(PICTURES) for name in changed)
        for number in () if saved else pyplot.get_fignums()[:FIGURES]:
            pyplot.figure(number).savefig(
                os.path.join(self._box, f"figure-{self._number}-{number}.png")
            )
        pyplot.close("all")

    def _stamps(self) -> dict[str, Stamp]:
        """Every regular file of the work folder, with what tells that it changed."""
        found: dict[str, Stamp] = {}
        for folder, folders, names in os.walk(self._box):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(names):
                path = os.path.join(folder, name)
                status = os.lstat(path)
                if stat.S_ISREG(status.st_mode):
                    found[os.path.relpath(path, self._box)] = (
                        status.st_size,
                        status.st_mtime_ns,
                        status.st_ino,
                    )
        return found

    def _record(self, name: str) -> list[Any]:
        """Name, size and SHA-256 of a file."""
        digest = hashlib.sha256()
        size = 0
        with open(os.path.join(self._box, name), "rb") as file:
            for block in iter(lambda: file.read(1 << 20), b""):
                digest.update(block)
                size += len(block)
        return [name, size, digest.hexdigest()]


def sow(seed: int) -> None:
    """Start the random generators of Python, and of numpy where it is loaded, from a seed.

    numpy asks `randbits` for entropy when a program makes a generator without a seed.
    """
    random.seed(seed)
    if "numpy" in sys.modules:
        numpy_random = importlib.import_module("numpy.random")  # numpy loads it when first used
        numpy_random.seed(seed % 2**32)
        source = random.Random(seed)  # noqa: S311 - to be repeatable is the point
        numpy_random.bit_generator.randbits = source.getrandbits


def shorten(text: str) -> str:
    """Beginning and end of a long text; a traceback says the most at its end."""
    if len(text) <= ERROR_CHARS:
        return text
    return f"{text[: ERROR_CHARS // 4]}\n[…]\n{text[-ERROR_CHARS * 3 // 4 :]}"


def describe(error: BaseException) -> str:
    """The traceback as the program's author needs it: own lines only, the end kept."""
    report = traceback.TracebackException.from_exception(error)
    chain: list[traceback.TracebackException] = [report]
    for link in chain:
        own = [frame for frame in link.stack if frame.filename.startswith("<program ")]
        link.stack = traceback.StackSummary.from_list(own)
        chain += [other for other in (link.__cause__, link.__context__) if other]
    return shorten("".join(report.format()))


def lines(descriptor: int) -> Iterator[bytes]:
    """Lines from a descriptor until its end."""
    rest = b""
    for block in iter(lambda: os.read(descriptor, 1 << 16), b""):
        *whole, rest = (rest + block).split(b"\n")
        yield from whole


def send(descriptor: int, message: dict[str, Any]) -> None:
    """One message as a line of ASCII JSON."""
    data = json.dumps(message).encode() + b"\n"
    while data:
        data = data[os.write(descriptor, data) :]
