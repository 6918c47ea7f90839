"""The strongest level that holds is taken, and what is missing is said."""

import subprocess
import sys
from pathlib import Path

import pytest

from pellucid.core.errors import SandboxUnavailable
from pellucid.tools.python.config import SandboxSettings
from pellucid.tools.python.filter import compile_filter
from pellucid.tools.python.sandbox import PythonSandbox
from sandbox.conftest import Start


async def test_without_bubblewrap_the_second_level_is_taken(start: Start) -> None:
    sandbox = await start("auto", bubblewrap="no-such-program")
    assert sandbox.level == "landlock"
    ran = await sandbox.run("a", "1", seconds=10, seed=0)
    assert ran.sandbox == f"landlock/{sandbox.fingerprint}"
    assert len(sandbox.weaknesses) >= 3


async def test_a_level_asked_for_is_not_replaced(tmp_path: Path) -> None:
    settings = SandboxSettings(tmp_path, tmp_path, level="namespaces", bubblewrap="no-such-program")
    with pytest.raises(SandboxUnavailable, match="apt install bubblewrap"):
        await PythonSandbox(settings).start()


async def test_unsafe_is_never_chosen_and_says_what_it_is(start: Start) -> None:
    sandbox = await start("unsafe")
    assert "rights of this user" in sandbox.weaknesses[0]
    assert (await sandbox.run("a", "1", seconds=10, seed=0)).sandbox.startswith("unsafe/")


async def test_the_fingerprint_tells_levels_apart_and_repeats(start: Start) -> None:
    first, second = await start("namespaces"), await start("namespaces")
    other = await start("landlock")
    assert first.fingerprint == second.fingerprint != other.fingerprint


def test_the_filter_depends_on_the_level() -> None:
    strict, modes = compile_filter(file_modes=False), compile_filter(file_modes=True)
    assert len(strict) % 8 == 0
    assert len(strict) < len(modes)


FORBIDDEN = """
import asyncio, errno, os, sys
import pyseccomp
from pathlib import Path
from pellucid.core.errors import SandboxUnavailable
from pellucid.tools.python.config import SandboxSettings
from pellucid.tools.python.sandbox import PythonSandbox

async def main(folder, *calls):
    rules = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
    for call in calls:
        rules.add_rule(pyseccomp.ERRNO(errno.EPERM), call)
    rules.load()
    try:
        settings = SandboxSettings(Path(folder), Path(folder), preload=())
        async with PythonSandbox(settings) as sandbox:
            ran = await sandbox.run('a', '1 + 1', seconds=10, seed=0)
            print(sandbox.level, ran.result)
    except SandboxUnavailable as error:
        print(error)

asyncio.run(main(*sys.argv[1:]))
"""


@pytest.mark.parametrize(
    ("calls", "says"),
    [
        (["unshare", "mount"], "landlock 2"),
        (["unshare", "mount", "landlock_create_ruleset"], "no isolation"),
        (["landlock_create_ruleset"], "namespaces 2"),
    ],
)
def test_a_machine_that_forbids_system_calls(tmp_path: Path, calls: list[str], says: str) -> None:
    """As in containers: what the kernel refuses is found out by trying."""
    ran = subprocess.run(
        [sys.executable, "-c", FORBIDDEN, tmp_path, *calls],
        capture_output=True,
        text=True,
        timeout=60,
        env={"PYTHONPATH": ":".join(path for path in sys.path if path), "PATH": "/usr/bin:/bin"},
    )
    assert says in ran.stdout, ran.stderr
    if says == "no isolation":
        assert "namespaces: " in ran.stdout
        assert "landlock: " in ran.stdout
