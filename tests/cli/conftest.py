"""A home folder for commands that run programs."""

from pathlib import Path

import pytest

from pellucid import settings
from pellucid.tools.python import libraries


@pytest.fixture
def equipped(tmp_path: Path) -> Path:
    """An empty home, but for the sandbox's libraries of the usual one."""
    place = libraries.installed(settings.load().home)
    if place is None:
        pytest.skip("the sandbox has no libraries: run `pellucid pull sandbox`")
    home = tmp_path / "home"
    link = libraries.folder(home)
    link.parent.mkdir(parents=True)
    link.symlink_to(place)
    return home
