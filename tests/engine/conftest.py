"""Real weights for the engine's tests."""

import os
from pathlib import Path

import pytest

# As the host does for itself; OpenMP reads it once, when llama.cpp is first imported.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")


@pytest.fixture(scope="session")
def smol() -> Path:
    """SmolLM2-135M-Instruct as a GGUF file."""
    named = os.environ.get("PELLUCID_TEST_SMOLLM")
    path = Path(named) if named else _installed()
    if path is None or not path.is_file():
        pytest.skip("no SmolLM2 weights: run `make test`, or set PELLUCID_TEST_SMOLLM to the file")
    return path


def _installed() -> Path | None:
    from platformdirs import user_data_path

    from pellucid.model.weights import installed

    home = os.environ.get("PELLUCID_HOME")
    return installed("smollm2-135m", Path(home) if home else user_data_path("pellucid"))
