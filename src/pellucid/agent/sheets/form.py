"""What a small table is asked: one line of a program, held to its cells.

Small weights copy numbers wrongly and mistake rows, yet they know what is asked for. So where a
question is about a small table, the program is begun by rule and the model goes on with one call,
in which only names of this table's rows and columns can stand, or words copied from the files
(programs over tables: Binder, arXiv 2210.02875; forms held to what there is: PICARD, arXiv
2109.05093). What it computes from is told with the result.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations

from pellucid.agent.asking.asked import asked
from pellucid.agent.asking.sheet_cues import (
    AVERAGED,
    CHANGED,
    COMPUTED,
    COUNTED,
    ELSEWHERE,
    IN_TABLE,
    KINDS,
    LIMITED,
    MOST,
    REASONED,
    SHARED,
    SUMMED,
    backwards,
)
from pellucid.agent.bearing import overlap
from pellucid.agent.context import SYSTEM
from pellucid.agent.reading.prose import sentences
from pellucid.agent.sheets.library import LIBRARY
from pellucid.agent.sheets.table import LONGEST, Sheet, number, read
from pellucid.core.constraint import Lark
from pellucid.core.items import Item, Message
from pellucid.core.turn import Attachment, Turn

SHEET = "sheet"
"""What calls of such programs end with."""

MODULE = "sheet.py"
"""What they begin with, beside the files; programs import nothing from their own folder."""

LONGEST_QUESTION = 400
"""Characters of a question that may be about a table alone."""

BEGINNING = f'''\
from pathlib import Path

exec(Path("{MODULE}").read_text("utf-8"))

show('''
TOLD = """\
You answer a question about a table, and about texts beside it, with one line of Python:
show(cell(row, column)) what stands in a cell; cells can be computed with: + - * / ( )
show(change(row, old_column, new_column)), show(percent_change(row, old_column, new_column))
show(average(row, column, column)), show(total(row, column, column)); also of cells
show(percent_of(part, whole)) with cells as the part and the whole
show(highest(row)) or lowest(row): the column; highest_row(column) or lowest_row(column): the row
show(columns_where(row, ">", 5)), show(rows_where(column, "==", "words")): those that are so
show(row_names()), show(column_names()): what kinds there are; show(count(...)): how many of those
show(quote("words")) words of the texts\
"""
ROW_NAMED = 0.6
"""Share of the words of a row's name in a question from which on it asks about that row."""

SENTENCES = 3
"""How many sentences of the texts, those most about the question, words can be copied from."""

SHORT = 5
"""Words that a sentence has at least; what is shorter is a heading."""

_SUFFIX = ".csv"
_GRAMMAR = """\
start: ({start}) ")"
cells: cell (", " cell)*
cell: "cell(" ROW ", " COLUMN ")"
sum: product ((" + " | " - ") product)*
product: part ((" * " | " / ") (part | NUMBER))*
part: cell | "(" sum ")"{rules}
ROW: {rows}
COLUMN: {columns}
COMPARED: ", \\"" (">" | "<" | "==") "\\", "
NUMBER: /-?[0-9]{{1,9}}(\\.[0-9]{{1,4}})?/
"""
_OF = '(ROW (", " COLUMN)+ | cell (", " cell)+) ")"'
_WHERE = """\
places: "columns_where(" ROW COMPARED NUMBER ")" | "rows_where(" COLUMN compared ")"
compared: COMPARED NUMBER{equal}"""
_QUOTES = """\
quotes: quote (", " quote)*
quote: "quote(\\"" words "\\")"
words: {words}
{texts}"""


@dataclass(frozen=True, slots=True)
class Asking:
    """A question about a small table, with the texts beside it."""

    turn: Turn
    sheet: Sheet
    texts: tuple[Attachment, ...]

    @property
    def items(self) -> tuple[Item, ...]:
        """The conversation as the model sees it."""
        return _items(self.turn)

    @property
    def form(self) -> Lark:
        """What its one line can be."""
        return Lark(grammar(self.sheet, self.texts, self.turn.question))

    @property
    def module(self) -> str:
        """What its program begins with."""
        return module(self.sheet)


def asking(turn: Turn) -> Asking | None:
    """The question of a turn about its one small table; None for all else."""
    if turn.form is not None or turn.files or len(turn.question) > LONGEST_QUESTION:
        return None
    sheets = [sheet for one in turn.attachments if (sheet := _sheet(one)) is not None]
    texts = tuple(one for one in turn.attachments if not _named_table(one))
    if len(sheets) != 1 or len(sheets) + len(texts) != len(turn.attachments):
        return None
    if sum(len(one.text) for one in texts) > LONGEST or ELSEWHERE(asked(turn.question)):
        return None
    return Asking(turn, sheets[0], texts)


def _named_table(file: Attachment) -> bool:
    return file.name.endswith(_SUFFIX)


def _sheet(file: Attachment) -> Sheet | None:
    return read(file.text) if _named_table(file) and not file.seen else None


def _items(turn: Turn) -> tuple[Item, ...]:
    """The functions, the conversation, the files, and the question last."""
    talk = [item for item in turn.items if isinstance(item, Message) and item.role != "system"]
    files = "\n\n".join(f"{one.name}:\n{one.text.strip()}" for one in turn.attachments)
    last = Message("user", f"{files}\n\n---\nQuestion: {turn.question}")
    return (Message("system", f"{SYSTEM}\n\n{TOLD}"), *talk[:-1], last)


def module(sheet: Sheet) -> str:
    """What programs about a table begin with."""
    cells = {
        row.name: {
            name: (number(text), text) for name, text in zip(sheet.columns, row.cells, strict=True)
        }
        for row in sheet.rows
    }
    lines = [f"    {row!r}: {named!r}," for row, named in cells.items()]
    return "\n".join(["CELLS = {", *lines, "}"]) + "\n" + LIBRARY


def grammar(sheet: Sheet, texts: Iterable[Attachment], question: str) -> str:
    """What the line about a table can be, after `show(`: what the words of the question ask for."""
    told, wanted = _told_in(texts, question), asked(question)
    named = any(overlap(row.name, question) >= ROW_NAMED for row in sheet.rows)
    rules = _functions(sheet, question)
    start = ["cells", "sum", *rules]
    if told and REASONED(wanted):
        start, rules = ["quotes"], {"quotes": _quotes(told)}
    elif told and not (named or COMPUTED(wanted) or ("names" in rules and IN_TABLE(wanted))):
        start, rules = [*rules, "quotes"], rules | {"quotes": _quotes(told)}
    if COUNTED(wanted):
        start = [f'"count(" {one} ")"' if one in ("places", "names") else one for one in start]
    return _GRAMMAR.format(
        start=" | ".join(start),
        rules="".join(f"\n{_rule(name, rule)}" for name, rule in rules.items()),
        rows=_either(row.name for row in sheet.rows),
        columns=_either(sheet.columns),
    )


def _rule(name: str, rule: str) -> str:
    """A rule of the grammar; those of several lines have their names in them."""
    return rule if rule.startswith(f"{name}:") else f"{name}: {rule}"


def _functions(sheet: Sheet, question: str) -> dict[str, str]:
    """The functions that a question has words for, by the names of their rules."""
    wanted = asked(question)
    names = [*sheet.columns, *(row.name for row in sheet.rows)]
    summed = any("total" in name.casefold() for name in names)
    rules = {
        "total": f'"total(" {_OF}' if SUMMED(wanted) and not summed else "",
        "average": f'"average(" {_OF}' if AVERAGED(wanted) else "",
        "share": '"percent_of(" sum ", " sum ")"' if SHARED(wanted) else "",
        "change": _changes(sheet, question) if CHANGED(wanted) else "",
        "most": (
            '("highest(" | "lowest(") ROW ")" | ("highest_row(" | "lowest_row(") COLUMN ")"'
            if MOST(wanted)
            else ""
        ),
        "places": _where(sheet) if LIMITED(wanted) or COUNTED(wanted) else "",
        "names": '"row_names()" | "column_names()"' if KINDS(wanted) or COUNTED(wanted) else "",
    }
    return {name: rule for name, rule in rules.items() if rule}


def _where(sheet: Sheet) -> str:
    """The rules of what is above or below a limit, or has some words."""
    cells = {cell for row in sheet.rows for cell in row.cells if cell and number(cell) is None}
    return _WHERE.format(equal=f' | ", \\"==\\", " ({_either(sorted(cells))})' if cells else "")


def _told_in(texts: Iterable[Attachment], question: str) -> list[str]:
    """The sentences of the texts that are most about a question, if any are about it."""
    every = [one.text[start:end] for one in texts for start, end in sentences(one.text)]
    about = sorted(every, key=lambda one: -overlap(question, one))[:SENTENCES]
    return [_plain(one) for one in about if overlap(question, one) > 0 and one.count(" ") >= SHORT]


def _quotes(told: Sequence[str]) -> str:
    """The part of the grammar that copies words from sentences."""
    return _QUOTES.format(
        words=" | ".join(f"text{at}" for at in range(len(told))),
        texts="\n".join(
            f"text{at}: %regex {json.dumps({'substring_words': text})}"
            for at, text in enumerate(told)
        ),
    )


def _changes(sheet: Sheet, question: str) -> str:
    """Changes from one column to another: of years, from the earlier one, unless the question
    goes back in time."""
    years = sheet.years
    pairs = list(permutations(range(len(years)), 2))
    dated = sorted((year, at) for at, year in enumerate(years) if year is not None)
    if len({year for year, _ in dated}) == len(dated) > 1 and not backwards(question):
        pairs = list(combinations([at for _, at in dated], 2))
    names = [_literal(name) for name in sheet.columns]
    told = " | ".join(f'{names[old]} ", " {names[new]}' for old, new in pairs)
    called = '"percent_change("' if SHARED(asked(question)) else '"change("'
    return f'{called} ROW ", " ({told}) ")"' if told else ""


def _plain(text: str) -> str:
    """A text that can stand between quotation marks of a program."""
    return " ".join(text.replace("\\", "/").replace('"', "'").split())


def _either(names: Iterable[str]) -> str:
    return " | ".join(map(_literal, names))


def _literal(name: str) -> str:
    """A name in a program's quotation marks, as a grammar's literal."""
    return json.dumps(json.dumps(name, ensure_ascii=False), ensure_ascii=False)
