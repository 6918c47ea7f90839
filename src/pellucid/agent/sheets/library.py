"""What programs about a small table are written in: its cells by name, and what is asked of them.

It is put beside the files, as `sheet.py`, after lines that hold the table as it was read.
"""

LIBRARY = '''
used = []  # the cells that were looked at, as they stand in the table
found = []  # what was found in them

class Percent(float):
    """A number of percent."""

def _value(row, column):
    value, text = CELLS[row][column]
    used.append((row, column, text))
    return text if value is None else Percent(value) if text.rstrip(" )").endswith("%") else value

def cell(row, column):
    """What stands in a cell."""
    found.append(_value(row, column))
    return found[-1]

def change(row, old, new):
    """By how much a row changes from one column to another."""
    before, after = cell(row, old), cell(row, new)
    return type(after)(after - before)

def percent_change(row, old, new):
    """The same, in percent of what it was."""
    before, after = cell(row, old), cell(row, new)
    return Percent(100 * (after - before) / before)

def percent_of(part, whole):
    """A part in percent of the whole."""
    return Percent(100 * part / whole)

def total(*of):
    """The sum of cells, or of a row in some columns."""
    values = _values(of)
    return type(values[0])(sum(values))

def average(*of):
    values = _values(of)
    return type(values[0])(sum(values) / len(values))

def _values(of):
    return [cell(of[0], column) for column in of[1:]] if isinstance(of[0], str) else of

def highest(row):
    """The column in which a row is the highest."""
    return _most(row, max)

def lowest(row):
    return _most(row, min)

def _most(row, choose):
    numbers = {c: value for c, (value, _) in CELLS[row].items() if value is not None}
    best = choose(numbers, key=numbers.get)
    _value(row, best)
    return best

def highest_row(column):
    """The row that is the highest in a column."""
    return _most_row(column, max)

def lowest_row(column):
    return _most_row(column, min)

def _most_row(column, choose):
    numbers = {r: row[column][0] for r, row in CELLS.items() if row[column][0] is not None}
    best = choose(numbers, key=numbers.get)
    _value(best, column)
    return best

def _fits(found, sign, limit):
    value, text = found
    if isinstance(limit, str):
        return text == limit
    if value is None:
        return False
    return value > limit if sign == ">" else value < limit if sign == "<" else value == limit

def columns_where(row, sign, limit):
    """The columns in which a row is above or below a limit."""
    return [c for c, found in CELLS[row].items() if _fits(found, sign, limit) and (_value(row, c),)]

def rows_where(column, sign, limit):
    """The rows that are above or below a limit in a column, or have some words there."""
    return [r for r in CELLS if _fits(CELLS[r][column], sign, limit) and (_value(r, column),)]

def row_names():
    """What the rows are called, without sums of others."""
    return [row for row in CELLS if not row.lower().startswith("total")]

def column_names():
    return list(next(iter(CELLS.values())))

def count(names):
    return len(names)

def quote(words):
    """Words as they stand in the files."""
    return words

def _told(value):
    if isinstance(value, (list, tuple)):
        return "; ".join(map(str, value)) or "none"
    if isinstance(value, str):
        return value
    digits = f"{round(value, 2):,.2f}".rstrip("0").rstrip(".")
    return f"{digits}%" if isinstance(value, Percent) else digits

def show(*values):
    """The cells that were looked at, and then the answer, if it is not what stands in them."""
    cells = list(dict.fromkeys(used))
    named = "; ".join(f"{row}, {column}: {text}" for row, column, text in cells)
    plain = len(values) == len(cells) and all(any(v is f for f in found) for v in values)
    print(named if plain else "\\n\\n".join(filter(None, [named, "; ".join(map(_told, values))])))
'''
