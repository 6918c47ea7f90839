"""Sudoku of four or nine rows, solved by constraints instead of guesses (z3)."""

import re
from collections.abc import Sequence

_CELL = r"(?:[1-9]|[_.*?0-]|\bx\b)"
_ROW = re.compile(
    rf"^[ \t|\[(]*{_CELL}(?:[ \t|,]*{_CELL})*[ \t|\]),]*$", re.MULTILINE | re.IGNORECASE
)
_NAMED = re.compile(r"\bsudokus?\b", re.I)
_SIZES = {4: 2, 9: 3}
"""Rows of a puzzle, and of one of its boxes."""

_PROGRAM = """\
from z3 import And, Distinct, Int, Or, Solver, sat

given = {rows}
size, box = {size}, {box}
s = Solver()
cells = [[Int(f"r{{r}}c{{c}}") for c in range(size)] for r in range(size)]
for r in range(size):
    for c in range(size):
        s.add(And(1 <= cells[r][c], cells[r][c] <= size))
        if given[r][c]:
            s.add(cells[r][c] == given[r][c])
    s.add(Distinct(cells[r]), Distinct([row[r] for row in cells]))
for r in range(0, size, box):
    for c in range(0, size, box):
        s.add(Distinct([cells[r + i][c + j] for i in range(box) for j in range(box)]))
if s.check() != sat:
    print("This puzzle has no solution.")
else:
    m = s.model()
    solved = [[m[cell].as_long() for cell in row] for row in cells]
    print("\\n".join(" ".join(map(str, row)) for row in solved))
    s.add(Or([cells[r][c] != solved[r][c] for r in range(size) for c in range(size)]))
    if s.check() == sat:
        print("\\nThis is one of several solutions.")
"""


def program(question: str) -> str:
    """A program that solves the puzzle of a question; "" for other questions."""
    rows = _grid(question) if _NAMED.search(question) else ()
    size = len(rows)
    return _PROGRAM.format(rows=[*rows], size=size, box=_SIZES[size]) if rows else ""


def _grid(question: str) -> tuple[list[int], ...]:
    """The rows of the only grid there is, 0 for an empty cell; () where none is whole."""
    rows = [_cells(line[0]) for line in _ROW.finditer(question)]
    rows = [row for row in rows if len(row) in _SIZES]
    whole = len(rows) in _SIZES and all(len(row) == len(rows) for row in rows)
    return tuple(rows) if whole and _solvable(rows) else ()


def _cells(line: str) -> list[int]:
    found = re.findall(_CELL, line, re.IGNORECASE)
    return [int(cell) if cell.isdigit() else 0 for cell in found]


def _solvable(rows: Sequence[list[int]]) -> bool:
    """Whether there is something to fill in, and no number too large."""
    cells = [cell for row in rows for cell in row]
    return 0 in cells and max(cells) <= len(rows)
