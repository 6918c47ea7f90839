"""What the pages of a turn say of a question: the passages most about it, by their words.

Passages are read with what stands above them (`core.above`), and begin with the name of what they
describe where they can. They are ranked by the words of the question that they have, rare ones
before common ones (Spärck Jones 1972), each once: manuals repeat a name in every sentence. Words
that ask for a default, a limit or a size stand for those that manuals have for them, and who asks
for a number is shown passages with numbers first.
"""

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pellucid.core.above import COLUMNS, above, heading
from pellucid.core.browsing import document
from pellucid.core.pages import Page
from pellucid.tools.reader.index import beginning, words
from pellucid.tools.reader.passages import PAGE, Passage, lists_pages, passages

LONGEST = 500
"""Characters of a passage, about."""

ABOVE, MEANT, SUBJECT = 0.6, 0.4, 1.4
"""What a word counts that stands above a passage, one that the question only means, and one in the
name of what a passage or a row of it describes."""

LONGEST_NAME = 6
"""Words of a line that may be the name of what is below it."""

WITH_NUMBER = 1.25
"""What a number counts where one is asked for."""

TOLD = 0.4
"""What a word counts that a passage chosen before has: the next one should say something else."""

LEAST = 0.3
"""Share of what the question's words count that one passage must have, and others half of: of a
comparison a passage may have but one side."""

LATER = 0.97
"""What each page counts beside the one before it."""

_NOT = r"(?:not|n't|nothing|nobody|never|without|un)"
_MEANT: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(asked, re.IGNORECASE), said)
    for asked, said in (
        (
            r"\bby itself\b|\bout of the box\b|\b(?:leave|left|let)\b.{0,40}\balone\b|\bunless\b"
            rf"|{_NOT}.{{0,20}}\b(?:set|configur|chang|specif|pick|chose|choos|giv|say|said|told"
            r"|touch|adjust)\w*|\bnormally\b|\busually\b|\bunconfigured\b|\bstandard\b",
            "default",
        ),
        (
            r"\bat most\b|\bup to\b|\bmaxim|\blimit|\blargest\b|\blongest\b|\bhighest\b"
            r"|\bhow (?:many|large|long|big|much)\b.{0,40}\b(?:may|can|could)\b",
            "maximum limit most limited range",
        ),
        (r"\bat least\b|\bminim|\bsmallest\b|\blowest\b|\bshortest\b", "minimum least range"),
        (r"\bhow (?:large|big)\b|\bhow much (?:space|room|storage|memory)\b", "size bytes"),
        (r"\bhow often\b", "interval every seconds minutes"),
        (r"\bhow long\b", "time seconds milliseconds length"),
    )
)
_UNTOLD = (
    re.compile(
        r"\b(?:unless|if|when|without|as long as)\b[^,?]{0,40}?\b(?:not|n't|nothing|nobody|never"
        r"|without|unless|alone)\b[^,?]{0,30}"
        r"|\bunless (?:told|said|set|specified|configured|asked|stated)(?: otherwise)?"
        r"|\bout of the box\b|\bby itself\b",
        re.IGNORECASE,
    ),
)
"""What only says that nothing was set: no manual has these words."""

_NUMBERED = re.compile(
    r"\bhow (?:many|much|large|big|long|often|far|high|wide|old|fast)\b"
    r"|\b(?:what|which) (?:number|size|port|length|share|percentage|year|height|width|age)\b"
    r"|\b(?:maximum|minimum|largest|smallest|longest) (?:number|size|length|value)\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"\d|\b(?:zero|one|two|three|four|five|six|seven|eight|nine|ten|twelve|third|half)\b", re.I
)
_WORD = re.compile(r"[^\W_]+")


def most_about(pages: Sequence[Page], question: str, characters: int) -> list[Passage]:
    """The passages of some pages that are most about a question, best first, of so many characters
    in all; at least one, if any has a word of it."""
    there = [
        (number, one, _stems(one.text), _stems(f"{page.title} {above(page.text, one.place)}"))
        for number, page in enumerate(pages)
        for one in _passages(page)
        if not lists_pages(one)
    ]
    had = Counter(word for _, _, text, over in there for word in text | over)
    weights = {
        word: share * math.log(1 + len(there) / (had[word] or 0.5))
        for word, share in _asked(question).items()
    }
    counts = asks_number(question)
    read = [
        _Read(one, text, over, _subjects(one.text), LATER**number * _favour(counts, one.text))
        for number, one, text, over in there
    ]
    least = LEAST * sum(weight for word, weight in weights.items() if word not in _meant(question))
    if not read or max(one.has(weights) for one in read) < least:
        return []
    about = [one for one in read if one.has(weights) >= least / 2]
    return list(_fitting(about, weights, characters))


@dataclass(frozen=True, slots=True)
class _Read:
    """A passage, the beginnings of its words, of those above it and of those it describes, and what
    it counts beside others with the same words."""

    passage: Passage
    text: set[str]
    over: set[str]
    subjects: set[str]
    favour: float

    def has(self, weights: Mapping[str, float]) -> float:
        """What the words that it has count together."""
        text = sum(weight for word, weight in weights.items() if word in self.text)
        over = sum(weights[word] for word in weights.keys() & (self.over - self.text))
        return text + ABOVE * over

    def counts(self, weights: Mapping[str, float]) -> float:
        """The same, with more for what it describes, beside others."""
        named = sum(weights[word] for word in weights.keys() & self.subjects)
        return (self.has(weights) + (SUBJECT - 1) * named) * self.favour


def _subjects(text: str) -> set[str]:
    """What a passage describes: its first line, if that is a name, and the first cells of rows."""
    first, *others = lines = text.splitlines()
    cells = [line.partition(COLUMNS)[0] for line in lines if COLUMNS in line]
    name = (
        [first] if others and not first.endswith(".") and len(first.split()) <= LONGEST_NAME else []
    )
    return _stems(" ".join([*name, *cells]))


def _favour(counts: bool, text: str) -> float:
    return WITH_NUMBER if counts and _NUMBER.search(text) else 1.0


def _fitting(left: list[_Read], weights: dict[str, float], characters: int) -> Iterator[Passage]:
    """The best first; words that were told count less for the next."""
    first = True
    while left:
        best = max(left, key=lambda one: one.counts(weights))
        characters -= len(best.passage.text)
        if characters < 0 and not first:
            return
        yield best.passage
        first = False
        left = [one for one in left if one is not best]
        told = weights.keys() & (best.text | best.over)
        weights = weights | {word: weights[word] * TOLD for word in told}


def asks_number(question: str) -> bool:
    """Whether what is asked for is a number, mostly."""
    return _NUMBERED.search(question) is not None


def _asked(question: str) -> dict[str, float]:
    """The words that are looked for, by their beginnings, and what each counts."""
    plain = question
    for sign in _UNTOLD:
        plain = sign.sub(" ", plain)
    named = {part for word in words(plain) for part in _stems(word)}
    return _meant(question) | dict.fromkeys(named, 1.0)


def _meant(question: str) -> dict[str, float]:
    """The words that a question only means."""
    said = " ".join(said for sign, said in _MEANT if sign.search(question))
    return dict.fromkeys(_stems(said), MEANT)


def _stems(text: str) -> set[str]:
    return {beginning(word) for word in _WORD.findall(text.casefold())}


def _passages(page: Page) -> Iterator[Passage]:
    """The passages of a page; of one with several parts, as the reader has them."""
    if PAGE in page.text:
        yield from passages(document(page))
        return
    lines = page.text.splitlines()
    group = list[int]()
    for number, line in enumerate(lines):
        size = sum(len(lines[one]) for one in group)
        full = size + len(line) > LONGEST
        if group and (heading(lines, number) or full):
            yield _passage(page, lines, group)
            row = COLUMNS in line or heading(lines, group[-1]) or not lines[number - 1].strip()
            group = group[-1:] if full and not row and not heading(lines, number) else []
        if line.strip():
            group.append(number)
    if group:
        yield _passage(page, lines, group)


def _passage(page: Page, lines: Sequence[str], group: Sequence[int]) -> Passage:
    text = "\n".join(lines[one].strip() for one in group)
    return Passage(page.url, f"lines {group[0] + 1}-{group[-1] + 1}", text)
