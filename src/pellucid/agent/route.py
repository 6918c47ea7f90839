"""Route by rule: does a question need computing, or words?

Rules only, in this order; each names what it saw, so that a wrong turn can be
understood. Programs are for numbers to combine, dates, counting, sorting and attached
tables; code that is asked for is written and run; anything else is answered in words.
"""

import re
from dataclasses import dataclass
from typing import Literal

from pellucid.agent.edits import files
from pellucid.agent.effort import Effort
from pellucid.core.turn import Turn

RouteName = Literal["answer", "program", "code"]


@dataclass(frozen=True, slots=True)
class Route:
    """The way a turn goes, and the rule that sent it there."""

    name: RouteName
    why: str


_NUMBER = r"(?<![\w.])[-+]?\d[\d,.]*"
_WORDS_FOR_NUMBERS = (
    r"\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|half|twice|double"
    r"|triple|third|quarter|hundred|thousand|million)\b"
)
_CODE_WANTED = re.compile(
    r"\b(?:write|implement|create|refactor|fix|debug|explain|review)\b.{0,60}"
    r"\b(?:function|class|script|program|code|regex|query|method|unit tests?)\b",
    re.I | re.S,
)
_UNFINISHED = re.compile(
    r"\b(?:complete|finish|implement|fill in)\b.*^\s*(?:async )?def \w+\("
    r"|^(?:async )?def \w+\([^\n]*:\n\s+(\"\"\"|''').*\1\s*(?:pass|\.\.\.)?\s*(?:```)?\s*\Z",
    re.I | re.M | re.S,
)
"""A function that has a head and perhaps a docstring, and is to be completed."""
_ARITHMETIC = re.compile(
    rf"{_NUMBER}\s*(?:[-+*/×÷^%]|\*\*|mod|times|plus|minus)\s*[(]?\s*-?\d", re.I
)
_COUNTING = re.compile(
    r"\b(?:how (?:many|much|long|old|far|tall|fast|heavy|big|often)|count|number of|sum of|total"
    r"|average|mean|median|percent(?:age)?|product of|difference|remainder|factorial|prime"
    r"|square root|cube root|divisible|interest|probability|solve|compute|calculate|evaluate)\b",
    re.I,
)
_DATES = re.compile(
    r"\b(?:what (?:day|date)|days? (?:between|until|from|after|before|since)|weeks? (?:from|after)"
    r"|leap year|day of the week|how long|age of)\b",
    re.I,
)
_ORDERING = re.compile(
    r"\b(?:sort|order|rank|reverse|alphabetical(?:ly)?|spell .{0,30}backwards?|anagram"
    r"|how many (?:times|letters|words|vowels))\b",
    re.I,
)
_UNITS = re.compile(
    r"\b(?:convert|in (?:miles|km|kilomet\w+|feet|inches|celsius|fahrenheit))\b", re.I
)


def route(turn: Turn, row: Effort) -> Route:
    """The way for the last message of the turn, within what its effort allows."""
    text = turn.items[-1].text
    if "python" not in turn.tools or row.tool_calls == 0:
        return Route("answer", "no tools allowed")
    if files(turn):
        return Route("code", "a change of code asked for")
    if turn.attachments:
        return Route("program", "attached data")
    if _CODE_WANTED.search(text) or _UNFINISHED.search(text):
        return Route("code", "code asked for")
    return _by_content(text)


def _by_content(text: str) -> Route:
    digits = len(re.findall(_NUMBER, text))
    numbers = digits + len(re.findall(_WORDS_FOR_NUMBERS, text, re.I))
    if _ARITHMETIC.search(text):
        return Route("program", "arithmetic")
    if numbers and _COUNTING.search(text):
        return Route("program", "a quantity asked for, with numbers")
    if numbers >= 2 and re.search(r"\bhow\b|\bwhat\b|\bwhich\b|\bfind\b|\?", text, re.I):
        return Route("program", "numbers to combine")
    for pattern, why in ((_DATES, "dates"), (_ORDERING, "sorting or counting"), (_UNITS, "units")):
        if pattern.search(text) and (digits or pattern is _ORDERING):
            return Route("program", why)
    return Route("answer", "nothing to compute")
