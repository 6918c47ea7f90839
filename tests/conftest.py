"""Shared by all tests."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("pellucid", deadline=None)
settings.load_profile("pellucid")

ROOT = Path(__file__).parent.parent


@pytest.fixture
def data() -> Path:
    """The evaluation data, where it is."""
    path = Path(os.environ.get("PELLUCID_DATA", ROOT / "../shared/data"))
    if not path.is_dir():
        pytest.skip("no evaluation data: set PELLUCID_DATA")
    return path
