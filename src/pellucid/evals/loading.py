"""Reading sets from their files: JSON lines to questions, and the words each is asked in.

A question is asked in the same words of every system, without examples.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pellucid.core.errors import BadRequest
from pellucid.core.turn import Attachment
from pellucid.evals.calls import TASKS, messages
from pellucid.evals.task import Question

Row = Mapping[str, Any]
Maker = Callable[[Row], Question]
Loader = Callable[[Path], tuple[Question, ...]]


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of a file; BadRequest when it is not there or is not JSON lines."""
    try:
        with path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    yield _row(line, path, number)
    except OSError as error:
        raise BadRequest(
            f"cannot read {path}: {error.strerror}; name the folder of the evaluation data with "
            "--data or PELLUCID_DATA"
        ) from None


def _row(line: str, path: Path, number: int) -> dict[str, Any]:
    try:
        value: Any = json.loads(line)
    except ValueError as error:
        raise BadRequest(f"{path}, line {number}: not JSON ({error})") from None
    if not isinstance(value, dict):
        raise BadRequest(f"{path}, line {number}: not an object")
    return value


def file(name: str, make: Maker) -> Loader:
    """The questions of one file of the data folder."""
    return lambda data: tuple(make(row) for row in lines(data / name))


def folder(name: str) -> Loader:
    """The problems of reasoning-gym: a file for each kind."""

    def load(data: Path) -> tuple[Question, ...]:
        files = sorted((data / name).glob("*.jsonl"))
        if not files:
            raise BadRequest(
                f"there is no {data / name}; name the folder of the evaluation data with --data "
                "or PELLUCID_DATA"
            )
        return tuple(gym(row) for path in files for row in lines(path))

    return load


def bfcl(data: Path) -> tuple[Question, ...]:
    """The parts of BFCL that ask once."""
    paths = [data / "bfcl" / f"{name}.jsonl" for name in TASKS]
    return tuple(_calls(row) for path in paths for row in lines(path))


def routing(data: Path) -> tuple[Question, ...]:
    """Both halves of the labelled prompts, each a group of its own."""
    return tuple(
        _routed(row, half)
        for half in ("build", "heldout")
        for row in lines(data / f"routing_{half}.jsonl")
    )


def problem(row: Row) -> Question:
    """A word problem: id, question and answer."""
    answer = row["answer"]
    whole = isinstance(answer, float) and answer.is_integer()
    return Question(row["id"], (row["question"],), str(int(answer) if whole else answer), row=row)


def competition(row: Row) -> Question:
    """MATH-500."""
    return Question(row["id"], (row["problem"],), row["answer"], row["subject"], row)


def theorem(row: Row) -> Question:
    """TheoremQA."""
    return Question(row["id"], (row["Question"],), str(row["Answer"]), row["Answer_type"], row)


def bbh(row: Row) -> Question:
    """BIG-Bench Hard: the input as it is."""
    return Question(row["id"], (row["input"],), row["target"], row["task"], row)


def folio(numbered: tuple[int, Row]) -> Question:
    """FOLIO (arXiv 2209.00840): premises, a conclusion, and three labels to choose from."""
    place, row = numbered
    premises = "\n".join(one.strip() for one in row["premises"])
    text = (
        f"Premises:\n{premises}\n\nConclusion: {row['conclusion']}\n\nDo the premises make the "
        "conclusion True or False, or is it Uncertain?"
    )
    return Question(f"folio-{place}", (text,), row["label"], row=row)


def folios(data: Path) -> tuple[Question, ...]:
    """FOLIO's items have no names; their place in the file is one."""
    return tuple(map(folio, enumerate(lines(data / "folio" / "validation.jsonl"))))


def humaneval(row: Row) -> Question:
    """HumanEval in the words of EvalPlus for chat models (arXiv 2305.01210)."""
    text = (
        "Please provide a self-contained Python script that solves the following problem in a "
        f"markdown code block:\n```python\n{row['prompt'].strip()}\n```"
    )
    return Question(row["task_id"], (text,), row["canonical_solution"], row=row)


def mbpp(row: Row) -> Question:
    """MBPP with its asserts, as its paper asks."""
    tests = "\n".join(row["test_list"])
    text = f"{row['text'].strip()}\nYour code should pass these tests:\n\n{tests}"
    return Question(f"mbpp-{row['task_id']}", (text,), row["code"], row["split"], row)


def cruxeval(row: Row) -> Question:
    """CRUXEval-O: what a function returns."""
    text = (
        f"Here is a Python function:\n\n```python\n{row['code']}\n```\n\nWhat does "
        f"f({row['input']}) return? Complete the assertion with a literal:\n"
        f"assert f({row['input']}) =="
    )
    return Question(row["id"], (text,), row["output"], row=row)


def quixbugs(row: Row) -> Question:
    """QuixBugs: the program with its fault."""
    text = (
        "One line of this Python code is wrong. Find the bug, fix it, and write the whole "
        f"corrected code.\n\n```python\n{row['buggy'].strip()}\n```"
    )
    return Question(row["id"], (text,), row["fixed"], row=row)


def polyglot(row: Row) -> Question:
    """An exercise and the files it begins with."""
    stubs = "\n\n".join(
        f"{name}\n```python\n{row['files'][name]}\n```" for name in row["solution_files"]
    )
    text = (
        f"{row['instructions'].strip()}\n\nWrite the code of this exercise: give the whole file, "
        f"keep its names, use the standard library only.\n\n{stubs}"
    )
    return Question(row["id"], (text,), "", row=row)


def instructed(row: Row) -> Question:
    """IFEval."""
    expected = ", ".join(row["instruction_id_list"])
    return Question(f"ifeval-{row['key']}", (row["prompt"],), expected, row=row)


def gym(row: Row) -> Question:
    """A problem of reasoning-gym."""
    return Question(row["id"], (row["question"],), str(row["answer"]), row["dataset"], row)


def provoked(row: Row) -> Question:
    """A conversation that provokes false claims, and the tools it may use."""
    return Question(
        row["id"],
        tuple(row["turns"]),
        "no false claim",
        row["kind"],
        row,
        tools=frozenset(row["tools"]),
    )


def _calls(row: Row) -> Question:
    """A question of BFCL: the last message; those before it open the conversation."""
    expected = json.dumps(row["ground_truth"]) if row["ground_truth"] else "no call"
    return Question(row["id"], (messages(row)[-1].text,), expected, row["category"], row)


def _routed(row: Row, half: str) -> Question:
    one = row.get("attachment")
    attached = (Attachment(one["name"], one["text"]),) if one else ()
    return Question(row["id"], (row["prompt"],), row["route"], half, row, attached)


def picked(questions: Sequence[Question], limit: int | None) -> tuple[Question, ...]:
    """The first `limit` questions, taken from the groups in turn, so that few are of all
    kinds; the same ones for every system, and a smaller limit picks some of them."""
    if limit is None:
        return tuple(questions)
    places: dict[str, int] = {}
    ranked = []
    for place, question in enumerate(questions):
        turn = places[question.group] = places.get(question.group, 0) + 1
        ranked.append((turn, place, question))
    ranked.sort(key=lambda one: one[:2])
    return tuple(question for _, _, question in ranked[:limit])
