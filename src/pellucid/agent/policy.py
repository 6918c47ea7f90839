"""What a turn does next: a pure function of the work so far."""

from pellucid.agent import (
    answer,
    browse,
    code,
    functions,
    lookup,
    program,
    route_choice,
    search,
    survey,
    thought,
)
from pellucid.agent.route import FILE_ASKED
from pellucid.agent.sheets.form import asking
from pellucid.agent.work import Step, Work


def next_step(work: Work) -> Step:
    """The next step; the last one is always a Release, whatever ran out on the way."""
    if functions.offered(work):
        return functions.step(work)
    if work.route.name == "code" and work.turn.form is None:
        return code.step(work)
    if work.draft is not None:
        return answer.review(work, work.draft)
    if work.route.name == "read" and survey.fits(work):
        return survey.step(work)
    if work.out_of:
        return answer.best_so_far(work)
    if work.route.name == "read":
        return lookup.step(work)
    if work.route.name == "browse":
        return browse.step(work)
    if work.route.name is None:
        return route_choice.step(work)
    if work.route.name == "program":
        # each of many candidates would write its files; about a small table one line is enough
        many = work.row.explores and work.route != FILE_ASKED and asking(work.turn) is None
        return search.step(work) if many else program.step(work)
    return thought.step(work)
