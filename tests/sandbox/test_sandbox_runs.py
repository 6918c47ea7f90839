"""What a sandbox does for honest programs."""

import asyncio
import hashlib
from pathlib import Path

import pytest

from pellucid.core.errors import SandboxUnavailable
from pellucid.tools.python.config import SandboxSettings
from pellucid.tools.python.sandbox import PythonSandbox
from pellucid.tools.python.selfcheck import conformance
from sandbox.conftest import Start
from sandbox.sandbox_host import LEVELS


async def test_conformance(isolated: PythonSandbox) -> None:
    results = await conformance(isolated)
    assert [result for result in results if not result.ok] == []
    assert len(results) == 10


async def test_output_beyond_the_cap_is_counted(start: Start) -> None:
    sandbox = await start("auto", output_chars=100)
    ran = await sandbox.run("a", "print('é' * 150, end='')", seconds=10, seed=0)
    assert (ran.output, ran.dropped, ran.outcome) == ("é" * 100, 50, "ok")


async def test_a_flood_is_stopped(start: Start) -> None:
    sandbox = await start("auto", output_chars=100)
    ran = await sandbox.run("a", "while True: print('y' * 1000)", seconds=10, seed=0)
    assert ran.outcome == "killed"
    assert "printed more than" in ran.error
    assert ran.output == ("y" * 1000)[:100]


async def test_what_was_printed_before_a_timeout_is_kept_without_newline_or_flush(
    isolated: PythonSandbox,
) -> None:
    code = "x = 1\nprint('a', end='')\nimport os\nos.write(1, b'b')\nwhile True: pass"
    ran = await isolated.run("a", code, seconds=0.3, seed=0)
    assert (ran.outcome, ran.output) == ("timeout", "ab")
    assert "stopped after 0.3 s" in ran.error
    after = await isolated.run("a", "x", seconds=10, seed=0)
    assert "NameError" in after.error  # the state went with the process, as the error said


@pytest.mark.parametrize("level", LEVELS)
async def test_processor_time_is_limited_apart_from_the_clock(start: Start, level: str) -> None:
    sandbox = await start(level, cpu_seconds=1)
    ran = await sandbox.run("a", "print(1)\nwhile True: pass", seconds=30, seed=0)
    assert (ran.outcome, ran.output) == ("killed", "1\n")
    assert "processor time" in ran.error


async def test_errors_show_the_program_only(start: Start) -> None:
    sandbox = await start("auto")
    code = "import json\ndef f(text):\n    return json.loads(text)\nf('{')"
    ran = await sandbox.run("a", code, seconds=10, seed=0)
    assert "return json.loads(text)" in ran.error
    assert "decoder.py" not in ran.error
    assert ran.error.strip().splitlines()[-1].startswith("json.decoder.JSONDecodeError")


async def test_a_long_traceback_keeps_its_end(start: Start) -> None:
    sandbox = await start("auto")
    ran = await sandbox.run("a", "raise ValueError('x' * 100_000 + 'end')", seconds=10, seed=0)
    assert ran.error.endswith("end\n")
    assert len(ran.error) < 5_000


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        ("exit()", "ok"),
        ("import sys; sys.exit(0)", "ok"),
        ("exit(3)", "error"),
        ("quit('x')", "error"),
    ],
)
async def test_leaving_early_is_judged_by_its_code(start: Start, code: str, outcome: str) -> None:
    sandbox = await start("auto")
    assert (await sandbox.run("a", code, seconds=10, seed=0)).outcome == outcome


async def test_ordinary_programs_find_what_they_need(isolated: PythonSandbox) -> None:
    code = """
import asyncio, dataclasses, decimal, fractions, sqlite3, tempfile, threading, zoneinfo, shutil

@dataclasses.dataclass
class Point:
    x: "int"

async def later():
    await asyncio.sleep(0.001)
    return Point(3)

seen = []
thread = threading.Thread(target=seen.append, args=(1,))
thread.start()
thread.join()
with tempfile.NamedTemporaryFile() as file:
    file.write(b"x")
base = sqlite3.connect("base.db")
base.execute("create table t (n)")
base.commit()
shutil.copyfile("base.db", "copy.db")
asyncio.run(later()), seen, decimal.Decimal(1) / 3
"""
    ran = await isolated.run("a", code, seconds=20, seed=0)
    assert ran.error == ""
    assert ran.result.startswith("(Point(x=3), [1], Decimal('0.333")
    assert {file.name for file in ran.files} == {"base.db", "copy.db"}


async def test_only_new_and_changed_files_are_recorded(start: Start) -> None:
    sandbox = await start("auto")
    await sandbox.run(
        "a", "open('a', 'w').write('1'); open('b', 'w').write('2')", seconds=10, seed=0
    )
    code = "import os; os.mkdir('d'); open('d/c', 'w').write('3'); open('a', 'a').write('4'); 0"
    ran = await sandbox.run("a", code, seconds=10, seed=0)
    content = {file.name: file.sha256 for file in ran.files}
    wanted = {"a": b"14", "d/c": b"3"}
    assert content == {name: hashlib.sha256(text).hexdigest() for name, text in wanted.items()}


async def test_sessions_run_side_by_side(start: Start) -> None:
    sandbox = await start("auto")
    code = "import time; time.sleep(0.2); n = {0}; n"
    runs = [sandbox.run(f"s{n}", code.format(n), seconds=10, seed=0) for n in range(4)]
    assert [ran.result for ran in await asyncio.gather(*runs)] == ["0", "1", "2", "3"]


async def test_calls_of_one_session_wait_for_each_other(start: Start) -> None:
    sandbox = await start("auto")
    await sandbox.run("a", "seen = []", seconds=10, seed=0)
    code = "seen.append({0}); import time; time.sleep(0.05); seen.append({0}); seen"
    runs = [sandbox.run("a", code.format(n), seconds=10, seed=0) for n in range(2)]
    assert (await asyncio.gather(*runs))[1].result == "[0, 0, 1, 1]"


async def test_execution_ids_can_be_given(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("libraries")
    numbers = iter(range(100))
    settings = SandboxSettings(folder, folder, preload=())
    async with PythonSandbox(settings, lambda: f"exec_{next(numbers)}") as sandbox:
        first = await sandbox.run("a", "1", seconds=10, seed=0)
        second = await sandbox.run("a", "1", seconds=10, seed=0)
    assert int(second.execution_id[5:]) == int(first.execution_id[5:]) + 1


async def test_a_program_too_long_is_refused(start: Start) -> None:
    sandbox = await start("auto")
    ran = await sandbox.run("a", "x = 1 #" + "x" * 1_000_000, seconds=10, seed=0)
    assert ran.outcome == "error"
    assert "at most 1,000,000" in ran.error


async def test_missing_libraries_are_named() -> None:
    missing = SandboxSettings(Path("/no-such-folder"), Path("/no-such-folder"))
    with pytest.raises(SandboxUnavailable, match="no-such-folder"):
        await PythonSandbox(missing).start()


async def test_a_closed_sandbox_starts_again_when_used(start: Start) -> None:
    sandbox = await start("auto")
    await sandbox.close()
    assert (await sandbox.run("a", "2 + 2", seconds=10, seed=0)).result == "4"


class TestLibraries:
    """The libraries that come with the sandbox; skipped where they are not installed."""

    async def test_seeds_reach_numpy(self, sandbox: PythonSandbox) -> None:
        code = "import numpy as np\nnp.random.rand(), np.random.default_rng().random()"
        runs = [await sandbox.run("a", code, seconds=20, seed=seed) for seed in (1, 1, 2)]
        assert runs[0].result == runs[1].result != runs[2].result

    async def test_figures_become_files(self, sandbox: PythonSandbox) -> None:
        code = "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()"
        ran = await sandbox.run("a", code, seconds=30, seed=0)
        assert ran.error == ""
        assert [file.name for file in ran.files] == ["figure-1-1.png"]
        again = await sandbox.run("a", "open('figure-1-1.png', 'rb').read(4)", seconds=9, seed=0)
        assert again.result == repr(b"\x89PNG")
        assert again.files == ()

    async def test_a_figure_that_is_saved_comes_once(self, sandbox: PythonSandbox) -> None:
        code = "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.savefig('a.png')"
        ran = await sandbox.run("a", code, seconds=30, seed=0)
        assert [file.name for file in ran.files] == ["a.png"]
        picture = await sandbox.take("a", "a.png", 1_000_000)
        assert picture.content.startswith(b"\x89PNG")
        assert hashlib.sha256(picture.content).hexdigest() == ran.files[0].sha256

    @pytest.mark.parametrize(
        ("code", "result"),
        [
            ("import sympy; sympy.factor(sympy.Symbol('x')**2 - 1)", "(x - 1)*(x + 1)"),
            ("import pandas as pd; int(pd.DataFrame({'a': [1, 2]}).a.sum())", "3"),
            ("import scipy.optimize as o; round(o.brentq(lambda x: x*x - 2, 0, 2), 6)", "1.414214"),
            ("import z3; x = z3.Int('x'); s = z3.Solver(); s.add(x > 2); str(s.check())", "'sat'"),
        ],
    )
    async def test_each_works(self, sandbox: PythonSandbox, code: str, result: str) -> None:
        ran = await sandbox.run("a", code, seconds=30, seed=0)
        assert (ran.error, ran.result) == ("", result)
        names = [name for name, _ in ran.libraries]
        assert names == ["python", "matplotlib", "numpy", "pandas", "scipy", "sympy", "z3_solver"]
