"""The question and what is attached to it: from arguments, a pipe, files; checked."""

import os
import select
import stat
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BufferedIOBase
from pathlib import Path

from pellucid.cli.text import plain
from pellucid.core.errors import BadRequest
from pellucid.core.turn import Attachment, named_once
from pellucid.tools.reader import ingest
from pellucid.tools.reader.cache import Cache
from pellucid.tools.reader.ingest import MOST_BYTES, decoded, too_large

PATIENCE = 2.0
"""Seconds without piped text after which the user is told what is being waited for."""

LONG = 500_000
"""Bytes of a file from which on reading it is told of."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that can be asked: neither empty nor broken, nor too large."""

    question: str
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """How files are read: what was read before, and who hears of a long one."""

    cache: Cache | None = None
    tell: Callable[[str], None] = lambda what: None


def gather(words: Sequence[str], files: Sequence[Path], reading: Reading | None = None) -> Asked:
    """Arguments are the question and a pipe is attached to it; alone, the pipe is the question."""
    question = decoded(" ".join(words).encode("utf-8", "surrogateescape"), "the question")
    attached = [one for path in files for one in attachments(path, reading or Reading())]
    piped = decoded(read_pipe(waiting_for="the piped input"), "the piped input") if pipe() else ""
    if not question.strip():
        question, piped = piped, ""
    if not question.strip():
        raise BadRequest('the question is empty; ask one: pellucid ask "How much is 17 * 23?"')
    if piped.strip():
        attached.insert(0, Attachment(pipe_name(piped), piped))
    texts = [one.text for one in attached if not ingest.looked_up(one)]
    total = sum(len(text.encode()) for text in (question, *texts))
    if total > MOST_BYTES:
        raise BadRequest(too_large("question and attachments have", total))
    return Asked(question.strip(), named_once(attached))


def attachments(path: Path, reading: Reading) -> tuple[Attachment, ...]:
    """What a file to attach holds; BadRequest names what is wrong with it."""
    try:
        if path.is_dir():
            raise BadRequest(f"--file {path}: is a directory; name a text file")
        with path.open("rb") as file:
            raw = file.read(MOST_BYTES + 1)
            raw += file.read(max(0, ingest.largest(path.name, raw) + 1 - len(raw)))
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not a file name"
        raise BadRequest(f"--file {path}: {reason}") from None
    name = plain(path.name.encode("utf-8", "replace").decode())
    if len(raw) > LONG:
        reading.tell(f"reading {name}")
    return ingest.read(name, raw, reading.cache)


def pipe() -> bool:
    """Whether standard input is a pipe, a file or a socket: something that was put there."""
    try:
        mode = os.fstat(sys.stdin.fileno()).st_mode
    except (AttributeError, OSError, ValueError):
        return False  # closed, or not there at all
    return stat.S_ISFIFO(mode) or stat.S_ISREG(mode) or stat.S_ISSOCK(mode)


def read_pipe(waiting_for: str, source: BufferedIOBase | None = None) -> bytes:
    """All of standard input, or one byte more than may be; says so when it has to wait."""
    stream = source or sys.stdin.buffer
    ready, _, _ = select.select([stream], [], [], PATIENCE)
    if not ready:
        print(f"waiting for {waiting_for} (</dev/null for none)", file=sys.stderr, flush=True)
    return stream.read(MOST_BYTES + 1)


def pipe_name(text: str) -> str:
    """A file name that tells how piped text is laid out: the program's author sees it."""
    first, second = (*text.lstrip().splitlines()[:2], "", "")[:2]
    for mark, name in ((",", "input.csv"), ("\t", "input.tsv")):
        if mark in first and first.count(mark) == second.count(mark):
            return name
    return "input.txt"
