"""What a small table is asked: one line of a program, held to its cells.

Small weights copy numbers wrongly and mistake rows, yet they know what is asked for. So where a
question is about a small table, the program is begun by rule and the model goes on with one call,
in which only names of this table's rows and columns can stand, or words copied from the files
(programs over tables: Binder, arXiv 2210.02875; forms held to what there is: PICARD, arXiv
2109.05093). What it computes from is told with the result.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations, permutations

from pellucid.agent.asking.asked import asked
from pellucid.agent.asking.sheet_cues import COMPUTED, ELSEWHERE, backwards
from pellucid.agent.context import SYSTEM
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
You answer questions about a table, and about texts beside it, with one line of Python:
show(cell(row, column)), or several: what stands there; numbers can be computed with: + - * / ( )
show(change(row, old_column, new_column)), show(percent_change(row, old_column, new_column))
show(percent_of(part, whole)), show(total(a, b, ...)), show(average(a, b, ...))
show(highest(row)) or lowest(row): the column; highest_row(column) or lowest_row(column): the row
show(columns_where(row, ">", 5)), show(rows_where(column, "==", "words")): those that are so
show(row_names()), show(column_names()): what kinds there are; show(count(...)): how many of those
show(quote("words")) words that the texts, the headings or the rows' names say, or several of them\
"""
_SCRIPTED = ".csv"
_GRAMMAR = """\
start: ({start}) ")"
sums: sum (", " sum)*
sum: product ((" + " | " - ") product)*
product: value ((" * " | " / ") value)*
value: one | NUMBER | "(" sum ")"
one: "cell(" ROW ", " COLUMN ")" | list | percent
list: ("total(" | "average(") value (", " value)+ ")"
percent: "percent_of(" sum ", " sum ")"{changes}
chosen: ("highest(" | "lowest(") ROW ")" | ("highest_row(" | "lowest_row(") COLUMN ")" | where
where: "count(" places ")" | places
places: names | "columns_where(" ROW COMPARED NUMBER ")" | "rows_where(" COLUMN compared ")"
names: "row_names()" | "column_names()"
compared: COMPARED NUMBER{equal}
quotes: quote (", " quote)*
quote: "quote(\\"" words "\\")"
words: {words}
{texts}
ROW: {rows}
COLUMN: {columns}
COMPARED: ", \\"" (">" | "<" | "==") "\\", "
NUMBER: /-?[0-9]{{1,9}}(\\.[0-9]{{1,4}})?/
"""


@dataclass(frozen=True, slots=True)
class Asking:
    """A question about a small table: the conversation as the model sees it, and what its one line
    can be."""

    items: tuple[Item, ...]
    form: Lark
    module: str


def asking(turn: Turn) -> Asking | None:
    """The question of a turn about its one small table; None for all else."""
    if turn.form is not None or turn.files or len(turn.question) > LONGEST_QUESTION:
        return None
    tables = [(one, sheet) for one in turn.attachments if (sheet := _sheet(one)) is not None]
    texts = [one for one in turn.attachments if not _named_table(one)]
    if len(tables) != 1 or len(tables) + len(texts) != len(turn.attachments):
        return None
    if sum(len(one.text) for one in texts) > LONGEST or ELSEWHERE(asked(turn.question)):
        return None
    sheet = tables[0][1]
    return Asking(_items(turn), Lark(grammar(sheet, texts, turn.question)), module(sheet))


def _named_table(file: Attachment) -> bool:
    return file.name.endswith(_SCRIPTED)


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
    """What the line about a table can be, after `show(`."""
    rows = [row.name for row in sheet.rows]
    copied = [*(_plain(one.text) for one in texts), _plain(" ; ".join([*rows, *sheet.columns]))]
    words = {cell for row in sheet.rows for cell in row.cells if cell and number(cell) is None}
    return _GRAMMAR.format(
        start="sums | chosen" if COMPUTED(asked(question)) else "sums | chosen | quotes",
        changes=_changes(sheet, question),
        equal=f' | ", \\"==\\", " ({_either(sorted(words))})' if words else "",
        words=" | ".join(f"text{at}" for at in range(len(copied))),
        texts="\n".join(
            f"text{at}: %regex {json.dumps({'substring_words': text})}"
            for at, text in enumerate(copied)
        ),
        rows=_either(rows),
        columns=_either(sheet.columns),
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
    return f' | ("change(" | "percent_change(") ROW ", " ({told}) ")"' if told else ""


def _plain(text: str) -> str:
    """A text that can stand between quotation marks of a program."""
    return " ".join(text.replace("\\", "/").replace('"', "'").split())


def _either(names: Iterable[str]) -> str:
    return " | ".join(map(_literal, names))


def _literal(name: str) -> str:
    """A name in a program's quotation marks, as a grammar's literal."""
    return json.dumps(json.dumps(name, ensure_ascii=False), ensure_ascii=False)
