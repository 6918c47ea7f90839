"""Sudoku: read by rule, solved by constraints."""

import pytest

from agent.works import work
from pellucid.agent.effort import TABLE
from pellucid.agent.policy import next_step
from pellucid.agent.route_rules import route
from pellucid.agent.sudoku import program
from pellucid.agent.work import Tell
from pellucid.core.items import Message
from pellucid.core.turn import Turn
from pellucid.tools.python.sandbox import PythonSandbox

SMALL = """Solve this sudoku:

_ _ _ 2
_ _ 4 _
_ _ _ _
2 _ _ 1
"""
LARGE = """Here is a Sudoku.
+-------+-------+-------+
| 5 3 . | . 7 . | . . . |
| 6 . . | 1 9 5 | . . . |
| . 9 8 | . . . | . 6 . |
+-------+-------+-------+
| 8 . . | . 6 . | . . 3 |
| 4 . . | 8 . 3 | . . 1 |
| 7 . . | . 2 . | . . 6 |
+-------+-------+-------+
| . 6 . | . . . | 2 8 . |
| . . . | 4 1 9 | . . 5 |
| . . . | . 8 . | . 7 9 |
+-------+-------+-------+
What belongs in the middle?
"""
DENSE = """Sudoku:
530070000
600195000
098000060
800060003
400803001
700020006
060000280
000419005
000080079
"""
SOLVED = """5 3 4 6 7 8 9 1 2
6 7 2 1 9 5 3 4 8
1 9 8 3 4 2 5 6 7
8 5 9 7 6 1 4 2 3
4 2 6 8 5 3 7 9 1
7 1 3 9 2 4 8 5 6
9 6 1 5 3 7 2 8 4
2 8 7 4 1 9 6 3 5
3 4 5 2 8 6 1 7 9
"""


@pytest.mark.parametrize(
    ("question", "solved"),
    [
        (SMALL, "4 3 1 2\n1 2 4 3\n3 1 2 4\n2 4 3 1\n"),
        (LARGE, SOLVED),
        (DENSE, SOLVED),
        (SMALL.replace("_ _ 4 _", "_ 2 4 _").replace("_ _ _ _", "_ 2 _ _"), "no solution"),
        ("sudoku\n1___\n____\n____\n____", "one of several solutions"),
    ],
)
async def test_a_puzzle_is_solved(sandbox: PythonSandbox, question: str, solved: str) -> None:
    run = await sandbox.run("s", program(question), seconds=30, seed=0)
    assert solved in run.output, run.error


@pytest.mark.parametrize(
    "question",
    [
        SMALL.replace("sudoku", "table"),
        SMALL.replace("4", "7"),
        SMALL.replace("2 _ _ 1", "2 _ 1"),
        SMALL + "\n" + SMALL,
        "How many sudokus are there?",
        "Sudoku\n1234\n3412\n2143\n4321",
    ],
)
def test_other_questions_get_no_program(question: str) -> None:
    assert program(question) == ""


def test_a_puzzle_is_run_without_asking_the_model() -> None:
    turn = Turn("t", (Message("user", SMALL),))
    assert route(turn, TABLE["medium"]).why == "a puzzle"
    step = next_step(work(question=SMALL))
    assert isinstance(step, Tell)
    assert step.items[0].text == program(SMALL)
