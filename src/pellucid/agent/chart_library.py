"""What programs about charts are made of: the table, and functions that each answer a question.

It runs in the sandbox, after lines that say which file, how many columns name rows, and how far
values may be off.
"""

LIBRARY = '''
import csv

with open(FILE, encoding="utf-8", newline="") as file:
    head, *table = csv.reader(file)

def row_name(row):
    name = "-".join(row[:KEYS])
    if not name:
        return "a point without a label"
    year = head[0].lower() == "year" and "." in name
    return str(int(float(name) + 0.05)) if year else name

names = head[KEYS:]
rows = [row_name(row) for row in table]
cells = [[float(cell) if cell else None for cell in row[KEYS:]] for row in table]

def off(value, column):
    """How far a value may be off."""
    if OFF[column] is None:
        return 0.0
    size, share = OFF[column]
    return abs(value) * size / 100 if share else size

def about(value, far):
    return f"about {value:.10g} ± {float(f'{far:.2g}'):.10g}" if far else f"{value:.10g}"

def how(*columns):
    printed = all(OFF[c] is None for c in columns)
    return "printed in the picture" if printed else "read off the picture"

def told(row, column):
    value = cells[row][column]
    return about(value, off(value, column))

def upper(text):
    return text[0].upper() + text[1:]

def known(column):
    return [row for row in range(len(rows)) if cells[row][column] is not None]

def cell(row, column):
    if cells[row][column] is None:
        return f"Nothing of {names[column]} is seen at {rows[row]}."
    return f"{upper(told(row, column))} ({names[column]}, {rows[row]}), {how(column)}."

def extreme(sign, some, columns, what):
    """The most (sign 1) or the least, and what is so close to it that it may be that."""
    all_ = [(sign * cells[r][c], r, c) for r in some or range(len(rows)) for c in columns
            if cells[r][c] is not None]
    best, row, column = max(all_, key=lambda one: one[0])
    name = {"row": lambda r, c: rows[r], "column": lambda r, c: names[c],
            "both": lambda r, c: f"{rows[r]} at {names[c]}", "value": lambda r, c: ""}[what]
    near = [name(r, c) for value, r, c in sorted(all_, reverse=True)
            if best - value <= off(value, c) + off(best, column)]
    close = [one for one in dict.fromkeys(near) if one != name(row, column)][:3]
    else_ = f" So close that it may also be {' or '.join(close)}." if close else ""
    if what == "value":
        return f"{upper(told(row, column))} ({names[column]}, {rows[row]}), {how(column)}."
    at = {"row": names[column], "column": rows[row], "both": "value"}[what]
    return f"{name(row, column)} ({at}: {told(row, column)}, {how(column)}).{else_}"

def in_all(pairs):
    pairs = [(r, c) for r, c in pairs if cells[r][c] is not None]
    total = sum(cells[r][c] for r, c in pairs)
    return total, sum(off(cells[r][c], c) ** 2 for r, c in pairs) ** 0.5

def most_in_all(sign, by_row):
    """The row, or the column, whose values are the most or the least in all."""
    columns = range(len(names))
    sums = [in_all([(r, c) for c in columns]) for r in range(len(rows))] if by_row else [
        in_all([(r, c) for r in range(len(rows))]) for c in columns]
    at = max(range(len(sums)), key=lambda one: sign * sums[one][0])
    return f"{(rows if by_row else names)[at]} (in all {about(*sums[at])}, {how(*columns)})."

def starts(latest):
    first = {c: known(c)[0] for c in range(len(names)) if known(c)}
    column = (max if latest else min)(first, key=first.get)
    return f"{names[column]} (from {rows[first[column]]} on, {how(column)})."

def pairs(one, other):
    return [r for r in known(one) if r in known(other)]

def beyond(row, one, other, sign):
    return sign * (cells[row][one] - cells[row][other]) > 0

def always(one, other, sign):
    wrong = [r for r in pairs(one, other) if not beyond(r, one, other, sign)]
    side = "above" if sign > 0 else "below"
    if not wrong:
        return f"Yes: {names[one]} is {side} {names[other]} throughout, {how(one, other)}."
    at = ", ".join(rows[r] for r in wrong[:5]) + (", …" if len(wrong) > 5 else "")
    return f"No: {names[one]} is not {side} {names[other]} at {at}, {how(one, other)}."

def both(row, one, other):
    return f"{names[one]} {told(row, one)}, {names[other]} {told(row, other)}, {how(one, other)}"

def first(one, other, sign):
    there = [r for r in pairs(one, other) if beyond(r, one, other, sign)]
    if not there:
        return f"{names[one]} never does, as far as the picture shows."
    return f"{rows[there[0]]} ({both(there[0], one, other)})."

def where(one, other, sign):
    there = [r for r in pairs(one, other) if beyond(r, one, other, sign)]
    if not there:
        return f"None: {names[one]} never is, {how(one, other)}."
    detail = f" ({both(there[0], one, other)})" if len(there) == 1 else f", {how(one, other)}"
    return f"{', '.join(rows[r] for r in there)}{detail}."

def widest(sign, one, other):
    """Where two series are farthest apart, or closest."""
    gaps = [(sign * abs(cells[r][one] - cells[r][other]), r) for r in pairs(one, other)]
    if not gaps:
        return "The two are nowhere seen together."
    gap, row = max(gaps)
    far = off(cells[row][one], one) + off(cells[row][other], other)
    return f"{rows[row]} (a difference of {about(abs(gap), far)}: {both(row, one, other)})."

def named(row, column):
    return f"{rows[row]}, {names[column]}" if len(names) > 1 else rows[row]

def difference(one, other):
    if cells[one[0]][one[1]] is None or cells[other[0]][other[1]] is None:
        return "One of the two is not seen in the picture."
    value = cells[one[0]][one[1]] - cells[other[0]][other[1]]
    far = off(cells[one[0]][one[1]], one[1]) + off(cells[other[0]][other[1]], other[1])
    more = "more" if value >= 0 else "less"
    return (f"{upper(about(abs(value), far))} ({named(*one)}: {told(*one)}, {more} than "
            f"{named(*other)}: {told(*other)}), {how(one[1], other[1])}.")

def together(some):
    total, far = in_all(some)
    which = ", ".join(named(*one) for one in some)
    return f"{upper(about(total, far))} in all ({which}), {how(some[0][1])}."

def compared(some, sign):
    seen = [one for one in some if cells[one[0]][one[1]] is not None]
    if len(seen) < len(some):
        return "One of the two is not seen in the picture."
    best = max(some, key=lambda one: sign * cells[one[0]][one[1]])
    name = rows[best[0]] if len({one[0] for one in some}) > 1 else names[best[1]]
    values = "; ".join(f"{named(*one)}: {told(*one)}" for one in some)
    return f"{name} ({values}, {how(best[1])})."

def end(column, at):
    row = known(column)[at]
    return cell(row, column)

def of_the_most(column):
    """A value where the whole is the most: what "that month" may mean without a question before."""
    sums = [in_all([(r, c) for c in range(len(names))])[0] for r in range(len(rows))]
    row = max(known(column), key=lambda r: sums[r])
    why = "where the values are the highest" if len(rows) > 1 else "the only one"
    return f"{cell(row, column)[:-1]}; I took {rows[row]} to be meant, {why}."

def mean(column):
    there = [cells[r][column] for r in known(column)]
    value = sum(there) / len(there)
    shown = upper(about(value, off(value, column)))
    return f"{shown}, the mean of {len(there)} values ({names[column]}), {how(column)}."

def total(column):
    sum_, far = in_all([(r, column) for r in known(column)])
    return f"{upper(about(sum_, far))} in all ({names[column]}), {how(column)}."

def over(column, sign, limit, counted):
    there = [r for r in known(column) if sign * (cells[r][column] - limit) > 0]
    doubtful = [r for r in known(column) if abs(cells[r][column] - limit) <= off(limit, column)]
    labels = ", ".join(rows[r] for r in there) or "none"
    said = f"{len(there)} ({labels})" if counted else f"{labels} ({names[column]})"
    unsure = f" Too close to tell: {', '.join(rows[r] for r in doubtful)}." if doubtful else ""
    return f"{upper(said)}, {how(column)}.{unsure}"
'''
