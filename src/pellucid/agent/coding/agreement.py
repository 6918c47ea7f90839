"""Choosing among candidates by agreement: with the request's examples, with tests, with each other.

Dual execution agreement of CodeT (arXiv 2207.10397): candidates that do the same on all
tests form a group, and a group counts for as much as its size times the tests it passes.
What a test of a small model expects is often wrong, so a group is told by the values
that its members give and not only by which tests they pass (execution-based minimum
Bayes risk, arXiv 2204.11454).
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pellucid.agent.coding.candidates import Candidate, failures
from pellucid.agent.coding.checks import Checked

CLEAR, CLEAR_WITH_EXAMPLES = 3, 2
"""Candidates that must agree before sampling stops; with examples that are met, fewer."""

Behaviour = tuple[tuple[bool, str], ...]


@dataclass(frozen=True, slots=True)
class Tried:
    """A candidate and what its check told; None while there was none."""

    candidate: Candidate
    check: Checked | None

    @property
    def failures(self) -> tuple[str, ...]:
        """What is known to be wrong with it."""
        return failures(self.candidate, self.check)

    @property
    def examples(self) -> int:
        """Examples of the request that it meets."""
        return sum(r.passed for _, r in self.check.of("request")) if self.check else 0

    @property
    def tests(self) -> tuple[int, int]:
        """Tests of the model that it passes, of how many."""
        results = [r.passed for _, r in self.check.of("model")] if self.check else []
        return sum(results), len(results)

    @property
    def behaviour(self) -> Behaviour:
        """What it does on the model's tests: passed or not, and the value or kind of error."""
        results = self.check.of("model") if self.check else ()
        return tuple((r.passed, r.got or r.kind) for _, r in results)


def best(tried: Sequence[Tried]) -> Tried:
    """The candidate to deliver; the earliest of equals."""
    groups = _groups(tried)

    def worth(one: Tried) -> tuple[bool, bool, int, int, int]:
        sound, size = not one.failures, groups[one.behaviour]
        loaded = one.check is not None and one.check.loaded
        return sound, loaded, one.examples, size * one.tests[0], size

    return max(tried, key=worth)


def settled(tried: Sequence[Tried], adaptive: bool) -> bool:
    """Whether no further candidate is worth its tokens.

    Without `adaptive` a sound candidate settles it that passes at least half of the tests.
    With it, as many as CLEAR, and two thirds of the sound ones, have to do the same.
    """
    sound = [one for one in tried if not one.failures]
    if not sound:
        return False
    lead = best(sound)
    passed, tests = lead.tests
    if not tests:
        return True
    if not adaptive:
        return 2 * passed >= tests
    size = _groups(sound)[lead.behaviour]
    enough = CLEAR_WITH_EXAMPLES if lead.examples else CLEAR
    return size >= enough and 3 * size >= 2 * len(sound)


def _groups(tried: Sequence[Tried]) -> Counter[Behaviour]:
    """How many sound candidates behave alike."""
    return Counter(one.behaviour for one in tried if not one.failures)
