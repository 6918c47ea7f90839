"""Shared by all tests."""

import os
import signal
from collections.abc import AsyncGenerator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

import postgres_server
from browser import sites
from pellucid.model import weights
from pellucid.settings import load
from pellucid.tools.python import libraries
from pellucid.tools.python.config import SandboxSettings
from pellucid.tools.python.sandbox import PythonSandbox

settings.register_profile("pellucid", deadline=None)
settings.load_profile("pellucid")

# A shell that starts the tests in the background has them ignore these, and every
# program they start would inherit it: Ctrl-C and a hang-up could not be tested.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def postgresql() -> Iterator[postgres_server.Server]:
    """A PostgreSQL server, where one can be started."""
    programs = postgres_server.programs()
    if programs is None:
        pytest.skip("no PostgreSQL: apt-get install postgresql")
    with postgres_server.running(programs) as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    """Where a database of the test's own may be made: a file, and on PostgreSQL."""
    if request.param == "sqlite":
        return tmp_path / "deep" / "test.db"
    server: postgres_server.Server = request.getfixturevalue("postgresql")
    return server.database()


@pytest.fixture
async def site() -> AsyncGenerator[sites.Site, None]:
    """A site on loopback that answers as it is told."""
    async with sites.opened() as site:
        yield site


@pytest.fixture
def data() -> Path:
    """The evaluation data, where it is."""
    path = Path(os.environ.get("PELLUCID_DATA", ROOT / "../shared/data"))
    if not path.is_dir():
        pytest.skip("no evaluation data: set PELLUCID_DATA")
    return path


@pytest.fixture(scope="session")
def home() -> Path:
    """PELLUCID_HOME as it is: `make test` has fetched into it what tests need."""
    return load().home


@pytest.fixture(scope="session")
def sandbox_libraries(home: Path) -> Path:
    """The sandbox's own libraries."""
    found = libraries.installed(home)
    if found is None:
        pytest.skip("no sandbox libraries: run `pellucid pull sandbox`")
    return found


@pytest.fixture
async def sandbox(sandbox_libraries: Path, tmp_path: Path) -> AsyncGenerator[PythonSandbox, None]:
    """A running sandbox of the strongest level this machine offers."""
    async with PythonSandbox(SandboxSettings(sandbox_libraries, tmp_path)) as running:
        yield running


def _weights(name: str, home: Path) -> Path:
    found = weights.installed(name, home)
    if found is None:
        pytest.skip(f"no weights {name}: run `pellucid pull {name}`")
    return found


@pytest.fixture(scope="session")
def qwen(home: Path) -> Path:
    """The default weights."""
    return _weights("qwen2.5-coder-1.5b", home)


@pytest.fixture(scope="session")
def smollm(home: Path) -> Path:
    """Small weights, for tests of the engine."""
    return _weights("smollm2-135m", home)
