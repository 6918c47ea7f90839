"""Whole turns through the one door: a scripted model, the real sandbox, real receipts."""

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from pellucid.core.errors import DeadlineMissed
from pellucid.core.events import Event, ItemClosed, ItemGrew, ItemOpened, TurnFailed, TurnFinished
from pellucid.core.executions import Execution
from pellucid.core.fold import Record, fold
from pellucid.core.items import Item, Message, Reasoning, ToolCall, ToolResult, Verdicts
from pellucid.core.ports import Model, Prompt
from pellucid.core.serving import Serving
from pellucid.core.turn import Attachment, GivenFile, Turn
from pellucid.model.scripted import ScriptedModel, playback, rules
from pellucid.service.replay import replay
from pellucid.store import receipts
from pellucid.tools.python.sandbox import PythonSandbox
from service.benches import Bench, no_tools, said, shown, turn, written

COINS = "Tom has 48271964 coins and gives 19384756 away. What is left of them?"
PROGRAM = ToolCall("x", "python", "print(48271964 - 19384756)\n")
LIE = Message(
    "assistant",
    "48271964 - 19384756 = 28,887,209. The calculator displays 28,887,209, so this is exact.",
)


async def test_a_question_becomes_a_program_a_run_and_a_proven_answer(
    sandbox: PythonSandbox, tmp_path: Path
) -> None:
    bench = Bench(rules, sandbox, tmp_path)
    events = await bench.play(turn())
    record = fold(events)
    assert [type(i) for i in record.items] == [ToolCall, ToolResult, Message, Verdicts]
    assert said(record) == "The answer is 28,887,208."
    verdicts, result = record.items[3], record.items[1]
    assert isinstance(verdicts, Verdicts)
    assert isinstance(result, ToolResult)
    assert result.execution is not None
    (claim,) = verdicts.claims
    assert (claim.verdict, claim.evidence) == ("computed", (result.execution.execution_id,))
    assert record.reason == "answered"
    assert record.spent is not None
    assert (record.spent.granted, record.spent.candidates, record.spent.tool_calls) == (
        "medium",
        1,
        1,
    )
    assert 0 < record.usage.first_token < record.usage.seconds


TRICYCLES = "How many wheels do 6 tricycles have?"


async def test_where_rules_are_silent_the_model_chooses_and_that_is_thinking(
    sandbox: PythonSandbox, tmp_path: Path
) -> None:
    wheels = ToolCall("x", "python", "print(6 * 3)\n")
    bench = Bench(playback([Reasoning("program")], [wheels]), sandbox, tmp_path)
    events = await bench.play(turn(TRICYCLES))
    record = fold(events)
    assert [type(i) for i in record.items] == [
        Reasoning,
        ToolCall,
        ToolResult,
        Message,
        Verdicts,
    ]
    assert said(record) == "The answer is 18 wheels."
    assert record.spent is not None
    assert record.spent.candidates == 1
    program = max(1, len(wheels.text) // 4)
    assert record.spent.thinking_tokens == len("program") // 4 + program


async def test_a_choice_for_words_is_not_the_answer(sandbox: PythonSandbox, tmp_path: Path) -> None:
    replies = playback([Reasoning("words")], [Message("assistant", "Each has three.")])
    bench = Bench(replies, sandbox, tmp_path)
    record = fold(await bench.play(turn(TRICYCLES)))
    assert said(record) == "Each has three."
    first, second = bench.model.seen
    assert (first.constraint is None, second.constraint) == (False, None)


async def test_what_grows_is_what_closes(sandbox: PythonSandbox, tmp_path: Path) -> None:
    """Joined pieces are the whole item, for every item of a real turn."""
    grown = ""
    for event in await Bench(rules, sandbox, tmp_path).play(turn()):
        match event:
            case ItemOpened():
                grown = ""
            case ItemGrew(more):
                grown += more
            case ItemClosed(item):
                assert item.text == grown, item


@pytest.mark.parametrize("effort", ["none", "low", "medium"])
async def test_a_calculator_that_never_was_does_not_reach_the_user(
    effort: str, tmp_path: Path
) -> None:
    """The published failure of o4-mini, word for word, in every effort and every round."""
    bench = Bench(lambda prompt: [LIE], None, tmp_path)
    bench.turns = replace(bench.turns, tools=no_tools)
    events = await bench.play(turn(effort=effort, tools=frozenset()))
    assert "calculator" not in shown(events)
    assert "209" not in shown(events)
    record = fold(events)
    assert "28,887,208" in said(record)
    verdicts = record.items[-1]
    assert isinstance(verdicts, Verdicts)
    assert any("calculator" in removed for removed in verdicts.removed)


async def test_a_rejected_draft_is_never_shown(sandbox: PythonSandbox, tmp_path: Path) -> None:
    """The lie goes back to the model with the finding; the second answer stands."""
    good = Message("assistant", "The difference is 28887208.")
    bench = Bench(playback([PROGRAM], [LIE], [good]), sandbox, tmp_path)
    record = fold(await bench.play(turn(COINS)))
    assert said(record) == "The difference is 28,887,208."
    assert record.spent is not None
    assert record.spent.rounds == 1
    assert "28,887,209" in bench.model.seen[2].items[-1].text


async def test_a_crash_is_repaired_from_its_traceback(
    sandbox: PythonSandbox, tmp_path: Path
) -> None:
    crash = ToolCall("x", "python", "print(48271964 - nineteen)\n")
    answer = Message("assistant", "It is 28,887,208.")
    bench = Bench(playback([crash], [PROGRAM], [answer]), sandbox, tmp_path)
    record = fold(await bench.play(turn(COINS)))
    assert "NameError" in bench.model.seen[1].items[-1].text
    assert said(record) == "It is 28,887,208."
    assert record.spent is not None
    assert (record.spent.repairs, record.spent.tool_calls) == (1, 2)


async def test_a_miscopied_number_is_caught_not_computed_with(
    sandbox: PythonSandbox, tmp_path: Path
) -> None:
    wrong = ToolCall("x", "python", "print(48271946 - 19384756)\n")
    bench = Bench(playback([wrong], [Message("assistant", "28887208")]), sandbox, tmp_path)
    record = fold(await bench.play(turn(COINS)))
    runs = [i.execution for i in record.items if isinstance(i, ToolResult) and i.execution]
    assert [run.code for run in runs] == ["print(48271964 - 19384756)\n"]
    assert said(record) == "28,887,208"


async def test_attached_data_is_computed_with(sandbox: PythonSandbox, tmp_path: Path) -> None:
    code = "rows = [line.split(',') for line in open('input.csv')][1:]\n"
    code += "print(sum(int(row[1]) for row in rows))\n"
    bench = Bench(
        playback([ToolCall("x", "python", code)], [Message("assistant", "The sum is 60.")]),
        sandbox,
        tmp_path,
    )
    table = Attachment("input.csv", "name,price\n" + "x,30\n" * 2)
    record = fold(await bench.play(turn("Sum of column 2?", attachments=(table,))))
    assert said(record) == "The sum is 60."


async def test_a_receipt_replays_the_same(sandbox: PythonSandbox, tmp_path: Path) -> None:
    bench = Bench(rules, sandbox, tmp_path)
    await bench.play(turn())
    path = bench.receipts / "turn_1.json"
    assert [r.verdict async for r in replay(path, sandbox, 10.0)] == ["same"]


async def test_a_replay_sees_what_differs(sandbox: PythonSandbox, tmp_path: Path) -> None:
    bench = Bench(rules, sandbox, tmp_path)
    await bench.play(turn(written("import time\nprint(time.time_ns())")))
    path = bench.receipts / "turn_1.json"
    (again,) = [r async for r in replay(path, sandbox, 10.0)]
    assert again.verdict == "differs"
    assert "output" in again.detail


async def test_a_replay_says_that_files_of_a_container_are_not_there(
    sandbox: PythonSandbox, tmp_path: Path
) -> None:
    code, given = "print(open('a.txt').read())", (GivenFile("a.txt", 1, "00"),)
    asked = Turn("turn_1", (Message("user", "?"),), container="cntr_1", files=given)
    ran = Execution("exec_1", code, "ok", output="1\n", container="cntr_1")
    record = Record("turn_1", items=(ToolResult("c", "1", execution=ran),), reason="answered")
    path = receipts.write(tmp_path, asked, record, "")
    (again,) = [r async for r in replay(path, sandbox, 10.0)]
    assert again.verdict == "differs"
    assert again.detail.endswith("; a.txt of the container were not there this time")


async def test_effort_none_computes_nothing(tmp_path: Path) -> None:
    bench = Bench(rules, None, tmp_path)
    bench.turns = replace(bench.turns, tools=no_tools)
    record = fold(await bench.play(turn(effort="none", tools=frozenset())))
    assert [type(i) for i in record.items] == [Message, Verdicts]
    assert record.spent is not None
    assert (record.spent.thinking_tokens, record.spent.tool_calls) == (0, 0)


async def test_more_effort_than_is_granted_is_told(sandbox: PythonSandbox, tmp_path: Path) -> None:
    bench = Bench(rules, sandbox, tmp_path)
    bench.turns = replace(bench.turns, most_effort="medium")
    record = fold(await bench.play(turn(effort="high")))
    assert record.spent is not None
    assert (record.spent.asked, record.spent.granted) == ("high", "medium")
    assert "high" in record.spent.note


async def test_high_effort_compares_solutions_and_thinks_longer(
    sandbox: PythonSandbox, tmp_path: Path
) -> None:
    """The greedy program is wrong; the others, written in other ways, agree on the result."""

    def script(prompt: Prompt) -> list[Item]:
        if not isinstance(prompt.into, ToolCall):
            return [replace(prompt.into, text="Fewer coins.\nResult: 28,887,208")]
        return [replace(PROGRAM, text="print(19384756)\n") if not prompt.temperature else PROGRAM]

    thought = []
    for effort in ("low", "medium", "high"):
        asked = turn("Tom had 48271964 coins. He gave 19384756 away. How many coins are left?")
        record = fold(await Bench(script, sandbox, tmp_path).play(replace(asked, effort=effort)))
        assert record.spent is not None
        assert record.spent.granted == effort
        thought.append(record.spent.thinking_tokens)
    assert said(record) == "The answer is 28,887,208 coins."
    assert thought[0] <= thought[1] < thought[2]
    assert record.spent.candidates > 2


async def test_an_engine_that_is_late_tells_at_once(tmp_path: Path) -> None:
    """Nothing is there to answer with, so that who asked may try again."""

    class Late(ScriptedModel):
        async def generate(self, prompt: Prompt) -> AsyncGenerator[Event, None]:
            assert prompt.seconds is not None
            raise DeadlineMissed("the first token would take 9 s", 9.0)
            yield

    record = fold(await _late(Late(rules), turn(tools=frozenset(), seconds=5.0), tmp_path))
    assert record.error is not None
    assert (record.error.code, record.error.retryable) == ("deadline_missed", True)


async def test_an_engine_that_is_late_leaves_what_was_found(
    sandbox: PythonSandbox, tmp_path: Path
) -> None:
    class Later(ScriptedModel):
        async def generate(self, prompt: Prompt) -> AsyncGenerator[Event, None]:
            if isinstance(prompt.into, Message):
                raise DeadlineMissed("the first token would take 9 s", 9.0)
            async with aclosing(super().generate(prompt)) as events:
                async for event in events:
                    yield event

    asked = turn(written("print(6 * 7)\nprint(6 * 8)"), seconds=60.0)
    record = fold(await _late(Later(rules), asked, tmp_path, sandbox))
    assert record.reason == "limit"
    assert "48" in said(record)


async def _late(
    model: Model, asked: Turn, home: Path, sandbox: PythonSandbox | None = None
) -> list[Event]:
    """The events of a turn on this very model."""
    bench = Bench(rules, sandbox, home)

    @asynccontextmanager
    async def given(serving: Serving) -> AsyncGenerator[Model, None]:
        yield model

    bench.turns = replace(bench.turns, model=given)
    if sandbox is None:
        bench.turns = replace(bench.turns, tools=no_tools)
    return await bench.play(asked)


async def test_a_deadline_gives_what_there_is(sandbox: PythonSandbox, tmp_path: Path) -> None:
    bench = Bench(rules, sandbox, tmp_path)
    began = time.monotonic()
    events = await bench.play(turn(written("while True: pass"), seconds=0.6))
    assert time.monotonic() - began < 3
    ended = events[-1]
    assert isinstance(ended, TurnFinished)
    assert ended.reason == "limit"
    assert "time" in said(fold(events))


async def test_closing_the_stream_stops_the_sandbox(sandbox: PythonSandbox, tmp_path: Path) -> None:
    bench = Bench(rules, sandbox, tmp_path)
    began = time.monotonic()
    async with aclosing(bench.turns.run(turn(written("while True: pass")))) as events:
        async for event in events:
            if isinstance(event, ItemOpened) and isinstance(event.item, ToolResult):
                break
    assert time.monotonic() - began < 2
    (left,) = {task for task in asyncio.all_tasks() if not task.done()} - _background(sandbox)
    assert left is asyncio.current_task()


def _background(sandbox: PythonSandbox) -> set[asyncio.Task[object]]:
    """Tasks a running sandbox keeps for itself."""
    return {
        t
        for t in asyncio.all_tasks()
        if t is not asyncio.current_task() and "python" in repr(t.get_coro())
    }


@pytest.mark.parametrize(
    ("bad", "names"),
    [
        ({"model": "gpt-9"}, "gpt-9"),
        ({"effort": "extreme"}, "extreme"),
        ({"tools": frozenset({"teleport"})}, "teleport"),
        ({"items": (Message("user", "  "),)}, "empty"),
        ({"items": ()}, "last message"),
        ({"items": (Message("assistant", "hi"),)}, "last message"),
        ({"max_output_tokens": 3}, "max_output_tokens"),
        ({"items": (Message("user", "word " * 5000),)}, "tokens"),
    ],
)
async def test_bad_requests_fail_by_name_and_say_nothing(
    bad: dict[str, object], names: str, tmp_path: Path
) -> None:
    bench = Bench(rules, None, tmp_path)
    bench.turns = replace(bench.turns, tools=no_tools)
    events = await bench.play(turn(**bad))
    failed = events[-1]
    assert isinstance(failed, TurnFailed)
    assert names in failed.message
    assert "\n" not in failed.message
    assert shown(events) == ""


async def test_no_sandbox_is_a_typed_error(tmp_path: Path) -> None:
    failed = (await Bench(rules, None, tmp_path).play(turn()))[-1]
    assert isinstance(failed, TurnFailed)
    assert failed.code == "sandbox_unavailable"


async def test_reading_needs_no_sandbox(tmp_path: Path) -> None:
    manual = Attachment("m.pdf", "The boat is small.\fMooring\nTie two ropes.")
    asked = turn('On which page does the section "Mooring" begin?', attachments=(manual,))
    record = fold(await Bench(rules, None, tmp_path).play(asked))
    assert said(record).startswith('"Mooring" begins on page 2.')


async def test_every_cap_gives_text(sandbox: PythonSandbox, tmp_path: Path) -> None:
    """Paid thinking with an empty answer cannot happen."""
    for cap in (16, 17, 40, 300):
        record = fold(await Bench(rules, sandbox, tmp_path).play(turn(max_output_tokens=cap)))
        assert said(record).strip(), cap
        assert record.usage.completion <= cap


async def test_state_is_kept_within_a_conversation(sandbox: PythonSandbox, tmp_path: Path) -> None:
    bench = Bench(rules, sandbox, tmp_path)
    await bench.play(turn(written("x = 41\nprint(x)"), conversation="talk"))
    record = fold(
        await bench.play(turn(written("print(x + 1)"), conversation="talk", turn_id="turn_2"))
    )
    result: Item = record.items[1]
    assert result.text == "42"


async def test_what_a_turn_started_ends_with_it_unless_more_turns_follow(
    sandbox: PythonSandbox, tmp_path: Path
) -> None:
    bench = Bench(rules, sandbox, tmp_path)
    await bench.play(turn(written("x = 41\nprint(x)")))
    await bench.play(turn(written("x = 41\nprint(x)"), conversation="talk", turn_id="turn_2"))
    look = "print('x' in globals())"
    found = [await sandbox.run(name, look, seconds=5.0, seed=0) for name in ("turn_1", "talk")]
    assert [one.output.strip() for one in found] == ["False", "True"]
