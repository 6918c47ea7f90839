"""What stands behind a question of a kind that small weights get wrong in a known way.

A hint is chosen by rule from the words of the question alone, so that it is the same
whenever the conversation is rendered again. It costs reading, not writing.
"""

import re

from pellucid.agent.asking.time_cues import DATE, WEEKDAY_NAME
from pellucid.agent.timing import form_asked

CLOCK = "Compute with datetime objects of full dates. Print the resulting timedelta or time."
DATED = (
    "Parse each date and time, copied exactly as it is written, with dateutil.parser.parse, and "
    "print the difference itself, a timedelta."
)
WORKDAYS = (
    "Go through the dates one by one with datetime.timedelta, count those that fit by weekday(), "
    "and print the count."
)
WEEKDAY = "Print the weekday with strftime('%A') of its datetime.date."
FORMED = " Print the timedelta as it is, without giving it the form: print(end - start)."

EQUATION = (
    "Use sympy: a real symbol, solve(left - right, symbol), and print each solution as a decimal "
    "with float(), on one line."
)
AGAIN = "Read the question again: {}"
"""Word problems are given twice (Re-Reading, arXiv 2309.06275); what it brings is in LOG.md."""

LONGEST_READ_TWICE = 1000
"""Characters; a longer question costs more reading than it gains."""

_CLOCK = re.compile(r"\b\d{1,2}(?::\d{2}|\s?[ap]\.?m\b)", re.I)
_EQUATION = re.compile(
    r"\b(?:solve|solutions?|roots?|real values?|find)\b.{0,80}?\b[a-z]\b.{0,40}?[\w)]\s*=\s*"
    r"-?[\w(]",
    re.I | re.S,
)
_DECIMAL = re.compile(r"\bdecimals?\b", re.I)
_COUNTS = re.compile(r"\b(?:how many|count|number of|total)\b", re.I)
_DAYS = re.compile(rf"\b(?:{WEEKDAY_NAME}s|(?:business |work(?:ing )?|week)days)\b", re.I)
_NO_YEAR = re.compile(
    rf"\b(?:january 1(?:st)?|1(?:st)? january|first day of the year|new year's day)\b"
    rf".{{0,20}}?\b{WEEKDAY_NAME}\b|\b{WEEKDAY_NAME}\b.{{0,20}}?"
    r"\b(?:january 1(?:st)?\b(?!,? \d{4})|first day of the year)",
    re.I,
)
_ENGLISH = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_FIRST_DAY = """\
from datetime import date, timedelta

# A year of 365 days that begins with a {day}; odd years are no leap years
year = next(y for y in range(2001, 2100, 2) if date(y, 1, 1).strftime("%A") == "{day}")
"""
_ASKS_WEEKDAY = re.compile(
    r"\b(?:what|which) (?:week)?day\b|\bday of the week\b|\bname (?:of )?the weekday\b", re.I
)
_DATE = re.compile(DATE, re.I)
_DURATION = re.compile(
    r"\bhow long\b|\bhow much time\b|\bduration\b|\belapsed\b|\btime difference\b"
    r"|\bhow many (?:days|hours|minutes)\b",
    re.I,
)
_SENTENCES = re.compile(r"[.!?][\s\"')]+(?=[A-Z0-9$])")
_QUANTITY = re.compile(r"\bhow (?:many|much|long|old|far|tall|fast|often|big|heavy)\b", re.I)
_ASKS = re.compile(r"\?|\b(?:calculate|compute|determine|find)\b", re.I)
_NUMBER = re.compile(r"\d[\d,.]*")


def hinted(question: str) -> str:
    """The question with the hint its kind needs, if it needs one."""
    if _DECIMAL.search(question) and _EQUATION.search(question):
        return f"{question}\n\n{EQUATION}"
    if hint := _of_time(question):
        return f"{question}\n\n{hint}"
    if word_problem(question):
        return f"{question}\n\n{AGAIN.format(question)}"
    return question


def _of_time(question: str) -> str:
    """The hint that a question about days and times needs."""
    if len(question) > LONGEST_READ_TWICE:
        return ""
    dates = len(_DATE.findall(question))
    if dates >= 2 and _COUNTS.search(question) and _DAYS.search(question):
        return WORKDAYS
    if _ASKS_WEEKDAY.search(question):
        return WEEKDAY
    formed = FORMED if form_asked(question) else ""
    if dates >= 2 and _DURATION.search(question):
        return DATED + formed
    return CLOCK + formed if len(_CLOCK.findall(question)) >= 2 else ""


def begun(question: str) -> str:
    """How a program begins for a question that small weights begin wrongly, else "": of a year of
    which only its first weekday is told, one that fits is looked for."""
    told = _NO_YEAR.search(question)
    if not told or not _ASKS_WEEKDAY.search(question):
        return ""
    day = re.findall(WEEKDAY_NAME, told[0], re.I)[-1].title()
    return _FIRST_DAY.format(day=day) if day in _ENGLISH else ""


def word_problem(question: str) -> bool:
    """Whether it is a short story in several sentences, with numbers, that asks for something."""
    short = len(question) <= LONGEST_READ_TWICE
    numbers = len(_NUMBER.findall(question)) >= 2 and _ASKS.search(question)
    asks = bool(_QUANTITY.search(question) or numbers)
    return short and asks and bool(_SENTENCES.search(question.strip()))
