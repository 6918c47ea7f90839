"""Spreadsheets (Excel's old and new files, OpenDocument): a table of each sheet, as CSV."""

import csv
import datetime
import io
from typing import Any

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
)

from pellucid.tools.reader.parsing.bounds import MOST_CHARACTERS, Unreadable

MOST_SHEETS = 200


def workbook(raw: bytes) -> list[dict[str, Any]]:
    """The sheets that have something in them; Unreadable where none has."""
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(raw))
        names = [one.name for one in book.sheets_metadata if one.typ == SheetTypeEnum.WorkSheet]
        if len(names) > MOST_SHEETS:
            raise Unreadable(f"has {len(names):,} sheets; {MOST_SHEETS} are the most")
        sheets, left = list[dict[str, Any]](), MOST_CHARACTERS
        for name in names:
            text = _table(book.get_sheet_by_name(name), left)
            left -= len(text)
            if text.strip(",\n"):
                sheets.append({"sheet": name, "text": text})
    except PasswordError:
        raise Unreadable("is protected by a password") from None
    except CalamineError:
        raise Unreadable("is no spreadsheet, or a broken one") from None
    if not sheets:
        raise Unreadable("has nothing in its cells")
    return sheets


def _table(sheet: CalamineSheet, most: int) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for row in sheet.iter_rows():
        writer.writerow([_cell(one) for one in row])
        if text.tell() > most:
            raise Unreadable(f"has more than {MOST_CHARACTERS:,} characters")
    return text.getvalue()


def _cell(value: object) -> str:
    """A cell as programs read it: whole numbers without a fraction, dates as ISO 8601."""
    match value:
        case bool():
            return str(value).upper()
        case float() if value.is_integer() and abs(value) < 2**53:
            return str(int(value))
        case datetime.datetime() | datetime.date() | datetime.time():
            return value.isoformat()
        case _:
            return str(value)
