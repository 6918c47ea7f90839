"""The registry: every set by name, with its standard grader and what others published.

Published figures are those of `Qwen2.5-Coder-1.5B-Instruct`, the default weights, where there
are any; another model's name says so. Shots and prompts differ from ours: they are landmarks,
not columns.
"""

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from pellucid.core.errors import UnknownName
from pellucid.evals import (
    behaviour,
    calls,
    gym,
    honesty,
    instructions,
    mathematics,
    programs,
    scoring,
    tables,
)
from pellucid.evals import loading as load
from pellucid.evals.task import Published, Question, Rate, Task, pure

PACKAGE_DATA = Path(__file__).parent / "data"
"""Where the sets lie that ship with Pellucid."""

CODER = "arXiv 2409.12186"
SEVEN, BASE = "Qwen2.5-Coder-7B-Instruct", "the base model, 4 shots"
THESE = "these weights"

_NUMBER = "the last number marked as the result"
_ALL: tuple[Task, ...] = (
    Task(
        "gsm8k",
        load.file("gsm8k/test.jsonl", load.problem),
        pure(scoring.numeric()),
        _NUMBER,
        (Published(BASE, 65.8, CODER), Published(SEVEN, 86.7, CODER)),
    ),
    Task(
        "gsm8k_train",
        load.file("gsm8k/train.jsonl", load.problem),
        pure(scoring.numeric()),
        f"{_NUMBER}; for tuning",
    ),
    Task(
        "gsm_hard",
        load.file("gsm_hard/gsmhard.jsonl", load.problem),
        pure(scoring.numeric(1e-3)),
        f"{_NUMBER}, within 1e-3 of the expected one",
        (
            Published("Codex, chain of thought", 23.1, "arXiv 2211.10435"),
            Published("Codex, programs", 61.2, "arXiv 2211.10435"),
        ),
    ),
    Task(
        "math500",
        load.file("math500/test.jsonl", load.competition),
        pure(mathematics.equal),
        "symbolic equality (math-verify)",
        (Published(f"{BASE}, all of MATH", 30.9, CODER), Published(SEVEN, 66.8, CODER)),
        requires="math-verify",
    ),
    Task(
        "svamp",
        load.file("word_problems/svamp.jsonl", load.problem),
        pure(scoring.numeric()),
        _NUMBER,
        (Published("Codex, programs", 79.4, "arXiv 2211.10435"),),
    ),
    Task(
        "theoremqa",
        load.file("theoremqa/text_only.jsonl", load.theorem),
        pure(scoring.theorem),
        "typed answers, numbers within 4 % (the set's own rules)",
    ),
    Task(
        "bbh",
        load.file("bbh/sample_20_per_task.jsonl", load.bbh),
        pure(scoring.bbh),
        "exact match of the target",
    ),
    Task("folio", load.folios, pure(scoring.label), "the last label named"),
    Task(
        "humaneval",
        load.file("humaneval/humaneval.jsonl", load.humaneval),
        programs.tested(programs.humaneval),
        "the set's check, run",
        (Published(THESE, 70.7, CODER), Published(SEVEN, 88.4, CODER)),
        sandboxed=True,
    ),
    Task(
        "mbpp",
        load.file("mbpp/mbpp.jsonl", load.mbpp),
        programs.tested(programs.mbpp),
        "the set's asserts, run",
        (Published(THESE, 69.2, CODER), Published(SEVEN, 83.5, CODER)),
        sandboxed=True,
    ),
    Task(
        "cruxeval",
        load.file("cruxeval/cruxeval_sample.jsonl", load.cruxeval),
        programs.tested(programs.cruxeval),
        "an assert of the literal given, run",
        (Published(THESE, 37.5, CODER), Published(SEVEN, 65.9, CODER)),
        sandboxed=True,
    ),
    Task(
        "quixbugs",
        load.file("quixbugs/quixbugs_python.jsonl", load.quixbugs),
        programs.tested(programs.quixbugs),
        "all tests of the program, run",
        sandboxed=True,
    ),
    Task(
        "polyglot-python",
        load.file("aider_polyglot/polyglot.jsonl", load.polyglot),
        programs.tested(programs.polyglot),
        "the exercise's unit tests, run; two tries",
        tries=2,
        sandboxed=True,
    ),
    Task(
        "ifeval",
        load.file("ifeval/ifeval.jsonl", load.instructed),
        pure(instructions.followed),
        "every instruction followed, strictly (own checkers after the official rules)",
        rates=(Rate("instructions followed", "followed", "instructions"),),
        requires="py3langid",
    ),
    Task(
        "tatqa",
        load.file("tatqa/test_gold_sample.jsonl", tables.question),
        pure(tables.told),
        "numbers to two decimals with their scale, words of spans (after the set's own rules)",
    ),
    Task("bfcl", load.bfcl, pure(calls.matched), "calls match by value", functions=True),
    Task(
        "reasoning_gym",
        load.folder("reasoning_gym"),
        pure(gym.scored),
        "full marks of the package's scorer",
        requires="reasoning-gym",
    ),
    Task(
        "routing",
        load.routing,
        pure(behaviour.routed),
        "a tool where it is needed, and only there",
        rates=(
            Rate("needless tool use", "needless", "words"),
            Rate("missed tool use", "missed", "programs"),
        ),
        package=True,
    ),
    Task(
        "honesty",
        load.file("honesty.jsonl", load.provoked),
        pure(honesty.honest),
        "no claim of an action nobody took (an independent audit)",
        package=True,
    ),
)
TASKS: dict[str, Task] = {task.name: task for task in _ALL}
ALIASES = {"zebra": "reasoning_gym/zebra_puzzles"}
"""Parts of sets that have a name of their own."""


def find(name: str) -> tuple[Task, str]:
    """The set of a name and the group meant ("" for all): `bbh`, `bbh/navigate`, `zebra`.
    UnknownName lists the sets."""
    base, _, group = ALIASES.get(name, name).partition("/")
    if base not in TASKS:
        raise UnknownName(f"there is no set {name!r}; there are {names()}")
    return TASKS[base], group


def check(task: Task) -> None:
    """BadRequest when the package that grades a set is not installed."""
    if task.requires and find_spec(task.requires.replace("-", "_")) is None:
        raise mathematics.missing(task.name, task.requires)


def names() -> str:
    """All sets, for people."""
    return ", ".join([*TASKS, *ALIASES])


def questions(name: str, data: Path, limit: int | None) -> tuple[Question, ...]:
    """The questions of a name, at most `limit`; UnknownName for a set or group there is not,
    BadRequest where the data is missing."""
    task, group = find(name)
    every = task.load(PACKAGE_DATA if task.package else data)
    mine = [one for one in every if group in ("", one.group)]
    if not mine:
        raise UnknownName(f"{task.name} has no group {group!r}; there are {_groups(every)}")
    return load.picked(mine, limit)


def _groups(every: Sequence[Question]) -> str:
    return ", ".join(dict.fromkeys(one.group for one in every if one.group)) or "none"
