"""The sentences of each part of a document that are most worth telling.

A sentence is worth telling if it has the words that its part is about (centroid-based
summarization, MEAD, Radev et al. 2004), and those that the question asks about. No model takes
part: every page has been seen, and what comes back stands there word for word.
"""

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pellucid.core.turn import Attachment
from pellucid.tools.reader.index import COMMON
from pellucid.tools.reader.passages import CONTENTS, SENTENCE_END, Passage, flowing, pages, places

SHORTEST, LONGEST = 40, 300
"""Characters of a sentence that says something by itself."""

FULL = 0.75
"""Share of a page's usual line from which on the paragraph goes on in the next line."""

STEM = 5
"""Letters by which words are compared."""

KINDS = (
    (
        r"recommend|advi[cs]e|tips?\b|guideline|rules?\b|principle|lesson|requirement|steps?\b",
        r"\b(?:should|must|recommend\w*|advis\w+|never|always|avoid|prefer\w*|make sure|need to"
        r"|do not|don't|best|good idea|important)\b",
    ),
    (
        r"risk|warning|danger|problem|caveat|pitfall|limitation|weakness",
        r"\b(?:risk\w*|warn\w*|danger\w*|careful\w*|caution|fail\w*|los[et]\w*|break\w*|problem\w*"
        r"|attack\w*|damage\w*|unsafe|insecure|cannot)\b",
    ),
    (
        r"finding|result|conclusion|insight|fact|evidence|claim",
        r"\b(?:found|finds?|show\w*|conclu\w+|result\w*|therefore|establish\w*|identif\w+"
        r"|determin\w+|evidence|confirm\w*|reveal\w*)\b",
    ),
    (
        r"change|trend|development|difference",
        r"\b(?:increas\w+|decreas\w+|gr[eo]w\w*|rose|r[ai]s\w+|f[ae]ll\w*|chang\w+|more than"
        r"|less than|since|no longer|instead)\b",
    ),
)
"""Kinds of points that are asked for, and the words of sentences that make such a point."""

_WORD = re.compile(r"[^\W\d_]{3,}")
_ASKING = re.compile(
    r"main|major|cent?ral|princip|big|core|impor|key|top|summ|overv|synop|gist|point|one|two|three"
    r"|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty"
)
"""Beginnings of words that ask for a survey, whatever it is about."""

_LEANS = re.compile(
    r"(?:This|These|That|Those|It|They|Such|However|But|And|Also|Thus|Then|Here|So|Therefore"
    r"|Otherwise|In this|For example)\b"
)
"""How sentences begin that say little without the one before."""

_BEGINS = re.compile(r"[A-ZÀ-ÞА-Я\"“‘(]")
_ITEM = re.compile(r"(?:[-–—•*▪◦]|\d+[.)]\s)")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with its place and the beginnings of its words."""

    passage: Passage
    stems: Counter[str]


def survey(
    files: Sequence[Attachment], question: str, parts: int, each: int
) -> list[list[Passage]]:
    """The best sentences, at most `each` and the best first, of so many parts of the documents, all
    of equal length. Fewer parts where there are not so many sentences."""
    found = [one for file in files for one in sentences(file)]
    parts = min(parts, len(found) // each or len(found))
    frequency = Counter(stem for one in found for stem in one.stems)
    rarity = {stem: math.log(1 + len(found) / count) for stem, count in frequency.items()}
    return [_best(part, question, each, rarity) for part in _parted(found, parts)]


def sentences(file: Attachment) -> Iterator[Sentence]:
    """The whole sentences of a file that say something by themselves; none that goes on over the
    end of a page."""
    parted = pages(file)
    named, seen = places(file), set[str]()
    for number, page in enumerate(parted, start=1):
        for text, line in _said(page):
            if text not in seen:  # headers and boilerplate
                seen.add(text)
                place = named[number - 1] if len(parted) > 1 else f"lines {line}-{line}"
                yield Sentence(Passage(file.name, place, text), _stems(text))


def _said(page: str) -> Iterator[tuple[str, int]]:
    """The sentences of a page with the line that each one's paragraph begins at."""
    for lines, line in _paragraphs(page):
        paragraph, at = _joined(lines), 0
        for end in SENTENCE_END.finditer(paragraph):
            text, at = paragraph[at : end.end()].strip(), end.end()
            if SHORTEST <= len(text) <= LONGEST and _stands_alone(text):
                yield text, line


def _paragraphs(page: str) -> Iterator[tuple[list[str], int]]:
    """The paragraphs of a page, in lines, with the number of the first: a line that is not full,
    or an item of a list, ends one."""
    lines = page.splitlines()
    lengths = sorted(len(line) for line in lines if line.strip())
    full = FULL * lengths[len(lengths) * 9 // 10] if lengths else 0.0
    held, begun = list[str](), 1
    for number, line in enumerate(lines, start=1):
        if held and (
            not line.strip() or len(lines[number - 2]) < full or _ITEM.match(line.strip())
        ):
            yield held, begun
            held = []
        if not held:
            begun = number
        if line.strip():
            held.append(line)
    if held:
        yield held, begun


def _joined(lines: list[str]) -> str:
    flat = flowing("\n".join(lines))
    return flat[item.end() :].strip() if (item := _ITEM.match(flat)) else flat


def _stands_alone(text: str) -> bool:
    """Whether a text is a statement that begins as if it needs none before it, most of it is words,
    and it leads to no page number."""
    if not _BEGINS.match(text) or _LEANS.match(text) or "?" in text[-3:]:
        return False
    letters = sum(c.isalpha() or c.isspace() for c in text)
    return letters > 0.85 * len(text) and not CONTENTS.search(text)


def _stems(text: str) -> Counter[str]:
    words = (word for word in _WORD.findall(text.casefold()) if word not in COMMON)
    return Counter(word[:STEM] for word in words)


def _parted(found: list[Sentence], parts: int) -> list[list[Sentence]]:
    """The sentences in so many parts of about as many characters."""
    total = sum(len(one.passage.text) for one in found)
    groups, read = [list[Sentence]() for _ in range(parts)], 0
    for one in found:
        groups[min(parts - 1, read * parts // total)].append(one)
        read += len(one.passage.text)
    return [group for group in groups if group]


def _best(
    part: list[Sentence], question: str, each: int, rarity: dict[str, float]
) -> list[Passage]:
    """Those sentences of a part that are most worth telling, the best first; only such that make
    a point of the asked kind, if there are any."""
    centre = dict[str, float]()
    for one in part:
        for stem, count in one.stems.items():
            centre[stem] = centre.get(stem, 0.0) + count * rarity[stem]
    words = [made for kind, made in KINDS if re.search(kind, question, re.IGNORECASE)]
    meant = re.compile("|".join(words) or r"(?!)", re.IGNORECASE)
    topic = _stems(re.sub("|".join(kind for kind, _ in KINDS), "", question, flags=re.IGNORECASE))
    topic = Counter({stem: 1 for stem in topic if not _ASKING.match(stem)})

    def worth(one: Sentence) -> float:
        about = _alike(one.stems, centre, rarity)
        asked = sum(stem in one.stems for stem in topic) / max(1, len(topic))
        return about + asked

    made = [one for one in part if meant.search(one.passage.text)]
    return [one.passage for one in sorted(made or part, key=worth, reverse=True)[:each]]


def _alike(stems: Counter[str], centre: dict[str, float], rarity: dict[str, float]) -> float:
    """The cosine between a sentence and its part, rare words counting more."""
    product = sum(count * rarity[stem] * centre[stem] for stem, count in stems.items())
    long = math.hypot(*(count * rarity[stem] for stem, count in stems.items()))
    return product / ((long * math.hypot(*centre.values())) or 1.0)
