"""Keys."""

import json
import os
import stat
from pathlib import Path

import pytest

from pellucid.core.errors import BadRequest, UnknownName
from pellucid.store import keys
from pellucid.store.keys import KeyFile


class Clock:
    now = 1_000.0

    def __call__(self) -> float:
        return self.now


def test_a_key_is_shown_once_and_known_by_its_hash(tmp_path: Path) -> None:
    file = KeyFile(tmp_path / "deep", Clock())
    assert file.read() == ()
    assert file.owner("x") is None
    text, other = file.create("ann"), file.create("bob")
    assert text.startswith(keys.PREFIX)
    assert text != other
    assert (file.owner(text), file.owner(other)) == ("ann", "bob")
    assert file.owner(text + "x") is None
    assert file.owner("\udcff") is None
    path = tmp_path / "deep" / keys.FILE
    assert text not in path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    row, _ = json.loads(path.read_text())
    assert row == {"name": "ann", "digest": keys.digest(text), "created_at": 1000, "expires_at": 0}


def test_a_key_expires(tmp_path: Path) -> None:
    clock = Clock()
    file = KeyFile(tmp_path, clock)
    text = file.create("ann", 10)
    assert file.owner(text) == "ann"
    clock.now += 10
    assert file.owner(text) is None


def test_a_running_server_sees_what_another_process_changes(tmp_path: Path) -> None:
    server, other = KeyFile(tmp_path, Clock()), KeyFile(tmp_path, Clock())
    text = other.create("ann")
    assert server.owner(text) == "ann"
    os.utime(tmp_path / keys.FILE, ns=(1, 1))
    other.revoke("ann")
    assert server.owner(text) is None
    again = other.create("ann")
    assert again != text


def test_names_are_of_one_key_each(tmp_path: Path) -> None:
    file = KeyFile(tmp_path, Clock())
    with pytest.raises(UnknownName, match="there is no key 'ann'; there are: none"):
        file.revoke("ann")
    file.create("ann")
    with pytest.raises(BadRequest, match="revoke it first"):
        file.create("ann")
    with pytest.raises(UnknownName, match="there are: ann"):
        file.revoke("bob")


@pytest.mark.parametrize("broken", ["{", "3", '[{"name": 1}]', "[[]]"])
def test_a_file_that_holds_no_keys_is_named(tmp_path: Path, broken: str) -> None:
    (tmp_path / keys.FILE).write_text(broken)
    with pytest.raises(BadRequest, match="not a list of keys"):
        KeyFile(tmp_path, Clock()).read()
