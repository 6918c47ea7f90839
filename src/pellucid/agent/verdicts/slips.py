"""Long numbers copied wrongly: the known number that a wrong one was meant to be."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pellucid.agent.reading.nearness import nearest
from pellucid.agent.reading.numbers import Number, plain
from pellucid.agent.reading.style import restyled
from pellucid.agent.verdicts.evidence import Evidence, Source

COPIED = 6
"""Significant digits from which on a near-copy of a known number is a slip."""

MOST_COMPARED = 200
"""Different numbers of one answer that are looked at: enough for prose, bounded for tables."""


@dataclass(frozen=True, slots=True)
class Slip:
    """What a number should have been, where that stands, and how it is written there."""

    right: str
    source: str
    note: str


class Slips:
    """The long numbers of a conversation, for finding near-copies of them."""

    def __init__(self, evidence: Evidence) -> None:
        """Index the long numbers of what ran, and of what was given."""
        self._known: dict[bool, Mapping[str, tuple[Number, str]]] = {
            True: _long((*evidence.runs, evidence.worked)),
            False: _long(evidence.given),
        }
        self._ends = {computed: _by_ends(known) for computed, known in self._known.items()}
        self._nearest: dict[tuple[str, bool], str | None] = {}

    def of(self, number: Number, computed: bool) -> Slip | None:
        """The slip that a number is, None when nothing known is near to it."""
        if number.significant < COPIED or number.form != "digits":
            return None
        digits = plain(abs(number.value))
        found = self._near(digits, computed)
        if found is None:
            return None
        meant, source = self._known[computed][found]
        if not computed and abs(abs(number.value) - abs(meant.value)) == 1:
            return None  # "the next number after 1234567 is 1234568"
        value = abs(meant.value) if number.value > 0 else -abs(meant.value)
        right = restyled(value, number)
        if source == "question":
            return Slip(right, meant.text, f"{meant.text} = {right}")
        return Slip(right, source, f"{right} was miscopied")

    def _near(self, digits: str, computed: bool) -> str | None:
        if (digits, computed) not in self._nearest:
            if len(self._nearest) >= MOST_COMPARED:
                return None
            ends = self._ends[computed]
            alike = ends.get(digits[:2], set()) | ends.get(f"…{digits[-2:]}", set())
            self._nearest[digits, computed] = nearest(digits, sorted(alike))
        return self._nearest[digits, computed]


def _long(sources: Iterable[Source]) -> dict[str, tuple[Number, str]]:
    """The long plain numerals of some sources by their digits, with the source's name."""
    return {
        plain(abs(value)): (number, source.name)
        for source in sources
        for value, number in source.values
        if value == number.value and number.significant >= COPIED - 1
    }


def _by_ends(known: Iterable[str]) -> dict[str, set[str]]:
    """Digits by their first two and by their last two: a slip seldom spoils both ends."""
    ends: dict[str, set[str]] = {}
    for digits in known:
        ends.setdefault(digits[:2], set()).add(digits)
        ends.setdefault(f"…{digits[-2:]}", set()).add(digits)
    return ends
