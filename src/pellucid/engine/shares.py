"""How the tokens of a step are divided among those who run. No clock, no backend.

Classes have strict priority: nobody of a lower class gets a token while one of a higher
class reads its prompt, and otherwise what the higher class leaves of the step. So a lower
class may starve as long as higher ones fill the steps; inside a class nobody does.
"""

from collections.abc import Collection, Iterator

from pellucid.engine.jobs import Job, Limits

# Of so many steps in which a class reads, one goes first to the prompt that waits longest.
SHARE = 4


def divide(jobs: Collection[Job], limits: Limits, batch: int) -> list[tuple[Job, int]]:
    """Who gets how many tokens, in all at most `batch` and the budget of the limits; noted
    in each job's `passed`.

    In the highest class there is, each answer gets one token and prompts get the rest, at
    least `min_chunk`. Lower classes get what is left of `step_tokens`, if no prompt above
    them is being read.
    """
    shares: list[tuple[Job, int]] = []
    least = max(limits.min_chunk, 1)
    for rank in sorted({job.rank for job in jobs}):
        mine = [job for job in jobs if job.rank == rank]
        writing = [job for job in mine if not job.reading]
        reading = [job for job in mine if job.reading]
        if shares:  # a higher class writes; one token at least of what it leaves is for reading
            room = min(limits.step_tokens, batch) - len(shares)
            writing = _turns(writing, room - bool(reading))
        shares += [(job, 1) for job in writing]
        room = max(limits.step_tokens - len(shares), least)
        shares += _chunks(reading, min(room, batch - len(shares)))
        if reading:
            return shares
        least = 0
    return shares


def _turns(writing: list[Job], room: int) -> list[Job]:
    """As many answers as there is room for, those passed over more often than not first."""
    order = sorted(writing, key=lambda job: -job.passed)
    for place, job in enumerate(order):
        job.passed += 1 if place >= room else -1
    return order[: max(room, 0)]


def _chunks(reading: list[Job], room: int) -> Iterator[tuple[Job, int]]:
    """Chunks of prompts: first of what is read soonest, so that a short prompt does not
    wait for a long one, but regularly of what has waited longest, so that this ends."""
    order = sorted(reading, key=lambda job: job.left)
    oldest = min(reading, key=lambda job: job.submitted, default=None)
    if oldest is not None and oldest.passed >= SHARE - 1:
        order.remove(oldest)
        order.insert(0, oldest)
    for place, job in enumerate(order):
        job.passed = job.passed + 1 if place else 0
        if (count := min(job.left, room)) > 0:
            yield job, count
            room -= count
