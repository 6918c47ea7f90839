"""Programs that check code: what they run, what they tell, and that they can be read back."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.checking import executed
from pellucid.agent.coding import check_python, check_text
from pellucid.agent.coding.checks import (
    Plan,
    Result,
    checked,
    checked_part,
    literal,
    plan_of,
    program,
)
from pellucid.agent.coding.examples import Example
from pellucid.core.executions import Execution

CODE = "def sq(x):\n    print('in')\n    return x * x\n"


def example(kind: str, source: str, wanted: str = "", origin: str = "request") -> Example:
    return Example(origin, kind, source, wanted)  # type: ignore[arg-type]


def plan(code: str, *held: Example, name: str = "answer", **files: str) -> Plan:
    texts = (*((f"{stem}.py", text) for stem, text in files.items()), ("answer.py", code))
    return Plan(texts, "answer.py", name, held)  # type: ignore[arg-type]


Telling = Callable[[Plan], list[dict[str, Any]]]


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str]) -> Telling:
    """What the checking functions print, called directly."""

    def run(it: Plan) -> list[dict[str, Any]]:
        held = [(e.origin, e.kind, e.source, e.wanted) for e in it.examples]
        check_python.report(dict(it.files), it.main, it.name, held)
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    return run


HELD = [
    (example("value", "sq(3)", "9"), True, "9"),
    (example("value", "sq(3)", "8"), False, "9"),
    (example("value", "sq(1.1)", "1.21"), True, "1.2100000000000002"),
    (example("value", "[sq(2)]", "(4,)"), False, "[4]"),
    (example("value", "lambda: 0", "1"), False, "<function <lambda>>"),
    (example("statement", "assert sq(2) == 4"), True, ""),
    (example("shown", "sq(2)", "in\n4"), True, "in\n4"),
    (example("shown", "x = sq(2)", ""), True, "in"),
    (example("shown", "'a'", '"a"'), True, "'a'"),
    (example("shown", "'a'", '"b"'), False, "'a'"),
    (example("shown", "'a'", "b c"), False, "'a'"),
    (example("shown", "None", ""), True, ""),
]


@pytest.mark.parametrize(("one", "passed", "got"), HELD)
def test_one_example(told: Telling, one: Example, passed: bool, got: str) -> None:
    loaded, result, counts = told(plan(CODE, one))
    assert loaded == {"loaded": True, "printed": ""}
    assert (result["passed"], result["got"]) == (passed, got)
    assert counts == {"request": [int(passed), 1], "model": [0, 0]}


ERRORS = [
    (example("statement", "assert sq(2) == 5, 'five'"), "AssertionError", "five"),
    (example("value", "sq('a')", "1"), "TypeError", "answer.py"),
    (example("value", "cube(2)", "8"), "NameError", "cube"),
    (example("value", "sq(", "8"), "SyntaxError", ""),
    (example("value", "exit(1)", "8"), "SystemExit", "1"),
]


@pytest.mark.parametrize(("one", "kind", "words"), ERRORS)
def test_one_that_raises_does_not_hide_the_others(
    told: Telling, one: Example, kind: str, words: str
) -> None:
    _, first, second, counts = told(plan(CODE, one, example("value", "sq(2)", "4", "model")))
    assert (first["passed"], first["kind"]) == (False, kind)
    assert words in str(first["error"])
    assert second["passed"]
    assert counts == {"request": [0, 1], "model": [1, 1]}


def test_code_that_exits_well_is_loaded_and_one_that_fails_is_not(told: Telling) -> None:
    assert told(plan("print('hi')\nexit()\n"))[0] == {"loaded": True, "printed": "hi"}
    assert told(plan("exit(2)\n"))[0]["kind"] == "SystemExit"
    failed, *rest = told(plan("x = 1\ny = z\n", example("value", "x", "1")))
    assert not failed["loaded"]
    assert failed["kind"] == "NameError"
    assert "line 2" in failed["error"]
    assert "y = z" in failed["error"]
    assert rest == [{"request": [0, 0], "model": [0, 0]}]


def test_what_does_not_end_is_stopped(told: Telling, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check_python, "LOADING", 0.05)
    monkeypatch.setattr(check_python, "EACH", 0.05)
    (failed, _) = told(plan("while True:\n    try: 1\n    except Exception: 1\n"))
    assert (failed["kind"], failed["loaded"]) == ("TimeLimit", False)
    slow = "def f():\n    while True: pass\ndef g(): return 1\n"
    _, first, second, _ = told(
        plan(slow, example("value", "f()", "1"), example("value", "g()", "1"))
    )
    assert (first["kind"], second["passed"]) == ("TimeLimit", True)
    monkeypatch.setattr(check_python, "ALL", 0.0)
    _, first, _ = told(plan(slow, example("value", "f()", "1")))
    assert first["kind"] == "TimeLimit"


def test_a_main_guard_runs_only_in_a_program(told: Telling) -> None:
    code = "if __name__ == '__main__':\n    print('ran')\n"
    assert told(plan(code, name="__main__"))[0]["printed"] == "ran"
    assert told(plan(code))[0]["printed"] == ""
    assert sys.modules["__main__"].__dict__.get("__builtins__") is not None


def test_input_is_typed_into_a_program_that_reads(told: Telling) -> None:
    code = "n = int(input('n? '))\nprint(n)\nprint(n * n)\n"
    held = (
        example("typed", "3\n", "9"),
        example("typed", "3\n", "3\n9"),
        example("typed", "3\n", "8"),
    )
    loaded, first, second, third, _ = told(plan(code, *held, name=""))
    assert loaded["loaded"]
    assert [r["passed"] for r in (first, second, third)] == [True, True, False]
    assert third["got"] == "9"


def test_reading_without_an_example_is_told(told: Telling) -> None:
    assert told(plan("input()\n", name="__main__"))[0]["kind"] == "EOFError"


def test_several_files_import_each_other(
    told: Telling,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    main = "import helper_of_test\nfrom sub_of_test.deep import y\nz = helper_of_test.x + y\n"
    for value in (1, 2):
        files = {
            "helper_of_test.py": f"x = {value}\n",
            "sub_of_test/deep.py": "y = 10\n",
            "answer.py": main,
        }
        it = Plan(
            tuple(files.items()), "answer.py", "answer", (example("value", "z", f"{value + 10}"),)
        )
        assert told(it)[1]["passed"], value
        assert it.reached == ("answer.py", "helper_of_test.py", "sub_of_test/deep.py")
    assert (tmp_path / "sub_of_test/deep.py").read_text() == "y = 10\n"


def test_long_values_are_shortened() -> None:
    assert check_python.short("x" * 400) == "…" + "x" * 300
    assert check_python.short(repr(object())) == "<object object>"


SQL = "CREATE TABLE t (x INT);\nINSERT INTO t VALUES (1); SELECT ';' FROM t"


@pytest.mark.parametrize(
    ("language", "text", "first"),
    [
        ("json", '{"a": 1}', {"loaded": True, "needs": ""}),
        ("json", "{", {"loaded": False, "kind": "JSONDecodeError"}),
        ("toml", "a = 1", {"loaded": True, "needs": ""}),
        ("toml", "a =", {"loaded": False, "kind": "TOMLDecodeError"}),
        ("xml", "<a/>", {"loaded": True, "needs": ""}),
        ("xml", "<a>", {"loaded": False, "kind": "ParseError"}),
        ("html", "<!DOCTYPE html><ul><li>a<li>b<br></ul><p>c", {"loaded": True, "needs": ""}),
        ("html", "<p>a</p></p><table><tr><td>1</table>", {"loaded": True, "needs": ""}),
        ("html", "<div>\n<b></div>", {"loaded": False, "error": "line 2: </div> closes nothing"}),
        ("html", "<div>\n<p>", {"loaded": False, "error": "line 1: <div> is never closed"}),
        ("html", "</i>", {"loaded": False, "kind": "ValueError"}),
        ("sql", SQL, {"loaded": True, "needs": ""}),
        ("sql", "SELECT x FROM t; SELECT y FROM u;", {"loaded": True, "needs": "no such table: t"}),
        ("sql", "SELEC x", {"loaded": False, "kind": "OperationalError"}),
        ("sql", "SELECT 'a", {"loaded": False, "kind": "OperationalError"}),
        ("sql", "", {"loaded": True, "needs": ""}),
    ],
)
def test_other_languages(
    language: str, text: str, first: dict[str, object], capsys: pytest.CaptureFixture[str]
) -> None:
    check_text.report(language, text)
    said = json.loads(capsys.readouterr().out)
    assert {key: said[key] for key in first} == first
    it = Plan((("answer", text),), "answer", language=language)
    found = checked(executed(it))
    assert found is not None
    assert (found.plan, found.loaded) == (it, first["loaded"])
    assert found.ran == (language == "sql" and said.get("needs") == "")


TEXTS = st.text(max_size=60)
EXAMPLES = st.builds(
    Example,
    st.sampled_from(["request", "model"]),
    st.sampled_from(["statement", "value", "shown", "typed"]),
    TEXTS,
    TEXTS,
)


@given(st.dictionaries(TEXTS, TEXTS, min_size=1, max_size=3), st.lists(EXAMPLES, max_size=3))
def test_any_plan_is_read_back_from_its_program(files: dict[str, str], held: list[Example]) -> None:
    it = Plan(tuple(files.items()), next(iter(files)), "answer", tuple(held))
    assert plan_of(program(it)) == it
    assert plan_of(program(it) + "x") is None
    assert plan_of(program(it).replace("TimeLimit", "Other")) is None
    other = Plan(it.files, it.main, language="json")
    assert plan_of(program(other)) == other


@pytest.mark.parametrize("text", ["x = '''a'''", "\0", "a'", "\\", "\r", "\ud800"])
def test_a_text_that_no_plain_literal_holds(text: str) -> None:
    assert literal(text) == repr(text)


@given(TEXTS)
def test_any_text_as_a_literal(text: str) -> None:
    assert eval(literal(text)) == text


@pytest.mark.parametrize(
    "code",
    ["print(1)", "FILES = {\n", "FILES = {\n}\n", "FILES = {\n}\nprint(1)\nprint(2)\n"],
)
def test_other_programs_check_nothing(code: str) -> None:
    assert plan_of(code) is None
    assert checked(Execution("e", code, "ok", output='{"loaded": true}')) is None


def test_a_program_says_what_its_run_came_to() -> None:
    it = plan(CODE, *(one for one, _, _ in HELD))
    found = checked(executed(it))
    assert found is not None
    assert found.loaded
    assert found.ran
    assert [r.passed for r in found.results] == [passed for _, passed, _ in HELD]
    assert found.of("model") == ()
    assert len(found.of("request")) == len(HELD)


def test_what_was_written_is_told_from_what_checks_it() -> None:
    assert "sq(x)" in checked_part(program(plan(CODE)))
    assert "TimeLimit" not in checked_part(program(plan(CODE)))
    assert checked_part("print(1)") == "print(1)"


def test_nothing_of_the_checker_is_left_behind() -> None:
    space: dict[str, object] = {}
    exec(program(plan("x = 1\n")), space)
    assert set(space) - {"__builtins__"} == {"FILES", "EXAMPLES", "check"}


def test_a_run_that_was_killed_met_nothing() -> None:
    it = plan(CODE, *(one for one, _, _ in HELD[:2]))
    killed = Execution("e", program(it), "timeout", output="", error="a\nstopped after 10 s")
    found = checked(killed)
    assert found is not None
    assert (found.loaded, found.kind, found.error) == (False, "timeout", "stopped after 10 s")
    assert found.results == (Result(False, "", "timeout", "it was not tried"),) * 2
    half = Execution(
        "e", program(it), "killed", output='{"loaded": true}\n{"passed": true}\n[1]\n{'
    )
    found = checked(half)
    assert found is not None
    assert [r.passed for r in found.results] == [True, False]


def test_a_program_that_only_reads_ran_when_an_example_did() -> None:
    it = plan("print(int(input()) + 1)\n", example("typed", "1\n", "2"), name="")
    found = checked(executed(it))
    assert found is not None
    assert found.ran
    other = plan("print(1 / 0)\n", example("typed", "1\n", "2"), name="")
    found = checked(executed(other))
    assert found is not None
    assert not found.ran


def test_files_that_nothing_imports_are_not_reached() -> None:
    it = plan(
        "import os\nfrom . import x\nfrom a import b\nx = 1\n", a="import answer\n", c="y = 2\n"
    )
    assert it.reached == ("answer.py", "a.py")
    assert it.code.startswith("import os")
    deep = Plan((("src/app.py", "import util\n"), ("src/util.py", "x = 1\n")), "src/app.py")
    assert deep.reached == ("src/app.py", "src/util.py")
    broken = plan("import a\n", a="(")
    assert broken.reached == ("answer.py", "a.py")
