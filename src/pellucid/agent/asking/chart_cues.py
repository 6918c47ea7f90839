"""What a question about a chart's table names: columns, rows, more or less, most or least."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pellucid.agent.reading.prose import word_set
from pellucid.core.charts import Chart

STEM = 5
"""Letters by which words are compared."""

PART = 0.5
"""Share of a column's words that names it, where no other column has more of them."""

_WORD = re.compile(r"[^\W_]+")
_SMALL_WORDS = word_set(
    """a an the of in on at to for by per and or is are was were be it its this that which what
    who when where how many much did do does has have had with from over about value
    values"""
)
_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september"),
    *("october", "november", "december"),
)
_SAME = {"cost": "price", "costs": "price", "percentage": "percent", "share": "percent"}
_LOWEST = word_set(
    """lowest smallest least fewest minimum min bottom worst rarest driest coldest shortest cheapest
    slowest lightest youngest narrowest weakest poorest"""
)
_HIGHEST = word_set("most maximum max peak top best highest")
_NO_SUPERLATIVE = word_set(
    """west rest test interest forest latest earliest nearest guest harvest request honest
    invest"""
)
_LESS = re.compile(
    r"\b(?:lower|less|fewer|smaller|below|under|cheaper|shorter|drier|colder)\b", re.I
)
_MORE = re.compile(
    r"\b(?:higher|more|greater|larger|bigger|above|over|exceed\w*|surpass\w*|overt[ao]\w+|pass\w*"
    r"|taller|longer|wetter|warmer|hotter)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Named:
    """What a question names, by number and in the order it does, and what else it says."""

    columns: tuple[int, ...]
    rows: tuple[int, ...]
    rest: str


def keys(chart: Chart) -> tuple[str, ...]:
    """The columns that name rows."""
    return chart.header[: len(chart.header) - len(chart.columns)]


def row_name(chart: Chart, row: Sequence[str]) -> str:
    """What a row is called: "1931", "10-15"."""
    return "-".join(row[: len(keys(chart))])


def named(question: str, chart: Chart) -> Named:
    """The columns and rows that a question names."""
    rows = list(_rows(question, chart))
    columns = _columns(question, chart)
    rest = question
    for label in (row_name(chart, chart.rows[at]) for at, _ in rows):
        rest = re.sub(rf"(?<!\w){re.escape(label)}(?!\w)", " ", rest, flags=re.I)
    for at, _ in columns:
        there = set(stems(chart.columns[at].name))
        kept = (" " if _stem(word) in there else word for word in _WORD.findall(rest))
        rest = " ".join(kept)
    ordered = sorted(rows, key=lambda pair: pair[1])
    return Named(tuple(at for at, _ in columns), tuple(at for at, _ in ordered), rest)


def stems(text: str) -> list[str]:
    """The beginnings of the words that tell something; units in parentheses tell nothing."""
    plain = re.sub(r"\([^)]*\)", " ", text) or text
    return [_stem(word) for word in _WORD.findall(plain) if word.lower() not in _SMALL_WORDS]


def _stem(word: str) -> str:
    lower = _SAME.get(word.lower(), word.lower())
    return lower[:3] if lower in _MONTHS else lower[:STEM]


def _columns(question: str, chart: Chart) -> list[tuple[int, int]]:
    """The columns named most, with their places in the question."""
    asked = [_stem(word) for word in _WORD.findall(question)]
    found = list[tuple[int, int, float]]()
    for at, column in enumerate(chart.columns):
        own = stems(column.name)
        there = [asked.index(one) for one in own if one in asked]
        share = len(there) / len(own) if own else 0.0
        letters = "".join(word[0] for word in _WORD.findall(column.name)).lower()
        if len(letters) > 1 and letters in asked:  # mpg
            there, share = [asked.index(letters)], 1.0
        colour = column.looks.partition(" ")[0]
        if colour and colour in asked:
            there, share = [*there, asked.index(colour)], 1.0
        if share >= PART:
            found.append((at, min(there), share))
    most = max((share for _, _, share in found), default=0.0)
    if most < 1 and len([one for one in found if one[2] == most]) == len(chart.columns) > 1:
        return []  # a word that all have in common names none
    return sorted(
        [(at, place) for at, place, share in found if share == most], key=lambda pair: pair[1]
    )


def _rows(question: str, chart: Chart) -> Iterator[tuple[int, int]]:
    """The rows named, each with its place in the question; the longest names first."""
    taken = list[tuple[int, int]]()
    names = [(at, row_name(chart, row)) for at, row in enumerate(chart.rows)]
    for at, name in sorted(names, key=lambda pair: -len(pair[1])):
        exact = len(name) <= 3 and name.isalpha() and name.lower() not in _short_months()
        pattern = rf"(?<![\w.]){_spelt(name)}(?!\w)"
        there = re.search(pattern, question, 0 if exact else re.I) if name else None
        if there and not any(start <= there.start() < end for start, end in taken):
            taken.append(there.span())
            yield at, there.start()
    if not taken:
        yield from _nearest(question, chart)


def _short_months() -> list[str]:
    return [month[:3] for month in _MONTHS]


def _spelt(name: str) -> str:
    """A pattern for a name, months in full too."""
    months = [month for month in _MONTHS if name.lower() == month[:3]]
    return rf"{months[0][:3]}(?:{months[0][3:]})?" if months else re.escape(name)


def _nearest(question: str, chart: Chart) -> Iterator[tuple[int, int]]:
    """The row next to a number of the question, or around it, where rows are numbers and it lies
    between."""
    width = len(keys(chart))
    try:
        ends = [[float(end) for end in row[:width]] for row in chart.rows]
    except ValueError:
        return
    if len(ends) < 2:
        return
    apart = abs(ends[-1][0] - ends[0][0]) / (len(ends) - 1)
    for there in re.finditer(r"(?<![\w.])\d+(?:\.\d+)?(?![\w.]\d)", question):
        value = float(there[0])
        inside = [at for at, row in enumerate(ends) if row[0] <= value < row[-1]]
        away, near = min((abs(row[0] - value), at) for at, row in enumerate(ends))
        if inside or away <= apart:
            yield (inside or [near])[0], there.start()


def superlative(text: str) -> str:
    """ "most" or "least" where a text says such a thing, else ""."""
    for word in _WORD.findall(text.lower()):
        if word in _LOWEST:
            return "least"
        if word in _HIGHEST or (
            len(word) > 4 and word.endswith("est") and word not in _NO_SUPERLATIVE
        ):
            return "most"
    return ""


def comparative(text: str) -> str:
    """ "more" or "less" where a text compares, else ""."""
    if _LESS.search(text):
        return "less"
    return "more" if _MORE.search(text) else ""
