"""The sandbox's libraries: one folder for lock and interpreter, whole or not at all."""

import os
import re
from pathlib import Path

import pytest

from pellucid.core.errors import SandboxError
from pellucid.tools.python import libraries


def test_nothing_is_installed_at_first(tmp_path: Path) -> None:
    assert libraries.installed(tmp_path) is None


async def test_what_is_installed_is_not_installed_again(tmp_path: Path) -> None:
    libraries.folder(tmp_path).mkdir(parents=True)
    told: list[str] = []
    place = await libraries.install(tmp_path, lambda message, done, total: told.append(message))
    assert place == libraries.installed(tmp_path)
    assert told == []


def test_the_lock_pins_every_library_by_hash_and_names_no_address() -> None:
    text = libraries.LOCK.read_text(encoding="utf-8")
    assert "://" not in text
    assert "index-url" not in re.sub(r"(?m)^#.*$", "", text)
    pins = re.split(r"(?m)^(?=[\w-]+==)", re.sub(r"(?m)^#.*\n", "", text))[1:]
    assert len(pins) > 15
    assert all("--hash=sha256:" in pin for pin in pins)
    assert {"numpy", "sympy", "pandas", "scipy", "matplotlib", "z3-solver"} <= set(
        libraries.locked()
    )


async def test_without_network_the_reason_is_told_and_nothing_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_RETRIES", "0")
    with pytest.raises(SandboxError, match="network"):
        await libraries.install(tmp_path, lambda *_: None)
    assert libraries.installed(tmp_path) is None
    assert list((tmp_path / "sandbox").iterdir()) == []


async def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "sandbox").write_text("in the way")
    with pytest.raises(SandboxError, match="cannot create"):
        await libraries.install(tmp_path, lambda *_: None)


@pytest.mark.parametrize(
    ("said", "word"),
    [
        (
            "ERROR: Could not install: [Errno 28] No space left on device",
            "600 MB",
        ),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "pinned"),
        ("/usr/bin/python3: No module named pip", "ensurepip"),
        ("ERROR: No matching distribution found for numpy==2.4.6", "No matching distribution"),
        ("WARNING: Retrying: Temporary failure in name resolution", "network"),
    ],
)
def test_pip_failures_are_explained(said: str, word: str) -> None:
    assert word in libraries.explain(["Collecting numpy", said])
