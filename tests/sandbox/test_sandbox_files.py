"""Files go into a work folder and come out of it, and only plain ones do."""

import hashlib
from collections.abc import Sequence

import pytest

from pellucid.core.errors import BadRequest
from pellucid.core.executions import Execution
from pellucid.core.ports import WorkFile
from pellucid.tools.filing import Filed
from pellucid.tools.python.sandbox import PythonSandbox
from sandbox.conftest import Start

BYTES = bytes(range(256)) * 5_000
MOST = 2_000_000


async def ran(sandbox: PythonSandbox, code: str, seconds: float = 10) -> Execution:
    return await sandbox.run("a", code, seconds=seconds, seed=0)


async def furnished(sandbox: PythonSandbox, *files: WorkFile) -> None:
    async def contents() -> Sequence[WorkFile]:
        return files

    await sandbox.furnish("a", contents)


async def test_files_go_in_and_come_out_as_they_are(isolated: PythonSandbox) -> None:
    await furnished(isolated, WorkFile("in/a b.bin", BYTES), WorkFile("empty", b""))
    found = await ran(
        isolated, "d = open('in/a b.bin', 'rb').read(); open('out', 'wb').write(d[::-1]) and None"
    )
    assert [(file.name, file.size) for file in found.files] == [("out", len(BYTES))]
    assert await isolated.take("a", "out", MOST) == WorkFile("out", BYTES[::-1])
    assert (await isolated.take("a", "in/a b.bin", MOST)).content == BYTES
    assert (await isolated.take("a", "empty", MOST)).content == b""
    assert found.files[0].sha256 == hashlib.sha256(BYTES[::-1]).hexdigest()


async def test_a_session_that_is_open_is_not_furnished_again(isolated: PythonSandbox) -> None:
    await furnished(isolated, WorkFile("a", b"1"))
    await ran(isolated, "open('a', 'w').write('2')")
    await furnished(isolated, WorkFile("a", b"1"))
    assert (await ran(isolated, "open('a').read()")).result == "'2'"
    stopped = await ran(isolated, "while True: pass", seconds=0.3)
    assert stopped.outcome == "timeout"
    with pytest.raises(BadRequest, match="session is gone"):
        await isolated.take("a", "a", MOST)
    await furnished(isolated, WorkFile("a", b"1"))
    assert (await ran(isolated, "open('a').read()")).result == "'1'"


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("os.symlink('/etc/passwd', 'x')", "x"),
        ("open('real', 'w').write('1'); os.symlink('real', 'x')", "x"),
        ("os.mkdir('d'); open('d/x', 'w').write('1'); os.symlink('d', 'l')", "l/x"),
        ("os.mkdir('x')", "x"),
        ("pass", "x"),
        ("open('x', 'wb').write(b'1' * 2_000_001)", "x"),
    ],
)
async def test_only_plain_files_of_a_bounded_size_come_out(
    isolated: PythonSandbox, code: str, name: str
) -> None:
    found = await ran(isolated, f"import os\n{code}")
    assert found.outcome == "ok", found.error
    with pytest.raises(BadRequest):
        await isolated.take("a", name, MOST)
    assert (await ran(isolated, "6 * 7")).result == "42"  # the session stands


@pytest.mark.parametrize("name", ["/etc/passwd", "../x", "a//b", ".", "", "a\nb", "x" * 201])
async def test_names_that_lead_elsewhere_are_refused(isolated: PythonSandbox, name: str) -> None:
    await ran(isolated, "1")
    with pytest.raises(BadRequest, match="no name for a file"):
        await isolated.take("a", name, MOST)


async def test_a_session_that_answers_out_of_turn_is_ended(isolated: PythonSandbox) -> None:
    forged = """
import gc
runner = next(one for one in gc.get_objects() if type(one).__name__ == 'Runner')
import sys, types
module = sys.modules[type(runner).__module__]
module.files.answer = lambda box, request: {'data': 'AA==', 'more': 'than asked'}
"""
    assert (await ran(isolated, forged)).outcome == "ok"
    with pytest.raises(BadRequest, match="gone"):
        await isolated.take("a", "x", MOST)
    assert (await ran(isolated, "1 + 1")).result == "2"


@pytest.mark.parametrize("answered", ["'AA=='", "base64.b64encode(bytes(1 << 19)).decode()"])
async def test_a_session_that_takes_its_time_is_ended(start: Start, answered: str) -> None:
    sandbox = await start("auto", file_seconds=0.5)
    slow = f"""
import base64, gc, sys, time
runner = next(one for one in gc.get_objects() if type(one).__name__ == 'Runner')
def answer(box, request):
    time.sleep(0.2)
    return {{'data': {answered}}}
sys.modules[type(runner).__module__].files.answer = answer
"""
    assert (await ran(sandbox, slow)).outcome == "ok"
    if answered == "'AA=='":  # less than was asked for is the end
        assert (await sandbox.take("a", "x", MOST)).content == b"\0"
        return
    with pytest.raises(BadRequest, match="stopped after"):
        await sandbox.take("a", "x", MOST)
    assert (await ran(sandbox, "1 + 1")).result == "2"


async def test_files_that_cannot_be_side_by_side_are_named(isolated: PythonSandbox) -> None:
    with pytest.raises(BadRequest, match="the file 'a/b' cannot be put"):
        await furnished(isolated, WorkFile("a", b"1"), WorkFile("a/b", b"2"))
    await furnished(isolated, WorkFile("a", b"1"))
    assert (await ran(isolated, "open('a').read()")).result == "'1'"


async def test_a_slow_session_keeps_nobody_waiting(isolated: PythonSandbox) -> None:
    class Folder:
        """Keeps nothing."""

        name, most = "cntr_1", MOST

        async def contents(self) -> Sequence[WorkFile]:
            return ()

        async def keep(self, file: WorkFile) -> str:
            return f"cfile_{file.name}"

    code = "open('a', 'w').write('1') and None"
    quick, late = Filed(isolated, Folder()), Filed(isolated, Folder(), seconds=0)
    (kept,) = (await quick.run("b", code, seconds=10, seed=0)).files
    assert (kept.file_id, kept.lost) == ("cfile_a", "")
    (lost,) = (await late.run("c", code, seconds=10, seed=0)).files
    assert (lost.file_id, lost.lost) == ("", "its session was too slow: 0 s are enough")


async def test_what_is_not_listed_is_counted(isolated: PythonSandbox) -> None:
    found = await ran(isolated, "for n in range(70): open(f'{n}', 'w').write('1')")
    assert (len(found.files), found.unlisted) == (64, 6)


async def test_what_does_not_fit_ends_the_session(isolated: PythonSandbox) -> None:
    await ran(isolated, "1")
    await isolated.close_session("a")
    with pytest.raises(BadRequest, match="no name"):
        await furnished(isolated, WorkFile("../x", b""))
    await furnished(isolated, WorkFile("x", b"1"))
    assert (await ran(isolated, "open('x').read()")).result == "'1'"
