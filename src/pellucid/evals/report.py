"""A comparison as text: one table for each set, then its rates and its groups."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from pellucid.evals.honesty import RATES
from pellucid.evals.summary import Part, Row
from pellucid.evals.task import Rate, Task

COLUMNS = (
    "system",
    "right",
    "95 %",
    "tokens",
    "x",
    "s/item",
    "right/min",
    "x",
    "runs",
    "unsupported",
    "failed",
)


def table(task: Task, rows: Sequence[Row]) -> str:
    """The rows of one set; each "x" is the ratio to the first row."""
    base, many = rows[0], f"{rows[0].items} question{'s' if rows[0].items > 1 else ''}"
    first = f"{task.name}: {many}, right is: {task.grading}"
    published = [
        f"published: {one.percent:g} % for {one.whose} ({one.source})" for one in task.published
    ]
    cells = [list(COLUMNS), *(_cells(row, base) for row in rows)]
    return "\n".join([first, *published, "", *aligned(cells), *_rates(task, rows), *_groups(rows)])


def _cells(row: Row, base: Row) -> list[str]:
    stated = "-" if row.stated_numbers is None else f"{100 * row.stated_numbers:.1f} %"
    return [
        f"{row.system} (as {row.granted})" if row.granted else row.system,
        f"{row.right}/{row.items}",
        f"{100 * row.low:.0f}-{100 * row.high:.0f}",
        f"{row.tokens:.0f}",
        _ratio(row.tokens, base.tokens),
        f"{row.seconds:.1f}",
        f"{row.right_per_minute:.2f}",
        _ratio(row.right_per_minute, base.right_per_minute),
        f"{row.calls:.1f}",
        stated,
        str(row.failed),
    ]


def _ratio(mine: float, base: float) -> str:
    return f"{mine / base:.2f}" if base else "-"


def aligned(cells: Sequence[Sequence[str]]) -> list[str]:
    """Lines of equal columns: the first to the left, the others to the right."""
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return [
        "  ".join(
            cell.rjust(width) if place else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in cells
    ]


def _rates(task: Task, rows: Sequence[Row]) -> Iterator[str]:
    """What the audit counts in every set; what this set counts besides, for each group too."""
    yield ""
    for row in rows:
        if told := "; ".join(_told((*task.rates, *RATES), row.groups[""])):
            yield f"{row.system}: {told}"
        for name, part in row.groups.items():
            if name and task.rates:
                yield f"{row.system}, {name}: {'; '.join(_told(task.rates, part))}"


def _told(rates: Sequence[Rate], part: Part) -> Iterator[str]:
    for rate in rates:
        count, of = part.counts.get(rate.count, 0), part.counts.get(rate.of, 0)
        if of:
            yield f"{rate.told} {count} of {of} ({100 * count / of:.1f} %)"


def _groups(rows: Sequence[Row]) -> Iterator[str]:
    """Right answers of every group, a column for each system, and the mean over groups."""
    names = [name for name in rows[0].groups if name]
    if not names:
        return
    cells = [["group", *(row.system for row in rows)]]
    for name in names:
        parts = [row.groups[name] for row in rows]
        cells.append([name, *(f"{part.right}/{part.items}" for part in parts)])
    cells.append(["mean of groups", *(f"{100 * mean(row):.0f} %" for row in rows)])
    yield from ["", *aligned(cells)]


def mean(row: Row) -> float:
    """The accuracy when every group counts alike."""
    shares = [part.right / part.items for name, part in row.groups.items() if name]
    return sum(shares) / len(shares) if shares else row.accuracy


def result(rows: Sequence[Row], how: dict[str, Any], machine: dict[str, Any]) -> dict[str, Any]:
    """Everything as one JSON value, in the shape of the stored results."""
    return {"benchmark": "reasoning", **machine, **how, "rows": [asdict(row) for row in rows]}
