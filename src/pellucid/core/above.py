"""What stands above a passage of a page and says what it is of: the name of an option, the heading
of a section, the heads of a table's columns.

Manuals say a thing's name once and then speak of "it": "The default is 10 seconds." says nothing to
one who does not see the name above.
"""

import re
from collections.abc import Sequence

LONGEST = 80
"""Characters of a line that may be a name or a heading."""

FARTHEST = 120
"""Lines above a passage that are looked at."""

COLUMNS = " | "

_PLACE = re.compile(r"lines (\d+)-\d+\Z")
_SENTENCE = re.compile(r"[.,:;!?]$|[{}<>#]|^[\W\d]*$")


def above(text: str, place: str) -> str:
    """What says of a passage at a place ("lines 12-20") of a text what it is of: a line or two; ""
    where nothing does, or the passage says it itself."""
    found = _PLACE.search(place)
    if found is None:
        return ""
    lines, first = text.splitlines(), int(found[1]) - 1
    told = [_heading(lines, first), _columns(lines, first)]
    return "\n".join(filter(None, told))


def heading(lines: Sequence[str], at: int) -> bool:
    """Whether a line stands alone and is no sentence."""
    line = lines[at].strip()
    alone = not any(one.strip() for one in (*lines[max(0, at - 1) : at], *lines[at + 1 : at + 2]))
    return bool(line) and alone and len(line) <= LONGEST and not _SENTENCE.search(line)


def _columns(lines: Sequence[str], at: int) -> str:
    """The heads of the columns of the table whose later rows begin at a line."""
    first = at
    while first > 0 and lines[first - 1].strip():
        first -= 1
    return lines[first].strip() if first < at and COLUMNS in lines[first] else ""


def _heading(lines: Sequence[str], at: int) -> str:
    """The nearest heading above; none of a passage that begins with its own."""
    if heading(lines, at):
        return ""
    numbers = range(at - 1, max(-1, at - FARTHEST), -1)
    return next((lines[one].strip() for one in numbers if heading(lines, one)), "")
