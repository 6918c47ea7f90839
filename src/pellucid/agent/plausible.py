"""Doubts about a result that need no model: can this be an answer to that question?

A doubt costs a second program, so a rule stays only while the results it doubts are
wrong far more often than the others (figures in LOG.md).
"""

import re

_NUMBER = re.compile(r"-?\d[\d,]*(?:\.\d+)?(?:e[+-]?\d+)?", re.I)
_QUANTITY = re.compile(r"\bhow (?:many|much|long|old|far|tall|fast)\b", re.I)
_UNIT = (
    r"(?:hours?|minutes?|seconds?|days?|weeks?|months?|years?|miles?|kilomet\w+|met(?:er|re)s?"
    r"|feet|inch\w*|yards?|pounds?|kilograms?|grams?|ounces?|gallons?|lit(?:er|re)s?|cups?"
    r"|dollars?|cents?|percent|tons?|points?|calories|square|cubic)"
)
_COUNT = re.compile(rf"\bhow many (?!(?:more |fewer |less )?(?:\w+ )?{_UNIT})", re.I)


def doubt(question: str, output: str) -> str:
    """Why the output may not answer the question; "" when nothing speaks against it."""
    numbers = _NUMBER.findall(output)
    if not _QUANTITY.search(question):
        return ""
    if not numbers:
        return "no number came out"
    result = numbers[-1].replace(",", "")
    if re.search(r"\b(?:nan|inf|None|Traceback)\b", output):
        return "the output is no number"
    if result.startswith("-") or re.search(r"-\d+ days?,", output):
        return "a quantity is negative"
    if _COUNT.search(question) and not float(result).is_integer():
        return "a count is not whole"
    return ""
