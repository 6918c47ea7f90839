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
_NO_NOUN = re.compile(
    rf"^of\b|\b(?:{_AUXILIARY}|i|you|he|she|it|we|they|the|a|an|his|her|their)\b", re.I
)
_MONEY = re.compile(
    r"\bhow much\b(?!.*\b(?:percent|fraction|cents?|pence|euros?|times?|hours?|minutes?|weigh\w*"
    r"|longer|older|taller)\b)"
    r".*\b(?:money|costs?|pay|paid|earn\w*|spen[dt]\w*|profit|price|charged?|owe|worth|bill"
    r"|revenue|income|salary|change)\b",
    re.I,
)


def sentence(question: str, output: str) -> str:
    """The answer to a "how many" or "how much money" question; "" where no rule is sure.

    Only for a result with at most two decimals, with the unit the question asks for.
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
    counted = _COUNTED.findall(asked)
    if not counted or _NO_NOUN.search(counted[-1]) or value == 1:
        return ""
    return f"The answer is {number} {counted[-1].strip()}."


def worded(question: str, output: str) -> str:
    """A program's output as an answer, by rule alone."""
    text = output.strip()
    if "\n" in text or len(text.split()) >= SENTENCE_WORDS:
        return text
    return sentence(question, text) or f"The answer is {text}."
