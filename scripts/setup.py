"""Install the locked libraries and Pellucid itself into .venv; build llama.cpp on the way.

usage: setup.py run|dev

`run` installs what Pellucid needs, `dev` also what its checks and tests need. Every file
is checked against the hash in a lock. Repeating is quick (a stamp holds the hash of the
locks) and interrupting is safe (pip goes on where it stopped). All output of the tools
goes to .setup-log; its end is shown when something fails. Standard library only.
"""

import fcntl
import hashlib
import os
import re
import selectors
import shlex
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import NamedTemporaryFile

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOG = ROOT / ".setup-log"

LEVELS = ("run", "dev")
"""Each level holds the ones before it."""

INPUTS = ("requirements-build.lock", "requirements.lock", "pyproject.toml")
INPUTS_DEV = (*INPUTS, "requirements-dev.lock")
BUILD = ("scripts/llama.cmake", "scripts/amx.h")
"""How llama.cpp is built."""

SCRIPTS = ("scripts/setup.py", *BUILD)
SOURCE = ("--no-binary", "llama-cpp-python")
"""What is taken as source, everything else as wheels."""


BYTES_PER_COMPILER = 700 << 20
"""What one compiler may need; machines with little memory build with fewer at once."""

TERMINAL_SECONDS, PLAIN_SECONDS = 0.5, 15.0
"""How often progress is shown on a terminal, and in a log."""

NINJA = re.compile(rb"^\s*\[(\d+)/(\d+)\] ")


class Failed(Exception):
    """A step failed; the message says which and why."""


@dataclass
class Step:
    """What is being done, shown as one line that lives while the step runs."""

    title: str
    begun: float = field(default_factory=time.monotonic)
    shown: float = 0.0
    detail: str = ""

    def tick(self) -> None:
        """Show the line again when it is time to."""
        now = time.monotonic()
        if sys.stderr.isatty():
            if now - self.shown >= TERMINAL_SECONDS:
                self._show("\r", "\033[K")
        elif now - max(self.shown, self.begun) >= PLAIN_SECONDS:
            self._show("", "\n")

    def end(self, result: str) -> None:
        """Leave the line standing."""
        self.detail = result
        self._show("\r" if sys.stderr.isatty() else "", "\033[K\n" if sys.stderr.isatty() else "\n")

    def _show(self, before: str, after: str) -> None:
        self.shown = time.monotonic()
        minutes, seconds = divmod(int(self.shown - self.begun), 60)
        line = f"setup: {self.title}  {self.detail}  {minutes}:{seconds:02d}"
        sys.stderr.write(before + line.replace("    ", "  ") + after)
        sys.stderr.flush()


def main(arguments: list[str]) -> int:
    """Do what is missing; the result is the exit code."""
    if len(arguments) != 1 or arguments[0] not in LEVELS:
        sys.stderr.write("usage: scripts/setup run|dev\n")
        return 2
    with (ROOT / ".setup-lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two `make` at once: the second finds all done
        try:
            set_up(arguments[0])
        except Failed as error:
            sys.stderr.write(f"setup: {error}\n")
            return 1
        except KeyboardInterrupt:
            sys.stderr.write("\nsetup: interrupted; the same command goes on from here\n")
            return 130
    return 0


def set_up(level: str) -> None:
    """Bring .venv to the level, or touch its stamp when it is there already."""
    if stamp(level).is_file() and stamp(level).read_text() == key(level) and working():
        stamp(level).touch()
        return
    LOG.write_bytes(b"")
    if not working():
        run("creating .venv", [sys.executable, "-m", "venv", "--clear", str(VENV)])
    for name in LEVELS:
        stamp(name).unlink(missing_ok=True)
    pip("installing build tools", "-r", "requirements-build.lock")
    llama()
    pip("installing libraries", *SOURCE, "-r", "requirements.lock")
    if level == "dev":
        pip("installing test tools", *SOURCE, "-r", INPUTS_DEV[-1])
    run(
        "installing pellucid",
        [*PIP, "--no-index", "--no-deps", "--no-build-isolation", "--editable", str(ROOT)],
    )
    run("trying what was built", [str(PYTHON), "-c", "import llama_cpp, pellucid"])
    (VENV / ".setup-place").write_text(str(ROOT))
    for name in LEVELS[: LEVELS.index(level) + 1]:
        stamp(name).write_text(key(name))


def llama() -> None:
    """Build llama.cpp for this processor and as we want it, unless that is what is there.

    pip would take what it built once, whatever processor and choices that was for; so
    nothing of this build is kept in its cache.
    """
    entry = re.search(
        r"^llama-cpp-python==.*(?:\n .*)*", (ROOT / "requirements.lock").read_text(), re.M
    )
    assert entry is not None
    made_from = digest(entry[0].encode(), processor(), *((ROOT / n).read_bytes() for n in BUILD))
    if stamp("llama").is_file() and stamp("llama").read_text() == made_from:
        return
    with NamedTemporaryFile("w", suffix=".lock") as lock:
        lock.write(entry[0])
        lock.flush()
        pip(
            "building llama.cpp for this machine",
            *("--no-build-isolation", "--no-cache-dir", "--no-deps", "--force-reinstall"),
            *(*SOURCE, "-r", lock.name),
        )
    stamp("llama").write_text(made_from)


def processor() -> bytes:
    """What the processor can do, as far as the system tells: programs are built for that."""
    try:
        lines = Path("/proc/cpuinfo").read_bytes().splitlines()
    except OSError:
        return b""
    return next((one for one in lines if one.lower().startswith((b"flags", b"features"))), b"")


def stamp(level: str) -> Path:
    """The file that says a level, or llama.cpp, is set up, and from what."""
    return VENV / f".setup-{level}"


def key(level: str) -> str:
    """What the stamp of a finished setup says."""
    names = (*(INPUTS_DEV if level == "dev" else INPUTS), *SCRIPTS)
    place = f"{ROOT} {sys.version_info[:2]}".encode()
    return digest(place, processor(), *((ROOT / name).read_bytes() for name in names))


def digest(*parts: bytes) -> str:
    """A name for all of these together."""
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def working() -> bool:
    """Whether .venv holds a Python with pip."""
    try:
        asked = subprocess.run([str(PYTHON), "-c", "import pip"], capture_output=True, check=False)
    except OSError:
        return False
    return asked.returncode == 0


PIP = (str(PYTHON), "-m", "pip", "--disable-pip-version-check", "--no-input", "install", "-v")


def pip(title: str, *arguments: str) -> None:
    """Have pip install what a lock names: hashes required, wheels unless said otherwise."""
    run(title, [*PIP, "--require-hashes", "--only-binary", ":all:", *arguments])


def run(title: str, command: list[str]) -> None:
    """Run a command to its end, showing progress; Failed shows the end of its output."""
    step = Step(title)
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment(os.environ),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    try:
        with LOG.open("ab") as log:
            log.write(f"$ {shlex.join(command)}\n".encode())
            for line in lines(process, step):
                log.write(line)
                if progress := NINJA.match(line):
                    step.detail = f"{int(progress[1])}/{int(progress[2])}"
        code = process.wait()
    except BaseException:
        process.terminate()
        process.wait()
        raise
    step.end("ok" if code == 0 else "failed")
    if code != 0:
        tail = b"\n".join(LOG.read_bytes().splitlines()[-25:]).decode(errors="replace")
        raise Failed(f"{title} failed (code {code}); the end of {LOG}:\n{tail}")


def lines(process: "subprocess.Popen[bytes]", step: Step) -> Iterator[bytes]:
    """The output of a process, line by line, while the step's clock goes on."""
    assert process.stdout is not None
    left = b""
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        data = b" "
        while data:
            step.tick()
            if not selector.select(TERMINAL_SECONDS):
                continue
            data = os.read(process.stdout.fileno(), 1 << 16)
            *whole, left = (left + data).split(b"\n")
            yield from (line + b"\n" for line in whole)
    yield left


def environment(inherited: Mapping[str, str]) -> dict[str, str]:
    """The tools' environment: all cores, our CMake choices, .venv's programs first."""
    ours = dict(inherited)
    for name in ("PYTHONHOME", "PYTHONPATH", "PIP_USER", "PIP_TARGET", "PIP_PREFIX"):
        ours.pop(name, None)
    ours["PATH"] = f"{VENV / 'bin'}{os.pathsep}{inherited.get('PATH', os.defpath)}"
    ours.setdefault("CMAKE_BUILD_PARALLEL_LEVEL", str(compilers()))
    include = f"-DCMAKE_PROJECT_llama_cpp_INCLUDE={ROOT / 'scripts' / 'llama.cmake'}"
    ours["CMAKE_ARGS"] = f"{shlex.quote(include)} {inherited.get('CMAKE_ARGS', '')}".strip()
    return ours


def compilers() -> int:
    """How many compilers to run at once: one per core, fewer where memory is short."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    try:
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError):
        return cores or 1
    return max(1, min(cores or 1, memory // BYTES_PER_COMPILER))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
