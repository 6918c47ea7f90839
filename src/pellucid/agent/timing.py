"""Lengths of time in the form that a question asks for: "Answer in D days, HH:MM"."""

import re
from datetime import timedelta

_FORM = re.compile(
    r"\b(?:in|as) (?P<days>D days)?(?:, |\b)(?P<clock>HH:MM(?P<s>:SS(?P<ms>\.mmm)?)?)?"
)
_DELTA = re.compile(
    r"(?:(?P<days>\d+) days?(?:, )?)?"
    r"(?:(?P<h>\d{1,2}):(?P<m>\d\d):(?P<s>\d\d)(?:\.(?P<us>\d{6}))?)?"
)


def form_asked(question: str) -> re.Match[str] | None:
    """The form that a question asks a length of time in, if it names one."""
    found = _FORM.search(question)
    return found if found and (found["days"] or found["clock"]) else None


def lasting(question: str, output: str) -> str:
    """A timedelta as Python prints it, as an answer in the form asked for; "" without either.

    What the form has no place for is cut, as clocks do, and then told beside it.
    """
    form, told = form_asked(question), _DELTA.fullmatch(output.strip())
    if not form or not told or not told[0]:
        return ""
    length = _length(told)
    text, left = _formed(length, form)
    return f"It is exactly {output.strip()}, so {text}." if left else f"The answer is {text}."


def _length(told: re.Match[str]) -> timedelta:
    """What a printed timedelta is worth."""
    days, hours, minutes, seconds, micro = (int(part or 0) for part in told.groups())
    return timedelta(days, seconds, micro, minutes=minutes, hours=hours)


def _formed(length: timedelta, form: re.Match[str]) -> tuple[str, timedelta]:
    """A length in a form, and what that leaves out."""
    parts, left = [], length
    if form["days"]:
        parts.append(f"{left.days} days")
        left -= timedelta(left.days)
    if form["clock"]:
        clock, left = _clock(left, form)
        parts.append(clock)
    return ", ".join(parts), left


def _clock(length: timedelta, form: re.Match[str]) -> tuple[str, timedelta]:
    """Hours and minutes, with seconds and thousandths where the form has them."""
    unit = timedelta(milliseconds=1) if form["ms"] else timedelta(seconds=1 if form["s"] else 60)
    count, left = divmod(length, unit)
    minutes = count // (60_000 if form["ms"] else 60 if form["s"] else 1)
    text = f"{minutes // 60:02d}:{minutes % 60:02d}"
    if form["s"]:
        text += f":{count // (1000 if form['ms'] else 1) % 60:02d}"
    return text + (f".{count % 1000:03d}" if form["ms"] else ""), left
