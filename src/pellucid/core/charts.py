"""Charts as tables: what was read off the pixels of one, and how that is told beside it.

The eyes write a chart's table as an attachment of its own (`name-chart.csv`), and in the one
line that says how sure it is, its kind, its axes and how far each column may be off. What thinks
reads that line here.
"""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO

SUFFIX = "-chart.csv"
"""How the names of such tables end."""

LOGARITHMIC = "logarithmic scale"
PRINTED = "as printed"
_BEGINS, _NOTE = "read off a picture", "note: "
_HEAD = re.compile(rf"{_BEGINS} of (?P<kind>[^;]+)")
_COLUMN = re.compile(
    rf"\[(?P<name>[^\]]*)\] (?P<off>{PRINTED}|± [\d.e+-]+(?: %)?)(?: \((?P<looks>[^)]*)\))?"
)
_PLAIN = str.maketrans({"[": "(", "]": ")", ";": ",", "\n": " "})


@dataclass(frozen=True, slots=True)
class Column:
    """A column of values: its name, how far a value may be off ("± 0.4", "± 2 %" of the value,
    "as printed"), and what it looks like ("red line")."""

    name: str
    off: str
    looks: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart's table, its columns of values (the first of the others names a row), and what was
    not understood."""

    kind: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    columns: tuple[Column, ...]
    logarithmic: bool = False
    notes: tuple[str, ...] = ()

    @property
    def csv(self) -> str:
        """The table as programs read it."""
        return written(self.header, self.rows)

    @property
    def seen(self) -> str:
        """What stands beside the table, in one line."""
        told = [f"{_BEGINS} of {self.kind}"]
        told += [LOGARITHMIC] if self.logarithmic else []
        for one in self.columns:
            looks = f" ({one.looks.translate(_PLAIN)})" if one.looks else ""
            told.append(f"[{one.name.translate(_PLAIN)}] {one.off}{looks}")
        return "; ".join([*told, *(f"{_NOTE}{note.translate(_PLAIN)}" for note in self.notes)])


def written(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Rows as CSV."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()


def found(name: str, text: str, seen: str) -> Chart | None:
    """The chart that an attachment is the table of; None for other attachments."""
    head = _HEAD.match(seen)
    if head is None or not name.endswith(SUFFIX):
        return None
    header, *rows = [tuple(row) for row in csv.reader(StringIO(text))] or [()]
    columns = tuple(
        Column(one["name"], one["off"], one["looks"] or "") for one in _COLUMN.finditer(seen)
    )
    notes = tuple(one.removeprefix(_NOTE) for one in seen.split("; ") if one.startswith(_NOTE))
    return Chart(head["kind"], header, tuple(rows), columns, LOGARITHMIC in seen, notes)
