"""Numerals that count, name or point at something, and so claim nothing.

The numbers of lists, steps and figures, names ("Windows 11"), footnotes, subscripts, telephone
numbers: a verdict on them would only be noise.
"""

import re
from collections.abc import Iterator

from pellucid.agent.reading.prose import Span, word_set

_ALWAYS = word_set(
    """
    step phase figure fig section chapter example case part option question method approach note
    problem equation eq eqn table python version appendix line theorem lemma corollary
    proposition definition remark exercise footnote volume vol art article port room flight route
    highway windows iphone ipad java ubuntu debian node macos ios android boeing airbus iso iec
    rfc pep ieee din usb tls angular vue react django bluetooth xbox playstation cuda formula
    chapitre figura figure paso schritt étape abschnitt kapitel abbildung tabelle
    """
)
_AT_THE_HEAD = word_set(
    """
    day week month year quarter round level stage page row column item rule tip reason point
    task lesson unit group player team person box test trial scenario plan idea tag woche jour día
    """
)
"""Words that are as often an amount's ("on day 5 he has 32"): labels only at the head."""

NUMBERED = re.compile(r"(?<!\w)([^\W\d_]{2,20})\.?[ \u00a0]#?\(?\d+(?:\.\d+)*(?: of \d+)?")
MORE = re.compile(r"(?: ?[-–] ?|,? and |, | or | to )\d+")
_HEAD = "|".join(sorted(_AT_THE_HEAD))
LABELS = (
    re.compile(
        rf"(?:^[ \t>*_#|+-]*|\*\*)(?:{_HEAD})[ \u00a0]\d{{1,3}}(?=[*_]*(?:[:)]|[ ]*[-–—|]|[ ]*$))",
        re.I | re.M,
    ),
    re.compile(r"^#{1,6}[ \t]+\d+(?:\.\d+)+\.?(?=[ \t])", re.M),  # ## 2.1 Title
    re.compile(r"§+[ \u00a0]?\d+|\bArt\.[ \u00a0]?\d+"),
    re.compile(r"(?<![\w&])#[0-9A-Fa-f]{1,8}\b"),  # a colour, an issue, a rank
    re.compile(r"(?:(?<=[\w.,;!?)”\"])|(?<=[Ss]ee ))\[\d{1,3}(?:(?:, ?|[-–])\d{1,3})*\]|\[\^\d+\]"),
    re.compile(r"\d\ufe0f?\u20e3"),  # a keycap
    re.compile(r"<su[bp]>\d+</su[bp]>|(?<=[A-Za-z}])[_^](?:\d{1,3}|\{[-−]?\d{1,3}\})"),
    re.compile(r"\bISBN(?:-1[03])?:?[ \u00a0]?[\d-]{9,17}[\dXx]?"),
    re.compile(
        r"\([2-9]\d\d\)[ -]?\d{3}[-.]\d{4}|(?<![\d.-])[2-9]\d\d[-.]\d{3}[-.]\d{4}(?![\d.-])"
    ),
    re.compile(r"(?<![\w.)\]])(?<![\d)] )\+\d{1,3}(?:[ .\-/]\(?\d{1,5}\)?){2,6}(?!\d)"),
    re.compile(
        r"\b(?:call|phone|tel|telephone|fax|dial|hotline)\b[^.\n\d]{0,20}\d[\d ()/-]{4,}\d", re.I
    ),
    re.compile(r"\b(?:localhost|HTTP)[:/]\d+"),
    re.compile(r"(?<=available )24/7|(?<=open )24/7|\b24/7(?= (?:support|service|access))"),
)
COUNTED = re.compile(r"(?<![\w)])\((\d{1,2})\)(?= [A-Za-z*])")
CELL = re.compile(r"^[ \t]*\|[ *]*(\d{1,3})[ *]*\|", re.M)


def labels(text: str) -> Iterator[Span]:
    """Ranges of such numerals, with the words that name them."""
    for pattern in LABELS:
        for found in pattern.finditer(text):
            yield found.span()
    yield from _named(text)
    for counted in (COUNTED, CELL):
        yield from _in_order(counted, text)


def _named(text: str) -> Iterator[Span]:
    """Step 2, and Steps 2, 3 and 4."""
    for found in NUMBERED.finditer(text):
        word, end = found[1].lower(), found.end()
        if word.removesuffix("s") in _ALWAYS and word not in _ALWAYS:
            while more := MORE.match(text, end):
                end = more.end()
        elif word not in _ALWAYS:
            continue
        yield found.start(), end


def _in_order(pattern: re.Pattern[str], text: str) -> Iterator[Span]:
    """The numerals that count up from 1: (1), (2), (3)."""
    last = 0
    for found in pattern.finditer(text):
        if int(found[1]) in (1, last + 1):
            last = int(found[1])
            yield found.span(1)
