"""The model is asked what it thinks of results, and what it says is kept as words."""

from contextlib import aclosing

import pytest

from agent.works import QUESTION, ran, work
from pellucid.agent import loop
from pellucid.agent.judge import judge, opinion, opinions
from pellucid.agent.work import Judge
from pellucid.core.events import ItemClosed
from pellucid.core.items import Message, Reasoning
from pellucid.core.ports import Prompt, Toolset
from pellucid.model.scripted import ScriptedModel, playback

GOOD, WRONG = ran("print(12 * 7)", "84"), ran("print(12 + 7)", "19")


def asked() -> Judge:
    return judge(work(*GOOD, *WRONG), [("84", *GOOD), ("19", *WRONG)])


def test_each_result_is_asked_about_with_its_program() -> None:
    step = asked()
    assert step.values == ("84", "19")
    for prompt, (call, result) in zip(step.prompts, (GOOD, WRONG), strict=True):
        text = prompt.items[-1].text
        assert text.startswith(QUESTION)
        assert call.text in text
        assert f"It printed {result.text}." in text
        assert prompt.measured


@pytest.mark.parametrize(
    ("reply", "confidence", "likely"),
    [
        ("Yes", -0.2231, 0.8),
        ("No", -0.2231, 0.2),
        ("Yes", None, 1.0),
        ("No", None, 0.0),
    ],
)
def test_an_opinion_is_told_and_read_again(
    reply: str, confidence: float | None, likely: float
) -> None:
    said = opinion("84 eggs", ItemClosed(Reasoning(reply), confidence=confidence))
    assert opinions([said, Reasoning("Result: 84"), *GOOD]) == {"84 eggs": likely}


async def test_the_loop_tells_opinions_in_the_order_of_the_results() -> None:
    class NoTools:
        pass

    model = ScriptedModel(playback([Reasoning("Yes")], [Reasoning("No")]))
    tools: Toolset = NoTools()  # type: ignore[assignment] - none is called
    async with aclosing(loop.perform(asked(), work(*GOOD), model, tools)) as events:
        closed = [event.item async for event in events if isinstance(event, ItemClosed)]
    assert opinions(closed) == {"84": 1.0, "19": 0.0}
    assert [prompt.max_tokens for prompt in model.seen] == [2, 2]


async def test_a_script_has_no_confidence() -> None:
    model = ScriptedModel(playback([Message("assistant", "x")]))
    async with aclosing(model.generate(Prompt((), measured=True))) as events:
        [closed] = [event async for event in events if isinstance(event, ItemClosed)]
    assert closed.confidence is None
