"""A reply of the model as a candidate: its code, how it is checked, and what is wrong with it."""

import re
from dataclasses import dataclass, replace

from pellucid.agent.coding import edits
from pellucid.agent.coding.balance import KNOWN, unbalanced
from pellucid.agent.coding.checks import PARSED_HERE, Checked, Plan
from pellucid.agent.coding.code_blocks import (
    Block,
    blocks,
    defined,
    parsed,
    placeholders,
    syntax_error,
)
from pellucid.agent.coding.edits import Edit, File
from pellucid.agent.coding.examples import Example, fitting

ANSWER = "answer.py"
"""What code without a name of its own is called."""

ELSEWHERE = frozenset({
    "ModuleNotFoundError", "EOFError", "FileNotFoundError", "PermissionError", "ConnectionError",
    "ConnectionRefusedError", "OSError", "URLError", "gaierror", "timeout", "TimeLimit", "TclError",
})  # fmt: skip
"""Errors of loading that say more about where the code runs than about the code."""

MOST_FINDINGS = 3


@dataclass(frozen=True, slots=True)
class Candidate:
    """One reply: its text, its code and the plan that checks it, and defects seen without running.

    `plan` is None where nothing here can check the code; `language` is that of its main
    part, "" when the reply has no code. `made` are edits that were asked for and given,
    `others` further languages in the reply that are not checked.
    """

    text: str
    language: str = ""
    code: str = ""
    plan: Plan | None = None
    defects: tuple[str, ...] = ()
    made: tuple[Edit, ...] = ()
    others: tuple[str, ...] = ()


def candidate(
    reply: str,
    originals: tuple[File, ...] = (),
    found: tuple[Example, ...] = (),
    must: frozenset[str] = frozenset(),
) -> Candidate:
    """The candidate in a reply to a request with these files, examples and names."""
    if originals and (wanted := edits.edits(reply)):
        done = edits.applied(originals, wanted)
        names = [edit.name for edit in wanted]
        main = _main({f.name: f.text for f in done.files}, names[0] if names else "")
        findings = done.findings or _unchanged(done.files, originals)
        return _planned(reply, done.files, main, findings, wanted, found, must)
    written = [b for b in blocks(reply) if _is_code(b)]
    python = [block for block in written if block.language in ("python", "")]
    if python:
        one = _python(reply, python, originals, found, must)
    elif written:
        one = _foreign(reply, written[0])
    else:
        return Candidate(reply)
    languages = dict.fromkeys(b.language for b in written if b not in python)
    return replace(one, others=tuple(name for name in languages if name != one.language))


def _python(
    reply: str,
    python: list[Block],
    originals: tuple[File, ...],
    found: tuple[Example, ...],
    must: frozenset[str],
) -> Candidate:
    """A candidate whose Python blocks are whole files."""
    texts = _files(python, originals)
    new = tuple(name for name in texts if name not in {f.name for f in originals})
    touched = new or tuple(texts)
    main = _main({name: texts[name] for name in texts}, touched[-1])
    files = tuple(File(name, text) for name, text in texts.items())
    return _planned(reply, files, main, _unchanged(files, originals), (), found, must)


def _unchanged(files: tuple[File, ...], originals: tuple[File, ...]) -> tuple[str, ...]:
    """The finding that a request for a change changed nothing but empty lines, if so."""
    before, after = ([_filled(f.text) for f in some] for some in (originals, files))
    return ("nothing was changed",) if before == after else ()


def _filled(text: str) -> list[str]:
    """The lines that hold anything."""
    return [line.rstrip() for line in text.split("\n") if line.strip()]


def _is_code(block: Block) -> bool:
    """Whether a block is code to deliver; without a language, whether it parses as Python."""
    if block.language in ("python", *PARSED_HERE, *KNOWN, "yaml"):
        return bool(block.code.strip())
    if block.language == "bash":
        return not re.match(r"\s*(?:\$ )?(?:pip|npm|python|cd|ls|sudo|apt|git)\d?\b", block.code)
    tree = None if block.language else parsed(block.code)
    return bool(tree and (defined(tree) or len(tree.body) > 1))


def _files(python: list[Block], originals: tuple[File, ...]) -> dict[str, str]:
    """The Python files of a reply by name, after the request's.

    An unnamed block that defines nothing the file before it defines goes on from it; the
    first one else takes its place, later ones are variants that are left alone.
    """
    texts = {f.name: f.text for f in originals if f.language == "python"}
    unnamed = next(iter(texts)) if len(texts) == 1 else ANSWER
    texts = {f.name: f.text for f in originals}
    begun = False
    for block in python:
        if block.name:
            texts[block.name] = block.code
        elif not begun:
            before, begun = texts.get(unnamed, ""), True
            adds = bool(before) and _goes_on(before, block.code)
            texts[unnamed] = f"{before.rstrip()}\n\n\n{block.code}" if adds else block.code
        elif _goes_on(texts[unnamed], block.code):
            texts[unnamed] = f"{texts[unnamed].rstrip()}\n\n\n{block.code}"
    return texts


def _goes_on(code: str, more: str) -> bool:
    """Whether a block can follow another: both parse and nothing is defined twice."""
    first, second = parsed(code), parsed(more)
    if first is None or second is None:
        return False
    return not set(defined(first)) & set(defined(second))


def _main(texts: dict[str, str], last: str) -> str:
    """The file that is run: the one named so, else the last Python file no other imports."""
    python = [name for name in texts if name.endswith(".py")] or list(texts)
    for name in ("main.py", "__main__.py", "app.py", ANSWER):
        if name in python:
            return name
    free = [
        name
        for name in python
        if not name.startswith("test") and not any(_imports(texts[o], name) for o in python)
    ]
    return last if last in free else (free or python)[-1]


def _imports(code: str, name: str) -> bool:
    """Whether some code imports the module in a file."""
    stem = re.escape(name.rpartition("/")[2].removesuffix(".py"))
    return bool(re.search(rf"\bimport\b.*\b{stem}\b|\bfrom\s+\.?{stem}\b", code))


def _planned(
    reply: str,
    files: tuple[File, ...],
    main: str,
    findings: tuple[str, ...],
    made: tuple[Edit, ...],
    found: tuple[Example, ...],
    must: frozenset[str],
) -> Candidate:
    """The candidate with the plan for its files and what is wrong with them at sight."""
    texts = {f.name: f.text for f in files}
    code, language = texts[main], next(f.language for f in files if f.name == main) or "python"
    if language != "python":
        plan = Plan(((main, code),), main, language=language) if language in PARSED_HERE else None
        wrong = (*findings, *_broken(code, language))
        return Candidate(reply, language, code, plan, wrong, made)
    held = fitting(found, code, must)
    kinds = {example.kind for example in held}
    name = "__main__" if not kinds else "" if kinds == {"typed"} else "answer"
    plan = Plan(tuple(texts.items()), main, name, held)  # type: ignore[arg-type]
    seen = [*findings]
    for file in files:
        if file.language == "python" and (error := syntax_error(file.text)):
            seen.append(f"{file.name} is not valid Python: {error}")
        seen += _left_out(file.text, file.language)
    return Candidate(reply, "python", code, plan, tuple(seen), made)


def _foreign(reply: str, block: Block) -> Candidate:
    """A candidate in another language: parsed in the sandbox, or looked at here."""
    name, language = block.name or "answer", block.language
    plan = Plan(((name, block.code),), name, language=language) if language in PARSED_HERE else None
    return Candidate(reply, language, block.code, plan, _broken(block.code, language))


def _broken(code: str, language: str) -> tuple[str, ...]:
    """What is wrong at sight with code in another language."""
    brackets = unbalanced(code, language) if language in KNOWN else ""
    return (
        *([f"the brackets do not balance: {brackets}"] if brackets else []),
        *_left_out(code, language),
    )


def _left_out(code: str, language: str) -> list[str]:
    return [f"it leaves code out: {line}" for line in placeholders(code, language)]


def failures(one: Candidate, check: Checked | None) -> tuple[str, ...]:
    """What the model has to put right, most important first; () where nothing is known to be wrong.

    Failed tests that the model wrote itself are not among it: they may be what is wrong.
    """
    if one.defects:
        return one.defects[:MOST_FINDINGS]
    if check is None:
        return ()
    if not check.loaded and check.kind not in ELSEWHERE:
        return (check.error,)
    unmet = [(e, r) for e, r in check.of("request") if not r.passed] if check.loaded else []
    return tuple(
        told(example, result.got, result.error) for example, result in unmet[:MOST_FINDINGS]
    )


def told(example: Example, got: str, error: str) -> str:
    """One example that is not met, in a line."""
    source = " ".join(example.source.split())
    if error:
        return f"`{source}` raises {error.strip().splitlines()[-1]}"
    if example.kind == "typed":
        return f"for the input {source!r} it prints {got!r}, not {example.wanted!r}"
    return f"`{source}` gives {got}, not {example.wanted}"
