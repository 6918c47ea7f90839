"""The benchmark of the server, in small: that it counts what it says it counts."""

import pytest
from server import Sizes, highest, measure, table
from server_sides import pellucid


@pytest.mark.timeout(300)
def test_the_server_is_measured() -> None:
    sizes = Sizes(streams=4, wait=0.2, requests=20, long_streams=2, idle=5)
    with pellucid() as side:
        rows = {row.what: row for row in measure((side,), sizes)}
    assert not any(row.failed for row in rows.values())
    for name in ("Chat", "Responses", "Responses, kept"):
        row = rows[f"{name}, 4 streams open"]
        assert row.requests == 20
        assert 0 < row.median <= row.p99
    for name in ("Chat", "Responses"):
        row = rows[f"{name}, long streams"]
        assert row.events_a_second > 0
    assert rows["5 idle streams"].memory > 20
    assert table([*rows.values()]).row_count == len(rows) == 6


def test_99_percent_are_below() -> None:
    assert 98 < highest(range(1, 101)) <= 100
