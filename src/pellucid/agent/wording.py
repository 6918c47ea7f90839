"""Results worded by rule, where a rule can: then no token is spent on wording them."""

import re
from decimal import Decimal

from pellucid.agent.reading.patterns import one_of
from pellucid.agent.timing import lasting

SENTENCE_WORDS = 4
"""A line of at least so many words is taken to be a sentence, or a list as it was asked for."""

_NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,20})?")
_AUXILIARY = (
    r"(?:are|is|was|were|do|does|did|will|would|can|could|has|have|had|must|should|may|might)"
)
_COUNTED = re.compile(rf"\bhow many ((?:[a-z'-]+ ){{1,4}}?){_AUXILIARY}\b", re.I)
_NUMBER_OF = re.compile(
    r"\bnumber of ((?:[a-z'-]+ ){0,3}?[a-z'-]+s)(?= (?:that|who|which|of|in|on|at|for|he|she|they"
    r"|per|left|each|made|sold|is|are)\b|[?.,]|$)"
)
_IN_UNIT = re.compile(
    r"\bin ((?:square |cubic )?(?:seconds|minutes|hours|days|weeks|months|years|miles|inches|feet"
    r"|yards|(?:kilo|centi|milli)?meters|(?:kilo|milli)?grams|pounds|ounces|tons|gallons"
    r"|(?:milli)?liters|cups|cents|degrees|points|calories))\b(?! per)"
)
_NO_NOUN = re.compile(
    rf"^of\b|\b(?:{_AUXILIARY}|i|you|he|she|it|we|they|the|a|an|his|her|their)\b", re.I
)
_HOW_MANY = re.compile(r"\bhow many\b", re.I)
_CURRENCY = re.compile(r"[$€£]")
_MONEY_WORDS = one_of(
    """money costs? pay paid earn\\w* spen[dt]\\w* profit price charged? owe worth bill revenue
    income salary change make makes made receive[sd]? get sell sold save saved savings raise[ds]?
    expenses? expenditure wages? allowance commission loss fees? fine tip budget pension
    pocket rent loan deposit discount donat\\w+ dollars? invest\\w*"""
)
_MONEY = re.compile(
    r"\b(?:how much|what(?: is|'s| was| will be)|calculate|find|determine|compute)\b"
    r"(?!.*\b(?:percent\w*|fraction|ratio|cents?|pence|times?|hours?|minutes?|weigh\w*|longer|older"
    r"|taller|farther|further|heavier)\b)"
    rf".*\b{_MONEY_WORDS}\b",
    re.I,
)
_AMOUNT_OF = re.compile(
    rf"\bhow much (?!more\b|less\b|money\b|{_AUXILIARY}\b|of\b|profit\b)\w", re.I
)
"""How much of a thing that is no money: water, time."""
_AGE = re.compile(
    r"\bhow old\b|\b(?:current|present|combined|average|total) ages?\b|'s age\b", re.I
)
_PERCENT = re.compile(r"\bwhat (?:percent\b|percentage\b|is the percentage\b)", re.I)
_DIMENSIONS = (
    (
        re.compile(r"\bhow (?:long|much (?:more )?time)\b", re.I),
        ("seconds", "minutes", "hours", "days", "weeks", "months", "years"),
    ),
    (
        re.compile(r"\bhow (?:far|tall|high|wide|deep)\b|\b(?:distance|height|length)\b", re.I),
        ("miles", "kilometers", "meters", "centimeters", "feet", "inches", "yards"),
    ),
    (
        re.compile(r"\bhow heavy\b|\b(?:total weight|weigh)\b", re.I),
        ("pounds", "kilograms", "grams", "ounces", "tons"),
    ),
)
"""Questions for a time, a length or a weight, and the units one may be in."""

_COUNTED_BY = ("days", "weeks", "months", "years")
"""Units that things are told by more often than measured in: 20 pages a day."""

_MORE_DIMENSIONS = re.compile(r"\b(?:square|cubic|area|volume|per|speed|rate|average)\b", re.I)
_ONE = {"feet": "foot", "inches": "inch"}
_SHORT = {"kilometers": "km", "centimeters": "cm", "kilograms": "kg"}
_ASKS = re.compile(r"\?$|\b(?:calculate|compute|find|determine|how (?:many|much|old))\b", re.I)
_YES_OR_NO = re.compile(r"\byes ?(?:or|/) ?no\b", re.I)
_TRUTH = {"true": "Yes.", "yes": "Yes.", "false": "No.", "no": "No."}
_BARE_NUMBER = re.compile(
    r"\b(?:as|with|only|just) (?:a|an|the) (?:\w+ )?(?:number|integer)\b", re.I
)
"""What asks for a number and nothing else."""

_NOISE = Decimal("1e-9")
"""What floating point leaves of a number with few decimals."""


def sentence(question: str, output: str) -> str:
    """The answer to a question for yes or no, a number, a count, an age or a sum of money; ""
    where no rule is sure.

    Only for a result with at most two decimals (of money, rounded to them), with the unit the
    question asks for; what a "how many" counts may stay unsaid.
    """
    text = output.strip()
    if _YES_OR_NO.search(question) and text.casefold() in _TRUTH:
        return _TRUTH[text.casefold()]
    if length := lasting(question, text):
        return length
    if _NUMBER.fullmatch(text) and _BARE_NUMBER.search(question):
        return f"The answer is {text}."
    asked = re.split(r"(?<=[.!?])\s+", question.strip())[-1]
    if not _ASKS.search(asked) or not _NUMBER.fullmatch(text):
        return ""
    exact = Decimal(text)
    value = round(exact, 2)
    shown_exactly = abs(exact - value) <= _NOISE * max(Decimal(1), abs(value))
    if money := _money(question, asked, value):
        return f"The answer is {'' if shown_exactly else 'about '}{money}."
    if not shown_exactly:
        return ""
    number = f"{value:f}".rstrip("0").rstrip(".")
    if _PERCENT.search(asked):  # 0.25 may be a quarter
        return f"The answer is {number}%." if value > 1 else ""
    noun = "" if value == 1 else _noun(asked) or _unit(question, asked)
    if not noun and _AGE.search(asked):
        noun = "year" if value == 1 else "years"
    if noun or _HOW_MANY.search(asked):
        return f"The answer is {number} {noun}".strip() + "."
    return ""


def _money(question: str, asked: str, value: Decimal) -> str:
    """The value as an amount in the one currency of a question that asks for money."""
    signs = set(_CURRENCY.findall(question))
    if len(signs) != 1 or value < 0 or _AMOUNT_OF.search(asked) or not _MONEY.search(asked):
        return ""
    return f"{signs.pop()}{value:f}".removesuffix(".00")


def _noun(asked: str) -> str:
    """What is counted or measured, as the question calls it; "" where no rule is sure."""
    for pattern in (_COUNTED, _IN_UNIT, _NUMBER_OF):
        named = [noun for noun in pattern.findall(asked) if noun and not _NO_NOUN.search(noun)]
        if named:
            return str(named[-1]).strip()
    return ""


def _unit(question: str, asked: str) -> str:
    """The unit of a time, a length or a weight when the question names only one that fits."""
    if _MORE_DIMENSIONS.search(asked):
        return ""
    for cue, units in _DIMENSIONS:
        named = [unit for unit in units if _names(unit, question)]
        if cue.search(asked) and len(named) == 1 and named[0] not in _COUNTED_BY:
            return named[0]
    return ""


def _names(unit: str, question: str) -> bool:
    words = "|".join((unit, _ONE.get(unit, unit[:-1]), _SHORT.get(unit, unit)))
    return bool(re.search(rf"(?:\b|\d)(?:{words})\b", question, re.I))


def worded(question: str, output: str) -> str:
    """A program's output as an answer, by rule alone."""
    text = output.strip()
    if "\n" in text or whole_answer(text):
        return text
    return sentence(question, text) or f"The answer is {text}."


def whole_answer(output: str) -> bool:
    """Whether an output of one line can stand as the answer: a sentence, or a list of words."""
    words = re.findall(r"[^\s,]+", output)
    return len(words) >= SENTENCE_WORDS and "\n" not in output.strip()
