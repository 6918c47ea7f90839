"""Numerals from evidence, on real weights: nothing else can be written."""

from contextlib import aclosing

import pytest
from schemas import models

from pellucid.agent.verdicts import numerals
from pellucid.agent.verdicts.verify import verify
from pellucid.core.events import ItemClosed
from pellucid.core.items import Message
from pellucid.core.ports import Prompt

QUESTION = Message("user", "A shop sold 48 pens in May and 1,275 in June. Tell me about its year.")


@pytest.mark.weights
async def test_no_unsupported_numeral_can_come_out() -> None:
    """At a high temperature the same weights invent numbers freely; held, they cannot."""
    form = numerals.supported((), (QUESTION,))
    free, held = set[str](), set[str]()
    async with models() as fresh:
        for seed in range(4):
            for constraint, verdicts in ((None, free), (form, held)):
                prompt = Prompt(
                    (QUESTION,),
                    max_tokens=80,
                    temperature=1.2,
                    seed=seed,
                    constraint=constraint,
                )
                async with aclosing(next(fresh).generate(prompt)) as events:
                    async for event in events:
                        if isinstance(event, ItemClosed):
                            claims = verify(event.item.text, (QUESTION,))
                            verdicts |= {c.verdict for c in claims if c.kind == "number"}
    assert "stated" in free
    assert held <= {"given", "derived"}
