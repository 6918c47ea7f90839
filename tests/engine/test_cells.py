"""The ledger of cells against rows of numbered cells."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pellucid.engine.cells import Cells, Imbalance

ACTIONS = st.tuples(
    st.sampled_from(["begin", "share", "share", "grow", "grow", "grow", "settle", "drop"]),
    st.integers(0, 99),
    st.integers(0, 99),
)


class Rows:
    """The naive ledger: each cell has a number, each sequence a list of them."""

    def __init__(self) -> None:
        self.rows: dict[int, list[int]] = {}
        self.running: set[int] = set()
        self.made = 0

    def used(self) -> int:
        return len({cell for row in self.rows.values() for cell in row})

    def leased(self) -> set[int]:
        return {cell for seq in self.running for cell in self.rows[seq]}

    def grow(self, seq: int, count: int) -> None:
        self.rows[seq] += range(self.made, self.made + count)
        self.made += count


def act(cells: Cells, rows: Rows, action: str, which: int, count: int) -> None:
    """The same action on both, on one of the sequences it is possible for."""
    fresh = len(rows.rows) and max(rows.rows) + 1
    some = [seq for seq in rows.rows if rows.rows[seq] or action == "drop"]
    running = sorted(rows.running)
    if action == "begin":
        cells.begin(fresh)
        rows.rows[fresh] = []
        rows.running.add(fresh)
    elif action == "share" and some:
        source = some[which % len(some)]
        length = count % len(rows.rows[source]) + 1
        stay = set(sorted(rows.running)[which % 2 :])
        leased = {cell for seq in stay for cell in rows.rows[seq]}
        assert cells.leased_with(stay, None, 0) == len(leased)
        cost = len(leased | set(rows.rows[source][:length]))
        assert cells.leased_with(stay, source, length) == cost
        cells.begin(fresh, source, length)
        rows.rows[fresh] = rows.rows[source][:length]
        rows.running.add(fresh)
    elif action == "grow" and running:
        cells.grow(running[which % len(running)], count % 9 + 1)
        rows.grow(running[which % len(running)], count % 9 + 1)
    elif action == "settle" and running:
        cells.settle(running[which % len(running)])
        rows.running.remove(running[which % len(running)])
    elif action == "drop" and some:
        cells.drop(some[which % len(some)])
        del rows.rows[some[which % len(some)]]
        rows.running.discard(some[which % len(some)])


@given(st.lists(ACTIONS, max_size=50))
@settings(deadline=None, max_examples=300)
def test_counts_like_rows_of_cells(actions: list[tuple[str, int, int]]) -> None:
    cells, rows = Cells(10**9), Rows()
    for action in actions:
        act(cells, rows, *action)
        assert (cells.used, cells.leased) == (rows.used(), len(rows.leased()))
        assert {seq: cells.length(seq) for seq in rows.rows} == {
            seq: len(row) for seq, row in rows.rows.items()
        }
        cells.audit()


def test_what_is_leased_already_costs_no_lease() -> None:
    cells = Cells(100)
    cells.begin(0)
    cells.grow(0, 10)
    assert cells.leased_with([0], 0, 7) == 10
    assert cells.leased_with([], 0, 7) == 7
    cells.begin(1, 0, 4)
    cells.settle(0)
    assert (cells.leased_with([1], 0, 7), cells.leased_with([1], 0, 3)) == (7, 4)


def test_the_audit_sees_a_lost_cell() -> None:
    cells = Cells(100)
    cells.begin(0)
    cells.grow(0, 10)
    cells.audit()
    cells.used -= 1
    with pytest.raises(Imbalance, match=r"\(10, 10\) counted, \(9, 10\) in the books"):
        cells.audit()


def test_the_audit_sees_more_cells_than_there_are() -> None:
    cells = Cells(5)
    cells.begin(0)
    cells.grow(0, 6)
    with pytest.raises(Imbalance, match="5 in all"):
        cells.audit()
