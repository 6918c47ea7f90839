"""Whatever a value holds, what is written of it is JSON that says the same."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pellucid.api.wire.bodies import written
from pellucid.api.wire.sse import data

TEXT = st.text(st.characters(codec=None))
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
)


@given(st.dictionaries(TEXT, VALUES, max_size=4))
def test_what_is_written_can_be_read(value: dict[str, Any]) -> None:
    assert json.loads(written(value).decode("utf-8")) == value


@given(st.dictionaries(TEXT, VALUES, max_size=4))
def test_an_event_is_one_line_and_an_empty_one(value: dict[str, Any]) -> None:
    assert data(value).startswith(b"data: ")
    assert data(value).endswith(b"\n\n")
    assert not any(ending in data(value)[:-2] for ending in (b"\n", b"\r"))


def test_half_a_surrogate_pair_and_numbers_of_any_size_are_written() -> None:
    assert written({"a": "\ud800", "b": 2**80}) == b'{"a":"\\ud800","b":%d}' % 2**80
    assert written({"a": "ü", "b": 2**80}) == b'{"a":"\xc3\xbc","b":%d}' % 2**80
