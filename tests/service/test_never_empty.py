"""Whatever runs out, a turn ends in words or in a typed error; and effort buys thinking."""

import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from pellucid.agent.effort import TABLE
from pellucid.core.effort import EFFORTS, EffortName
from pellucid.core.fold import Record, fold
from pellucid.core.items import Item, Message, Reasoning, ToolCall
from pellucid.core.ports import Prompt
from pellucid.model.scripted import rules
from pellucid.tools.python.sandbox import PythonSandbox
from service.benches import Bench, said, turn

REQUESTS = 500
QUESTIONS = (
    "What is 48271964 - 19384756?",
    "Tom has 12 boxes of 7 eggs. 9 eggs break. How many eggs are left?",
    "What is 1 + 1?\n```python\nwhile True: pass\n```",
    "What is 2 * 3?\n```python\nraise ValueError('no')\n```",
    "How are you?",
    "say: " + "The sky is blue and the grass is green. " * 40,
)


def disagreeing(prompt: Prompt) -> Sequence[Item]:
    """Like `rules`, but samples come to results of their own, so that high effort goes on."""
    if not prompt.temperature:
        return rules(prompt)
    if isinstance(prompt.into, ToolCall):
        return [replace(prompt.into, text=f"print({prompt.seed})\n")]
    return [Reasoning(f"So many.\nResult: {prompt.seed}")]


async def test_every_limit_leaves_an_answer_or_says_why(
    sandbox: PythonSandbox, tmp_path: Path
) -> None:
    dice = random.Random(20261127)
    bench = Bench(disagreeing, sandbox, tmp_path)
    reasons: dict[str, int] = {}
    for number in range(REQUESTS):
        effort: EffortName = dice.choice(EFFORTS)
        asked = turn(
            dice.choice(QUESTIONS),
            turn_id=f"turn_{number}",
            effort=effort,
            max_output_tokens=dice.choice((None, 16, 17, dice.randint(18, 300))),
            seconds=dice.choice((None, dice.uniform(0.0, 0.1))) if number % 6 != 2 else 0.05,
            tools=frozenset(dice.sample(["python"], dice.randint(0, 1))),
        )
        if "while True" in asked.items[-1].text and asked.seconds is None:
            asked = replace(asked, seconds=0.05)
        record = fold(await bench.play(asked))
        ended = _end(record)
        reasons[ended] = reasons.get(ended, 0) + 1
        assert record.spent is None or record.spent.thinking_tokens <= TABLE[effort].thinking_tokens
        assert record.usage.completion <= (asked.max_output_tokens or 10**6)
    assert sum(reasons.values()) == REQUESTS
    # How many end which way depends on the machine; each way must be there.
    assert min(reasons[way] for way in ("answered", "limit", "length")) >= 3


def _end(record: Record) -> str:
    """Why the turn ended; it fails here if that is not said, or nothing else is."""
    if record.error is not None:
        assert record.error.code
        assert record.error.message
        return record.error.code
    assert record.reason is not None
    assert said(record).strip()
    return record.reason


async def test_more_effort_thinks_more_on_the_same_question(
    sandbox: PythonSandbox, tmp_path: Path
) -> None:
    thought = []
    for effort in EFFORTS:
        record = fold(
            await Bench(disagreeing, sandbox, tmp_path).play(turn(QUESTIONS[1], effort=effort))
        )
        assert record.spent is not None
        assert record.spent.granted == effort
        thought.append(record.spent.thinking_tokens)
    assert thought == sorted(thought)
    assert thought[0] == 0 < thought[1]
    medium, high, xhigh = thought[-3:]
    assert medium < high < xhigh


def test_the_script_answers_in_words() -> None:
    """What the tests above rely on."""
    prompt = Prompt((Message("user", "q"),), into=Reasoning(), temperature=0.7, seed=3)
    assert disagreeing(prompt) == [Reasoning("So many.\nResult: 3")]
