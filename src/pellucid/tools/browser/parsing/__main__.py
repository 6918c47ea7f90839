"""The process that reads web pages: it has all loaded, and forks for every page.

What reads a page can open nothing and ends with it, as for other files that others wrote; to start
a process anew takes ten times as long as to read a page. Its argument is how many seconds of
processor time a page may take. A question is a line of JSON and the bytes of the page, an answer
its length in a line and JSON.
"""

import gc
import json
import os
import select
import signal
import sys
import time
from typing import Any

from pellucid.tools.browser.parsing import web
from pellucid.tools.reader.parsing.bounds import Rules, Unreadable, allowed, restrict

PATIENCE = 20.0
"""Seconds a page may take in all."""

MOST = 60_000_000
"""Bytes that can be told of a page."""

GAVE_UP = b'{"error": "cannot be read: what reads web pages gave up on it"}'


def main() -> None:
    """Answer until nobody asks any more."""
    web.warm()
    sys.set_int_max_str_digits(0)  # a number of a page may have any, and ends no reading
    rules, seconds = allowed("setitimer"), int(sys.argv[1])
    gc.freeze()  # what is loaded is not looked at again in every process
    questions, answers = sys.stdin.buffer, sys.stdout.buffer
    while line := questions.readline():
        asked = json.loads(line)
        raw = questions.read(asked["size"])
        told = apart(raw, asked["url"], asked["charset"], rules, seconds)
        answers.write(b"%d\n" % len(told) + told)
        answers.flush()


def apart(raw: bytes, url: str, charset: str, rules: Rules, seconds: int) -> bytes:
    """What a process that has only this page, and is held to rules and time, makes of it."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        try:
            _only(writing)
            restrict(len(raw), seconds, rules)
            _write(writing, json.dumps(answer(raw, url, charset)).encode())
        finally:
            os._exit(0)
    os.close(writing)
    told = _read(reading)
    os.close(reading)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return told if told.endswith(b"}") else GAVE_UP


def answer(raw: bytes, url: str, charset: str) -> dict[str, Any]:
    """What is in a page, or what is wrong with it."""
    try:
        return web.told(raw, url, charset, web.JUDGED)
    except Unreadable as error:
        return {"error": str(error)}
    except MemoryError:
        return {"error": "needs too much memory"}


def _only(kept: int) -> None:
    """Close everything but one descriptor: nobody else's questions or answers are in reach."""
    os.closerange(0, kept)
    os.closerange(kept + 1, 1024)


def _write(where: int, told: bytes) -> None:
    while told:
        told = told[os.write(where, told) :]


def _read(where: int) -> bytes:
    """All that comes before the other side ends, or takes too long."""
    told, end = bytearray(), time.monotonic() + PATIENCE
    while select.select([where], [], [], max(0.0, end - time.monotonic()))[0]:
        piece = os.read(where, 1 << 20)
        if not piece or len(told) > MOST:
            return b"" if piece else bytes(told)
        told += piece
    return b""


if __name__ == "__main__":
    main()
