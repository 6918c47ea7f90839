"""Whole turns on the code route: a scripted model, the real sandbox, real receipts."""

from pathlib import Path
from typing import Any

import pytest

from pellucid.core.fold import Record, fold
from pellucid.core.items import Item, Message, Reasoning, ToolResult, Verdicts
from pellucid.core.ports import Prompt
from pellucid.core.turn import Attachment
from pellucid.model.scripted import playback
from pellucid.service.replay import replay
from pellucid.tools.python.sandbox import PythonSandbox
from service.benches import Bench, said, shown, turn

ASKED = "Write a Python function `sq` that squares a number. sq(3) -> 9"
GOOD = "```python\ndef sq(x):\n    return x * x\n```"
BAD = "```python\ndef sq(x):\n    return x + x\n```"


def replies(first: str, *others: str) -> Any:
    return playback([Message("assistant", first)], *([Reasoning(text)] for text in others))


async def asked(
    sandbox: PythonSandbox, home: Path, question: str, *texts: str, **changes: Any
) -> tuple[Record, Bench]:
    bench = Bench(replies(*texts), sandbox, home)
    return fold(await bench.play(turn(question, **changes))), bench


async def test_code_is_run_before_it_is_shown(sandbox: PythonSandbox, tmp_path: Path) -> None:
    record, bench = await asked(sandbox, tmp_path, ASKED, GOOD)
    assert said(record) == f"{GOOD}\n\nRun here: the example of the request passes."
    verdicts, result = record.items[-1], record.items[1]
    assert isinstance(verdicts, Verdicts)
    assert isinstance(result, ToolResult)
    assert result.execution is not None
    (code,) = [claim for claim in verdicts.claims if claim.kind == "code"]
    assert (code.verdict, code.evidence) == ("computed", (result.execution.execution_id,))
    path = bench.receipts / "turn_1.json"
    assert [one.verdict async for one in replay(path, sandbox, 10.0)] == ["same"]


async def test_what_fails_is_never_shown_as_the_answer(
    sandbox: PythonSandbox, tmp_path: Path
) -> None:
    bench = Bench(replies(BAD, GOOD), sandbox, tmp_path)
    events = await bench.play(turn(ASKED))
    record = fold(events)
    assert said(record).startswith(GOOD)
    assert "gives 6, not 9" in bench.model.seen[1].items[-1].text
    assert record.spent is not None
    assert (record.spent.candidates, record.spent.repairs, record.spent.tool_calls) == (1, 1, 2)
    assert record.spent.thinking_tokens == len(GOOD) // 4
    assert shown(events).count("Run here") == 1


async def test_a_traceback_names_the_line(sandbox: PythonSandbox, tmp_path: Path) -> None:
    crash = "```python\ndef sq(x):\n    return x * y\n```"
    _, bench = await asked(sandbox, tmp_path, ASKED, crash, GOOD)
    objection = bench.model.seen[1].items[-1].text
    assert "NameError: name 'y' is not defined" in objection


async def test_candidates_are_kept_apart(sandbox: PythonSandbox, tmp_path: Path) -> None:
    """A function of the first candidate does not help the second."""
    first = "```python\ndef double(x):\n    return x + x\n\ndef sq(x):\n    return double(x)\n```"
    second = "```python\ndef sq(x):\n    return double(x) * x / 2\n```"
    record, _ = await asked(sandbox, tmp_path, ASKED, first, second, effort="low")
    assert "does not pass" in said(record)


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("import sys\nprint(sys.argv[1:])\n", "Run here: it ends without an error"),
        ("import socket\nsocket.create_connection(('localhost', 80))\n", "it needs the network"),
        ("import requests\nrequests.get('x')\n", "the module `requests`, which is not here"),
        ("print(input('Name? '))\n", "it waits for input"),
        ("print(open('data.csv').read())\n", "it needs a file that is not here"),
        ("print(1 / 0)\n", "Run here, and it fails: ZeroDivisionError: division by zero."),
    ],
)
async def test_programs(code: str, told: str, sandbox: PythonSandbox, tmp_path: Path) -> None:
    question = "Write a Python script that does it."
    script = f"```python\n{code}```"
    record, _ = await asked(sandbox, tmp_path, question, script, script, effort="low")
    assert told in said(record)


async def test_a_program_that_reads_is_given_the_input(
    sandbox: PythonSandbox, tmp_path: Path
) -> None:
    question = "Write a Python program that adds.\n\nInput:\n3 4\n\nOutput:\n7\n"
    code = "```python\na, b = map(int, input().split())\nprint(a + b)\n```"
    record, _ = await asked(sandbox, tmp_path, question, code)
    assert said(record).endswith("Run here: the example of the request passes.")


async def test_an_endless_loop_is_stopped(sandbox: PythonSandbox, tmp_path: Path) -> None:
    loop = "```python\ndef sq(x):\n    while True:\n        pass\n```"
    record, _ = await asked(sandbox, tmp_path, ASKED, loop, loop, effort="low")
    assert "`sq(3)` raises TimeLimit: stopped after 2 seconds" in said(record)


@pytest.mark.parametrize(
    ("language", "code", "told"),
    [
        ("json", '{"a": 1}', "JSON, parsed here."),
        ("toml", "a = [1", "Not valid TOML"),
        ("xml", "<a><b/></a>", "XML, parsed here."),
        ("sql", "CREATE TABLE t (a INT); SELECT a FROM t;", "run here in SQLite"),
        ("sql", "SELECT a FROM t JOIN", "Not valid SQL"),
        ("js", "const f = x => (x);", "JavaScript, checked for balanced brackets only"),
    ],
)
async def test_other_languages(
    language: str, code: str, told: str, sandbox: PythonSandbox, tmp_path: Path
) -> None:
    block = f"```{language}\n{code}\n```"
    record, _ = await asked(
        sandbox, tmp_path, "Write some code for a script.", block, block, effort="low"
    )
    assert told in said(record)


async def test_several_files_are_run_together(sandbox: PythonSandbox, tmp_path: Path) -> None:
    text = (
        "helper.py\n```python\ndef sq(x):\n    return x * x\n```\n\n"
        "main.py\n```python\nfrom helper import sq\n\nprint(sq(3))\n```"
    )
    question = "Write a Python program in two files."
    record, _ = await asked(sandbox, tmp_path, question, text, effort="low")
    assert "Run here: it ends without an error" in said(record)
    verdicts = record.items[-1]
    assert isinstance(verdicts, Verdicts)
    assert [c.verdict for c in verdicts.claims if c.kind == "code"] == ["computed", "computed"]


async def test_an_attached_file_is_changed(sandbox: PythonSandbox, tmp_path: Path) -> None:
    attached = Attachment("a.py", "def sq(x):\n    return x + x\n" + "# more\n" * 120)
    edit = "a.py\n<<<<<<< SEARCH\n    return x + x\n=======\n    return x * x\n>>>>>>> REPLACE"
    record, _ = await asked(
        sandbox, tmp_path, "Fix this: sq(3) should return 9", edit, attachments=(attached,)
    )
    assert "The changes are applied. Run here: the example of the request passes." in said(record)


async def test_a_false_claim_about_the_run_does_not_reach_the_user(
    sandbox: PythonSandbox, tmp_path: Path
) -> None:
    lie = f"{GOOD}\n\nI searched the web for it.\n\n```output\n4711\n```"
    record, _ = await asked(sandbox, tmp_path, ASKED, lie)
    assert "searched" not in said(record)
    assert "4711" not in said(record)
    assert said(record).endswith("Run here: the example of the request passes.")


async def test_every_cap_gives_text(sandbox: PythonSandbox, tmp_path: Path) -> None:
    """Whatever runs out first: an answer, and never more tokens than the cap."""

    def script(prompt: Prompt) -> list[Item]:
        words = BAD if isinstance(prompt.into, Message) else f"{BAD} or {len(prompt.items)}"
        into = prompt.into
        return [Message("assistant", words) if isinstance(into, Message) else Reasoning(words)]

    for effort in ("low", "medium"):
        for cap in (16, 17, 40, 120, 300, 1000):
            bench = Bench(script, sandbox, tmp_path)
            record = fold(await bench.play(turn(ASKED, max_output_tokens=cap, effort=effort)))
            assert said(record).strip(), (effort, cap)
            assert record.usage.completion <= cap
            assert record.reason in ("answered", "length", "limit")
