"""The program for a question about a chart, where a rule can read what is asked.

The table that was read off a picture is computed with like any other; the answer says how far
values may be off, and what else it may be where two are that close. What no rule can read is
left to the model.
"""

import re
from dataclasses import replace

from pellucid.agent.asking.chart_cues import Named, comparative, keys, named, stems, superlative
from pellucid.agent.chart_library import LIBRARY
from pellucid.core.charts import PRINTED, Chart, Column, found
from pellucid.core.items import Message
from pellucid.core.turn import Turn

LONGEST = 400
"""Characters of a question that may be about a chart alone."""

UNNAMED = ("category", "row", "label", "x")
"""What the first column is called where the picture does not say."""

_NAME = re.compile(r"[a-z_]+")
_SCALE = re.compile(r"\bscale\b|\blogarithmic\b", re.I)
_FIRST = re.compile(r"\bfirst\b|\bwhen did\b", re.I)
_ALWAYS = re.compile(r"\b(?:throughout|always|every|all|each|never)\b", re.I)
_YES_NO = re.compile(r"^\W*(?:is|are|was|were|does|do|did|has|have)\b", re.I)
_WHICH = re.compile(r"\b(?:which|when|where|who|what (?:year|month|day|category|country))\b", re.I)
_NOUN = re.compile(
    r"\b(?:which|what) (?P<noun>.*?)(?:\b(?:is|are|was|were|has|had|have|does|did|do|gives?|shows?"
    r"|starts?|ends?)\b|'s\b|’s\b|[?(]|$)",
    re.I,
)
_DIFFERENCE = re.compile(
    r"\bdifferences?\b|\bhow (?:much|many) (?:\w+ ){0,3}?(?:more|less|fewer|higher|lower|larger"
    r"|smaller|greater)\b|\bby how m\w+\b|\bgap\b|\bchange[ds]?\b"
    r"|\b(?:grow|grew|rise|rose|fall|fell|drop|dropped|increased?|decreased?)\b",
    re.I,
)
_TOGETHER = re.compile(r"\b(?:total|sum|together|combined|altogether|in all|overall)\b", re.I)
_MEAN = re.compile(r"\b(?:average|mean)\b", re.I)
_LAST = re.compile(r"\b(?:ends?|ended|last|final|finally)\b", re.I)
_BEGINNING = re.compile(r"\b(?:start|beginning|initial|initially)\b", re.I)
_STARTS = re.compile(
    r"\b(?:starts?|begins?|began|started)\b.*\b(?P<when>latest|last|earliest|first)\b", re.I
)
_THAT = re.compile(r"\b(?:in|on|at|for) (?:that|this) \w+|\b(?:in|of) it\b", re.I)
_LIMIT = re.compile(
    r"\b(?:(?P<more>(?:more|greater|higher|larger) than|above|over|exceed\w*)"
    r"|(?:less|fewer|lower|smaller) than|below|under) (?P<limit>\d[\d,]*(?:\.\d+)?)",
    re.I,
)
_ELSE = re.compile(
    r"%|\b(?:percent|times|ratio|share|proportion|fraction|twice|half|second|third|rank\w*|after"
    r"|before|since|until|except|excluding|median|trend\w*|correlat\w*|growth|rate|why|would"
    r"|predict\w*|if)\b",
    re.I,
)
"""What no function of the library answers."""

_SHOWN = re.compile(
    r"\bhow many (?P<noun>.*?) (?:is|are|does|do) (?:there|shown|listed|compared|drawn|plotted|the"
    r"|this)\b",
    re.I,
)
_SERIES = re.compile(r"\b(?:lines|series|colou?rs|curves)\b", re.I)
_PIECES = re.compile(r"\b(?:bars|slices|categories|groups|rows|dots|points|boxes)\b", re.I)
_HOW_MANY = re.compile(r"^\W*(?:about )?how many\b", re.I)


def program(turn: Turn) -> str:
    """A program that answers a question about the one chart of a turn; "" for all else."""
    charts = [
        (one.name, chart)
        for one in turn.attachments
        if (chart := found(one.name, one.text, one.seen)) is not None
    ]
    if len(charts) != 1 or len(turn.question) > LONGEST or turn.form is not None:
        return ""
    name, chart = charts[0]
    asked = named(turn.question, chart)
    if _THAT.search(turn.question) and (before := _before(turn)):
        asked = replace(asked, rows=asked.rows or named(before, chart).rows[:1])
        if not asked.rows:
            return ""
    call = _call(turn.question, chart, asked)
    given = f"FILE, KEYS, KIND = {name!r}, {len(keys(chart))}, {chart.kind!r}\n"
    offs = f"OFF = {[_off(one) for one in chart.columns]!r}\n"
    notes = "".join(f"\nprint({f'Note: {note}.'!r})" for note in chart.notes)
    return f"{given}{offs}\n{_needed(call)}\n\nprint({call}){notes}\n" if call else ""


def _needed(call: str) -> str:
    """The library without the functions that a call does not need."""
    blocks = LIBRARY.strip().split("\n\n")
    functions = {found[1]: one for one in blocks if (found := re.match(r"def (\w+)", one))}
    needed, open_ = set[str](), [call, *(one for one in blocks if not one.startswith("def "))]
    while open_:
        used = set(_NAME.findall(open_.pop())) & functions.keys() - needed
        needed |= used
        open_ += [functions[name] for name in used]
    left_out = [functions[name] for name in functions if name not in needed]
    return "\n\n".join(one for one in blocks if one not in left_out)


def _before(turn: Turn) -> str:
    """How the last answer began, which "that month" speaks of; "" where there was none."""
    said = [one.text for one in turn.items if isinstance(one, Message) and one.role == "assistant"]
    return said[-1].partition("(")[0] if said else ""


def _off(column: Column) -> tuple[float, bool] | None:
    """How far a value may be off, and whether that is a share of it; None if it is printed."""
    if column.off == PRINTED:
        return None
    return float(column.off.strip("± %")), column.off.endswith("%")


def _call(question: str, chart: Chart, asked: Named) -> str:
    """The call of the library's function that answers; "" where no rule is sure."""
    if _SCALE.search(question) and not asked.rows:
        kind = "logarithmic" if chart.logarithmic else "linear"
        return repr(f"The vertical axis has a {kind} scale, by the numbers along it.")
    if _ELSE.search(asked.rest):
        return ""
    if not asked.rows and (shown := _SHOWN.search(question)):
        return _counted(shown["noun"], chart)
    if (starts := _STARTS.search(asked.rest)) and len(chart.columns) > 1:
        return f"starts({starts['when'].lower() in ('latest', 'last')})"
    if len(asked.columns) == 2 and not asked.rows:
        return _two_columns(question, asked)
    if len(_cells(chart, asked)) == 2 and (told := _two_cells(asked, _cells(chart, asked))):
        return told
    most = superlative(asked.rest)
    if len(asked.rows) == 1 and not most:
        cells = _cells(chart, asked)
        return f"cell{cells[0]}" if len(cells) == 1 else ""
    if most:
        return _extreme(question, chart, asked, 1 if most == "most" else -1)
    return "" if asked.rows else _one_column(question, chart, asked)


def _counted(noun: str, chart: Chart) -> str:
    """How many rows or series there are; "" where the noun is neither."""
    if _SERIES.search(noun):
        return repr(f"{len(chart.columns)} ({', '.join(one.name for one in chart.columns)}).")
    rows = set(stems(noun)) & set(stems(" ".join(keys(chart))))
    single = len(chart.columns) == 1 or chart.kind in ("dots", "a pie", "boxes with whiskers")
    if (rows and chart.kind != "dots") or (single and _PIECES.search(noun)):
        return repr(f"{len(chart.rows)}, as far as the picture shows.")
    return ""


def _cells(chart: Chart, asked: Named) -> list[tuple[int, int]]:
    """The cells that are named, by row and column; a chart's only column need not be."""
    columns = asked.columns or _only(chart)
    return [(row, column) for row in asked.rows for column in columns]


def _only(chart: Chart) -> tuple[int, ...]:
    """The column that need not be named: a chart's only one, and the first of a pie's."""
    return (0,) if len(chart.columns) == 1 or chart.kind == "a pie" else ()


def _two_columns(question: str, asked: Named) -> str:
    """What compares two series all along the axis."""
    one, other = asked.columns
    most = superlative(asked.rest)
    if most and _DIFFERENCE.search(asked.rest):
        return f"widest({1 if most == 'most' else -1}, {one}, {other})"
    order = comparative(asked.rest)
    if not order or most:
        return ""
    sign = 1 if order == "more" else -1
    if _YES_NO.search(question):
        return f"always({one}, {other}, {sign})" if _ALWAYS.search(asked.rest) else ""
    if _FIRST.search(asked.rest):
        return f"first({one}, {other}, {sign})"
    return f"where({one}, {other}, {sign})" if _WHICH.search(question) else ""


def _two_cells(asked: Named, cells: list[tuple[int, int]]) -> str:
    """What compares or combines two values."""
    if _DIFFERENCE.search(asked.rest):
        return f"difference({cells[0]}, {cells[1]})"
    if _TOGETHER.search(asked.rest):
        return f"together({cells})"
    order = superlative(asked.rest) or comparative(asked.rest)
    return f"compared({cells}, {-1 if order in ('least', 'less') else 1})" if order else ""


def _extreme(question: str, chart: Chart, asked: Named, sign: int) -> str:
    """The most or the least: of a row, of a column, or of all."""
    columns = list(asked.columns) or list(range(len(chart.columns)))
    if asked.rows:
        return f"extreme({sign}, {list(asked.rows)}, {columns}, 'column')"
    if _DIFFERENCE.search(asked.rest):
        return ""
    end = _LAST.search(asked.rest) or _BEGINNING.search(asked.rest)
    if end and len(columns) > 1:
        row = 0 if _BEGINNING.search(asked.rest) else len(chart.rows) - 1
        return f"extreme({sign}, [{row}], {columns}, 'column')"
    if not _WHICH.search(question) and not _noun(question):
        return f"extreme({sign}, None, {columns}, 'value')"
    by_row = _by_row(question, chart)
    if len(asked.columns) != 1 and len(columns) > 1 and _comparable(chart):
        if _TOGETHER.search(asked.rest) or chart.kind.startswith("stacked"):
            return "" if keys(chart)[0] in UNNAMED else f"most_in_all({sign}, {by_row})"
        unnamed = keys(chart)[0] in UNNAMED
        told = "both" if unnamed or " and " in asked.rest else "row" if by_row else "column"
        return f"extreme({sign}, None, {columns}, {told!r})"
    return f"extreme({sign}, None, {columns[:1]}, 'row')"


def _comparable(chart: Chart) -> bool:
    """Whether all columns are of one kind, so that the most of them all means something."""
    return chart.kind not in ("dots", "a path", "a pie", "boxes with whiskers", "bars and lines")


def _noun(question: str) -> list[str]:
    """What is asked for: "which month"; nothing after "what is"."""
    noun = _NOUN.search(question)
    return stems(noun["noun"]) if noun else []


def _by_row(question: str, chart: Chart) -> bool:
    """Whether what is asked for are rows: the noun after "which" is what they are called."""
    asked = set(_noun(question))
    return not asked or bool(asked & set(stems(" ".join(keys(chart)))))


def _one_column(question: str, chart: Chart, asked: Named) -> str:
    """A value of one series: its end, its sum, its mean; or where it is over some limit."""
    columns = asked.columns or _only(chart)
    if len(columns) != 1:
        return ""
    column = columns[0]
    if limit := _LIMIT.search(question):
        sign, value = 1 if limit["more"] else -1, limit["limit"].replace(",", "")
        counted = bool(_HOW_MANY.search(question))
        return f"over({column}, {sign}, {value}, {counted})"
    if _LAST.search(asked.rest):
        return f"end({column}, -1)"
    if _BEGINNING.search(asked.rest):
        return f"end({column}, 0)"
    if _THAT.search(question):
        return f"of_the_most({column})"
    if _MEAN.search(asked.rest):
        return f"mean({column})"
    return f"total({column})" if _TOGETHER.search(asked.rest) else ""
