"""Completions, the format before Chat, and endpoints that there are not."""

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import openai
import pytest
from openai.types import Completion

from api.served import Played, Served, scripted, serving
from pellucid.core.events import TurnFailed, TurnStarted
from pellucid.core.usage import Usage

SUM = "What is 6 * 7?"


@pytest.fixture
async def served(tmp_path: Path) -> AsyncGenerator[Served, None]:
    async with serving(scripted(tmp_path)) as running:
        yield running


@pytest.mark.parametrize("prompt", [SUM, [SUM]])
async def test_a_prompt_is_answered(served: Served, prompt: Any) -> None:
    reply = await served.client().completions.create(
        model="o4-mini", prompt=prompt, max_tokens=200, temperature=0.5, echo=False, best_of=1
    )
    Completion.model_validate(reply.to_dict(), strict=True)
    (choice,) = reply.choices
    assert (choice.text, choice.finish_reason, choice.index) == ("The answer is 42.", "stop", 0)
    assert reply.id.startswith("cmpl")
    assert reply.usage is not None
    assert reply.usage.completion_tokens > 0
    told: Any = (reply.model_extra or {})["pellucid"]
    assert told["ignored"] == ["temperature"]
    assert told["verdicts"][0]["verdict"] == "computed"


async def test_it_streams_too(served: Served) -> None:
    stream = await served.client().completions.create(
        model="pellucid-mini",
        prompt=SUM,
        stream=True,
        n=2,
        stream_options={"include_usage": True},
    )
    words, reasons = ["", ""], list[str]()
    async for chunk in stream:
        assert chunk.object == "text_completion"
        for one in chunk.choices:
            words[one.index] += one.text
            reasons += [one.finish_reason] if one.finish_reason else []
    assert words == ["The answer is 42."] * 2
    assert reasons == ["stop", "stop"]
    assert chunk.usage is not None
    assert chunk.choices == []


async def test_raw_reasoning_stands_beside_the_text(served: Served) -> None:
    reply = await served.client().completions.create(
        model="pellucid-mini", prompt=SUM, extra_body={"pellucid": {"reasoning": True}}
    )
    assert "print(6 * 7)" in (reply.choices[0].model_extra or {})["reasoning"]


async def test_a_late_failure_is_an_error() -> None:
    failure = TurnFailed("engine_died", "the engine died", Usage())
    turns = Played([TurnStarted("cmpl_0", "pellucid-mini", 0)], [failure])
    async with serving(turns) as served:
        stream = await served.client().completions.create(
            model="pellucid-mini", prompt=SUM, stream=True
        )
        turns.sign.set()
        with pytest.raises(openai.APIError, match="The engine died"):
            _ = [chunk async for chunk in stream]


BAD: list[tuple[dict[str, Any], int, str, str | None]] = [
    ({"suffix": "."}, 400, "unsupported_parameter", "suffix"),
    ({"echo": True}, 400, "unsupported_parameter", "echo"),
    ({"best_of": 2}, 400, "unsupported_parameter", "best_of"),
    ({"logprobs": 0}, 400, "unsupported_parameter", "logprobs"),
    ({"prompt": [SUM, SUM]}, 400, "unsupported_parameter", "prompt"),
    ({"prompt": [1, 2]}, 400, "unsupported_parameter", "prompt"),
    ({"prompt": []}, 400, "unsupported_parameter", "prompt"),
    ({"extra_body": {"prompt": None}}, 400, "invalid_type", "prompt"),
    ({"n": 9}, 400, "invalid_value", "n"),
    ({"temperature": "hot"}, 400, "invalid_type", "temperature"),
    ({"extra_body": {"tools": []}}, 400, "unknown_parameter", "tools"),
    ({"model": "davinci-002"}, 404, "model_not_found", "model"),
]


@pytest.mark.parametrize(("changes", "status", "code", "param"), BAD)
async def test_what_cannot_be_done_is_refused_by_name(
    served: Served, changes: dict[str, Any], status: int, code: str, param: str | None
) -> None:
    wanted = {"model": "pellucid-mini", "prompt": SUM, **changes}
    with pytest.raises(openai.APIStatusError) as refused:
        await served.client().completions.create(**wanted)
    error = refused.value
    assert (error.status_code, error.code, error.param) == (status, code, param)


async def test_endpoints_that_there_are_not_say_so(served: Served) -> None:
    client = served.client()
    for call, what in (
        (client.embeddings.create(model="x", input="y"), "embeddings"),
        (client.moderations.create(input="y"), "moderation"),
        (client.images.generate(prompt="y"), "images"),
        (client.audio.speech.create(model="x", voice="y", input="z"), "audio"),
    ):
        with pytest.raises(openai.NotFoundError, match=f"has no {what}: POST") as refused:
            await call  # type: ignore[misc]
        assert refused.value.code == "unsupported_endpoint"
