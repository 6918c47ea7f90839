"""Snapshots: names that only what is served now answers to."""

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import openai
import pytest

from api.served import OFFER, SNAPSHOTS, Served, scripted, serving
from pellucid.agent.effort import table
from pellucid.api.wire import models
from pellucid.api.wire.common import Offer
from pellucid.api.wire.snapshots import taken
from pellucid.core.effort import USUAL

SUM = "What is 6 * 7?"
CHAT: Any = [{"role": "user", "content": SUM}]
MINI, ALTO = (SNAPSHOTS[model].name(model) for model in ("pellucid-mini", "pellucid-mini-alto"))


@pytest.fixture
async def served(tmp_path: Path) -> AsyncGenerator[Served, None]:
    async with serving(scripted(tmp_path)) as running:
        yield running


async def test_models_tell_their_snapshots_and_what_those_pin(served: Served) -> None:
    client = served.client()
    told = {one.id: one.to_dict()["pellucid"] for one in (await client.models.list()).data}
    assert [*told] == ["pellucid-mini", "pellucid-mini-alto", MINI, ALTO, "o4-mini"]
    pinned: Any = told["pellucid-mini"]
    assert pinned["snapshot"] == SNAPSHOTS["pellucid-mini"].told("pellucid-mini")
    assert pinned["snapshot"]["weights"] == "scripted"
    assert (told["o4-mini"], told[MINI]) == (
        {**pinned, "alias_of": "pellucid-mini"},
        {**pinned, "snapshot_of": "pellucid-mini"},
    )
    assert (await client.models.retrieve(ALTO)).to_dict()["pellucid"] == told[ALTO]
    assert told[ALTO]["usual_effort"] == "high"  # type: ignore[index]


async def test_replies_name_the_snapshot_that_was_asked_for(served: Served) -> None:
    client = served.client()
    whole = await client.chat.completions.create(model=ALTO, messages=CHAT, store=True)
    assert whole.model == ALTO
    assert whole.to_dict()["pellucid"]["effort"]["asked"] == "high"  # type: ignore[index]
    stream = await client.chat.completions.create(model=MINI, messages=CHAT, stream=True)
    assert {chunk.model async for chunk in stream} == {MINI}
    assert (await client.responses.create(model=MINI, input=SUM)).model == MINI
    for model, count in ((ALTO, 1), ("pellucid-mini-alto", 0)):
        assert len((await client.chat.completions.list(model=model)).data) == count


@pytest.mark.parametrize(
    ("name", "served_now"),
    [
        ("pellucid-mini-0123456789ab", MINI),
        ("pellucid-mini-2026-11-28", MINI),
        ("pellucid-mini-alto-0123456789ab", ALTO),
    ],
)
async def test_a_snapshot_that_is_gone_is_refused_and_told_what_is_served(
    served: Served, name: str, served_now: str
) -> None:
    for ask in (
        served.client().responses.create(model=name, input=SUM),
        served.client().models.retrieve(name),
    ):
        with pytest.raises(openai.NotFoundError, match=f"`{name}` does not exist") as refused:
            await ask
        assert (refused.value.code, refused.value.param) == ("model_not_found", "model")
        assert f"that is served now is `{served_now}`." in refused.value.message


async def test_another_model_is_no_snapshot(served: Served) -> None:
    with pytest.raises(openai.NotFoundError) as refused:
        await served.client().models.retrieve("gpt-9")
    assert "served now" not in refused.value.message


def test_weights_prompts_and_every_row_that_may_be_granted_count() -> None:
    rows: Any = table()
    changed = {**rows, "low": {**rows["low"], "repairs": 9}}
    ways: Any = [
        (USUAL, rows, "xhigh", "scripted", "v1"),
        (USUAL, rows, "xhigh", "scripted", "v2"),
        (USUAL, rows, "xhigh", "sha256:1", "v1"),
        (USUAL, rows, "medium", "scripted", "v1"),
        (USUAL, changed, "xhigh", "scripted", "v1"),
        ({**USUAL, "pellucid-mini": "low"}, rows, "xhigh", "scripted", "v1"),
    ]
    names = [taken(*way)["pellucid-mini"].name("pellucid-mini") for way in ways]
    assert names[0] == MINI
    assert len(set(names)) == len(names)


def test_what_has_no_snapshots_tells_none() -> None:
    assert Offer(USUAL, {}).pinned() == {}
    assert "snapshot" not in models.one(Offer(USUAL, {}), "pellucid-mini")["pellucid"]
    assert OFFER.called("o4-mini") == "pellucid-mini"
