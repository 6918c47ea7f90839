"""What this machine has: memory that it can still give to a process, in bytes, and AMX.

Linux tells it in /proc/meminfo; containers may have less, by their control groups of
version 1 or 2 (a limit holds for all groups below, so each level up is asked). Memory that
caches files counts as available, as the kernel itself counts it.
"""

from collections.abc import Iterator
from pathlib import Path

FILES_V1 = ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_")
FILES_V2 = ("memory.max", "memory.current", "")
"""Names of limit and use, and what stands before the names in `memory.stat`."""


def available(root: Path = Path("/")) -> int | None:
    """Bytes that may still be taken; None where the system does not tell."""
    found = [_meminfo(root)] if (root / "proc/meminfo").is_file() else []
    found += [left for group in _groups(root) if (left := _left(*group)) is not None]
    return max(0, min(found)) if found else None


def amx(root: Path = Path("/")) -> bool:
    """Whether llama.cpp, built for this processor, computes with its matrix unit (AMX)."""
    try:
        text = (root / "proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return False
    flags = next((one for one in text.splitlines() if one.startswith("flags")), "").split()
    return {"amx_int8", "avx512_vnni"} <= set(flags)


def _meminfo(root: Path) -> int:
    """What the whole machine has available; written in KiB."""
    return _table(root / "proc/meminfo")["MemAvailable:"] * 1024


def _groups(root: Path) -> Iterator[tuple[Path, tuple[str, str, str]]]:
    """The control groups this process is in, from the inside out, with the names of their
    files. Inside a container, what lies above is not to be seen, and missing here."""
    listed = root / "proc/self/cgroup"
    for line in listed.read_text().splitlines() if listed.is_file() else []:
        _number, controllers, path = line.split(":", 2)
        if controllers and "memory" not in controllers.split(","):
            continue
        mount = root / ("sys/fs/cgroup/memory" if controllers else "sys/fs/cgroup")
        inside = mount / path.lstrip("/")
        for folder in (inside, *inside.parents):
            if folder.is_relative_to(mount):
                yield folder, FILES_V1 if controllers else FILES_V2


def _left(folder: Path, files: tuple[str, str, str]) -> int | None:
    """What a group may still take; None for a group without a limit."""
    limit, use, prefix = files
    try:
        most = (folder / limit).read_text().strip()
        used = int((folder / use).read_text())
        stat = _table(folder / "memory.stat")
    except OSError:
        return None
    if most == "max":
        return None
    return int(most) - used + stat[f"{prefix}active_file"] + stat[f"{prefix}inactive_file"]


def _table(path: Path) -> dict[str, int]:
    """Lines of a name and a number."""
    return {
        words[0]: int(words[1]) for line in path.read_text().splitlines() if (words := line.split())
    }
