"""The sentence about what was checked: true to the run, and never taken out by the verifier."""

import pytest

from agent.checking import executed, recorded
from pellucid.agent.coding.agreement import Tried
from pellucid.agent.coding.candidates import candidate
from pellucid.agent.coding.checks import Checked, checked
from pellucid.agent.coding.code_report import report
from pellucid.agent.coding.examples import Example, examples, named
from pellucid.agent.verdicts.verify import correct, findings, verify
from pellucid.core.items import Message

CODE = "def sq(x):\n    return x * x\n"
TESTS = (Example("model", "value", "sq(2)", "4"), Example("model", "value", "sq(2)", "5"))


def fenced(code: str, language: str = "python") -> str:
    return f"```{language}\n{code}```"


def tried(
    reply: str, request: str = "", tests: tuple[Example, ...] = (), output: str = ""
) -> Tried:
    one = candidate(reply, (), (*examples(request), *tests), named(request))
    if one.plan is None or one.defects:
        return Tried(one, None)
    ran = recorded(one.plan, output)[1].execution if output else executed(one.plan)
    return Tried(one, checked(ran) if ran else None)


EARLY = '{"loaded": false, "kind": "%s", "error": "%s"}'
# ruff: noqa: E501
CASES = [
    (fenced(CODE), "sq(3) -> 9", (), "", "Run here: the example of the request passes."),
    (fenced(CODE), "sq(3) -> 9 and sq(2) -> 4", (), "", "Run here: the 2 examples of the request pass."),
    (fenced(CODE), "sq(3) -> 9", TESTS, "", "Run here: the example of the request passes, and it "
     "passes 1 of the 2 checks the model wrote for it."),
    (fenced(CODE), "sq(3) -> 9, sq(2) -> 5", (), "", "Run here: 1 of the 2 examples of the request "
     "passes; `sq(2)` gives 4, not 5."),
    (fenced(CODE), "sq(3) -> 8", (), "", "Run here: the example of the request does not pass; "
     "`sq(3)` gives 9, not 8."),
    (fenced(CODE), "", TESTS[:1], "", "Run here: it passes the one check the model wrote for it."),
    (fenced(CODE), "", TESTS[1:], "", "Run here: it fails the one check the model wrote for it."),
    (fenced(CODE), "sq(3) -> 8, sq(2) -> 5", (), "", "Run here: 0 of the 2 examples of the request "
     "pass; `sq(3)` gives 9, not 8."),
    (fenced(CODE), "", (), "", "Run here: it ends without an error; the request gives no examples "
     "to hold it to."),
    (fenced("x = y\n"), "", (), "", "Run here, and it fails: NameError: name 'y' is not defined."),
    (fenced("import no_such\n"), "", (), "", "Parsed; its run here stopped early: it needs the "
     "module `no_such`, which is not here."),
    (fenced("input()\n"), "", (), "", "Parsed; its run here stopped early: it waits for input."),
    (fenced("a()\n"), "", (), EARLY % ("gaierror", "[Errno -3] x"), "Parsed; its run here stopped "
     "early: it needs the network."),
    (fenced("a()\n"), "", (), EARLY % ("PermissionError", "x"), "Parsed; its run here stopped early: "
     "it needs the network or files that are closed to it here."),
    (fenced("a()\n"), "", (), EARLY % ("ModuleNotFoundError", "x"), "Parsed; its run here stopped "
     "early: it needs a module that is not here."),
    (fenced("a()\n"), "", (), EARLY % ("PermissionError", "socket"), "Parsed; its run here stopped "
     "early: it needs the network."),
    (fenced("a()\n"), "", (), EARLY % ("URLError", "x"), "Parsed; its run here stopped early: it "
     "needs the network."),
    (fenced("def f(:\n"), "", (), "", "Not run: answer.py is not valid Python: line 1: invalid syntax."),
    (fenced("let x = (1)\n", "js"), "", (), "", "JavaScript, checked for balanced brackets only: "
     "nothing here runs it."),
    (fenced("let x = (1\n", "js"), "", (), "", "JavaScript, not run: the brackets do not balance: "
     "line 1: '(' is never closed."),
    (fenced("echo 1\n", "bash"), "", (), "", "Shell, not checked: nothing here reads it."),
    (fenced('{"a": 1}\n', "json"), "", (), "", "JSON, parsed here."),
    (fenced('{"a"}\n', "json"), "", (), "", "Not valid JSON: Expecting ':' delimiter: line 1 column 5 "
     "(char 4)."),
    (fenced("SELECT 1;\n", "sql"), "", (), "", "SQL, run here in SQLite on an empty database."),
    (fenced("SELECT a FROM t;\n", "sql"), "", (), "", "SQL, parsed here; not run: no such table: t."),
    (fenced("<p>a\n", "html") + "\n" + fenced("a {}\n", "css") + "\n" + fenced("f()\n", "js"), "", (), "",
     "HTML, parsed here. The CSS and JavaScript beside it are not checked."),
    (fenced(CODE) + "\n" + fenced("echo; exit\n", "bash"), "", (), "", "Run here: it ends without an "
     "error; the request gives no examples to hold it to. The Shell beside it is not checked."),
]  # fmt: skip


@pytest.mark.parametrize(("reply", "request_", "tests", "output", "said"), CASES)
def test_what_is_said(
    reply: str, request_: str, tests: tuple[Example, ...], output: str, said: str
) -> None:
    assert report(tried(reply, request_, tests, output)) == said


@pytest.mark.parametrize(("reply", "request_", "tests", "output", "said"), CASES)
def test_what_is_said_stands(
    reply: str, request_: str, tests: tuple[Example, ...], output: str, said: str
) -> None:
    """The verifier finds nothing to correct in a sentence that was made from its evidence."""
    one = tried(reply, request_, tests, output)
    ran = recorded(one.candidate.plan, output) if one.check and one.candidate.plan else ()
    transcript = [Message("user", request_), *ran]
    assert findings(verify(said, transcript)) == ()
    assert correct(said, verify(said, transcript), transcript).text == said


def test_why_nothing_was_run() -> None:
    unchecked = Tried(candidate(fenced(CODE)), None)
    assert report(unchecked, "the time is up") == "Not run: the time is up."
    assert report(unchecked) == "Not run: nothing here could run it."


def test_a_run_out_of_time() -> None:
    one = candidate(fenced(CODE))
    assert one.plan is not None
    check = Checked(one.plan, "e", False, kind="timeout", error="stopped after 10 s")
    assert report(Tried(one, check)).endswith("it had not ended when its time was up.")
