"""Programs that check delivered code, and what their output says.

A program holds the code, the examples it must meet, and the few functions that try them
(`check_python`, `check_text`): the execution is evidence that a receipt can repeat.
"""

import ast
import json
import textwrap
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal

from pellucid.agent.coding.code_blocks import parsed
from pellucid.agent.coding.examples import Example
from pellucid.core.executions import Execution

_CHECKER = "def check():\n"
PARSED_HERE = ("json", "toml", "xml", "html", "sql")
"""Languages other than Python that the sandbox's standard library reads."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a program checks: files by relative name, the one that is run, and how.

    `name` is the module's name while it runs: "__main__" for a program, "answer" for a
    module whose functions are called, "" for one that is run with its examples only.
    """

    files: tuple[tuple[str, str], ...]
    main: str
    name: Literal["__main__", "answer", ""] = "__main__"
    examples: tuple[Example, ...] = ()
    language: str = "python"

    @property
    def code(self) -> str:
        """The text of the main file."""
        return dict(self.files)[self.main]

    @property
    def reached(self) -> tuple[str, ...]:
        """The files that run when the main one does: it, and what is imported at the top."""
        texts, found = dict(self.files), [self.main]
        folder = self.main.rpartition("/")[0]
        for name in found:
            modules = _imported(texts[name]) if self.language == "python" else ()
            paths = [f"{module.replace('.', '/')}.py" for module in modules]
            files = [*paths, *(f"{folder}/{path}" for path in paths)]
            found += [file for file in files if file in texts and file not in found]
        return tuple(found)


def _imported(code: str) -> tuple[str, ...]:
    """The modules that code imports at its top level."""
    tree, found = parsed(code), list[str]()
    for node in tree.body if tree else ():
        match node:
            case ast.Import(names=names):
                found += [alias.name for alias in names]
            case ast.ImportFrom(module=str(module)):
                found.append(module)
            case _:
                continue
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Result:
    """One example: whether it is met, the value it gave, the error it raised."""

    passed: bool
    got: str = ""
    kind: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """What a run of a plan's program told.

    `loaded` tells that the code ran to its end (or parsed), `kind` and `error` why not;
    `needs` what a parsed text would need to be run. Examples that were not reached count
    as not met.
    """

    plan: Plan
    execution_id: str
    loaded: bool
    printed: str = ""
    kind: str = ""
    error: str = ""
    needs: str = ""
    results: tuple[Result, ...] = ()

    @property
    def ran(self) -> bool:
        """Whether the code was run to an end at least once."""
        if self.plan.language != "python":
            return self.plan.language == "sql" and self.loaded and not self.needs
        return self.loaded and (self.plan.name != "" or any(not r.kind for r in self.results))

    def of(self, origin: Literal["request", "model"]) -> tuple[tuple[Example, Result], ...]:
        """The examples of the request, or those that the model wrote, with their results."""
        both = zip(self.plan.examples, self.results, strict=True)
        return tuple(pair for pair in both if pair[0].origin == origin)


def program(plan: Plan) -> str:
    """The Python program that carries the plan out."""
    files = "".join(f"    {name!r}: {literal(text)},\n" for name, text in plan.files)
    if plan.language != "python":
        call = f"report({plan.language!r}, FILES[{plan.main!r}])"
        return f"FILES = {{\n{files}}}\n\n{_checker('check_text.py', call)}"
    examples = "".join(f"    {(e.origin, e.kind, e.source, e.wanted)!r},\n" for e in plan.examples)
    call = f"report(FILES, {plan.main!r}, {plan.name!r}, EXAMPLES)"
    checker = _checker("check_python.py", call)
    return f"FILES = {{\n{files}}}\nEXAMPLES = [\n{examples}]\n\n{checker}"


def literal(text: str) -> str:
    """A text as a string literal, readable where that is possible."""
    plain = f"r'''{text}'''"
    try:
        return plain if ast.literal_eval(plain) == text else repr(text)
    except (SyntaxError, ValueError):
        return repr(text)


@cache
def _checker(name: str, call: str) -> str:
    """The functions that check, in one function of their own so that no name stays behind."""
    tree = ast.parse(Path(__file__).with_name(name).read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            kept = [s for s in node.body if not _is_text(s)]
            node.body = kept or [ast.Pass()]
    body = textwrap.indent(f"{ast.unparse(tree)}\n{call}", "    ")
    return f"{_CHECKER}{body}\n\ncheck()\n"


def _is_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def checked_part(code: str) -> str:
    """A program without the functions that check: what the caller or the model wrote."""
    return code.partition(f"\n{_CHECKER}")[0] if plan_of(code) else code


@lru_cache(maxsize=64)
def plan_of(code: str) -> Plan | None:
    """The plan that a program carries out; None for any other program."""
    if not code.startswith("FILES = {\n") or (tree := parsed(code)) is None:
        return None
    try:
        plan = _read(tree)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError):
        return None
    return plan if program(plan) == code else None


def _read(tree: ast.Module) -> Plan:
    """The plan in a tree of the right shape; any error of looking into it where it is not."""
    values = {
        node.targets[0].id: ast.literal_eval(node.value)  # type: ignore[attr-defined]
        for node in tree.body
        if isinstance(node, ast.Assign)
    }
    call: Any = tree.body[-2].body[-1].value.args  # type: ignore[attr-defined]
    files = tuple(values["FILES"].items())
    if "EXAMPLES" not in values:
        main = ast.literal_eval(call[1].slice)
        return Plan(files, main, language=ast.literal_eval(call[0]))
    main, name = ast.literal_eval(call[1]), ast.literal_eval(call[2])
    return Plan(files, main, name, tuple(Example(*one) for one in values["EXAMPLES"]))


def checked(execution: Execution) -> Checked | None:
    """What a run told of the code it checked; None when it checked none."""
    plan = plan_of(execution.code)
    if plan is None:
        return None
    lines = _lines(execution.output)
    first = next((line for line in lines if "loaded" in line), {})
    found = [_result(line) for line in lines if "passed" in line][: len(plan.examples)]
    unmet = Result(False, kind=execution.outcome, error="it was not tried")
    if not first:
        last = execution.error.strip().rpartition("\n")[2]
        first = {"kind": execution.outcome, "error": last}
    return Checked(
        plan,
        execution.execution_id,
        loaded=first.get("loaded") is True,
        printed=str(first.get("printed", "")),
        kind=str(first.get("kind", "")),
        error=str(first.get("error", "")),
        needs=str(first.get("needs", "")),
        results=(*found, *[unmet] * (len(plan.examples) - len(found))),
    )


def _result(line: dict[str, Any]) -> Result:
    said = (str(line.get(key, "")) for key in ("got", "kind", "error"))
    return Result(line["passed"] is True, *said)


def _lines(output: str) -> list[dict[str, Any]]:
    """The lines of an output that are JSON objects."""
    found = []
    for line in output.splitlines():
        try:
            value = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(value, dict):
            found.append(value)
    return found
