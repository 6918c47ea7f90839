"""The parts of a text: sentences, code blocks, inline code, links and list markers.

Everything here speaks in character ranges of the original text, and `blanked` keeps
the length, so that a position found in a blanked text is a position in the original.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

Span = tuple[int, int]

FENCE = re.compile(
    r"^(?P<indent>[ \t]*)(?P<mark>`{3,}|~{3,})(?P<language>[^\n`]*)\n"
    r"(?P<body>.*?)(?:^[ \t]*(?P=mark)`*[ \t]*$|\Z)",
    re.MULTILINE | re.DOTALL,
)
INLINE_CODE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
URL = re.compile(r"(?:https?|ftp)://[^\s<>\"'`\]\[(){}|\\^]+(?:\([^\s()<>]*\)[^\s<>\"'`()]*)?|"
                 r"\bwww\.[a-z0-9-]+\.[^\s<>\"'`\]\[(){}|\\^]+|"
                 r"(?<![\w.@/-])(?:[a-z0-9-]{1,63}\.){1,9}(?:com|org|net|edu|gov|io|dev|ai|app|co|info"
                 r"|de|fr|es|uk|eu|ch|at|it|nl|ca|au|jp|cn|us)/[^\s<>\"'`\]\[(){}|\\^]+",
                 re.IGNORECASE)  # fmt: skip
MARKER = re.compile(r"^[ \t>*#_-]*\(?(?P<number>\d{1,3})[.)](?=[*_]*[ \t]+\S)", re.MULTILINE)
ABBREVIATION = re.compile(r"(?:\b(?:e\.g|i\.e|etc|vs|cf|approx|Mr|Mrs|Ms|Dr|No|St|Fig)|\b[A-Z])\.$")
SENTENCE_END = re.compile(r"[.!?…]+[)\]\"'”’*_]*(?=\s|$)|\n[ \t]*(?=\n|[-*+>#|]|\d+[.)]\s)|\n\n+")

ENUMERATION = re.compile(r",\s*(?:and\s+)?|\s+and\s+")
QUOTED = re.compile(
    r"\"[^\"\n]{3,300}\"|“[^”\n]{3,300}”|«[^»\n]{3,300}»"
    r"|(?<!\w)['‘](?=\S)(?:[^'’\n]|(?<=\w)['’](?=\w)){3,300}(?<=\S)['’](?!\w)"
)


@dataclass(frozen=True, slots=True)
class Fence:
    """A fenced code block: its whole range, its language in lower case, and its code."""

    start: int
    end: int
    language: str
    code: str
    language_at: Span


def enumerated(text: str) -> tuple[str, ...]:
    """The things of a list in words: "a, b and c"."""
    return tuple(ENUMERATION.split(text))


def word_set(words: str) -> frozenset[str]:
    """The words of a text, for looking up."""
    return frozenset(words.split())


def fences(text: str) -> tuple[Fence, ...]:
    """The fenced code blocks; one that is never closed reaches to the end of the text."""
    return tuple(
        Fence(
            found.start(),
            found.end(),
            found["language"].strip().split(" ")[0].lower(),
            found["body"],
            found.span("language"),
        )
        for found in FENCE.finditer(text)
    )


def blanked(text: str, spans: Iterable[Span], filler: str = " ") -> str:
    """The same text with a filler in the given ranges; line breaks stay."""
    pieces, at, ordered = [], 0, sorted(spans)
    if not ordered:
        return text
    for start, end in ordered:
        if end <= at:
            continue
        start = max(start, at)
        pieces += [text[at:start], re.sub(r"[^\n]", filler, text[start:end])]
        at = end
    return "".join([*pieces, text[at:]])


def without_code(text: str) -> str:
    """The text with fenced blocks blanked, inline code kept."""
    return blanked(text, ((fence.start, fence.end) for fence in fences(text)))


def quoted(text: str) -> tuple[Span, ...]:
    """Ranges of the words in quotation marks, single ones too, apostrophes aside."""
    return tuple(found.span() for found in QUOTED.finditer(text))


def urls(text: str) -> tuple[Span, ...]:
    """Ranges of the addresses in a text, without the punctuation that follows them."""
    if "/" not in text and "www." not in text.lower():  # no address is written without
        return ()
    spans = []
    for found in URL.finditer(text):
        end = found.start() + len(found.group().rstrip(".,;:!?*_"))
        spans.append((found.start(), end))
    return tuple(spans)


def markers(text: str) -> tuple[Span, ...]:
    """Ranges of the numbers of numbered lists: 1, and those that follow one another.

    "42. That is all." at the start of a line is not one: no 41 precedes it, no 43 follows.
    """
    found = list(MARKER.finditer(text))
    numbers = [int(marker["number"]) for marker in found]
    spans, last = [], 0
    for marker, number, following in zip(found, numbers, [*numbers[1:], 0], strict=False):
        if number in (1, last + 1) or following == number + 1:
            spans.append(marker.span("number"))
            last = number
    return tuple(spans)


def sentences(text: str) -> tuple[Span, ...]:
    """Ranges of the sentences, without the white space around them.

    A blank line, a list item and a code block end a sentence too. Points inside
    numbers and after common abbreviations do not.
    """
    spans: list[Span] = []
    flat = without_code(text)  # a blanked block is a blank line
    at = 0
    for found in SENTENCE_END.finditer(flat):
        if ABBREVIATION.search(flat, at, found.end()) and not flat[found.end() :].startswith("\n"):
            continue
        _add(spans, flat, at, found.end())
        at = found.end()
    _add(spans, flat, at, len(flat))
    return tuple(spans)


def _add(spans: list[Span], text: str, start: int, end: int) -> None:
    """Append a range, trimmed, when anything is in it."""
    piece = text[start:end]
    trimmed = piece.strip()
    if trimmed:
        start += len(piece) - len(piece.lstrip())
        spans.append((start, start + len(trimmed)))


def sentence_at(spans: tuple[Span, ...], position: int) -> Span:
    """The sentence that holds a position; an empty range there when none does."""
    at = bisect_right(spans, position, key=lambda span: span[0]) - 1
    if at >= 0 and position < spans[at][1]:
        return spans[at]
    return position, position
