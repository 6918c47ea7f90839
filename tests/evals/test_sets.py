"""Every set as it lies in the data folder."""

import json
from pathlib import Path

import pytest
from answers import no_sandbox, said

from pellucid.core.errors import BadRequest, UnknownName
from pellucid.core.ports import Sandbox
from pellucid.evals import programs, tasks
from pellucid.evals.reading import same_number
from pellucid.evals.task import Task
from pellucid.tools.python.sandbox import PythonSandbox

OUTSIDE = [name for name, task in tasks.TASKS.items() if not task.package]
NUMBERS = ("gsm8k", "gsm8k_train", "gsm_hard", "svamp")


@pytest.mark.parametrize("name", OUTSIDE)
def test_a_set(name: str, data: Path) -> None:
    every = tasks.questions(name, data, None)
    assert len(every) >= 15
    assert len({one.id for one in every}) == len(every)
    assert all(text.strip() for one in every for text in one.turns)
    assert tasks.questions(name, data, 5) == tasks.questions(name, data, 7)[:5]


@pytest.mark.parametrize("name", NUMBERS)
async def test_the_expected_number_is_right(name: str, data: Path) -> None:
    for question in tasks.questions(name, data, 50):
        task = tasks.TASKS[name]
        assert (await task.grade(question, said(f"It is {question.expected}."), no_sandbox)).right
        other = f"It is {float(question.expected) + 1}."
        close = same_number(str(float(question.expected) + 1), question.expected, 1e-3)
        wrong = (await task.grade(question, said(other), no_sandbox)).right
        assert wrong is (close and name == "gsm_hard")


@pytest.mark.parametrize("name", ["bbh", "folio", "theoremqa"])
async def test_the_expected_answer_is_right(name: str, data: Path) -> None:
    wrong = [
        question.id
        for question in tasks.questions(name, data, None)
        if not (
            await tasks.TASKS[name].grade(question, said(f"It is {question.expected}"), no_sandbox)
        ).right
    ]
    assert wrong == []


async def test_the_expected_formula_is_right(data: Path) -> None:
    pytest.importorskip("math_verify")
    wrong = []
    for question in tasks.questions("math500", data, None):
        answer = said(f"So \\boxed{{{question.expected}}}.")
        if not (await tasks.TASKS["math500"].grade(question, answer, no_sandbox)).right:
            wrong.append(question.id)
    assert wrong == []


@pytest.mark.parametrize("name", ["humaneval", "mbpp", "cruxeval", "quixbugs"])
async def test_the_reference_solution_passes(name: str, data: Path, sandbox: PythonSandbox) -> None:
    async def source() -> Sandbox:
        return sandbox

    task, wrong = tasks.TASKS[name], []
    for question in tasks.questions(name, data, 16):
        body = question.row.get("prompt", "") + question.expected
        text = f"Here it is:\n\n```python\n{body}\n```"
        if not (await task.grade(question, said(text), source)).right:
            wrong.append(question.id)
    assert wrong == []
    if name == "quixbugs":
        broken = [
            (await task.grade(q, said(f"```python\n{q.row['buggy']}\n```"), source)).right
            for q in tasks.questions(name, data, 6)
        ]
        assert not any(broken)


async def test_the_exercises_are_not_solved_by_their_stubs(
    data: Path, sandbox: PythonSandbox
) -> None:
    async def source() -> Sandbox:
        return sandbox

    for question in tasks.questions("polyglot-python", data, 3):
        (name,) = question.row["solution_files"]
        grade = programs.tested(programs.polyglot)
        (reference,) = question.row["reference"].values()
        assert (await grade(question, said(f"```python\n{reference}\n```"), source)).right
        stub = question.row["files"][name]
        assert not (await grade(question, said(f"```python\n{stub}\n```"), source)).right


def test_parts_of_sets(data: Path) -> None:
    (group,) = {one.group for one in tasks.questions("zebra", data, None)}
    assert group == "zebra_puzzles"
    assert len(tasks.questions("bfcl/irrelevance", data, 3)) == 3
    with pytest.raises(UnknownName, match="gsm8k has no group 'x'; there are none"):
        tasks.questions("gsm8k/x", data, None)


def test_unknown_names_are_told_with_those_there_are() -> None:
    with pytest.raises(UnknownName, match=r"no set 'gsm9k'; there are gsm8k, .*bfcl.*zebra"):
        tasks.find("gsm9k")


@pytest.mark.parametrize("name", ["gsm8k", "folio", "reasoning_gym", "bfcl"])
def test_missing_data_is_one_line(name: str, tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match="--data or PELLUCID_DATA") as caught:
        tasks.questions(name, tmp_path, None)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("text", "why"), [("{", "not JSON"), ("[1]", "not an object")])
def test_broken_data_is_one_line(text: str, why: str, tmp_path: Path) -> None:
    (tmp_path / "gsm8k").mkdir()
    (tmp_path / "gsm8k" / "test.jsonl").write_text(f"\n{text}\n")
    with pytest.raises(BadRequest, match=f"line 2: {why}"):
        tasks.questions("gsm8k", tmp_path, None)


def test_routing_has_two_halves(tmp_path: Path) -> None:
    table = {"name": "t.csv", "text": "a,b\n1,2\n"}
    for half in ("build", "heldout"):
        rows = [
            {"id": f"{half}-1", "prompt": "Hi", "route": "answer"},
            {"id": f"{half}-2", "prompt": "Sum", "route": "program", "attachment": table},
        ]  # fmt: skip
        lines = "".join(json.dumps(row) + "\n" for row in rows)
        (tmp_path / f"routing_{half}.jsonl").write_text(lines)
    found = tasks.TASKS["routing"].load(tmp_path)
    assert [one.group for one in found] == ["build", "build", "heldout", "heldout"]
    assert found[1].attachments[0].name == "t.csv"
    assert found[1].expected == "program"


def test_every_published_figure_names_its_source() -> None:
    every: list[Task] = list(tasks.TASKS.values())
    figures = [one for task in every for one in task.published]
    assert len(figures) > 8
    assert all(one.source.startswith("arXiv ") and 0 < one.percent < 100 for one in figures)
