"""Words of a picture with their places, and the numbers that they are."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pellucid.tools.eyes.layout import Line

_DIGITS = r"\d{1,3}(?:[, ]\d{3})+(?:\.\d+)?|\d*\.?\d+(?:[eE][-+]?\d+)?"
_NUMBER = re.compile(
    r"[(~≈]?(?P<sign>[-−–+]?)[$€£¥]?"
    rf"(?P<digits>{_DIGITS})"
    r"\s?(?P<unit>%|°[CF]?|(?P<many>[kKMB]|bn|mn|mio|thousand|million|billion)?)\)?"
)
_POWER = re.compile(r"10(?P<exponent>[-−⁻–]?[\d⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3})")
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻−–", "0123456789---")
_TIMES = {
    **{"k": 1e3, "thousand": 1e3, "m": 1e6, "mn": 1e6, "mio": 1e6, "million": 1e6},
    **{"b": 1e9, "bn": 1e9, "billion": 1e9},
}
_ABBREVIATED = re.compile(r"(?<=[A-Za-z])\.(?=\d)")
_MONTHS = frozenset(
    ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
)
_SIGNS = " ▲△▼●○•■□◆◇★"
"""What markers of a chart are read as."""

_EDGE = " -–—_|.,:;'`"


@dataclass(frozen=True, slots=True)
class Word:
    """What stands on one line, with the corners of its box: pixels, the upper left first."""

    text: str
    box: tuple[tuple[float, float], ...]

    @property
    def left(self) -> float:
        """Where it begins."""
        return min(x for x, _ in self.box)

    @property
    def right(self) -> float:
        """Where it ends."""
        return max(x for x, _ in self.box)

    @property
    def top(self) -> float:
        """Its upper edge."""
        return min(y for _, y in self.box)

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return max(y for _, y in self.box)

    @property
    def x(self) -> float:
        """Its middle."""
        return sum(x for x, _ in self.box) / len(self.box)

    @property
    def y(self) -> float:
        """Its middle."""
        return sum(y for _, y in self.box) / len(self.box)

    @property
    def high(self) -> float:
        """How high its letters are, whichever way it runs."""
        (x, y), (other_x, other_y) = self.box[0], self.box[3]
        return float(((x - other_x) ** 2 + (y - other_y) ** 2) ** 0.5)

    @property
    def slanted(self) -> bool:
        """Whether it runs neither level nor straight up."""
        (x, y), (other_x, other_y) = self.box[0], self.box[1]
        return min(abs(x - other_x), abs(y - other_y)) > 0.15 * max(
            abs(x - other_x), abs(y - other_y)
        )

    @property
    def upright(self) -> bool:
        """Whether it runs up the page: titles of axes do."""
        return len(self.text) > 1 and self.bottom - self.top > 1.5 * (self.right - self.left)

    def turned(self, wide: int, high: int) -> "Word":
        """The same in the picture turned so that its left side is below, and the lower one left;
        it was so wide and high before."""
        return Word(self.text, tuple((high - 1 - y, wide - 1 - x) for x, y in self.box))


def words(lines: Sequence[Line]) -> list[Word]:
    """The words of each line as one, without signs that markers are read as."""
    read = (Word(" ".join(word for word, _ in one.words).strip(_SIGNS), one.box) for one in lines)
    return [one for one in read if one.text.strip(_EDGE)]


def going_on(word: Word, words: Sequence[Word]) -> list[Word]:
    """A word and those that go on beside it, as if they were one."""
    whole = [word]
    for one in sorted(words, key=lambda other: other.left):
        gap, level = one.left - whole[-1].right, abs(one.y - word.y) < 0.3 * word.high
        if level and one.left > whole[-1].left and abs(gap - 0.1 * word.high) < 0.5 * word.high:
            whole.append(one)
    return whole


def label(text: str) -> str:
    """A label without what is left of ticks at its ends; months as they are written."""
    bare = _ABBREVIATED.sub(". ", text.strip(_EDGE))
    return bare.title() if bare.lower() in _MONTHS else bare


def number(text: str) -> float | None:
    """What a text of one number is worth: "1,200", "$3.5M", "40 %"; None for other texts."""
    there = _NUMBER.fullmatch(text.strip().rstrip("-_| "))
    if there is None:
        return None
    value = float(there["digits"].replace(",", "").replace(" ", ""))
    value *= _TIMES.get((there["many"] or "").lower(), 1.0)
    return -value if there["sign"] in tuple("-−–") else value


def exponents(text: str) -> list[int]:
    """What a text may be as a power of ten: "10³" is one, and "103" may be; the likelier first."""
    there = _POWER.fullmatch(text.strip())
    if there is None:
        return []
    raised = there["exponent"].translate(_RAISED)
    sign, digits = ("-", raised[1:]) if raised.startswith("-") else ("", raised)
    whole = [int(sign + digits[:length]) for length in range(len(digits), 0, -1)]
    return whole + ([] if sign else [-value for value in whole if value])
