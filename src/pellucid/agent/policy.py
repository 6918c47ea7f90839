"""What a turn does next: a pure function of the work so far."""

from pellucid.agent import answer, program, route_choice
from pellucid.agent.work import Step, Work


def next_step(work: Work) -> Step:
    """The next step; the last one is always a Release, whatever ran out on the way."""
    if work.draft is not None:
        return answer.review(work, work.draft)
    if work.out_of:
        return answer.best_so_far(work)
    if work.route.name is None:
        return route_choice.step(work)
    if work.route.name == "program":
        return program.step(work)
    return answer.draft(work)
