"""What a run comes to: right answers with their interval, tokens, seconds, rates."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pellucid.evals.runner import Judged


@dataclass(frozen=True, slots=True)
class Part:
    """A group of a set: items, right ones, what its grader and the audit count besides."""

    items: int
    right: int
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Row:
    """One system on one set.

    `low` and `high` bound the accuracy (95 %). `tokens` (output, thinking included),
    `seconds` and `calls` (programs run) are means for each item; `right_per_minute` counts
    the time in which at least one item was being answered. `stated_numbers` is the share of
    numbers in answers that nothing supports, None where no number was checked. `failed`
    items ended in a typed error and count as wrong. `granted` is the effort that was given
    where it is not the one asked for.
    """

    task: str
    system: str
    items: int
    right: int
    accuracy: float
    low: float
    high: float
    tokens: float
    seconds: float
    right_per_minute: float
    calls: float
    stated_numbers: float | None
    failed: int = 0
    granted: str = ""
    groups: Mapping[str, Part] = field(default_factory=dict)


def wilson(right: int, items: int) -> tuple[float, float]:
    """The 95 % score interval of a proportion (Wilson 1927)."""
    z, p = 1.96, right / items
    centre = (p + z * z / (2 * items)) / (1 + z * z / items)
    half = z * math.sqrt(p * (1 - p) / items + z * z / (4 * items * items)) / (1 + z * z / items)
    return centre - half, centre + half


def summed(task: str, system: str, judged: Sequence[Judged]) -> Row:
    """The row of a run with at least one item."""
    count, right = len(judged), sum(one.grade.right for one in judged)
    claims = [c for one in judged for c in one.answer.claims if c.kind == "number"]
    stated = sum(claim.verdict == "stated" for claim in claims)
    wall = busy((one.answer.began, one.answer.ended) for one in judged)
    return Row(
        task,
        system,
        count,
        right,
        right / count,
        *wilson(right, count),
        tokens=sum(one.answer.usage.completion for one in judged) / count,
        seconds=sum(one.answer.usage.seconds for one in judged) / count,
        right_per_minute=60 * right / wall if wall else 0.0,
        calls=sum(one.answer.executions for one in judged) / count,
        stated_numbers=stated / len(claims) if claims else None,
        failed=sum(bool(one.answer.error) for one in judged),
        granted=_granted(judged),
        groups=_groups(judged),
    )


def _granted(judged: Sequence[Judged]) -> str:
    spent = [one.answer.spent for one in judged if one.answer.spent is not None]
    return ", ".join(dict.fromkeys(one.granted for one in spent if one.granted != one.asked))


def _groups(judged: Sequence[Judged]) -> dict[str, Part]:
    """The parts of a set, by name; the whole under ""."""
    names = dict.fromkeys(one.question.group for one in judged)
    found = {name: part([one for one in judged if one.question.group == name]) for name in names}
    return {"": part(judged)} | (found if len(names) > 1 else {})


def part(judged: Sequence[Judged]) -> Part:
    """Some items together."""
    counts: dict[str, int] = {}
    for one in judged:
        for name, value in [*one.grade.counts.items(), *one.audit.counts.items()]:
            counts[name] = counts.get(name, 0) + value
    return Part(len(judged), sum(one.grade.right for one in judged), counts)


def busy(spans: Iterable[tuple[float, float]]) -> float:
    """Seconds covered by at least one span."""
    total, until = 0.0, -math.inf
    for began, ended in sorted(spans):
        total += max(0.0, ended - max(began, until))
        until = max(until, ended)
    return total
