"""What a figure was measured on: every stored result carries it."""

import json
import os
import platform
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pellucid.settings import Settings, load

RESULTS = Path(__file__).parent / "results"


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


def stored(name: str, result: dict[str, Any]) -> Path:
    """Keep a result under its name and date; the file's path."""
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{name}-{result['date'][:10]}.json"
    path.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    return path


def cold() -> Settings:
    """The settings of this process, but nothing that an earlier run left on disk is reused."""
    found = load()
    engine = found.engine.model_copy(update={"prefix_disk": 0})
    return found.model_copy(update={"engine": engine})


def _cpu() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    return next((x.split(":")[1].strip() for x in lines if x.startswith("model name")), "unknown")


def _commit() -> str:
    command = ["git", "describe", "--always", "--dirty"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=RESULTS.parent)
    return done.stdout.strip() or "unknown"
