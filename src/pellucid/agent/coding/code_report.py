"""The sentence under delivered code that says what was checked: by rule, from the executions."""

from pellucid.agent.coding.agreement import Tried
from pellucid.agent.coding.balance import KNOWN
from pellucid.agent.coding.candidates import told
from pellucid.agent.coding.checks import Checked

NAMES = {
    "bash": "Shell", "c": "C", "c++": "C++", "c#": "C#", "css": "CSS", "go": "Go", "html": "HTML",
    "java": "Java", "javascript": "JavaScript", "json": "JSON", "kotlin": "Kotlin", "ruby": "Ruby",
    "rust": "Rust", "scala": "Scala", "sql": "SQL", "swift": "Swift", "toml": "TOML",
    "typescript": "TypeScript", "xml": "XML", "yaml": "YAML",
}  # fmt: skip
_WHY = {
    "ModuleNotFoundError": "it needs a module that is not here",
    "EOFError": "it waits for input",
    "FileNotFoundError": "it needs a file that is not here",
    "PermissionError": "it needs the network or files that are closed to it here",
    "TimeLimit": "it had not ended when its time was up",
    "timeout": "it had not ended when its time was up",
    "TclError": "it needs a screen",
}
_NETWORK = "it needs the network"


def report(tried: Tried, unchecked: str = "") -> str:
    """What was checked of the code and what came of it; `unchecked` says why it was not."""
    one = tried.candidate
    others = " and ".join(NAMES.get(language, language) for language in one.others)
    left = f" The {others} beside it {'are' if len(one.others) > 1 else 'is'} not checked."
    applied = "The changes are applied. " if one.made and not one.defects else ""
    return applied + _checked(tried, unchecked) + (left if others else "")


def _checked(tried: Tried, unchecked: str) -> str:
    """What was checked of the main part."""
    one = tried.candidate
    name = NAMES.get(one.language, "This")
    if one.language != "python" and one.plan is None:
        return _looked_at(name, one.language in KNOWN, one.defects)
    if one.defects:
        return "Not run: " + "; ".join(one.defects) + "."
    if tried.check is None:
        return f"Not run: {unchecked or 'nothing here could run it'}."
    return _run(tried, tried.check) if one.language == "python" else _parsed(name, tried.check)


def _looked_at(name: str, brackets: bool, defects: tuple[str, ...]) -> str:
    """Code that nothing here can parse."""
    if defects:
        return f"{name}, not run: " + "; ".join(defects) + "."
    if brackets:
        return f"{name}, checked for balanced brackets only: nothing here runs it."
    return f"{name}, not checked: nothing here reads it."


def _parsed(name: str, check: Checked) -> str:
    """Code that the sandbox parsed."""
    if not check.loaded:
        return f"Not valid {name}: {_flat(check.error)}."
    if check.ran:
        return f"{name}, run here in SQLite on an empty database."
    needs = f"; not run: {_flat(check.needs)}" if check.needs else ""
    return f"{name}, parsed here{needs}."


def _run(tried: Tried, check: Checked) -> str:
    """Python that was run."""
    if not check.loaded and tried.failures:
        return f"Run here, and it fails: {_flat(_last(check.error))}."
    if not check.loaded:
        return f"Parsed; its run here stopped early: {_why(check)}."
    parts = [*_met(tried, check), *_passed(*tried.tests)]
    if parts:
        return f"Run here: {', and '.join(parts)}."
    return "Run here: it ends without an error; the request gives no examples to hold it to."


def _met(tried: Tried, check: Checked) -> list[str]:
    """How many examples of the request are met, and the first that is not."""
    examples, met = check.of("request"), tried.examples
    missed = [told(example, r.got, r.error) for example, r in examples if not r.passed]
    match len(examples):
        case 0:
            return []
        case 1:
            passes = f"does not pass; {missed[0]}" if missed else "passes"
            return [f"the example of the request {passes}"]
        case count if missed:
            passes = "passes" if met == 1 else "pass"
            return [f"{met} of the {count} examples of the request {passes}; {missed[0]}"]
        case count:
            return [f"the {count} examples of the request pass"]


def _passed(passed: int, tests: int) -> list[str]:
    """How many tests of the model are passed."""
    if tests == 1:
        return [f"it {'passes' if passed else 'fails'} the one check the model wrote for it"]
    return [f"it passes {passed} of the {tests} checks the model wrote for it"] if tests else []


def _why(check: Checked) -> str:
    if check.kind == "ModuleNotFoundError" and "'" in check.error:
        return f"it needs the module `{check.error.rsplit(chr(39), 2)[1]}`, which is not here"
    if "socket" in check.error:
        return _NETWORK
    return _WHY.get(check.kind, _NETWORK)


def _last(error: str) -> str:
    return error.strip().rpartition("\n")[2]


def _flat(error: str) -> str:
    return " ".join(error.split()).rstrip(".")
