"""Runs from end to end, with the scripted model: records, interruption, going on."""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path

import pytest
from answers import no_sandbox

from pellucid.core.errors import EngineError, SandboxUnavailable
from pellucid.core.items import Message
from pellucid.core.ports import Model, Prompt, Toolset
from pellucid.core.serving import Serving
from pellucid.core.turn import Attachment, Turn
from pellucid.evals import runner, systems
from pellucid.evals.records import Shelf
from pellucid.evals.runner import Judged, Plan
from pellucid.evals.scoring import numeric
from pellucid.evals.systems import Bench
from pellucid.evals.task import Answer, Grade, Question, SandboxSource, Task, pure
from pellucid.model.scripted import Script, ScriptedModel, rules
from pellucid.service.turns import Turns
from pellucid.tools.toolset import Tools

SET = Task("numbers", lambda data: (), pure(numeric()), "the number")


@dataclass
class Stage:
    """A bench over a script; `prompts` is everything the model was asked."""

    home: Path
    script: Script = rules
    prompts: list[Prompt] = field(default_factory=list)
    time: Callable[[], float] = field(default_factory=lambda: count(1000.0).__next__)

    @property
    def bench(self) -> Bench:
        turns = Turns(self._model, self._tools, self.home / "receipts", self.time)
        return Bench(turns, no_sandbox, "", self.time)

    @asynccontextmanager
    async def _model(self, serving: Serving) -> AsyncGenerator[Model, None]:
        model = ScriptedModel(self.script)
        await asyncio.sleep(0)  # others run meanwhile, and who was cancelled hears of it
        yield model
        self.prompts += model.seen

    @asynccontextmanager
    async def _tools(self, turn: Turn) -> AsyncGenerator[Toolset, None]:
        yield Tools()

    def plan(self, questions: list[Question], **changes: object) -> Plan:
        plan = Plan(SET, questions, "bare", 0, 1, self.home)
        return replace(plan, **changes)  # type: ignore[arg-type]


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path)


def numbers(many: int, wrong: int = 0) -> list[Question]:
    """Questions that the scripted model answers, the first `wrong` ones not as expected."""
    return [Question(f"a/{n}", (f"say: It is {n}.",), str(n + (n < wrong))) for n in range(many)]


def files(home: Path) -> list[Path]:
    return sorted(p for p in (home / "evals").rglob("*.json") if p.name != "run.json")


@pytest.mark.parametrize("system", ["bare", "none", "medium", "high"])
async def test_a_run_leaves_records_to_open(stage: Stage, system: str) -> None:
    heard: list[Judged] = []
    done = await runner.run(stage.bench, stage.plan(numbers(3, 1), system=system), heard.append)
    assert [one.grade.right for one in done] == [False, True, True]
    assert heard == done
    first = json.loads(files(stage.home)[0].read_text())
    assert (first["id"], first["right"], first["expected"], first["got"]) == (
        "a/0",
        False,
        "1",
        "0",
    )
    assert first["answer"] == "It is 0."
    assert first["asked"]["turns"] == ["say: It is 0."]
    assert first["usage"]["completion"] > 0
    assert first["items"][-1]["kind"] == ("Message" if system == "bare" else "Verdicts")
    if system != "bare":
        assert first["spent"]["asked"] == system
        assert first["verdicts"] == {"number given": 1}
    about = json.loads(next((stage.home / "evals").rglob("run.json")).read_text())
    assert (about["task"], about["system"], about["weights"]) == ("numbers", system, "scripted/1")


async def test_the_weights_alone_are_asked_in_their_makers_words(stage: Stage) -> None:
    attached = replace(numbers(1)[0], attachments=(Attachment("t.csv", "a,b"),))
    await runner.run(stage.bench, stage.plan([attached], seed=7), lambda _: None)
    (prompt,) = stage.prompts
    assert prompt.items[0] == Message("system", systems.BARE_SYSTEM)
    assert prompt.items[1].text == "say: It is 0.\n\nt.csv:\na,b"
    assert (prompt.seed, prompt.max_tokens, prompt.temperature) == (7, systems.BARE_TOKENS, 0)


@pytest.mark.parametrize("at_once", [1, 3])
async def test_an_interrupted_run_goes_on_where_it_stopped(stage: Stage, at_once: int) -> None:
    plan, seen = stage.plan(numbers(8), at_once=at_once), list[Judged]()

    def heard(judged: Judged) -> None:
        seen.append(judged)
        if len(seen) == 4:
            running.cancel()

    running = asyncio.create_task(runner.run(stage.bench, plan, heard))
    with pytest.raises(asyncio.CancelledError):
        await running
    asked, kept = len(stage.prompts), len(files(stage.home))
    assert 4 <= kept < 8
    done = await runner.run(stage.bench, plan, lambda _: None)
    assert sum(one.kept for one in done) == kept
    assert len(stage.prompts) - asked == 8 - kept
    assert all(one.grade.right for one in done)
    again = await runner.run(stage.bench, plan, lambda _: None)
    assert [replace(one, kept=True) for one in done] == again
    assert len(stage.prompts) - asked == 8 - kept


async def test_what_answers_depend_on_is_the_key(stage: Stage) -> None:
    plan, other = stage.plan(numbers(2)), replace(stage.bench, setup="window 512")
    for bench, one in (
        (stage.bench, plan),
        (stage.bench, replace(plan, seed=1)),
        (stage.bench, replace(plan, at_once=2)),
        (stage.bench, replace(plan, system="low")),
        (stage.bench, replace(plan, task=replace(SET, name="others"))),
        (other, plan),
    ):
        assert not any(one.kept for one in await runner.run(bench, one, lambda _: None))
    assert all(one.kept for one in await runner.run(stage.bench, plan, lambda _: None))


async def test_another_wording_is_asked_anew(stage: Stage) -> None:
    await runner.run(stage.bench, stage.plan(numbers(1)), lambda _: None)
    reworded = replace(numbers(1)[0], turns=("say: It is 0!",))
    (done,) = await runner.run(stage.bench, stage.plan([reworded]), lambda _: None)
    assert not done.kept


async def test_a_better_grader_needs_no_new_answers(stage: Stage) -> None:
    plan = stage.plan(numbers(2))
    await runner.run(stage.bench, plan, lambda _: None)
    strict = replace(SET, grade=pure(lambda question, answer: Grade(question.id == "a/1")))
    done = await runner.run(stage.bench, replace(plan, task=strict), lambda _: None)
    assert [one.grade.right for one in done] == [False, True]
    assert all(one.kept for one in done)
    assert [json.loads(path.read_text())["right"] for path in files(stage.home)] == [False, True]


@pytest.mark.parametrize("broken", ["", "{}", '{"version": 0}', '{"version": 1, "asked": 1}'])
async def test_a_record_that_cannot_be_read_is_written_anew(stage: Stage, broken: str) -> None:
    plan = stage.plan(numbers(1))
    await runner.run(stage.bench, plan, lambda _: None)
    (path,) = files(stage.home)
    whole = json.loads(path.read_text())
    path.write_text(broken or json.dumps(whole | {"items": [{"kind": "Nothing"}]}))
    (done,) = await runner.run(stage.bench, plan, lambda _: None)
    assert not done.kept
    assert json.loads(path.read_text())["answer"] == whole["answer"]


@pytest.mark.parametrize("system", ["bare", "medium"])
async def test_a_failed_item_is_recorded_and_wrong(stage: Stage, system: str) -> None:
    error = EngineError("it broke")

    def script(prompt: Prompt) -> list[Message]:
        if "It is 1." in prompt.items[-1].text:
            raise error
        return [Message("assistant", "It is 0.")]

    stage.script = script
    plan = stage.plan(numbers(2), system=system)
    good, failed = await runner.run(stage.bench, plan, lambda _: None)
    assert (good.grade.right, failed.grade.right) == (True, False)
    record = json.loads(files(stage.home)[1].read_text())
    assert record["error"] == f"{error.code}: {error}"
    assert record["note"] == record["error"]
    stage.script = rules
    first, second = await runner.run(stage.bench, plan, lambda _: None)
    assert (first.kept, second.kept, second.grade.right) == (True, False, True)


async def test_grading_is_not_part_of_the_time(stage: Stage) -> None:
    async def grade(question: Question, answer: Answer, _: SandboxSource) -> Grade:
        return Grade(answer.ended == stage.time() - 1)

    task = replace(SET, grade=grade)
    (done,) = await runner.run(stage.bench, stage.plan(numbers(1), task=task), lambda _: None)
    assert done.grade.right
    assert done.answer.began < done.answer.ended


async def test_turns_follow_each_other_in_one_conversation(stage: Stage) -> None:
    question = Question("q", ("say: It is 5.", "say: Yes, 6."), "6")
    (done,) = await runner.run(stage.bench, stage.plan([question]), lambda _: None)
    assert done.grade.right
    assert [item.text for item in done.answer.items[1:]] == [
        "say: It is 5.",
        "It is 5.",
        "say: Yes, 6.",
        "Yes, 6.",
    ]
    (pellucid,) = await runner.run(
        stage.bench, stage.plan([question], system="low"), lambda _: None
    )
    assert pellucid.answer.text == "Yes, 6."
    assert pellucid.answer.usage.completion > 2


async def test_a_wrong_answer_may_be_mended_where_the_set_allows(stage: Stage) -> None:
    async def grade(question: Question, answer: Answer, _: SandboxSource) -> Grade:
        right = answer.text == "mended"
        return Grade(right, answer.text, "" if right else "wrong", "say: mended")

    task = replace(SET, grade=grade, tries=2)
    stage.script = lambda prompt: [
        Message("assistant", "mended" if "The tests fail" in prompt.items[-1].text else "first")
    ]
    (done,) = await runner.run(stage.bench, stage.plan(numbers(1), task=task), lambda _: None)
    assert done.grade.right
    assert len(stage.prompts) == 2
    once = replace(task, tries=1, name="once")
    (done,) = await runner.run(stage.bench, stage.plan(numbers(1), task=once), lambda _: None)
    assert not done.grade.right


async def test_a_sandbox_that_is_not_there_is_told_before_anything_is_asked(stage: Stage) -> None:
    task = replace(SET, sandboxed=True)
    with pytest.raises(SandboxUnavailable):
        await runner.run(stage.bench, stage.plan(numbers(2), task=task), lambda _: None)
    assert stage.prompts == []


async def test_what_cannot_be_graded_is_wrong_and_graded_again(stage: Stage) -> None:
    async def grade(question: Question, answer: Answer, sandbox: SandboxSource) -> Grade:
        await sandbox()
        return Grade(True)

    plan = stage.plan(numbers(1), task=replace(SET, grade=grade))
    (done,) = await runner.run(stage.bench, plan, lambda _: None)
    assert not done.grade.right
    assert done.grade.note == "could not be graded: nothing should run"
    (done,) = await runner.run(stage.bench, replace(plan, task=SET), lambda _: None)
    assert (done.kept, done.grade.right) == (True, True)


async def test_functions_are_offered_to_a_turn_and_told_to_the_bare_model(stage: Stage) -> None:
    parameters = {"type": "dict", "properties": {}}
    row = {
        "function": [{"name": "f", "description": "says", "parameters": parameters}],
        "question": [[{"role": "user", "content": "say: go"}]],
    }  # fmt: skip
    task = replace(SET, functions=True)
    for name in ("bare", "calls"):
        plan = stage.plan([Question("q", ("say: go",), row=row)], task=task, system=name)
        await runner.run(stage.bench, plan, lambda _: None)
    native, held, *words = stage.prompts
    assert "<tools>" in native.items[0].text
    assert native.functions == ()
    assert [one.name for one in held.functions] == ["f"]
    assert held.items[-1].text == "say: go"
    assert [prompt.functions for prompt in words] == [()]


def test_the_columns_of_a_set() -> None:
    assert systems.columns(SET, ("low", "high", "low"), bare=True) == ("bare", "low", "high")
    assert systems.columns(SET, ("medium",), bare=False) == ("medium",)
    functions = replace(SET, functions=True)
    assert systems.columns(functions, ("low", "high"), bare=True) == ("bare", "calls")


def test_ids_become_file_names_that_differ(tmp_path: Path) -> None:
    shelf = Shelf.of(tmp_path, {"task": "t", "system": "bare"})
    names = {shelf.path(Question(one, ())).name for one in ("a/b", "a_b", "a b", "../a")}
    assert len(names) == 4
    assert "a_b.json" in names
    assert all(shelf.path(Question(one, ())).parent == shelf.folder for one in ("a/b", "../a"))


def test_the_version_of_the_code_is_that_of_its_sources() -> None:
    assert systems.code_version() == systems.code_version()
    assert len(systems.code_version()) == 12
