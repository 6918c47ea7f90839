"""Thinking in words before an answer in words, where a question leaves the answer no room for it.

A model asked for one word answers with its first guess; asked to reason first it answers better
(Chain of Thought, arXiv 2201.11903), and a fixed form of the answer must not cost the reasoning
(Let Me Speak Freely?, arXiv 2408.02442). So what is thought and what is answered are apart.
"""

import re

from pellucid.agent import answer
from pellucid.agent.context import shown
from pellucid.agent.work import Reply, Step, Think, Work
from pellucid.core.items import Message, Reasoning
from pellucid.core.ports import Prompt

HINT = "Let's think step by step, and give the answer at the end."
BEGUN = "Let's think step by step.\n\n1. "
"""How a thought begins: without it small weights give their first guess all the same."""

FORM = "Now give the answer in exactly the form that was asked for, and nothing else."
LONGEST_THOUGHT = 320
"""Tokens after which thinking in words is taken to have gone astray."""

LEAST = 512
"""Thinking tokens that a row must grant for it."""

LONGEST_READ = 4_000
"""Characters; of a longer question reading is the work, not deducing."""

FEWEST_WORDS = 12
"""A shorter question leaves nothing to deduce from."""

_TERSE = re.compile(
    r"\b(?:answer|respond|reply|output|return|give|provide|state|write|say)\b[^.?!\n]{0,60}?"
    r"\b(?:only|just|single|one|yes or no|yes/no|true or false|the letter|nothing else)\b"
    r"|\(?\b(?:yes or no|yes/no|true or false|true/false)\b|\bin one word\b|\bone-word\b"
    r"|\bwhich of the following\b|^\W*options:|^\W*\(?[AB][).:] .*\n\W*\(?[BC][).:] ",
    re.IGNORECASE | re.MULTILINE,
)
_SENTENCE = re.compile(r"[.!?:](?:\s|$)|\n")


def step(work: Work) -> Step:
    """Think once where it is due, then answer."""
    thought = next((reply for reply in work.replies if reply.purpose == "thought"), None)
    if thought:
        return _answer(work, thought)
    return _think(work) if due(work) else answer.draft(work)


def due(work: Work) -> bool:
    """Whether the question gives several sentences to deduce from and asks for a bare answer, and
    is what came last: behind it stand results to answer from."""
    if not isinstance(work.turn.items[-1], Message):
        return False
    question = work.question
    left = min(work.budget.thinking.left, work.row.thinking_tokens)
    fits = len(question) <= LONGEST_READ and len(question.split()) >= FEWEST_WORDS
    return (
        left >= LEAST
        and fits
        and bool(_TERSE.search(question))
        and len(_SENTENCE.findall(question)) >= 2
    )


def _think(work: Work) -> Step:
    *before, question = shown(work.turn)
    prompt = Prompt(
        (*before, Message("user", f"{question.text}\n\n{HINT}")),
        into=Reasoning(),
        max_tokens=min(LONGEST_THOUGHT, work.budget.thinking.left),
        begun=BEGUN,
        temperature=work.turn.temperature,
        seed=work.turn.seed,
        owner=work.turn.owner,
    )
    return Think(prompt, "thought")


def _answer(work: Work, thought: Reply) -> Step:
    """The result of the thought, in the form asked for."""
    return answer.draft(work, (Message("assistant", thought.text), Message("user", FORM)))
