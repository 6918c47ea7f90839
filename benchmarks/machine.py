"""Where benchmarks keep their results, and what they are measured on."""

from pathlib import Path
from typing import Any

from pellucid.evals import machine
from pellucid.evals.machine import describe
from pellucid.settings import Settings, load

__all__ = ["RESULTS", "cold", "describe", "stored"]

RESULTS = Path(__file__).parent / "results"


def stored(name: str, result: dict[str, Any]) -> Path:
    """Keep a result under its name and date; the file's path."""
    return machine.stored(RESULTS, name, result)


def cold() -> Settings:
    """The settings of this process, but nothing that an earlier run left on disk is reused."""
    return machine.cold(load())
