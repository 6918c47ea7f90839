"""A PostgreSQL server of the tests' own, where its programs are installed (Debian: `postgresql`).

It listens on a socket in its own folder only, whose path has to be short, and waits for no disk.
PostgreSQL refuses to run as root: then it runs as the user that Debian made for it, or as nobody.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

INITIAL = ("-U", "pellucid", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
OPTIONS = "-c listen_addresses='' -c fsync=off -c max_connections=100"


def programs() -> Path | None:
    """The folder of the newest PostgreSQL's programs; None where there is none."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name)
    )
    on_path = shutil.which("initdb")
    there = [Path(on_path).parent] if on_path else []
    usable = [path for path in (*there, *found) if (path / "pg_ctl").exists()]
    return usable[-1] if usable else None


@dataclass(frozen=True)
class Server:
    """A running server; its databases go with it."""

    folder: Path
    bin: Path
    user: str | None
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def url(self, database: str) -> str:
        return f"postgresql://pellucid:secret@/{database}?host={self.folder}"

    def database(self, encoding: str = "UTF8") -> str:
        """The URL of a new, empty database."""
        name = f"test_{next(self._numbers)}"
        made = ("-h", self.folder, "-U", "pellucid", "-E", encoding, "-T", "template0")
        self.run("createdb", *made, name)
        return self.url(name)

    def run(self, program: str, *arguments: object) -> None:
        """Run one of PostgreSQL's programs to its end."""
        subprocess.run(
            [self.bin / program, *map(str, arguments)],
            check=True,
            user=self.user,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            timeout=60,
        )


@contextmanager
def running(bin: Path) -> Iterator[Server]:
    """A server that is ready."""
    with tempfile.TemporaryDirectory(prefix="pellucid-pg-", dir="/tmp") as name:
        server = Server(Path(name), bin, _allowed())
        if server.user is not None:
            shutil.chown(name, server.user)
        data = server.folder / "data"
        server.run("initdb", "-D", data, *INITIAL)
        options = f"-k {name} {OPTIONS}"
        server.run("pg_ctl", "-w", "-D", data, "-l", server.folder / "log", "-o", options, "start")
        try:
            yield server
        finally:
            server.run("pg_ctl", "-w", "-D", data, "-m", "immediate", "stop")


def _allowed() -> str | None:
    """The user it runs as, where it cannot be the tests' own."""
    if os.getuid() != 0:
        return None
    return "postgres" if any(one.pw_name == "postgres" for one in pwd.getpwall()) else "nobody"
