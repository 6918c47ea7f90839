"""Where no rule is sure, the model chooses: one token, held to the two words there are.

The question stands first and the request to choose behind it, so that the cells of the
question are there already when the answer or the program is asked for.
"""

from dataclasses import replace

from pellucid.agent import answer
from pellucid.agent.context import shown
from pellucid.agent.route import PROGRAM, WORDS
from pellucid.agent.work import Step, Think, Work
from pellucid.core.constraint import Choice
from pellucid.core.items import Reasoning
from pellucid.core.ports import Prompt

CHOOSE = (
    "Do not answer yet. Is this answered best in words, or by a program that computes it? "
    f"Say {WORDS} or {PROGRAM}."
)
"""The wording counts: others made the smallest weights choose always the same (LOG.md)."""

MOST_TOKENS = 2
"""The word, and the end of the reply."""


def step(work: Work) -> Step:
    """Let the model choose; answer in words where nothing could follow a choice for a program."""
    if work.budget.thinking.left <= MOST_TOKENS or work.budget.calls.left == 0:
        return answer.draft(work)
    *before, question = shown(work.turn)
    asked = replace(question, text=f"{question.text}\n\n{CHOOSE}")
    prompt = Prompt(
        (*before, asked),
        into=Reasoning(),
        max_tokens=MOST_TOKENS,
        seed=work.turn.seed,
        owner=work.turn.owner,
        constraint=Choice((WORDS, PROGRAM)),
    )
    return Think(prompt, "route")
