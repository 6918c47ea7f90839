"""Graders that run code: always in the sandbox, in a session of its own, with a time limit.

Right is what runs to its very end: the last line prints a word made up for this run, so that
a program which leaves early (`exit()`) passes nothing.
"""

import ast
import re
import secrets
from collections.abc import Callable, Mapping
from textwrap import indent

from pellucid.core.executions import Execution
from pellucid.evals.reading import Block, blocks, boxed, code, defined
from pellucid.evals.task import Answer, Grade, Grader, Question, SandboxSource

SECONDS = 20.0
"""How long the tests of one answer may take."""
NODE = """
class Node:
    def __init__(self, value=None, successor=None, successors=(), predecessors=(),
                 incoming_nodes=(), outgoing_nodes=()):
        self.value, self.successor = value, successor
        self.successors, self.predecessors = list(successors or ()), list(predecessors or ())
        self.incoming_nodes = list(incoming_nodes or ())
        self.outgoing_nodes = list(outgoing_nodes or ())
"""
"""QuixBugs' graph tests use a class of this shape."""
PLAIN = """
import types
def _plain(value):
    if isinstance(value, (list, tuple, types.GeneratorType)):
        return [_plain(one) for one in value]
    return value
def _same(mine, right):
    if isinstance(mine, float) or isinstance(right, float):
        return abs(mine - right) < 1e-6
    return mine == right
"""
UNITTEST = """
import importlib, io, os, sys, unittest
sys.path.insert(0, os.getcwd())
for _name, _text in FILES.items():
    with open(_name, "w", encoding="utf-8") as _file:
        _file.write(_text)
_tests = unittest.TestSuite(
    unittest.defaultTestLoader.loadTestsFromModule(importlib.import_module(_name))
    for _name in TESTS
)
_told = io.StringIO()
_result = unittest.TextTestRunner(_told, verbosity=0).run(_tests)
if not _result.wasSuccessful() or not _result.testsRun:
    raise SystemExit(_told.getvalue()[:6000])
"""
SLOW = "takes too long"
"""What QuixBugs' own test files say of a case that they skip."""


async def passes(program: str, tests: str, sandbox: SandboxSource) -> tuple[bool, str]:
    """Whether the tests behind the program run to their end; else why not."""
    word = secrets.token_hex(8)
    running, session = await sandbox(), f"grade-{word}"
    whole = f"{program}\n\n{tests}\nprint({word!r})\n"
    try:
        done = await running.run(session, whole, seconds=SECONDS, seed=0)
    finally:
        await running.close_session(session)
    if done.outcome == "ok" and done.output.rstrip().endswith(word):
        return True, ""
    return False, _why(done)


def _why(done: Execution) -> str:
    told = done.error.strip() or done.output.strip()
    return told if done.outcome != "ok" else "it left before its tests ended"


def tested(build: Callable[[Question, str], tuple[str, str]]) -> Grader:
    """A grader that runs what `build` makes of a question and an answer's text: the program
    and its tests."""

    async def grade(question: Question, answer: Answer, sandbox: SandboxSource) -> Grade:
        program, tests = build(question, answer.text)
        right, why = await passes(program, tests, sandbox)
        return Grade(right, program, why, why)

    return grade


def humaneval(question: Question, text: str) -> tuple[str, str]:
    """HumanEval (arXiv 2107.03374): the set's `check`. What stands above the function in the
    prompt (imports, helpers) is kept; a body alone is put below the prompt."""
    name, prompt = str(question.row["entry_point"]), str(question.row["prompt"])
    written = code(text, name)
    above = prompt[: prompt.rindex(f"def {name}")]
    body = written if written[:1].isspace() else indent(written, "    ")
    whole = f"{above}\n{written}" if name in defined(written) else prompt + body
    return whole, f"{question.row['test']}\ncheck({name})"


def mbpp(question: Question, text: str) -> tuple[str, str]:
    """MBPP (arXiv 2108.07732): the set's set-up and asserts."""
    called = re.search(r"assert\s+\W*([A-Za-z_]\w*)\s*\(", str(question.row["test_list"][0]))
    tests = "\n".join([str(question.row["test_setup_code"]), *question.row["test_list"]])
    return code(text, called[1] if called else ""), tests


def cruxeval(question: Question, text: str) -> tuple[str, str]:
    """CRUXEval-O (arXiv 2401.03065): the set's assert with the value the answer gives. Only a
    literal counts: who writes the call itself has predicted nothing."""
    row = question.row
    return str(row["code"]), f"assert f({row['input']}) == {literal(text)}"


def literal(text: str) -> str:
    """The Python literal an answer gives: right of the last `==` or `->`, else the last
    block, inline code or line that is one. "..." (equal to nothing) when there is none."""
    places = re.findall(r"(?:==|->|→)[ \t]*(\S.*)$", boxed(text) or text, re.MULTILINE)
    places = places[-1:] + [one.code for one in reversed(blocks(text))]
    places += reversed(re.findall(r"`([^`\n]+)`", text))
    places += reversed(text.splitlines())
    for place in places:
        tried = place.strip().rstrip("`").strip().removesuffix(".")
        for one in (tried, re.split(r"\b(?:is|returns|be):?\s+", tried)[-1].strip("`* ")):
            if _is_literal(one):
                return one
    return "..."


def _is_literal(text: str) -> bool:
    try:
        ast.literal_eval(text)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return False
    return bool(text)


def quixbugs(question: Question, text: str) -> tuple[str, str]:
    """QuixBugs (Lin et al., SPLASH 2017): all of the program's own tests pass."""
    name, cases = str(question.row["name"]), question.row["io_tests"]
    file = str(question.row["pytest"])
    if cases is None:
        return code(text, name), _graph_tests(name, file)
    kept = [case for case in cases if not (SLOW in file.lower() and _named(case[0], file))]
    tests = f"for _given, _right in {kept!r}:\n    _got = _plain({name}(*_given))\n"
    return code(text, name), f"{PLAIN}{tests}    assert _same(_got, _plain(_right)), (_given, _got)"


def _named(given: list[object], file: str) -> bool:
    """Whether a test file spells out these arguments: the ones it skips."""
    return all(f'"{one}"' in file for one in given)


def _graph_tests(name: str, file: str) -> str:
    """The functions of a test file, without the imports they run with elsewhere."""
    begins = re.search(r"^(?!import |from |if |else:|\s|$)", file, re.MULTILINE)
    body = file[begins.start() :] if begins else file
    runs = "for _name, _test in list(globals().items()):\n    if _name.startswith('test'):\n"
    return f"{NODE}\n{body}\n{runs}        _test()"


def polyglot(question: Question, text: str) -> tuple[str, str]:
    """Aider's polyglot benchmark, Python part: the exercise's unit tests on the files given."""
    row = question.row
    files = dict(row["files"]) | solution(text, row["solution_files"], row["files"])
    wanted = [*row["solution_files"], *row["test_files"]]
    tests = [name.removesuffix(".py") for name in row["test_files"]]
    kept = {name: files[name] for name in wanted}
    return f"FILES = {kept!r}\nTESTS = {tests!r}", UNITTEST


def solution(text: str, names: list[str], stubs: Mapping[str, str]) -> dict[str, str]:
    """The files of an answer: blocks under their name; a single file takes the last block
    that defines what its stub defines, else all of them."""
    found = [one for one in blocks(text) if one.language in ("", "python", "py", "python3")]
    named = {name: one.code for one in found for name in names if _is_of(one, name)}
    if named or len(names) != 1 or not found:
        return named
    wanted = defined(stubs[names[0]])
    whole = [one.code for one in found if wanted and wanted <= defined(one.code)]
    return {names[0]: whole[-1] if whole else "\n".join(one.code for one in found)}


def _is_of(block: Block, name: str) -> bool:
    return name in block.before or name in block.code.partition("\n")[0]
