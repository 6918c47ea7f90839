"""MATH-500, graded by the `math-verify` package (Hugging Face): symbolic equality."""

import re

from pellucid.core.errors import BadRequest
from pellucid.evals.reading import last_number
from pellucid.evals.scoring import graded
from pellucid.evals.task import Answer, Grade, Question

_MARKED = re.compile(r"\\boxed|\$|\\\(|\\\[")
_TOUCHED = "^_*/\\√()[]{}+-=<>"
SECONDS = 60
"""How long reading or comparing may take: an alarm of the package, so it is long enough for a
busy machine."""


def equal(question: Question, answer: Answer) -> Grade:
    """Whether the answer's formula equals the expected one, as math-verify judges.

    BadRequest when the package is missing.
    """
    try:
        from math_verify import parse, verify
    except ImportError:
        raise missing("math500", "math-verify") from None
    got = formula(answer)
    wanted = parse(f"\\boxed{{{question.expected}}}", parsing_timeout=SECONDS)
    read = parse(got, parsing_timeout=SECONDS)
    right = bool(read) and bool(verify(wanted, read, timeout_seconds=SECONDS))
    return graded(str(read[-1]) if read else "", right, question.expected)


def formula(answer: Answer) -> str:
    """What is given to math-verify: a number with the verdict "computed" that stands alone,
    where the answer marks nothing as mathematics; else the whole answer."""
    text = answer.text
    if not _MARKED.search(text):
        for claim in reversed(answer.claims):
            if claim.kind == "number" and claim.verdict == "computed":
                around = text[: claim.start].rstrip()[-1:] + text[claim.end :].lstrip()[:1]
                alone = not any(sign in _TOUCHED for sign in around)
                return last_number(claim.text) if alone else text
    return text


def missing(task: str, package: str) -> BadRequest:
    """The error of a grader whose package is not installed."""
    return BadRequest(
        f"{task} is graded by {package}, which is missing: pip install 'pellucid[eval]'"
    )
