"""Nothing gets out: the escape battery at every level, as root and as an ordinary user."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pellucid.tools.python.attacks import ATTACKS
from pellucid.tools.python.battery import SIBLING, Canaries, assault, attacked
from pellucid.tools.python.sandbox import PythonSandbox
from sandbox.conftest import Start
from sandbox.sandbox_host import LEVELS

ORDINARY = 54321


async def test_every_attack_is_contained_or_admitted(isolated: PythonSandbox) -> None:
    results = await assault(isolated)
    assert [result for result in results if not result.ok and not result.known] == []
    assert len(results) == len(ATTACKS) > 40


async def test_the_first_level_has_no_known_weakness(start: Start) -> None:
    sandbox = await start("namespaces")
    assert sandbox.weaknesses == ()
    assert all("namespaces" not in attack.weak_at for attack in ATTACKS)


async def test_a_weakness_in_the_battery_is_in_words_too(start: Start) -> None:
    sandbox = await start("landlock")
    words = " ".join(sandbox.weaknesses)
    for weak, word in {
        "size and date": "sizes, dates",
        "deleted": "deleted",
        "thread": "threads",
    }.items():
        assert any(weak in attack.name for attack in ATTACKS if "landlock" in attack.weak_at)
        assert word.split(",")[0] in words


@pytest.mark.parametrize(
    "name",
    [
        "a file of the host",
        "names in a folder of the host",
        "changing the host's files",
        "tcp",
        "unix sockets",
        "other programs",
        "fork bomb",
        "walk from an object to the system",
        "endless loop",
    ],
)
async def test_the_battery_sees_an_escape(start: Start, name: str) -> None:
    """Where nothing is isolated the harmless attacks succeed, so the battery can fail."""
    sandbox = await start("unsafe")
    attack = next(attack for attack in ATTACKS if attack.name == name)
    await sandbox.run(SIBLING, "mark = 42", seconds=10, seed=0)
    async with Canaries() as canaries:
        trouble = await attacked(sandbox, attack, canaries)
    assert bool(trouble) == (name != "endless loop")


async def test_harmful_attacks_are_not_tried_without_isolation(start: Start) -> None:
    (result,) = await assault(await start("unsafe"))
    assert not result.ok
    assert "not tried" in result.detail


AS_USER = """
import asyncio, sys
from pathlib import Path
from pellucid.tools.python.config import SandboxSettings
from pellucid.tools.python.sandbox import PythonSandbox
from pellucid.tools.python.selfcheck import selfcheck

async def main(level, folder):
    settings = SandboxSettings(Path(folder), Path(folder) / 'state', level=level, preload=())
    async with PythonSandbox(settings) as sandbox:
        for result in await selfcheck(sandbox, quick=True):
            if not result.ok and not result.known:
                print(result)
        print('level', sandbox.level)

asyncio.run(main(*sys.argv[1:]))
"""


@pytest.mark.parametrize("level", LEVELS)
def test_an_ordinary_user_is_isolated_as_well(
    level: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    if os.geteuid() != 0 or not shutil.which("setpriv"):
        pytest.skip("only root can become an ordinary user, with setpriv")
    become = ["setpriv", f"--reuid={ORDINARY}", f"--regid={ORDINARY}", "--clear-groups"]
    paths = [path for path in sys.path if path and Path(path).is_dir()]
    minor = f"python3.{sys.version_info.minor}"
    python = next(
        (p for p in (sys.executable, f"/usr/bin/{minor}") if _runs([*become, p], paths)), None
    )
    if python is None:
        pytest.skip(f"an ordinary user has no {minor} here that can read this project")
    folder = Path(os.path.realpath("/tmp")) / f"pellucid-test-{os.getpid()}-{level}"
    folder.mkdir()
    os.chown(folder, ORDINARY, ORDINARY)
    try:
        ran = subprocess.run(
            [*become, python, "-c", AS_USER, level, folder], **_clean(paths), timeout=100
        )
    finally:
        shutil.rmtree(folder)
    assert (ran.stdout, ran.returncode) == (f"level {level}\n", 0), ran.stderr


def _clean(paths: list[str]) -> dict[str, object]:
    own = [path for path in paths if "site-packages" in path or path.endswith("/src")]
    environment = {"PYTHONPATH": ":".join(own), "PYTHONDONTWRITEBYTECODE": "1", "PATH": os.defpath}
    return {"env": environment, "capture_output": True, "text": True, "cwd": "/"}


def _runs(command: list[str], paths: list[str]) -> bool:
    try:
        probe = subprocess.run(
            [*command, "-c", "import pellucid.tools.python.selfcheck"], **_clean(paths)
        )
    except OSError:
        return False
    return probe.returncode == 0
