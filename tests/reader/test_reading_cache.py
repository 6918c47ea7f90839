"""What was read before: found again by content, bounded, and never taken when broken."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pellucid.tools.reader import cache as caching
from pellucid.tools.reader import opening
from pellucid.tools.reader.cache import Cache
from pellucid.tools.reader.ingest import read
from reader.pdf_files import pdf

RAW = pdf(["The ferry leaves at 05:52."], [("One", 1)])
TOLD = [{"text": "x" * 100, "outline": [["One", 1]]}]


def sized(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.iterdir())


def test_a_file_is_parsed_once_whatever_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = read("a.pdf", RAW, Cache(tmp_path / "made"))
    monkeypatch.setattr(opening, "PATIENCE", 0.0)  # no process could answer in time
    (again,) = read("b.pdf", RAW, Cache(tmp_path / "made"))
    assert (again.name, again.text, again.outline) == ("b.pdf", first[0].text, first[0].outline)
    (entry,) = (tmp_path / "made").iterdir()
    assert entry.stat().st_mode & 0o077 == 0


def test_another_parser_owner_content_or_version_is_something_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = Cache(tmp_path)
    keys = {cache.key("pdf", RAW), cache.key("zip", RAW), cache.key("pdf", RAW + b" ")}
    keys.add(Cache(tmp_path, scope="ann").key("pdf", RAW))
    monkeypatch.setattr(caching, "reading", lambda: "another version")
    assert len(keys | {cache.key("pdf", RAW)}) == 5


@pytest.mark.parametrize("broken", [b"", b"{}", b"0" * 64 + b"[]", b"cut"])
def test_a_broken_entry_is_none_and_goes(tmp_path: Path, broken: bytes) -> None:
    cache = Cache(tmp_path)
    cache.put("k", TOLD)
    (entry,) = tmp_path.iterdir()
    entry.write_bytes(entry.read_bytes()[:-9] if broken == b"cut" else broken)
    assert cache.get("k") is None
    assert list(tmp_path.iterdir()) == []
    cache.put("k", TOLD)
    assert cache.get("k") == TOLD


def test_the_oldest_go_and_those_used_stay(tmp_path: Path) -> None:
    most = 1_000
    cache = Cache(tmp_path, most)
    for number, key in enumerate("abcd"):
        cache.put(key, TOLD)
        os.utime(tmp_path / f"{key}.read", (number, number))
    assert cache.get("a") == TOLD  # used now
    for key in "efg":
        cache.put(key, TOLD)
    assert sized(tmp_path) <= most
    assert cache.get("a") == TOLD
    assert cache.get("b") is None
    cache.put("long", [{"text": "x" * most}])
    assert cache.get("long") is None


def test_what_a_dead_process_left_goes_and_a_live_one_keeps(tmp_path: Path) -> None:
    for name, age in (("old", caching.ABANDONED + 60), ("new", 0.0)):
        path = tmp_path / f"{name}{caching.UNFINISHED}"
        path.write_bytes(b"x")
        os.utime(path, (path.stat().st_mtime - age,) * 2)
    Cache(tmp_path).put("k", TOLD)
    assert {path.stem for path in tmp_path.iterdir()} == {"new", "k"}


def test_where_nothing_can_be_written_files_are_read_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    assert read("a.pdf", RAW, Cache(tmp_path / "file" / "below"))


WRITER = """
import sys
from pathlib import Path
from pellucid.tools.reader.cache import Cache
cache = Cache(Path(sys.argv[1]), 20_000)
for number in range(60):
    cache.put(str(number % 9), [{"text": str(number % 9) * 1_000}])
    found = cache.get(str(number % 7))
    assert found in (None, [{"text": str(number % 7) * 1_000}]), found
"""


def test_processes_share_a_folder(tmp_path: Path) -> None:
    command = [sys.executable, "-c", WRITER, str(tmp_path)]
    writers = [subprocess.Popen(command, stderr=subprocess.PIPE) for _ in range(3)]
    told = [writer.communicate()[1] for writer in writers]
    assert [writer.returncode for writer in writers] == [0, 0, 0], told
    assert 0 < sized(tmp_path) <= 20_000
