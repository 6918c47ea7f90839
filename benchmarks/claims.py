"""What the engine claims beyond plain decoding, a row for each claim.

All of it is measured against Pellucid itself, without the thing claimed: the same constraint
drawn token by token, the same text without a grammar, the same prompt cold, the same request
alone, the same requests one after another.
"""

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from bench import Bench, Ours, Row, Timing, row

from pellucid.core.constraint import JsonSchema, Marked, Regex
from pellucid.engine.client import EngineClient
from pellucid.model.constraint import compiled

NAMES = (
    "identification_of_the_customer",
    "date_of_the_latest_delivery",
    "remaining_credit_in_euros",
)
CODE = '''def average(numbers):
    """The mean of some numbers."""
    total = 0
    for number in numbers:
        total = total + number
    return total / len(numbers)


def spread(numbers):
    """How far the numbers lie from their mean, on average."""
    middle = average(numbers)
    total = 0
    for number in numbers:
        total = total + abs(number - middle)
    return total / len(numbers)
'''
CHAT = "<|im_start|>user\n{}<|im_end|>\n<|im_start|>assistant\n"
EDIT = CHAT.format(
    f"Rename `average` to `mean` and give the whole file back:\n```python\n{CODE}```"
)
STORY = CHAT.format("Tell me a long story about a lighthouse keeper and a whale.")
NEVER = Marked("\N{SNOWMAN} the end of all words", Regex("x"))


def form() -> str:
    """The grammar of an answer that is mostly fixed: long names, short values."""
    address = {
        "type": "object",
        "properties": {f"{name}_of_the_address": {"type": "integer"} for name in NAMES},
        "required": [f"{name}_of_the_address" for name in NAMES],
        "additionalProperties": False,
    }
    schema = {
        "type": "object",
        "properties": {
            **{name: {"type": "integer"} for name in NAMES},
            "delivery_address": address,
        },
        "required": [*NAMES, "delivery_address"],
        "additionalProperties": False,
    }
    return compiled(JsonSchema(json.dumps(schema)))


async def constraint(bench: Bench, step: Callable[[], None]) -> list[Row]:
    """An answer to a schema with and without forced tokens; free text with and without a mask."""
    prompt, grammar, free = bench.prompt(0, 32), form(), compiled(NEVER)
    drawn, forced, plain, masked = [], [], [], []
    # Free text is guessed where that pays, and text under a mask is not: here neither is.
    async with EngineClient(replace(bench.settings, guesses=0)) as client:
        engine = Ours(client, await client.ready())
        for number in range(bench.sizes.rounds):
            owner = f"constraint {number}"
            for found, force in ((drawn, False), (forced, True)):
                ours = engine.held(grammar, force)
                found.append((await ours.answer(prompt, 256, owner)).total)
            step()
            # The mask lets end tokens pass only after the marker, which never comes.
            # Back and forth, so that a machine that gets slower or faster favours neither.
            for speeds, text in ((plain, ""), (masked, free), (masked, free), (plain, "")):
                ours = engine.held(text)
                speeds.append((await ours.answer(prompt, bench.sizes.decode, owner)).speed)
            step()
    return [
        row("answer to a schema", "s", "each token drawn", drawn, forced, at_most=0.75),
        row("free text under a mask", "tokens/s", "no mask", plain, masked, at_least=0.97),
    ]


async def restart(bench: Bench, step: Callable[[], None]) -> list[Row]:
    """First token of a long prompt: new, cached, and after the engine was started again."""
    size = bench.sizes
    prompt = bench.prompt(0, size.long)
    cold, hot, again = [], [], []
    with TemporaryDirectory() as folder:
        settings = replace(bench.settings, prefixes=folder)
        for number in range(1 if size.rounds == 1 else 2):
            owner = f"restart {number}"
            async with EngineClient(settings) as client:
                ours = Ours(client, await client.ready())
                cold.append((await ours.answer(prompt + bench.prompt(0, 4), 1, owner)).first)
                hot.append((await ours.answer(prompt + bench.prompt(4, 4), 1, owner)).first)
                await asyncio.to_thread(_wait_for, Path(folder), number + 1)
            step()
            async with EngineClient(settings) as client:
                ours = Ours(client, await client.ready())
                again.append((await ours.answer(prompt + bench.prompt(8, 4), 1, owner)).first)
            step()
    name = f"first token, {size.long} tokens"
    return [
        row(f"{name} cached", "s", "new", cold, hot, at_most=0.05),
        row(f"{name} after a restart", "s", "new", cold, again, at_most=0.15),
    ]


def _wait_for(folder: Path, files: int) -> None:
    """Return when the engine, idle now, has written so many prefixes."""
    while len(list(folder.rglob("*.prefix"))) < files:
        time.sleep(0.2)


async def interactive(bench: Bench, step: Callable[[], None]) -> list[Row]:
    """First token of a short request, alone and while a long prompt is read and others write."""
    size, alone, among = bench.sizes, [], []
    for number in range(size.rounds):
        prompt = bench.prompt(100 * number, 200)
        alone.append((await bench.ours.answer(prompt, 1, f"alone {number}")).first)
        step()
        begun = [asyncio.Event() for _ in range(4)]
        tasks = [
            asyncio.create_task(_batch(bench, f"batch {number} {n}", event))
            for n, event in enumerate(begun)
        ]
        await asyncio.gather(*(event.wait() for event in begun))
        long = bench.ours.answer(bench.prompt(number, size.prefill), 1, f"long {number}")
        tasks.append(asyncio.create_task(long))
        await asyncio.sleep(1)  # it is being read now
        among.append((await bench.ours.answer(prompt, 1, f"among {number}")).first)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        step()
    name = f"first token of 200, beside {size.prefill} being read and 4 batch answers"
    return [row(name, "s", "alone", alone, among, at_most=2.0)]


async def _batch(bench: Bench, owner: str, begun: asyncio.Event) -> Timing:
    return await bench.ours.answer(bench.prompt(0, 32), 512, owner, "batch", begun)


async def fairness(bench: Bench, step: Callable[[], None]) -> list[Row]:
    """Eight clients with prompts of their own, at once and one after another."""
    size, turns, together, spread = bench.sizes, [], [], []
    prompts = [bench.prompt(137 * n, 128) for n in range(size.clients)]
    for number in range(size.rounds):
        single = [
            await bench.ours.answer(one, size.answer, f"turn {number} {n}")
            for n, one in enumerate(prompts)
        ]
        turns.append(sum(one.tokens for one in single) / sum(one.total for one in single))
        step()
        owners = (f"at once {number} {n}" for n in range(size.clients))
        many = await asyncio.gather(
            *(bench.ours.answer(p, size.answer, o) for p, o in zip(prompts, owners, strict=True))
        )
        together.append(sum(one.tokens for one in many) / max(one.total for one in many))
        firsts = [one.first for one in many]
        spread.append((median(firsts), max(firsts)))
        step()
    name = f"{size.clients} clients"
    middle, worst = ([one[side] for one in spread] for side in (0, 1))
    return [
        row(f"{name}, tokens in all", "tokens/s", "in turn", turns, together, at_least=1.0),
        row(f"{name}, worst first token", "s", "their median", middle, worst, at_most=2.0),
    ]


async def guessing(bench: Bench, step: Callable[[], None]) -> list[Row]:
    """An edit of a given text and a story, with and without guessing tokens from the prompt."""
    found: dict[tuple[str, int], list[float]] = {}
    for guesses in (0, bench.settings.guesses):
        async with EngineClient(replace(bench.settings, guesses=guesses)) as client:
            ours = Ours(client, await client.ready())
            for number in range(bench.sizes.rounds):
                for name, text in (("edit", EDIT), ("story", STORY)):
                    prompt = await client.tokenize(text.encode(), special=True)
                    got = await ours.answer(prompt, bench.sizes.decode, f"{name} {number}")
                    found.setdefault((name, guesses), []).append(got.speed)
                step()
    most = bench.settings.guesses
    plain, unit = "Pellucid, no guesses", "tokens/s"
    return [
        row("edit of a text", unit, plain, found["edit", 0], found["edit", most]),
        row("story", unit, plain, found["story", 0], found["story", most], at_least=0.97),
    ]
