"""Graders that run code, in the real sandbox."""

from collections.abc import Mapping
from typing import Any

import pytest
from answers import said

from pellucid.core.ports import Sandbox
from pellucid.evals import programs
from pellucid.evals.task import Grade, Grader, Question, SandboxSource
from pellucid.tools.python.sandbox import PythonSandbox


@pytest.fixture
def source(sandbox: PythonSandbox) -> SandboxSource:
    async def running() -> Sandbox:
        return sandbox

    return running


def fenced(code: str) -> str:
    return f"Here:\n\n```python\n{code}\n```\nThat is all."


async def graded(grade: Grader, row: Mapping[str, Any], text: str, source: SandboxSource) -> Grade:
    return await grade(Question("q", ("?",), row=row), said(text), source)


HUMANEVAL = {
    "prompt": "import math\n\ndef half(n):\n    return n / 2\n\ndef area(r):\n    '''circle'''\n",
    "entry_point": "area",
    "test": "def check(candidate):\n    assert abs(candidate(2) - 12.566) < 0.01\n",
}


@pytest.mark.parametrize(
    ("code", "right"),
    [
        ("def area(r):\n    return math.pi * r * r * half(2)", True),
        ("    return math.pi * r ** 2", True),  # the body alone
        ("def area(r):\n    return 3 * r * r", False),
        ("def area(r):\n    return", False),
        ("def area(r:", False),
        ("def area(r):\n    raise SystemExit", False),  # leaves before its tests end
        ("", False),
    ],
)
async def test_humaneval(source: SandboxSource, code: str, right: bool) -> None:
    grade = await graded(programs.tested(programs.humaneval), HUMANEVAL, fenced(code), source)
    assert grade.right is right
    assert bool(grade.note) is not right


async def test_mbpp(source: SandboxSource) -> None:
    asserts = ["assert cube(2) == math.pow(2, 3)", "assert cube(-1) == -1"]
    row = {"test_setup_code": "import math", "test_list": asserts}
    grade = programs.tested(programs.mbpp)
    good = fenced("def cube(n):\n    return n ** 3") + fenced("print(cube(3))")
    assert (await graded(grade, row, good, source)).right
    wrong = await graded(grade, row, fenced("def cube(n):\n    return abs(n) ** 3"), source)
    assert not wrong.right
    assert "AssertionError" in wrong.note


CRUXEVAL = {"code": "def f(x):\n    return [x, x + 1]", "input": "3", "output": "[3, 4]"}


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("It returns a list.\nassert f(3) == [3, 4]", True),
        ("f(3) returns [3, 4].", True),
        ("The answer is `[3, 4]`.", True),
        (fenced("[3, 4]"), True),
        ("assert f(3) == [4, 3]", False),
        ("assert f(3) == f(3)", False),  # nothing was predicted
        ("I do not know", False),
        ("", False),
    ],
)
async def test_cruxeval(source: SandboxSource, text: str, right: bool) -> None:
    grade = await graded(programs.tested(programs.cruxeval), CRUXEVAL, text, source)
    assert grade.right is right


SQUARES = {
    "name": "squares",
    "io_tests": [[[2], [[0, 0], [1, 1]]], [[0], []]],
    "pytest": "import pytest\ndef test(): pass",
}
CHAIN = {
    "name": "length",
    "io_tests": None,
    "pytest": "import pytest\nfrom node import Node\n\nif pytest.good:\n    import a\nelse:\n"
    "    from b import length\n\n\nend = Node(1)\n\n\ndef test1():\n"
    "    assert length(Node(2, end)) == 2\n\n\ndef test2():\n    assert length(None) == 0\n",
}


@pytest.mark.parametrize(
    ("row", "code", "right"),
    [
        (SQUARES, "def squares(n):\n    return ((i, i * i) for i in range(n))", True),
        (SQUARES, "def squares(n):\n    return [(i, i) for i in range(n + 1)]", False),
        (SQUARES, "def squares(n):\n    return n", False),
        (CHAIN, "def length(n):\n    return 1 + length(n.successor) if n else 0", True),
        (CHAIN, "def length(n):\n    return 2", False),
    ],
)
async def test_quixbugs(
    source: SandboxSource, row: Mapping[str, Any], code: str, right: bool
) -> None:
    grade = await graded(programs.tested(programs.quixbugs), row, fenced(code), source)
    assert grade.right is right


def test_a_case_that_the_tests_skip_is_skipped() -> None:
    row = {
        "name": "f",
        "io_tests": [[["long", "text"], 1], [["short", "text"], 2]],
        "pytest": 'if input_data == ["long", "text"]:\n    pytest.skip("Takes too long to pass!")',
    }
    _, tests = programs.quixbugs(Question("q", ("?",), row=row), "")
    assert "'short'" in tests
    assert "'long'" not in tests


EXERCISE = {
    "solution_files": ["two.py"],
    "test_files": ["two_test.py"],
    "files": {
        "two.py": "def twice(n):\n    pass\n",
        "two_test.py": "import unittest\nfrom two import twice\n\nclass T(unittest.TestCase):\n"
        "    def test(self):\n        self.assertEqual(twice(2), 4)\n",
        ".docs/hints.md": "none",
    },
}


async def test_an_exercise(source: SandboxSource) -> None:
    grade = programs.tested(programs.polyglot)
    good = fenced("def twice(n):\n    return 2 * n")
    assert (await graded(grade, EXERCISE, good + fenced("twice(3)"), source)).right
    wrong = await graded(grade, EXERCISE, fenced("def twice(n):\n    return n"), source)
    assert not wrong.right
    assert "2 != 4" in wrong.feedback


def test_files_are_known_by_their_names() -> None:
    text = "a.py\n```python\n1\n```\nand\n```python\n# b.py\n2\n```\n"
    assert programs.solution(text, ["a.py", "b.py"], {"a.py": "", "b.py": ""}) == {
        "a.py": "1\n",
        "b.py": "# b.py\n2\n",
    }
    assert programs.solution("nothing", ["a.py"], {"a.py": ""}) == {}


async def test_a_program_without_end_is_wrong(
    source: SandboxSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(programs, "SECONDS", 0.5)
    passed, why = await programs.passes("while True: pass", "", source)
    assert not passed
    assert "0.5 s" in why


async def test_no_session_is_left(source: SandboxSource, sandbox: PythonSandbox) -> None:
    assert await programs.passes("x = 1", "assert x == 1", source) == (True, "")
    assert not sandbox._sessions
