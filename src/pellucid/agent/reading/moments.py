"""Dates, times of day and durations in a text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from pellucid.agent.reading.prose import blanked

DIGIT = re.compile(r"\d")
MonthNames = "january february march april may june july august september october november december"
MONTHS = {name[:length]: at for at, name in enumerate(MonthNames.split(), start=1)
          for length in (3, len(name))} | {"sept": 9}  # fmt: skip
_MONTH = "(?P<month>" + "|".join(
    f"{name[:3].title()}(?:{name[3:]})?" if name != "september" else "Sept?(?:ember)?"
    for name in MonthNames.split()
) + r")\.?"  # fmt: skip
DATES = (
    re.compile(r"(?<![\w-])(?P<year>\d{4})-(?P<number>\d{1,2})-(?P<day>\d{1,2})(?!\d|-\d)"),
    re.compile(rf"(?<![\w.])(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[ \u00a0](?:of )?{_MONTH}\b"
               r"(?:,? (?P<year>\d{4})(?!\d))?"),
    re.compile(rf"\b{_MONTH}[ \u00a0](?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?![\d:])"
               r"(?:,? (?P<year>\d{4})(?!\d))?"),
    re.compile(r"(?<![\w/])(?P<number>\d{1,2})/(?P<day>\d{1,2})/(?P<year>\d{4})(?![\w/])"),
    re.compile(r"(?<![\w/.])(?P<day>\d{1,2})(?P<dot>[/.])(?P<number>\d{1,2})(?P=dot)(?P<year>\d{4})"
               r"(?![\w/])"),
)  # fmt: skip
TIMEDELTA = re.compile(
    r"(?<![\w.])(?P<days>[-−]?\d{1,6}) days?,? (?P<h>\d{1,2}):(?P<m>\d\d):(?P<s>\d\d(?:\.\d+)?)"
)
CLOCK = re.compile(
    r"(?:(?<![\w:.,])|(?<=[\d\ufffc]T))"
    r"(?P<h>\d{1,4}):(?P<m>[0-5]\d)(?::(?P<s>[0-5]\d(?:\.\d{1,9})?))?(?!(?!Z\b)[\w:]|\.\d)"
    r"(?P<half> ?[apAP]\.?[mM]\b\.?)?"
)
HOUR = re.compile(
    r"(?<![\w:.,])(?P<h>1[0-2]|0?[1-9])(?P<half> ?(?:[ap]m|[ap]\.m\.|[AP]M|[AP]\.M\.))(?!\w)"
)
_NEXT = r"(?:,? (?:and )?| ?)"
DURATION = re.compile(
    r"(?<![\w:.,])(?:(?P<d>\d{1,6})[ \u00a0-]?(?:days?|d)\b)?"
    rf"(?:(?(d){_NEXT})(?P<h>\d{{1,6}})[ \u00a0-]?(?:hours?|hrs?|h))?"
    rf"(?:(?(d){_NEXT}|(?(h){_NEXT}))(?P<m>\d{{1,6}})[ \u00a0-]?(?:minutes?|mins?|m))?"
    rf"(?:(?(h){_NEXT}|(?(m){_NEXT}|(?!)))(?P<s>\d{{1,6}}(?:\.\d{{1,9}})?)[ \u00a0-]?"
    r"(?:seconds?|secs?|s))?(?![A-Za-z\d])"
)


@dataclass(frozen=True, slots=True)
class Moment:
    """A date, a time or a duration: seconds, or the day's ordinal, and its plain parts."""

    start: int
    end: int
    value: Fraction
    form: Literal["time", "duration", "date", "day"]
    parts: tuple[Fraction, ...]
    step: Fraction = Fraction(1)


def find(text: str) -> tuple[Moment, ...]:
    """All moments of a text in order; of two that overlap the first kind found stays."""
    if not DIGIT.search(text):  # none is written without
        return ()
    taken: list[Moment] = []
    for search in (_dates, _spans, _clocks):
        here = list(search(text))
        taken += here
        text = blanked(text, ((moment.start, moment.end) for moment in here), "\ufffc")
    end, apart = 0, []
    for moment in sorted(taken, key=lambda moment: (moment.start, -moment.end)):
        if moment.start >= end:
            apart.append(moment)
            end = moment.end
    return tuple(apart)


def clock(seconds: Fraction) -> str:
    """Seconds as "18:35:00", with decimals when there are any."""
    sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    tail = f"{float(rest % 1):.6f}"[1:].rstrip("0").rstrip(".")
    return f"{sign}{hours}:{minutes:02d}:{int(rest):02d}{tail}"


def iso(ordinal: int) -> str:
    """A day's ordinal as "2026-11-23"."""
    return date.fromordinal(ordinal).isoformat()


def month_day(ordinal: int) -> tuple[int, int]:
    """Month and day of a day's ordinal."""
    day = date.fromordinal(ordinal)
    return day.month, day.day


def _dates(text: str) -> Iterator[Moment]:
    for pattern in DATES:
        for found in pattern.finditer(text):
            moment = _date(found)
            if moment:
                yield moment


def _date(found: re.Match[str]) -> Moment | None:
    """A date, None when the calendar has no such day."""
    groups = found.groupdict()
    name = groups.get("month")
    month = MONTHS[name.lower()] if name else int(groups["number"])
    day, year = int(groups["day"]), int(groups["year"] or 2000)  # 2000: a leap year, for "29 Feb"
    try:
        ordinal = date(year, month, day).toordinal()
    except ValueError:
        return None
    if groups["year"] is None:
        value = Fraction(month * 100 + day)
        return Moment(found.start(), found.end(), value, "day", (Fraction(day),))
    parts = (Fraction(year), Fraction(month), Fraction(day))
    return Moment(found.start(), found.end(), Fraction(ordinal), "date", parts)


def _spans(text: str) -> Iterator[Moment]:
    """ "1 day, 2:03:04" as Python prints it, and "18 hours 35 minutes"; two parts at least."""
    for found in TIMEDELTA.finditer(text):
        days, hours, minutes = (int(found[name].replace("−", "-")) for name in ["days", "h", "m"])
        second = Fraction(found["s"])
        value = days * 86400 + hours * 3600 + minutes * 60 + second
        numbers = (Fraction(days), Fraction(hours), Fraction(minutes), second)
        yield Moment(found.start(), found.end(), value, "duration", numbers)
    for found in DURATION.finditer(text):
        parts = {name: Fraction(found[name]) for name in "dhms" if found[name]}
        if len(parts) >= 2:
            worth = {"d": 86400, "h": 3600, "m": 60, "s": 1}
            value = sum((part * worth[name] for name, part in parts.items()), Fraction(0))
            step = Fraction(worth[list(parts)[-1]])
            yield Moment(found.start(), found.end(), value, "duration", tuple(parts.values()), step)


def _clocks(text: str) -> Iterator[Moment]:
    for pattern in (CLOCK, HOUR):
        for found in pattern.finditer(text):
            groups = found.groupdict()
            hours, minutes = int(groups["h"]), int(groups.get("m") or 0)
            second = Fraction(groups.get("s") or 0)
            half = (groups["half"] or "").strip().lower()
            parts = [Fraction(hours)]
            parts += [Fraction(minutes)] if groups.get("m") else []
            parts += [second] if groups.get("s") else []
            if half and hours <= 12:
                hours = hours % 12 + (12 if half.startswith("p") else 0)
            value = Fraction(hours * 3600 + minutes * 60) + second
            step = Fraction(1 if groups.get("s") else 60)
            yield Moment(found.start(), found.end(), value, "time", tuple(parts), step)
