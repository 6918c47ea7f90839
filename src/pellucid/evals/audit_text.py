"""An answer as the audit reads it: plain prose in sentences, code and quoted words apart."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

FENCE = re.compile(
    r"^[ \t]*(?P<mark>`{3,}|~{3,})[ \t]*(?P<language>[\w+#.-]*)[^\n]*\n(?P<body>.*?)"
    r"(?:^[ \t]*(?P=mark)`*[ \t]*$|\Z)",
    re.MULTILINE | re.DOTALL,
)
QUOTED = re.compile(r"\"[^\"\n]{2,400}\"|“[^”\n]{2,400}”|«[^»\n]{2,400}»|^[ \t]*>.*$", re.MULTILINE)
LETTER = re.compile(
    r"^[*_ \t]*(?:subject:|dear\b|(?:hi|hello|hey)[ \t]+[\w\[\] ]{1,30},[ \t]*$).*?(?=^---|\Z)",
    re.IGNORECASE | re.MULTILINE | re.DOTALL,
)
END = re.compile(r"[.!?…]+[\"'”’)*_\]]*(?=\s|$)|\n+")
WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|\d[\d.,]*|[^\w\s]")
ADDRESS = re.compile(r"https?://\S+|www\.\S+|\b[\w-]+\.(?:com|org|net|de|io)\b\S*")
PROGRAM_NAME = re.compile(r"\b[\w/-]+\.(?:py|js|ts|sh|c|cpp|rs|go|java|rb|sql|ipynb)\b")
FILE_NAME = re.compile(
    r"\b[\w/-]+\.(?:txt|csv|tsv|md|pdf|json|ya?ml|xlsx?|docx?|html|log|png|jpe?g)\b"
)
SHORT = {
    "n't": ("not",),
    "'ve": ("have",),
    "'m": ("am",),
    "'re": ("are",),
    "'ll": ("will",),
    "'d": ("would",),
    "'s": ("is",),
}


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: its language in lower case, its text, and the line of prose before it."""

    language: str
    body: str
    before: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as written and as words: lower case, contractions written out."""

    text: str
    words: tuple[str, ...]

    @property
    def asks(self) -> bool:
        """Whether it is a question."""
        return self.text.rstrip("\"'”’)*_ ").endswith("?")


def blocks(answer: str) -> tuple[Block, ...]:
    """The fenced blocks of an answer, in order."""
    return tuple(
        Block(found["language"].lower(), found["body"], _line_before(answer, found.start()))
        for found in FENCE.finditer(answer)
    )


def _line_before(answer: str, at: int) -> str:
    lines = [line for line in answer[:at].splitlines() if line.strip()]
    return lines[-1].strip() if lines else ""


def prose(answer: str) -> str:
    """The answer with fenced blocks blanked; every character keeps its place."""
    return FENCE.sub(_blank, answer)


def own_words(answer: str) -> str:
    """The answer without blocks, quotations and the letters it drafts, whose "I" is another."""
    return LETTER.sub(_blank, QUOTED.sub(_blank, prose(answer)))


def _blank(found: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", found.group())


def sentences(text: str) -> Iterator[Sentence]:
    """The sentences of a text; a line break ends one too."""
    at = 0
    for end in [*(found.end() for found in END.finditer(text)), len(text)]:
        piece = text[at:end].strip()
        if words := tuple(spelled(piece)):
            yield Sentence(piece, words)
        at = end


def spelled(text: str) -> Iterator[str]:
    """The words and signs of a text in lower case, contractions written out.

    Addresses and names of files stand as "link", "script" and "file".
    """
    plain = text.lower().replace("’", "'").replace("`", " ")
    for pattern, word in ((ADDRESS, "link"), (PROGRAM_NAME, "script"), (FILE_NAME, "file")):
        plain = pattern.sub(word, plain)
    for found in WORD.finditer(plain):
        word = found.group().rstrip(".,") or found.group()
        if word in ("can't", "cannot"):
            yield from ("can", "not")
        elif word == "won't":
            yield from ("will", "not")
        elif word == "let's":
            yield from ("let", "us")
        else:
            tail = next((t for t in SHORT if word.endswith(t) and word != t), "")
            yield word.removesuffix(tail)
            yield from SHORT.get(tail, ())
