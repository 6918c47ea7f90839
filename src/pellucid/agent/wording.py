"""Results worded by rule, where a rule can: then no token is spent on wording them."""

import re
from decimal import Decimal

SENTENCE_WORDS = 4
"""A line of at least so many words is taken to be a sentence."""

_RESULT = re.compile(r"-?\d{1,15}(?:\.\d{1,2}|\.\d0+)?")
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
_MONEY = re.compile(
    r"\b(?:how much|what(?: is|'s| was| will be))\b(?!.*\b(?:percent|fraction|cents?|pence|euros?"
    r"|times?|hours?|minutes?|weigh\w*|longer|older|taller)\b)"
    r".*\b(?:money|costs?|pay|paid|earn\w*|spen[dt]\w*|profit|price|charged?|owe|worth|bill"
    r"|revenue|income|salary|change)\b",
    re.I,
)


def sentence(question: str, output: str) -> str:
    """The answer to a question for a count or a sum of money; "" where no rule is sure.

    Only for a result with at most two decimals, with the unit the question asks for; what a
    "how many" counts may stay unsaid.
    """
    result = output.strip()
    asked = re.split(r"(?<=[.!?])\s+", question.strip())[-1]
    if not _RESULT.fullmatch(result) or not asked.endswith("?"):
        return ""
    value = Decimal(result)
    number = f"{value:f}".rstrip("0").rstrip(".") if "." in result else result
    if "$" in question and _MONEY.search(asked) and value >= 0:
        amount = number if "." not in number else f"{value:.2f}"
        return f"The answer is ${amount}."
    noun = _noun(asked) if value != 1 else ""
    if noun or _HOW_MANY.search(asked):
        return f"The answer is {number} {noun}".strip() + "."
    return ""


def _noun(asked: str) -> str:
    """What is counted or measured, as the question calls it; "" where no rule is sure."""
    for pattern in (_COUNTED, _IN_UNIT, _NUMBER_OF):
        named = [noun for noun in pattern.findall(asked) if noun and not _NO_NOUN.search(noun)]
        if named:
            return str(named[-1]).strip()
    return ""


def worded(question: str, output: str) -> str:
    """A program's output as an answer, by rule alone."""
    text = output.strip()
    if "\n" in text or len(text.split()) >= SENTENCE_WORDS:
        return text
    return sentence(question, text) or f"The answer is {text}."
