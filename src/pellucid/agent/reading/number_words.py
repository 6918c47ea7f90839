"""Numbers written as words: "three", "twenty-one", "two hundred", "three quarters", "half"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

_SMALL = """
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
sixteen seventeen eighteen nineteen
"""
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
SMALL = {word: value for value, word in enumerate(_SMALL.split())}
TENS = {word: 10 * value for value, word in enumerate(_TENS.split(), start=2)}
SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
SOFT = {
    "half": "1/2", "halves": "1/2", "halved": "1/2", "quarter": "1/4", "quarters": "1/4",
    "twice": "2", "double": "2", "doubled": "2", "doubles": "2", "couple": "2", "pair": "2",
    "both": "2", "thrice": "3", "triple": "3", "tripled": "3", "dozen": "12", "dozens": "12",
    "first": "1", "second": "2", "third": "3", "fourth": "4", "fifth": "5", "sixth": "6",
    "seventh": "7", "eighth": "8", "ninth": "9", "tenth": "10",
}  # fmt: skip
PARTS = {
    "half": 2, "halves": 2, "third": 3, "thirds": 3, "quarter": 4, "quarters": 4, "fourth": 4,
    "fourths": 4, "fifth": 5, "fifths": 5, "sixth": 6, "sixths": 6, "seventh": 7, "sevenths": 7,
    "eighth": 8, "eighths": 8, "ninth": 9, "ninths": 9, "tenth": 10, "tenths": 10,
}  # fmt: skip

_BEGINNINGS = "a|bi|bo|co|do|ei|el|fi|fo[ur]|ha|hu|mi|ni|on|pa|qu|se|si|te|th[iro]|tr|tw|ze"
"""How the words of a number begin; most other words are passed over by this alone."""

_CARDINAL = "|".join([*SMALL, *TENS, "hundred", *SCALES])
RUN = re.compile(
    rf"\b(?={_BEGINNINGS})"
    rf"(?:(?:an?[ \t]+)(?=hundred|thousand|million|billion|dozen|half|third|quarter|fifth))?"
    rf"(?:{_CARDINAL}|{'|'.join(SOFT)}|{'|'.join(PARTS)})s?"
    rf"(?:(?:[ \t]+|-)(?:and[ \t]+)?(?:a[ \t]+(?=half|quarter|third))?"
    rf"(?:{_CARDINAL}|dozen|{'|'.join(PARTS)})s?)*\b",
    re.IGNORECASE,
)
TOKEN = re.compile(r"[a-z]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class NumberWord:
    """Words that name one number; soft ones ("half", "one") speak of it in passing."""

    start: int
    end: int
    value: Fraction
    soft: bool
    also: tuple[Fraction, ...] = ()


class _Cardinal:
    """Adds up the words of one number, and says which word cannot belong to it."""

    def __init__(self) -> None:
        self.total = self.current = 0
        self.scale = 10**15
        self.words = 0

    def takes(self, word: str) -> bool:
        """Add a word; False (and nothing changed) when it starts another number."""
        if word in SMALL:
            fits = self._room(SMALL[word])
            self.current += SMALL[word] if fits else 0
        elif word in TENS:
            fits = self.current % 100 == 0 and self._open()
            self.current += TENS[word] if fits else 0
        elif word == "hundred":
            fits = self.current in range(1, 100) or not self.words
            self.current = (self.current or 1) * 100 if fits else self.current
        else:
            fits = SCALES[word] < self.scale and (self.current > 0 or not self.words)
            if fits:
                self.total += (self.current or 1) * SCALES[word]
                self.current, self.scale = 0, SCALES[word]
        self.words += fits
        return fits

    def _open(self) -> bool:
        return not self.words or self.current > 0 or self.total > 0

    def _room(self, value: int) -> bool:
        if value == 0 or not self.words:
            return not self.words
        if value < 10:
            return self.current % 10 == 0 and self.current % 100 != 10 and self._open()
        return self.current % 100 == 0 and self._open()

    @property
    def value(self) -> int:
        """What the words so far are worth."""
        return self.total + self.current


def find(text: str) -> Iterator[NumberWord]:
    """The number words of a text, in order."""
    for run in RUN.finditer(text):
        tokens = [
            (found.group().lower(), found.start(), found.end())
            for found in TOKEN.finditer(text, *run.span())
        ]
        yield from _numbers(tokens)


def _numbers(tokens: list[tuple[str, int, int]]) -> Iterator[NumberWord]:
    """Cut a run of words into numbers."""
    at = 0
    while at < len(tokens):
        word, start, end = tokens[at]
        singular = word if word in PARTS or word in SOFT else word.removesuffix("s")
        at += 1
        if word in ("a", "an", "and"):
            continue
        if singular in SMALL or singular in TENS or singular in SCALES or singular == "hundred":
            taken, number = _cardinal(tokens, at - 1)
            at += taken - 1
            yield number
        else:
            value = Fraction(SOFT.get(word) or Fraction(1, PARTS.get(word, 1)))
            also = (Fraction(1, PARTS[word]),) if word in PARTS else ()
            yield NumberWord(start, end, value, soft=True, also=also)


def _cardinal(tokens: list[tuple[str, int, int]], first: int) -> tuple[int, NumberWord]:
    """The number that begins at a token, and how many tokens it takes."""
    sum_, taken, end = _Cardinal(), 0, tokens[first][2]
    for ahead, (word, _, word_end) in enumerate(tokens[first:], start=1):
        if word == "and" and sum_.words and (sum_.current % 100 == 0):
            continue
        word = word if word in SMALL else word.removesuffix("s")
        known = word in SMALL or word in TENS or word in SCALES or word == "hundred"
        if not known or not sum_.takes(word):
            break
        taken, end = ahead, word_end
    value, also = Fraction(sum_.value), ()
    start = tokens[first][1]
    following = tokens[first + taken] if first + taken < len(tokens) else ("", 0, 0)
    if following[0] in PARTS and value < 10:
        part = Fraction(1, PARTS[following[0]])
        return taken + 1, NumberWord(start, following[2], value * part, True, (value, part))
    if following[0] in ("dozen", "dozens"):
        dozens = (value, Fraction(12))
        return taken + 1, NumberWord(start, following[2], value * 12, False, dozens)
    return taken, NumberWord(start, end, value, soft=value == 1, also=also)
