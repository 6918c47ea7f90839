"""What a figure was measured on: every stored result carries it."""

import json
import os
import platform
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pellucid.settings import Settings


def describe() -> dict[str, Any]:
    """Machine, load (1, 5, 15 minutes), versions, commit and time."""
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "cpu": _cpu(),
        "cores": os.cpu_count(),
        "load": [round(value, 2) for value in os.getloadavg()],
        "python": platform.python_version(),
        "llama_cpp_python": version("llama-cpp-python"),
        "commit": _commit(),
    }


def checkout() -> Path | None:
    """The folder of the repository this code runs from; None where it was installed."""
    root = Path(__file__).parents[3]
    return root if (root / "benchmarks" / "results").is_dir() else None


def stored(folder: Path, name: str, result: dict[str, Any]) -> Path:
    """Keep a result under its name and date; the file's path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}-{result['date'][:10]}.json"
    path.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    return path


def cold(settings: Settings) -> Settings:
    """The same settings, but nothing that an earlier run left on disk is reused."""
    engine = settings.engine.model_copy(update={"prefix_disk": 0})
    return settings.model_copy(update={"engine": engine})


def _cpu() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    return next((x.split(":")[1].strip() for x in lines if x.startswith("model name")), "unknown")


def _commit() -> str:
    """The commit of the checkout, marked where files were changed since."""
    root = checkout()
    if root is None:
        return f"version {version('pellucid')}"
    command = ["git", "describe", "--always", "--dirty"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=root)  # noqa: S603
    except OSError:
        return "unknown"
    return done.stdout.strip() or "unknown"
