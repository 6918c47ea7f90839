"""What a message asks for, apart from the material it brings along."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from pellucid.agent.asking.quantities import amounts

LONGEST_READ = 1500
"""Characters at either end of a message that are searched for what it asks; the middle of a
longer one is material."""

WORDS_TO_AN_AMOUNT = 9
"""A text with more amounts than one in so many words is about computing."""

REMEMBERED = 8
"""Messages that are read once: a turn asks about its own several times."""

_FENCED = re.compile(r"```.*?(?:```|\Z)", re.S)
_CODE = re.compile(
    r"```|^\s*(?:def \w+\(|class \w+[(:]|import \w+$|from \w+ import |#include"
    r"|public (?:static|class)|function \w*\(|(?:const|let|var) \w+ ?=|package \w+$"
    r"|select .{1,80} from |fn \w+\(|func \w+\()"
    r"|\bprint(?:ln|f)?\(|console\.log|\brange\(|\blambda \w+ ?:|\bdef \w+\(|=> ?[{(]|\w\(\w*\) ?\{"
    r"|\w\[-?\d*:-?\d*(?::-?\d+)?\]|\bfor \w{1,12} in [\w.()]{1,40}:\s*(?:\n|\w+ ?[(+=])"
    r"|\bif \w+ ?(?:==|>|<|!=) ?\S+:|^\s*(?:while|if|elif|with|try|else) ?.{0,60}:\s*$"
    r"|^\s*[a-z_]\w* ?= ?[\[{\"']"
    r"|\b[a-z_]\w*\([^)\n]*[=,\"'][^)\n]*\)|[\w\"'\])]\.\w+\([^)\s]*\)|[)\]\"'=\d];\s*$",
    re.M,
)
_QUOTED = re.compile(r"\"[^\"\n]{40,}\"|“[^”\n]{40,}”|«[^»\n]{40,}»|(?<!\w)'[^'\n]{60,}'(?!\w)")
_GAP = re.compile(r"(?<=\S) {2,}(?=\S)")
_CELL = re.compile(r"[,;]\s?[-$€]?\d|^\d")
_COURTESY = re.compile(
    r"(?:(?:please|pls|kindly|hi|hello|hey|hiya|ok|okay|so|now|then|also|and|great|thanks|thank you"
    r"|well|quick question|can|could|would|will|you|we|help me(?: to)?|i(?:'d| would)? (?:want|need"
    r"|like)(?: you)? to|i need help|let's|lets|just|quickly|briefly|first|there|pellucid"
    r"|bitte|kannst|könntest|können|sie|du|mir|mal|peux-tu|pouvez-vous|s'il (?:te|vous) plaît"
    r"|puedes|por favor|podrías|me)\b[\s,:!.]*+)*+"
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A message as the rules see it; all text is lower-cased.

    `text` has neither fenced code nor long quotations, `lead` begins with the first word after
    courtesies. `amounts` counts the numbers one could compute
    with, `dense` tells that they are much of the text, `table` of rows of values, `code` of
    program text.
    """

    text: str
    lead: str
    amounts: int
    dense: bool
    table: bool
    code: bool


def asked(message: str, files: Sequence[str] = ()) -> Asked:
    """Read a message, of a long one only the ends, and the beginnings of its files.

    Numbers, tables and program text of the files count as the message's own.
    """
    return _asked(message, tuple(files))


@lru_cache(maxsize=REMEMBERED)
def _asked(message: str, files: tuple[str, ...]) -> Asked:
    material = [file[:LONGEST_READ].lower() for file in files]
    ends = message
    if len(message) > 2 * LONGEST_READ:
        ends = f"{message[:LONGEST_READ]}\n\n{message[-LONGEST_READ:]}"
    whole = ends.lower().replace("’", "'").strip()
    text = _QUOTED.sub('" "', _FENCED.sub("\n", whole)).strip()
    lead = text[match.end() :] if (match := _COURTESY.match(text)) else text
    everything, count = (whole, *material), sum(map(amounts, (text, *material)))
    return Asked(
        text,
        lead,
        count,
        count * WORDS_TO_AN_AMOUNT >= len(text.split()),
        any(map(tabular, everything)),
        any(map(_CODE.search, everything)),
    )


def tabular(text: str) -> bool:
    """Whether there are at least three lines in a row with the same columns of values."""
    run, before = 0, ("", 0)
    for line in _GAP.sub("\t", text).splitlines():
        sign = max("|\t,;", key=line.count)
        shape = (sign, line.count(sign))
        values = sign in "|\t" or bool(run) <= bool(_CELL.search(line))
        run = 0 if not shape[1] or not values else run + 1 if shape == before else 1
        before = shape
        if run >= 3:
            return True
    return False
