"""Keys."""

import json
import stat
from pathlib import Path

import pytest

from pellucid.core.errors import BadRequest
from pellucid.store import keys


def test_a_key_is_shown_once_and_known_by_its_hash(tmp_path: Path) -> None:
    home = tmp_path / "deep"
    assert keys.read(home) == ()
    text = keys.create(home, "ann")
    other = keys.create(home, "bob")
    assert text.startswith(keys.PREFIX)
    assert text != other
    known = keys.read(home)
    assert keys.owner(known, text) == "ann"
    assert keys.owner(known, other) == "bob"
    assert keys.owner(known, text + "x") is None
    assert keys.owner(known, "\udcff") is None
    kept = (home / keys.FILE).read_text()
    assert text not in kept
    assert stat.S_IMODE((home / keys.FILE).stat().st_mode) == 0o600


@pytest.mark.parametrize("broken", ["{", "3", '[{"name": 1}]', "[[]]"])
def test_a_file_that_holds_no_keys_is_named(tmp_path: Path, broken: str) -> None:
    (tmp_path / keys.FILE).write_text(broken)
    with pytest.raises(BadRequest, match="not a list of keys"):
        keys.read(tmp_path)


def test_nothing_but_hashes_is_kept(tmp_path: Path) -> None:
    text = keys.create(tmp_path, "ann")
    (row,) = json.loads((tmp_path / keys.FILE).read_text())
    assert row == {"name": "ann", "digest": keys.digest(text)}
