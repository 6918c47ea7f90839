"""A reply as a candidate: which code it is, how it is checked, what is wrong at sight."""

import pytest

from agent.checking import executed
from pellucid.agent.coding.candidates import Candidate, candidate, failures
from pellucid.agent.coding.checks import checked
from pellucid.agent.coding.edits import File
from pellucid.agent.coding.examples import examples, named

CODE = "def sq(x):\n    return x * x\n"


def fenced(code: str, info: str = "python") -> str:
    return f"```{info}\n{code}```\n"


def of(reply: str, request: str = "", *originals: File) -> Candidate:
    return candidate(reply, originals, examples(request), named(request))


def files(one: Candidate) -> dict[str, str]:
    assert one.plan is not None
    return dict(one.plan.files)


def test_words_are_no_code() -> None:
    assert of("It squares.") == Candidate("It squares.")
    assert of("Run it:\n```bash\npip install x\n```\n```\n9\n```").language == ""


def test_code_in_one_block() -> None:
    one = of(f"Here:\n{fenced(CODE)}It squares.")
    assert (one.language, one.code, one.defects) == ("python", CODE, ())
    assert files(one) == {"answer.py": CODE}
    assert one.plan is not None
    assert (one.plan.main, one.plan.name) == ("answer.py", "__main__")
    assert of(fenced(CODE, "")).language == "python"


def test_how_code_is_loaded_follows_from_its_examples() -> None:
    called = of(fenced(CODE), "sq(3) -> 9").plan
    read = of(fenced("print(int(input()))\n"), "Input: 3\nOutput: 3").plan
    assert called is not None
    assert read is not None
    assert (called.name, read.name) == ("answer", "")


def test_a_block_goes_on_from_the_first_or_is_a_variant() -> None:
    usage, variant = "print(sq(3))\n", "def sq(x):\n    return x ** 2\n"
    one = of(fenced(CODE) + fenced(usage) + fenced(variant) + fenced("sq(\n"))
    assert files(one) == {"answer.py": f"{CODE.rstrip()}\n\n\n{usage}"}
    assert files(of(fenced("def f(:\n") + fenced(usage)))["answer.py"] == "def f(:\n"


def test_named_blocks_are_files() -> None:
    reply = fenced("x = 1\n", "python title=a.py") + fenced(
        "import a\nprint(a.x)\n", "python title=b.py"
    )
    one = of(reply)
    assert files(one) == {"a.py": "x = 1\n", "b.py": "import a\nprint(a.x)\n"}
    assert one.plan is not None
    assert one.plan.main == "b.py"
    named_main = fenced("from a import x\n", "main.py") + fenced("x = 1\n", "a.py")
    plan = of(named_main).plan
    assert plan is not None
    assert plan.main == "main.py"


def test_of_files_that_import_each_other_one_is_run() -> None:
    plan = of(fenced("import b\n", "a.py") + fenced("import a\n", "b.py")).plan
    assert plan is not None
    assert plan.main == "b.py"
    plan = of(fenced("x = 1\n", "a.py") + fenced("import a\n", "test_a.py")).plan
    assert plan is not None
    assert plan.main == "test_a.py"


ORIGINAL = File("util.py", "def sq(x):\n    return x + x\n")


def test_a_whole_file_takes_the_place_of_the_one_it_is_for() -> None:
    one = of(fenced(CODE), "", ORIGINAL)
    assert files(one) == {"util.py": CODE}
    assert files(of(fenced(CODE), "", ORIGINAL, File("b.py", "y = 1\n")))["answer.py"] == CODE
    assert files(of(fenced(CODE, "util.py"), "", ORIGINAL)) == {"util.py": CODE}


def edit(name: str, old: str, new: str) -> str:
    return f"{name}\n<<<<<<< SEARCH\n{old}\n=======\n{new}\n>>>>>>> REPLACE\n"


EDIT = edit("util.py", "    return x + x", "    return x * x")


def test_a_block_without_what_a_file_defines_is_put_behind_it() -> None:
    tests = "def test_sq():\n    assert sq(1) == 2\n"
    assert files(of(fenced(tests), "", ORIGINAL)) == {"util.py": f"{ORIGINAL.text}\n\n{tests}"}


def test_a_change_that_changes_nothing_is_none() -> None:
    looser = ORIGINAL.text.replace("\n", " \n\n")
    assert of(fenced(looser), "", ORIGINAL).defects == ("nothing was changed",)
    assert of(fenced(ORIGINAL.text), "", ORIGINAL).defects == ("nothing was changed",)
    same = edit("util.py", "    return x + x", "    return x + x")
    assert of(same, "", ORIGINAL).defects == ("nothing was changed",)


def test_edits_are_applied() -> None:
    one = of(EDIT, "sq(3) -> 9", ORIGINAL)
    assert files(one) == {"util.py": CODE}
    assert (len(one.made), one.defects, one.language) == (1, (), "python")
    wrong = of(EDIT.replace("x + x", "x - x"), "", ORIGINAL)
    assert "does not occur" in wrong.defects[0]


def test_edits_of_files_in_other_languages() -> None:
    one = of(edit("a.js", "f()", "f(("), "", File("a.js", "f()\n"))
    assert (one.language, one.plan) == ("javascript", None)
    assert "do not balance" in one.defects[0]
    plan = of(edit("a.sql", "x", "SELECT 1;"), "", File("a.sql", "x\n")).plan
    assert plan is not None
    assert plan.language == "sql"


@pytest.mark.parametrize(
    ("reply", "language", "planned", "defects"),
    [
        (fenced("let x = (1)\n", "js"), "javascript", False, 0),
        (fenced("let x = (1\n// rest of the code\n", "js"), "javascript", False, 2),
        (fenced("SELECT 1;\n", "sql"), "sql", True, 0),
        (fenced('{"a": 1}\n', "json title=a.json"), "json", True, 0),
        (fenced("for f in *; do echo; done\n", "bash"), "bash", False, 0),
        (fenced("a: 1\n", "yaml"), "yaml", False, 0),
        (fenced("def f(x):\n    return (\n"), "python", True, 1),
        (fenced("def f(x):\n    # your code here\n    pass\n"), "python", True, 2),
    ],
)
def test_other_code_and_defects(reply: str, language: str, planned: bool, defects: int) -> None:
    one = of(reply)
    assert (one.language, one.plan is not None, len(one.defects)) == (language, planned, defects)


def wrong(code: str, request: str = "") -> tuple[str, ...]:
    one = of(fenced(code), request)
    assert one.plan is not None
    return failures(one, checked(executed(one.plan)))


def test_what_has_to_be_put_right() -> None:
    assert wrong(CODE, "sq(3) -> 9") == ()
    assert wrong(CODE, "sq(3) -> 8") == ("`sq(3)` gives 9, not 8",)
    assert wrong(CODE, "assert sq(3) > 9") == ("`assert sq(3) > 9` raises AssertionError",)
    assert wrong(CODE, "sq('a') -> 8")[0].startswith("`sq('a')` raises TypeError")
    assert wrong("print(input())\n", "Input: a\nOutput: b") == (
        "for the input 'a' it prints 'a', not 'b'",
    )
    assert "NameError" in wrong("x = y\n")[0]
    assert wrong("import no_such_module_here\n", "sq(3) -> 9") == ()
    assert wrong("input()\n") == ()
    one = of(fenced(CODE))
    assert failures(one, None) == ()
    assert failures(of(fenced("(\n")), None)[0].startswith("answer.py is not valid Python")


def test_a_line_at_the_prompt_that_gives_something_else() -> None:
    assert wrong(CODE, ">>> sq(3)\n8") == ("`sq(3)` gives 9, not 8",)
