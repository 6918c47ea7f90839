"""Hostile files: each is read or refused in time and within memory, and reaches nothing."""

import json
import os
import resource
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from pellucid.core.errors import BadRequest
from pellucid.tools.reader import ingest
from pellucid.tools.reader.parsing import bounds
from reader.hostile import Hostile, files

SEED = 20_261_128
LONGEST = 20.0
"""Seconds that a file may take."""
SECRET = "xylotomy"


@pytest.fixture
def canary(tmp_path: Path) -> Path:
    path = tmp_path / "canary.txt"
    path.write_text(SECRET)
    return path


@pytest.fixture
def compiled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three hundred processes compile their modules once."""
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    monkeypatch.setenv("PYTHONPYCACHEPREFIX", str(tmp_path / "compiled"))


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was read of a file, "" where it was refused, and whether that named it; seconds, and
    the most bytes of memory that reading a file has taken so far."""

    what: str
    text: str
    named: bool
    seconds: float
    memory: int


def outcome(file: Hostile) -> Outcome:
    began, text, named = time.monotonic(), "", False
    try:
        text = "".join(one.text for one in ingest.read(file.name, file.raw))
    except BadRequest as error:
        named = str(error).startswith(f"{file.name} ")
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    return Outcome(file.what, text, named, time.monotonic() - began, memory)


def sweep(canary: str, address: str) -> list[Outcome]:
    """What becomes of each file."""
    hostile = list(files(SEED, canary, address))
    assert len({one.what for one in hostile}) == len(hostile) >= 300
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(outcome, hostile))


SWEEP = """
import json, sys
from dataclasses import asdict
from reader.test_reading_hostile import sweep
json.dump([asdict(one) for one in sweep(*sys.argv[1:])], sys.stdout)
"""


def swept(canary: Path, listener: socket.socket) -> list[Outcome]:
    """The same in a process of its own, whose children are those that read, and no others."""
    where = [str(canary), "{}:{}".format(*listener.getsockname())]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", SWEEP, *where], capture_output=True, env=environment, check=True
    )
    return [Outcome(**one) for one in json.loads(done.stdout)]


@pytest.mark.timeout(300)
def test_no_file_harms(canary: Path, listener: socket.socket, compiled: None) -> None:
    os.utime(canary, (1, 1))  # the kernel notes when it is read, as it was read before it changed
    outcomes = swept(canary, listener)
    assert [one.what for one in outcomes if one.seconds > LONGEST] == []
    assert [one for one in outcomes if not (one.text or one.named)] == []
    assert [one.what for one in outcomes if SECRET in one.text] == []
    assert canary.stat().st_atime == 1
    with pytest.raises(BlockingIOError):
        listener.accept()
    assert max(one.memory for one in outcomes) < bounds.MEMORY
    assert sum(bool(one.text) for one in outcomes) > 80  # what can be read is


BROKEN = {
    "opens": "open(sys.argv[1]).read()",
    "connects": "socket.create_connection(('127.0.0.1', int(sys.argv[2])), 5)",
    "takes memory": "bytearray(2_000_000_000)",
    "never ends": "[None for _ in iter(int, 1)]",
}


@pytest.mark.parametrize("what", BROKEN)
@pytest.mark.parametrize("held", [True, False])
def test_a_parser_that_does_harm_is_held(
    what: str, held: bool, canary: Path, listener: socket.socket
) -> None:
    """A parser that a document has taken over gets nowhere; without what holds it, it would."""
    if what == "never ends" and not held:
        return
    script = (
        "import resource, socket, sys\nfrom pellucid.tools.reader.parsing import bounds\n"
        f"bounds.LEAST_SECONDS = 1\n{'bounds.restrict(0)' if held else ''}\n{BROKEN[what]}"
    )
    command = [sys.executable, "-c", script, str(canary), str(listener.getsockname()[1])]
    done = subprocess.run(command, capture_output=True, timeout=60)
    assert (done.returncode != 0) is held, done.stderr
