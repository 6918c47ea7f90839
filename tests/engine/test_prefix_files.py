"""Files of prefixes: only what was written, by whom it was written, comes back."""

import os
import stat
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import BinaryIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pellucid.engine import prefix_files
from pellucid.engine.prefix_files import PrefixFiles
from pellucid.engine.shelf import Prefix, owner_digest

PREFIX = Prefix(owner_digest("ann"), tuple(range(100, 140)))
STATE = bytes(range(256)) * 3


def prefix(number: int, owner: str = "ann") -> Prefix:
    return Prefix(owner_digest(owner), (number,) * 40)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "home" / "prefixes"


def opened(
    folder: Path, most: int = 10**6, weights: str = "w1", template: str = "t1"
) -> PrefixFiles:
    return PrefixFiles(folder, most, weights, template)


def written(folder: Path, *prefixes: Prefix, most: int = 10**6) -> Path:
    """The path of the last of these prefixes, written by a host that has gone; each is
    older than the next, and than now."""
    files = opened(folder, most)
    for number, one in enumerate(prefixes):
        files.write(one, STATE, [])
        files._writer.submit(age, files._path(one), len(prefixes) - number)
    files.close()
    return files._path(prefixes[-1])


def age(path: Path, seconds: int) -> None:
    then = path.stat().st_mtime_ns - seconds * 10**9
    os.utime(path, ns=(then, then))


def test_what_was_written_is_read_by_the_next_host(folder: Path) -> None:
    path = written(folder, PREFIX)
    files = opened(folder)
    assert files.index() == [PREFIX]
    assert PREFIX in files
    assert files.read(PREFIX) == STATE
    assert files.read(prefix(1)) is None
    assert prefix(1) not in files
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert list(folder.iterdir()) == [path], "nothing unfinished is left"


def test_a_folder_that_others_could_read_is_closed(folder: Path) -> None:
    folder.mkdir(parents=True, mode=0o755)
    opened(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_no_name_of_an_owner_is_in_a_file_or_its_name(folder: Path) -> None:
    path = written(folder, Prefix(owner_digest("somebody@example.org"), (1, 2)))
    assert b"somebody" not in path.read_bytes()
    assert b"example" not in path.read_bytes()
    assert "somebody" not in path.name


def test_each_owner_has_files_of_its_own(folder: Path) -> None:
    written(folder, prefix(1, "ann"), prefix(1, "bob"))
    assert len(list(folder.iterdir())) == 2


@pytest.mark.parametrize(("weights", "template"), [("w2", "t1"), ("w1", "t2")])
def test_other_weights_and_templates_are_left_alone(
    folder: Path, weights: str, template: str
) -> None:
    path = written(folder, PREFIX)
    files = opened(folder, weights=weights, template=template)
    assert files.index() == []
    assert files.read(PREFIX) is None
    # Not even under the name it would have.
    path.rename(files._path(PREFIX))
    assert files.index() == []
    assert files.read(PREFIX) is None


def test_a_file_under_the_name_of_another_is_not_taken_for_it(folder: Path) -> None:
    path = written(folder, PREFIX)
    files = opened(folder)
    path.rename(files._path(prefix(1)))
    assert files.index() == []
    assert files.read(prefix(1)) is None


def damaged(folder: Path, damage: Callable[[bytes], bytes]) -> None:
    """A damaged file gives nothing, and does not stay once it was asked for."""
    path = written(folder, PREFIX)
    path.write_bytes(damage(path.read_bytes()))
    files = opened(folder)
    files.index()
    assert files.read(PREFIX) is None
    assert not path.exists()


def size_of_file(folder: Path) -> int:
    path = written(folder, prefix(0))
    size = path.stat().st_size
    path.unlink()
    return size


@given(data=st.data())
def test_no_flipped_bit_and_no_lost_or_added_byte_is_trusted(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("prefixes")
    size = written(folder, PREFIX).stat().st_size
    where = data.draw(st.integers(0, size - 1))
    bit = data.draw(st.integers(0, 7))

    def flip(content: bytes) -> bytes:
        return content[:where] + bytes([content[where] ^ 1 << bit]) + content[where + 1 :]

    damaged(folder, flip)
    damaged(folder, lambda content: content[:where])
    damaged(folder, lambda content: content[:where] + content[where + 1 :])
    damaged(folder, lambda content: content[:where] + bytes([bit]) + content[where:])


def test_no_byte_may_change_before_the_state(folder: Path) -> None:
    """Head and header byte by byte: here a change could change what the rest means."""
    before = len(written(folder, PREFIX).read_bytes()) - len(STATE) - prefix_files.CHECKSUM
    for where in range(before):
        for change in (1, 128, 255):
            damaged(folder, lambda c, w=where, x=change: c[:w] + bytes([c[w] ^ x]) + c[w + 1 :])


@pytest.mark.parametrize("content", [b"", b"x", b"x" * 5000, b"pellucid" + b"\xff" * 5000])
def test_files_that_are_none_of_ours_go_when_they_have_our_names(
    folder: Path, content: bytes
) -> None:
    path = written(folder, PREFIX)
    path.write_bytes(content)
    assert opened(folder).index() == []
    assert not path.exists()


def test_what_is_no_regular_file_is_neither_followed_nor_opened(
    folder: Path, tmp_path: Path
) -> None:
    path = written(folder, PREFIX)
    target = path.rename(tmp_path / "elsewhere")
    files = opened(folder)
    path.symlink_to(target)
    assert files.index() == []
    assert files.read(PREFIX) is None
    os.mkfifo(path)
    assert PREFIX not in files
    assert files.index() == []
    assert files.read(PREFIX) is None
    path.mkdir()
    assert files.index() == []
    assert files.read(PREFIX) is None
    files.write(PREFIX, STATE, [])
    files.close()
    assert list(folder.iterdir()) == [path]
    assert target.exists()


def test_a_file_of_another_user_is_not_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(folder, PREFIX)
    files = opened(folder)
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    assert files.index() == []
    with pytest.raises(PermissionError, match="another user"):
        opened(folder)
    assert files.read(PREFIX) is None


def test_the_folder_keeps_its_bound_and_loses_what_was_used_least(folder: Path) -> None:
    size = size_of_file(folder)
    written(folder, *(prefix(n) for n in range(6)), most=4 * size)
    files = opened(folder, 4 * size)
    assert files.index() == [prefix(n) for n in range(2, 6)]
    files.touch(prefix(2))
    assert files.read(prefix(3)) == STATE
    files.touch(prefix(9))  # not there: nothing happens
    assert files.index()[:2] == [prefix(4), prefix(5)]
    files.write(prefix(6), STATE, [])
    files.write(prefix(7), STATE, [])
    files.close()
    assert set(files.index()) == {prefix(n) for n in (2, 3, 6, 7)}
    assert files.largest == 2 * size


def test_the_bound_holds_while_a_file_is_written_and_when_two_hosts_write_at_once(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    size = size_of_file(folder)
    written(folder, *(prefix(n) for n in range(3)), most=3 * size)
    create = prefix_files.open_new
    totals = []

    def beside_another_host(path: Path) -> BinaryIO:
        totals.append(sum(one.stat().st_size for one in folder.iterdir()))
        for name in ("a", "b"):
            (folder / f"{name}.prefix").write_bytes(b"x" * size)
        return create(path)

    monkeypatch.setattr(prefix_files, "open_new", beside_another_host)
    written(folder, prefix(3), most=3 * size)
    assert totals == [2 * size]
    assert sum(one.stat().st_size for one in folder.iterdir()) == 3 * size


def test_what_a_host_that_died_left_unfinished_goes_with_the_rest(folder: Path) -> None:
    size = size_of_file(folder)
    (folder / "abc.unfinished").write_bytes(b"x" * 2 * size)
    (folder / "mine.txt").write_bytes(b"x" * 9 * size)
    age(folder / "abc.unfinished", 100)
    written(folder, prefix(1), prefix(2), most=3 * size)
    assert {path.suffix for path in folder.iterdir()} == {".prefix", ".txt"}
    assert len(list(folder.iterdir())) == 3


def test_what_is_replaced_goes_once_its_successor_is_there(folder: Path) -> None:
    old = written(folder, PREFIX)
    files = opened(folder)
    longer = Prefix(PREFIX.owner, (*PREFIX.tokens, 1))
    files.write(longer, STATE, [PREFIX])
    files.close()
    assert files.index() == [longer]
    assert not old.exists()


def test_a_disk_that_is_full_leaves_everything_as_it_was(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = written(folder, PREFIX)
    files = opened(folder)

    def full(path: Path) -> None:
        path.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(prefix_files, "open_new", full)
    files.write(prefix(1), STATE, [PREFIX])
    files.close()
    assert prefix(1) not in files
    assert list(folder.iterdir()) == [old]


def blocked(files: PrefixFiles) -> Iterator[None]:
    """Nothing is written until this goes on."""
    go = Event()
    files._writer.submit(go.wait, 10)
    yield
    go.set()
    files.close()


def test_what_waits_for_being_written_can_be_read(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prefix_files, "WAITING", 2 * len(STATE))
    files = opened(folder)
    for _ in blocked(files):
        files.write(PREFIX, STATE, [])
        assert PREFIX in files
        assert files.read(PREFIX) == STATE
        assert list(folder.iterdir()) == []
        assert files.ready
        files.write(prefix(1), STATE, [])
        assert not files.ready
    assert files.ready
    assert files.read(prefix(1)) == STATE


def test_hosts_that_use_one_folder_at_once_do_not_collide(folder: Path) -> None:
    """Four at a time write the same prefixes, read and trim, in a folder for a few."""
    size = size_of_file(folder)

    def use(host: int) -> list[bytes | None]:
        files = opened(folder, 5 * size)
        found = []
        for number in range(40):
            one = prefix((number * (host + 1)) % 9)
            files.write(one, STATE, [prefix(number % 7)])
            found.append(files.read(prefix(number % 9)))
            files.index()
        files.close()
        return found

    with ThreadPoolExecutor(4) as hosts:
        results = [one for found in hosts.map(use, range(4)) for one in found]
    assert set(results) <= {STATE, None}
    assert sum(path.stat().st_size for path in folder.iterdir()) <= 5 * size
    assert {path.suffix for path in folder.iterdir()} == {".prefix"}
