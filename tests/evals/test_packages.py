"""Sets graded by packages of others: math-verify and reasoning-gym."""

import builtins
from pathlib import Path
from typing import Any

import pytest
from answers import claim, said

from pellucid.core.errors import BadRequest
from pellucid.evals import gym, instructions, mathematics, tasks
from pellucid.evals.task import Answer, Question


def math(expected: str) -> Question:
    return Question("q", ("?",), expected)


FORMULAS = [
    ("\\frac{1}{2}", "So it is \\boxed{0.5}.", "It is \\boxed{\\frac{1}{3}}."),
    ("3\\sqrt{13}", "The distance is $\\sqrt{117}$.", "It is $3\\sqrt{14}$."),
    ("9", "There are 9 divisors.", "There are 8 divisors."),
    ("(3,4]", "\\boxed{(3,4]}", "\\boxed{[3,4]}"),
    ("x^2+x", "\\[ x(x+1) \\]", "\\[ x^2 \\]"),
    ("1", "", ""),
]


@pytest.mark.parametrize(("expected", "right", "wrong"), FORMULAS)
def test_formulas(expected: str, right: str, wrong: str) -> None:
    pytest.importorskip("math_verify")
    assert mathematics.equal(math(expected), said(right)).right is bool(right)
    assert not mathematics.equal(math(expected), said(wrong)).right


def test_a_computed_number_is_the_formula_where_it_stands_alone() -> None:
    text = "There are 720 ways for 5 books."
    assert mathematics.formula(said(text, claim(text, "720"))) == "720"
    assert mathematics.formula(said(text)) == text
    part = "It is 3/4 for 5 books."
    assert mathematics.formula(said(part, claim(part, "4"))) == part
    marked = "It is $3x$ and 720."
    assert mathematics.formula(said(marked, claim(marked, "720"))) == marked


GRID = "4 3 2 1\n2 1 4 3\n1 2 3 4\n3 4 1 2"
READ = [
    ("chain_sum", "12 + 30 =", "The result is 42.", "42"),
    ("syllogism", "?", "Yes? No.", "No"),
    ("family_relationships", "?", "He is the mother-in-law.", "mother-in-law"),
    ("zebra_puzzles", "Each has a unique name: bob, carol\n", "In it lives Carol.", "carol"),
    ("needle_haystack", "Who likes Ann? Bo likes Ann.", "It is Bo.", "Bo"),
    ("calendar_arithmetic", "Answer with Yes or No.", "Yes, it is.", "Yes"),
    ("calendar_arithmetic", "Which weekday?", "On Monday or so: Tuesday.", "Tuesday"),
    ("calendar_arithmetic", "How many weekdays? Give the number.", "It has 15.", "15"),
    ("time_intervals", "?", "It took 49 days, 08:09.", "49 days, 08:09"),
    ("time_intervals", "?", "So 00:13:41.325", "00:13:41.325"),
    ("knights_knaves", "?", "So: Al is a fool and Bo is a hero.", "Al is a fool and Bo is a hero"),
    ("mini_sudoku", "4x4", f"```\n{GRID}\n```", GRID),
    ("shortest_path", "?", "Go right, right, down.", "right right down"),
    ("shortest_path", "?", "It is infeasible.", "infeasible"),
    ("word_sorting", "?", "Sorted: ['Ape', 'bee', 'cat'].", "Ape, bee, cat"),
    ("spell_backward", "?", "Backward it is **nus**.", "nus"),
    ("polynomial_equations", "?", "The roots are -0.74, 0.0 and 2.15.", "-0.74, 0.0, 2.15"),
    ("polynomial_equations", "?", "The roots of 3*x**2 = 12 are: -2 and 2.", "-2, 2"),
    ("countdown", "?", "The answer is 98 - 57 + 55.", "98 - 57 + 55"),
    ("countdown", "?", "\\boxed{98 - 57}", "98 - 57"),
    ("countdown", "?", "Use 98 and 57: 2*(98 - 57) = 82.", "2*(98 - 57)"),
    ("intermediate_integration", "?", "So\n\n$F(x) = -sin(6*x)**2 + C$", "-sin(6*x)**2 + C"),
    ("countdown", "?", "", ""),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "asked", "text", "read"), READ)
def test_results_are_read_by_kind(kind: str, asked: str, text: str, read: str) -> None:
    reader = gym.READERS.get(kind, gym.line)
    assert reader(Question("q", (asked,), group=kind), said(text)) == read


def test_the_expected_answers_get_full_marks(data: Path) -> None:
    """For every kind: the reader finds the answer in it, and the package's scorer agrees."""
    pytest.importorskip("reasoning_gym")
    every = tasks.questions("reasoning_gym", data, None)
    assert len({one.group for one in every}) > 20
    first = tasks.questions("reasoning_gym", data, 3 * len({one.group for one in every}))
    wrong = [q.id for q in first if not gym.scored(q, said(f"The answer is {q.expected}")).right]
    assert wrong == []
    assert not any(gym.scored(question, Answer()).right for question in first)


def test_a_missing_package_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def refusing(name: str, *rest: Any) -> Any:
        if name in ("math_verify", "reasoning_gym", "py3langid"):
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", refusing)
    gym._dataset.cache_clear()
    row = {"question": "?", "answer": "1", "metadata": {}, "config": {}}
    with pytest.raises(BadRequest, match=r"reasoning-gym, which is missing: .*pellucid\[eval\]"):
        gym.scored(Question("q", ("?",), "1", "chain_sum", row), said("1"))
    with pytest.raises(BadRequest, match="math-verify"):
        mathematics.equal(math("1"), said("1"))
    with pytest.raises(BadRequest, match="py3langid"):
        instructions.language("a")
    monkeypatch.setattr(tasks, "find_spec", lambda name: None)
    tasks.check(tasks.TASKS["gsm8k"])
    with pytest.raises(BadRequest, match="math500 is graded by math-verify"):
        tasks.check(tasks.TASKS["math500"])
