"""Code blocks of an answer, matched with what ran in the conversation."""

import ast
import re
import textwrap
import warnings
from collections.abc import Iterable

from pellucid.agent.coding.checks import Checked, checked
from pellucid.agent.coding.code_blocks import parsed
from pellucid.agent.reading.prose import Fence, fences
from pellucid.agent.verdicts.evidence import Evidence
from pellucid.core.claims import Claim

PYTHON = frozenset({"python", "py", "python3", "py3"})
OUTPUT = frozenset({"output", "out", "stdout", "stderr", "result", "results"})
NO_RUN = "shows the output of a run that did not happen"
SHOWN = re.compile(
    r"\b(?:here(?:['’]s| is| are)|this is|below is|following is)\b.*\b(?:outputs?|printed|prints)\b"
    r"|\boutput of (?:the|your|this)\b.*:\W*$",
    re.IGNORECASE,
)
UNREAL = re.compile(r"\b(?:would|should|could|expected|example|might|will|sample)\b", re.IGNORECASE)
LONGEST_LINE = 300
PROMPT_LINE = re.compile(r"^(?:>>>|\.\.\.) ?(.*)$", re.MULTILINE)


def code_claims(answer: str, evidence: Evidence) -> list[Claim]:
    """A claim for each code block: run in this conversation, not run, or not even code; and
    for each block of output: printed by a run, the caller's, or made up."""
    told = [(run, checked(run)) for run in evidence.executions]
    checks = [check for _, check in told if check]
    others = [run for run, check in told if not check]
    runs = {normal_code(run.code): run.execution_id for run in reversed(others)}
    return [
        _output_claim(answer, fence, evidence)
        if fence.language in OUTPUT or _introduced(answer, fence)
        else _code_claim(answer, fence, runs, checks)
        for fence in fences(answer)
    ]


def _introduced(answer: str, fence: Fence) -> bool:
    """Whether the line above says that a block is what a program put out, and it is no program."""
    above = answer[max(0, fence.start - LONGEST_LINE) : fence.start].rstrip().rpartition("\n")[2]
    if not SHOWN.search(above) or UNREAL.search(above):
        return False
    tree = parsed(fence.code)
    return tree is None or all(
        isinstance(node, ast.Expr) and not _calls(node) for node in tree.body
    )


def _calls(node: ast.AST) -> bool:
    return any(isinstance(each, ast.Call | ast.Name) for each in ast.walk(node))


def _output_claim(answer: str, fence: Fence, evidence: Evidence) -> Claim:
    start, end, shown = fence.start, fence.end, _lines(fence.code)
    text = answer[start:end]
    for run in evidence.executions:
        if shown in _lines(f"{run.output}\n{run.result}\n{run.error}"):
            return Claim(
                "code", "computed", start, end, text, evidence=(run.execution_id,), note="printed"
            )
    if shown in _lines(evidence.asked):
        return Claim("code", "given", start, end, text, note="the caller's")
    return Claim("code", "contradicted", start, end, text, note=NO_RUN)


def _lines(text: str) -> str:
    """The lines that hold anything, evenly spaced, each between line breaks: one such text
    is part of another only by whole lines, so that 4 is no part of 14."""
    kept = [" ".join(line.split()) for line in text.splitlines()]
    return "\n" + "".join(f"{line}\n" for line in kept if line)


def _code_claim(
    answer: str, fence: Fence, runs: dict[str | None, str], checks: list[Checked]
) -> Claim:
    start, end = fence.start, fence.end
    text = answer[start:end]
    normal = normal_code(fence.code)
    if normal is None and fence.language in PYTHON:
        return Claim("code", "contradicted", start, end, text, note="does not parse")
    if normal is not None and (run := runs.get(normal)):
        return Claim("code", "computed", start, end, text, evidence=(run,), note="run")
    of_this = [check for check in checks if _holds(check, fence.code, normal)]
    ran = [check.execution_id for check in of_this if check.ran]
    if ran:
        return Claim("code", "computed", start, end, text, evidence=(ran[-1],), note="run")
    note = "not run"
    if of_this:
        note = "parsed, not run" if of_this[-1].loaded else "its run failed"
    return Claim("code", "stated", start, end, text, note=note)


def _holds(check: Checked, code: str, normal: str | None) -> bool:
    """Whether what was checked has the block: the whole text, or its statements in a row."""
    texts = dict(check.plan.files)
    reached = [texts[name] for name in check.plan.reached]
    if check.plan.language != "python" or normal is None:
        return any(_lines(code) == _lines(text) for text in reached)
    wanted = f"\n{normal}\n"
    return bool(normal) and any(wanted in f"\n{normal_code(text)}\n" for text in reached)


def normal_code(code: str) -> str | None:
    """Python code without comments, layout and shell lines; None when it does not parse."""
    if PROMPT_LINE.match(code.lstrip()):
        code = "\n".join(PROMPT_LINE.findall(code))
    lines: Iterable[str] = textwrap.dedent(code).replace("\0", "\ufffd").splitlines()
    code = "\n".join(line for line in lines if not re.match(r"\s*[!%]", line))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # odd escapes in somebody else's strings
            return ast.unparse(ast.parse(code))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
