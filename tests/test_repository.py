"""What the repository promises around its code: locks, documents, versions."""

import importlib
import importlib.metadata
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from figures import figures

ROOT = Path(__file__).parent.parent
LOCKS = sorted(ROOT.glob("requirements*.lock"))
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
DECISIONS = ROOT / "docs" / "decisions"
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
LANGUAGES = {"", "python", "sh", "console", "text", "json", "toml"}
"""Of code blocks: `python` is run, in `sh` each make target must exist, the others are
shown as they are. `python no-run` is only compiled."""

# Spelt in two halves so that this file does not find itself.
ELSEWHERE = re.compile("|".join(["/wo" + "rk/", "/tm" + "p/w/", "py" + r"pi\.org"]))
TEXT = {".py", ".md", ".toml", ".lock", ".cmake", ".json", ".txt", ".cfg", ".yml", ""}
IGNORED = {".git", ".venv", ".venv2", "build", "dist", "__pycache__", "htmlcov", "results"}


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced code block of a document."""

    document: Path
    line: int
    info: str
    code: str


def blocks_of(document: Path, text: str) -> Iterator[Block]:
    info: str | None = None
    begun, code = 0, list[str]()
    for number, line in enumerate(text.splitlines(), 1):
        if line.lstrip().startswith("```"):
            if info is None:
                info, begun, code = line.strip().removeprefix("```").strip(), number, []
            else:
                yield Block(document, begun, info, "\n".join(code) + "\n")
                info = None
        elif info is not None:
            code.append(line)
    assert info is None, f"{document.name}: the block of line {begun} has no end"


BLOCKS = [
    block
    for document in DOCUMENTS
    for block in blocks_of(document, document.read_text(encoding="utf-8"))
]


def targets(makefile: str) -> set[str]:
    return set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))


def files() -> Iterator[Path]:
    """The repository's own text files."""
    for path in ROOT.rglob("*"):
        parts = path.relative_to(ROOT).parts
        hidden = any(part.startswith(".") and part not in (".ci", ".gitignore") for part in parts)
        if path.is_file() and path.suffix in TEXT and not hidden and not IGNORED & set(parts):
            yield path


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_lock_has_hashes_and_no_addresses(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"^\s*-(?!-hash=sha256:)|--(?!hash=sha256:)", text, re.MULTILINE)
    requirements = re.split(r"^(?=\S)", text, flags=re.MULTILINE)[1:]
    assert requirements
    for requirement in requirements:
        assert re.match(r"[a-z0-9._-]+==[^ ]+ ", requirement), requirement
        assert "--hash=sha256:" in requirement, requirement


def test_there_are_three_locks_that_agree() -> None:
    assert [lock.name for lock in LOCKS] == [
        "requirements-build.lock",
        "requirements-dev.lock",
        "requirements.lock",
    ]
    build, dev, run = ({pinned(line) for line in open_lock(lock)} for lock in LOCKS)
    assert run <= dev
    for name, versions in names(build).items():
        assert versions <= names(dev).get(name, versions), f"{name} differs between locks"


def open_lock(lock: Path) -> list[str]:
    return [line for line in lock.read_text(encoding="utf-8").splitlines() if "==" in line]


def pinned(line: str) -> tuple[str, str]:
    name, _, rest = line.partition("==")
    return name, rest.split(" ")[0]


def names(pins: set[tuple[str, str]]) -> dict[str, set[str]]:
    return {name: {version for other, version in pins if other == name} for name, _ in pins}


def test_the_locks_hold_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = {
        "requirements.lock": [
            *project["project"]["dependencies"],
            *project["project"]["optional-dependencies"]["eyes"],
        ],
        "requirements-dev.lock": project["dependency-groups"]["dev"],
        "requirements-build.lock": project["dependency-groups"]["build"],
    }
    for lock, requirements in asked.items():
        held = {name for name, _ in map(pinned, open_lock(ROOT / lock))}
        wanted = {re.split(r"[\[=<>! ]", requirement)[0] for requirement in requirements}
        assert wanted <= held, f"run scripts/lock: {lock} lacks {wanted - held}"


def test_no_file_names_a_place_of_one_machine() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in files()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if ELSEWHERE.search(line)
    ]
    assert found == []


def test_a_place_of_one_machine_would_be_found() -> None:
    assert ELSEWHERE.search("open('/wo" + "rk/x')")
    assert ROOT / "Makefile" in set(files())
    assert Path(__file__) in set(files())


def test_the_two_commands_stand_at_the_top_of_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    top = [line.strip() for line in readme[:40]]
    assert "make test" in top
    assert any(line.startswith('make ask Q="') for line in top)


@pytest.mark.parametrize("block", BLOCKS, ids=lambda b: f"{b.document.name}:{b.line}")
def test_code_of_the_documents(block: Block) -> None:
    language, *more = block.info.split() or [""]
    assert language in LANGUAGES - {""}, "say what language this block is in"
    if language == "python":
        compile(block.code, str(block.document), "exec")
        if more != ["no-run"]:
            ran = subprocess.run(
                [sys.executable, "-W", "error", "-c", block.code],
                capture_output=True,
                text=True,
                cwd=ROOT,
            )
            assert ran.returncode == 0, ran.stderr
    if language == "sh":
        used = set(re.findall(r"^\s*make ([a-z-]+)", block.code, re.MULTILINE))
        assert used <= targets(MAKEFILE)


def test_blocks_are_found() -> None:
    text = "a\n```sh\nmake x\n```\nb\n```python no-run\ny\n```\n"
    found = [(b.line, b.info, b.code) for b in blocks_of(Path("x.md"), text)]
    assert found == [(2, "sh", "make x\n"), (6, "python no-run", "y\n")]
    assert {"ask", "test", "check", "fix", "bench"} <= targets(MAKEFILE)


def test_every_link_inside_the_repository_leads_somewhere() -> None:
    broken = []
    for document in DOCUMENTS:
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", document.read_text(encoding="utf-8")):
            if "://" not in target and not (document.parent / target).exists():
                broken.append(f"{document.name}: {target}")
    assert broken == []


def test_every_decision_is_listed() -> None:
    index = (DECISIONS / "README.md").read_text(encoding="utf-8")
    decisions = {path.name for path in DECISIONS.glob("*.md")} - {"README.md"}
    assert decisions == set(re.findall(r"\]\((\d{4}-[^)]+\.md)\)", index))
    numbers = [name[:4] for name in decisions]
    assert len(numbers) == len(set(numbers))


def test_one_version_everywhere() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    version = project["project"]["version"]
    assert importlib.metadata.version("pellucid") == version
    assert f"## {version}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_figures_of_the_readme_are_those_stored() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert figures(ROOT / "benchmarks" / "results") in readme, "run python benchmarks/figures.py"


@pytest.mark.parametrize("name", sorted(path.stem for path in (ROOT / "benchmarks").glob("*.py")))
def test_every_benchmark_can_be_started(name: str) -> None:
    importlib.import_module(name)
