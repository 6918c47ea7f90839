"""How the forking process is started at each level: command, descriptors, instructions.

`namespaces` puts it under bubblewrap, in a file system of its own that holds nothing but
the interpreter and the libraries. `landlock` and `unsafe` start it in place: there the
session gives up its rights itself, or, unsafe, does not.
"""

import base64
import os
import shutil
import sys
import sysconfig
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pellucid.core.errors import SandboxUnavailable
from pellucid.tools.python.config import Level, SandboxSettings

NOBODY = 65534
BOX, PYTHON, LIBRARIES, SOURCE = "/box", "/opt/python", "/opt/libraries", "/opt/pellucid"
SYSTEM_LIBRARIES = ("/lib", "/lib32", "/lib64", "/usr/lib", "/usr/lib32", "/usr/lib64")
FOREIGN_PACKAGES = "/usr/lib/python3/dist-packages"
FOLDERS = ("/opt", SOURCE, "/dev", "/usr", "/etc")
"""Made beforehand: bubblewrap makes the folders above a mount accessible to root only."""
LOADER_CACHE = "/etc/ld.so.cache"
DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")
ENVIRONMENT = {
    "HOME": ".",
    "LC_ALL": "C.UTF-8",
    "MPLBACKEND": "Agg",
    "MPLCONFIGDIR": ".matplotlib",
    # One thread: results do not depend on the machine, and forking stays safe.
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    "TZ": "UTC",
}
BOOT = "import sys; sys.path.insert(0, sys.argv[1]); from guest import zygote; zygote.main()"


@dataclass(frozen=True, slots=True)
class Plan:
    """A command and its environment, descriptors it inherits, the user it runs as.

    The number of the control channel is appended to the command; `setup` is the first
    message sent over it.
    """

    command: tuple[str, ...]
    environment: dict[str, str]
    setup: dict[str, Any]
    inherited: tuple[int, ...] = ()
    user: int | None = None


def interpreter() -> Path:
    """The interpreter behind this one, outside any virtual environment."""
    major, minor = sys.version_info[:2]
    path = Path(sys.base_prefix) / "bin" / f"python{major}.{minor}"
    if not path.exists():
        raise SandboxUnavailable(f"no interpreter at {path}")
    return path


def make_plan(level: Level, settings: SandboxSettings, rules: bytes, opened: ExitStack) -> Plan:
    """The plan for a level; descriptors it needs are closed with `opened`."""
    setup = {
        "level": level,
        "filter": base64.b64encode(rules).decode(),
        "preload": settings.preload,
        "box": BOX,
        "limits": {
            "memory": settings.memory_bytes,
            "disk": settings.disk_bytes,
            "files": settings.files,
            "processes": settings.processes,
            "cpu": settings.cpu_seconds,
        },
    }
    if level == "namespaces":
        return _under_bubblewrap(settings, setup)
    return _in_place(settings, setup, opened)


def _under_bubblewrap(settings: SandboxSettings, setup: dict[str, Any]) -> Plan:
    """A root file system of interpreter, libraries and five devices; no network.

    Run by root, bubblewrap needs no user name space; the zygote then becomes nobody by
    itself (a user name space would leave it root outside, decision 0031).
    """
    bubblewrap = shutil.which(settings.bubblewrap)
    if bubblewrap is None:
        raise SandboxUnavailable("bubblewrap is missing (Debian, Ubuntu: apt install bubblewrap)")
    rights = "--cap-add CAP_SETUID --cap-add CAP_SETGID" if os.geteuid() == 0 else "--unshare-user"
    isolate = "--unshare-pid --unshare-net --unshare-ipc --unshare-uts --unshare-cgroup-try"
    home, files = _interpreter_mounts()
    command = [
        bubblewrap,
        *isolate.split(),
        *["--die-with-parent", "--clearenv", "--cap-drop", "ALL"],
        *rights.split(),
        *(part for name in FOLDERS for part in ("--dir", name)),
        *files,
        *("--ro-bind", str(settings.libraries), LIBRARIES),
        *("--ro-bind", str(Path(__file__).parent / "guest"), f"{SOURCE}/guest"),
        *(part for device in DEVICES for part in ("--dev-bind", device, device)),
        *f"--proc /proc --dir {BOX} --symlink {BOX[1:]} /tmp --remount-ro / --chdir {BOX}".split(),
    ]
    environment = ENVIRONMENT | {"PYTHONHOME": home, "LD_LIBRARY_PATH": f"{home}/lib"}
    for name, value in environment.items():
        command += ["--setenv", name, value]
    command += _python(f"{home}/bin/{interpreter().name}", SOURCE)
    extra = {"libraries": LIBRARIES, "source": SOURCE, "keep": [], "parent": 0}
    return Plan(tuple(command), {}, setup | extra)


def _interpreter_mounts() -> tuple[str, list[str]]:
    """The interpreter's prefix inside, and the mounts that put it and its libraries there.

    Packages installed beside it are covered by empty folders: they are not ours to show.
    """
    mounts: list[str] = []
    for folder in SYSTEM_LIBRARIES:
        if os.path.islink(folder):
            mounts += ["--symlink", os.readlink(folder), folder]
        elif os.path.isdir(folder):
            mounts += ["--ro-bind", folder, folder]
    mounts += ["--ro-bind-try", LOADER_CACHE, LOADER_CACHE]
    program, stdlib = interpreter(), Path(sysconfig.get_path("stdlib"))
    home = PYTHON
    if sys.base_prefix == "/usr":
        home = "/usr"
        mounts += ["--ro-bind", str(program.resolve()), str(program)]
    else:
        mounts += ["--ro-bind", sys.base_prefix, PYTHON]
    inside = Path(home) / stdlib.relative_to(sys.base_prefix)
    covers = {FOREIGN_PACKAGES: FOREIGN_PACKAGES}
    covers[str(stdlib / "site-packages")] = str(inside / "site-packages")
    for outside, cover in covers.items():
        if os.path.isdir(outside):
            mounts += ["--tmpfs", cover, "--remount-ro", cover]
    return home, mounts


def _in_place(settings: SandboxSettings, setup: dict[str, Any], opened: ExitStack) -> Plan:
    """The interpreter where it is, as nobody if we are root.

    Folders are passed as descriptors and named /proc/self/fd/N: that also reaches those
    below a home that nobody may enter.
    """
    keep: list[int] = []
    for folder in (sys.base_prefix, settings.libraries, Path(__file__).parent):
        descriptor = os.open(folder, os.O_PATH)
        opened.callback(os.close, descriptor)
        keep.append(descriptor)
    home, libraries, source = (f"/proc/self/fd/{descriptor}" for descriptor in keep)
    readable = [f"{home}/{sys.platlibdir}", f"{home}/lib", libraries, f"{source}/guest"]
    extra = {
        "libraries": libraries,
        "source": source,
        "keep": keep,
        "parent": os.getpid(),
        "readable": [*readable, *SYSTEM_LIBRARIES, LOADER_CACHE, *DEVICES],
    }
    return Plan(
        tuple(_python(f"{home}/bin/{interpreter().name}", source)),
        ENVIRONMENT | {"PYTHONHOME": home, "LD_LIBRARY_PATH": f"{home}/lib"},
        setup | extra,
        tuple(keep),
        NOBODY if os.geteuid() == 0 and setup["level"] != "unsafe" else None,
    )


def _python(program: str, source: str) -> list[str]:
    """The zygote's command: no site-packages, no user site, no folder of the caller."""
    return [program, "-s", "-S", "-P", "-B", "-c", BOOT, source]
