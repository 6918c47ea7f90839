"""`make ask Q=...` hands over any characters, and make and the shell act on none of them."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SETUP = ("pyproject.toml", "requirements.lock", "requirements-build.lock")

TELLTALE = """#!{python}
import os, sys
with open("told", "wb") as file:
    file.write(b"\\0".join(os.fsencode(argument) for argument in sys.argv[1:]))
"""


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A folder, with a blank in its name, that make takes for a finished setup."""
    clone = tmp_path / "a clone"
    (clone / ".venv" / "bin").mkdir(parents=True)
    shutil.copytree(ROOT / "scripts", clone / "scripts")
    for name in ("Makefile", *SETUP):
        shutil.copy(ROOT / name, clone)
    program = clone / ".venv" / "bin" / "pellucid"
    program.write_text(TELLTALE.format(python=sys.executable))
    program.chmod(0o755)
    (clone / ".venv" / ".setup-place").write_text(str(clone))
    stamp = clone / ".venv" / ".setup-run"
    stamp.touch()
    later = max(path.stat().st_mtime for path in clone.rglob("*")) + 10
    os.utime(stamp, (later, later))
    return clone


def make(clone: Path, *arguments: bytes | str) -> "subprocess.CompletedProcess[bytes]":
    environment = {k: v for k, v in os.environ.items() if not k.startswith("MAKE") and k != "Q"}
    return subprocess.run(
        ["make", *arguments], cwd=clone, env=environment, capture_output=True, check=False
    )


@pytest.mark.parametrize(
    "question",
    [
        "What is 17 * 23?",
        "it's \"so\" 'quoted' `id`",
        "$HOME $(id) ${PATH} $$ $x $(shell touch pwned) $(error no)",
        "50% # not a comment \\ and \\\\",
        "two\nlines\n\n\tand a tab\n",
        "--help",
        "-n",
        "=x :=y a=b",
        "ünï 漢字 ∑ 🙂",
        "; touch pwned & | > pwned < *",
        "$(shell touch pwned)`touch pwned`$(touch pwned)",
        "define\nendef\ninclude nowhere",
        "\\",
        "!",
        "",
        b"not \xff\xfe UTF-8",
    ],
)
def test_any_characters_arrive(clone: Path, question: str | bytes) -> None:
    sent = question if isinstance(question, bytes) else question.encode()
    done = make(clone, "ask", b"Q=" + sent)
    assert done.returncode == 0, done.stderr
    assert (clone / "told").read_bytes() == b"ask\0--\0" + sent
    assert not (clone / "pwned").exists()


def test_a_dry_run_runs_nothing(clone: Path) -> None:
    done = make(clone, "-n", "ask", "Q=$(shell touch pwned)`touch pwned`")
    assert done.stdout == b'.venv/bin/pellucid ask -- "$Q" </dev/null\n'
    assert not (clone / "pwned").exists()
    assert not (clone / "told").exists()


def test_a_finished_setup_is_not_repeated(clone: Path) -> None:
    assert b"scripts/setup" not in make(clone, "-n", "ask", "Q=x").stdout


def test_a_changed_lock_is_set_up(clone: Path) -> None:
    stamp = clone / ".venv" / ".setup-run"
    os.utime(stamp, (0, 0))
    assert b"scripts/setup run" in make(clone, "-n", "ask", "Q=x").stdout


def test_a_moved_clone_is_set_up_anew(clone: Path) -> None:
    moved = clone.rename(clone.parent / "elsewhere")
    assert b"scripts/setup run" in make(moved, "-n", "ask", "Q=x").stdout


@pytest.mark.parametrize(
    ("tools", "says"),
    [
        ((), b"setup: Python 3.11 or later is missing: sudo apt-get install"),
        (("python3",), b"setup: a C++ compiler is missing: sudo apt-get install g++"),
    ],
)
def test_what_a_bare_machine_lacks_is_named(
    tools: tuple[str, ...], says: bytes, tmp_path: Path
) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("sh", "dirname"):
        (programs / name).symlink_to(str(shutil.which(name)))
    for name in tools:
        (programs / name).symlink_to(sys._base_executable)  # type: ignore[attr-defined]
    shutil.copytree(ROOT / "scripts", tmp_path / "scripts")
    done = subprocess.run(
        [str(tmp_path / "scripts" / "setup"), "run"],
        env={"PATH": str(programs)},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith(says)
    assert done.stderr.count(b"\n") == 1
