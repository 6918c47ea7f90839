"""What memory is left, by the kernel and by control groups of both versions."""

import os
from pathlib import Path

import pytest

from pellucid.engine.available import amx, available

MIB = 1 << 20


def machine(root: Path, free: int, groups: str = "") -> Path:
    """A root file system that says `free` bytes are available."""
    (root / "proc/self").mkdir(parents=True)
    (root / "proc/meminfo").write_text(
        f"MemTotal: 999999 kB\nMemFree: 1 kB\nMemAvailable: {free // 1024} kB\nHugePages_Free: 0\n"
    )
    (root / "proc/self/cgroup").write_text(groups)
    return root


def group(folder: Path, limit: str, used: int, cached: int, version: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    limits = ("memory.limit_in_bytes", "memory.max")
    uses = ("memory.usage_in_bytes", "memory.current")
    prefix = ("total_", "")[version - 1]
    (folder / limits[version - 1]).write_text(f"{limit}\n")
    (folder / uses[version - 1]).write_text(f"{used}\n")
    (folder / "memory.stat").write_text(
        f"{prefix}active_file {cached // 2}\n{prefix}inactive_file {cached - cached // 2}\n"
    )


def test_a_machine_without_groups(tmp_path: Path) -> None:
    assert available(machine(tmp_path, 300 * MIB)) == 300 * MIB


def test_version_2_counts_the_files_it_caches_as_available(tmp_path: Path) -> None:
    root = machine(tmp_path, 900 * MIB, "0::/system/app\n")
    group(root / "sys/fs/cgroup/system/app", str(500 * MIB), 450 * MIB, 100 * MIB, 2)
    group(root / "sys/fs/cgroup/system", "max", 800 * MIB, 0, 2)
    assert available(root) == 150 * MIB


def test_version_1_and_the_limit_of_a_group_above(tmp_path: Path) -> None:
    root = machine(tmp_path, 900 * MIB, "9:cpu:/a\n4:memory,other:/a/b\n0::/\n")
    top = root / "sys/fs/cgroup/memory"
    group(top / "a/b", "9223372036854771712", 100 * MIB, 0, 1)
    group(top / "a", str(200 * MIB), 100 * MIB, 20 * MIB, 1)
    assert available(root) == 120 * MIB


def test_inside_a_container_the_path_of_the_group_is_not_there(tmp_path: Path) -> None:
    root = machine(tmp_path, 900 * MIB, "0::/docker/0123\n")
    group(root / "sys/fs/cgroup", str(80 * MIB), 30 * MIB, 0, 2)
    assert available(root) == 50 * MIB


def test_a_group_over_its_limit_has_nothing_left(tmp_path: Path) -> None:
    root = machine(tmp_path, 900 * MIB, "0::/\n")
    group(root / "sys/fs/cgroup", str(80 * MIB), 90 * MIB, 0, 2)
    assert available(root) == 0


def test_a_system_that_does_not_tell(tmp_path: Path) -> None:
    assert available(tmp_path) is None


@pytest.mark.skipif(not Path("/proc/meminfo").is_file(), reason="a system that does not tell")
def test_this_machine_tells_something_sensible() -> None:
    there = available()
    assert there is not None
    assert 0 < there <= os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.parametrize(
    ("flags", "there"),
    [
        ("flags\t\t: fpu avx512_vnni amx_tile amx_int8", True),
        ("flags\t\t: fpu avx2 amx_tile amx_int8", False),
        ("flags\t\t: fpu avx512_vnni", False),
        ("Features\t: fp asimd", False),
    ],
)
def test_a_matrix_unit_is_there_where_the_processor_says_so(
    flags: str, there: bool, tmp_path: Path
) -> None:
    assert not amx(tmp_path)
    (tmp_path / "proc").mkdir()
    (tmp_path / "proc/cpuinfo").write_text(f"processor\t: 0\n{flags}\n")
    assert amx(tmp_path) is there
