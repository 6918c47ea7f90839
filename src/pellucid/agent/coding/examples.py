"""The examples a request gives for its code, and the tests a model wrote, as checks to run.

Read by rule: lines typed at the prompt (`>>> f(3)`), assert statements, a call with its value
("f(3) -> 4", "f([1, 2]) returns 3"), and "Input: ... Output: ..." where what goes in is
literal. What could be read in two ways is no example.
"""

import ast
import builtins
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from pellucid.agent.coding.code_blocks import blocks, defined, parsed

Kind = Literal["statement", "value", "shown", "typed", "call"]
"""statement: runs without an error; value: `source` has the value of `wanted`; shown: typed
at the prompt, `wanted` is printed; typed: the program reads `source` and prints `wanted`;
call: the arguments of a function yet to be named."""

MOST = 24
"""Examples of a request that are run, tests of a model likewise."""

_PROMPT = re.compile(r"^\s*>>> ?(?P<code>.*)$")
_GOES_ON = re.compile(r"^\s*\.\.\.(?: (?P<code>.*)|\s*)$")
_QUOTES = ('"""', "'''", "```", "~~~")
_BUILTIN = frozenset(dir(builtins))
_CALL = re.compile(r"(?<![\w.])(?P<name>[A-Za-z_]\w*)\(")
_VALUE = re.compile(
    r"`?\s*(?:[-=]+>|→|➞|⇒|={2,3}|=|\(?\s*#|(?:it\s+)?(?:should\s+|must\s+|will\s+|would\s+)?"
    r"(?:returns?|gives?|yields?|outputs?|evaluates?\s+to|equals?|be|is)\b)"
    r"\s*(?:->|→|returns?\b|be\b|output\b)?:?\s*`?"
)
_NAMED = re.compile(
    r"\bdef\s+(\w+)|\bclass\s+(\w+)|\b(?:function|method|class)\s+`?([A-Za-z_]\w*)`?\s*\("
    r"|\b(?:named|called)\s+[`\"']?([A-Za-z_]\w*)|\b(?:function|class)\s+[`\"']([A-Za-z_]\w*)"
    r"|[`\"']([A-Za-z_]\w*)(?:\([^`]*\))?[`\"']\s+(?:function|class)\b"
)
_PLAIN = r"[ \t*_>-]*"
_INPUT = re.compile(
    rf"^{_PLAIN}(?:sample\s+|example\s+)?input(?:\s*\d+)?[*_]*\s*[:=][*_]*[ \t]*"
    r"(?P<given>[^\n]*)\n"
    rf"(?P<more>(?:(?!{_PLAIN}(?:(?:sample|expected|example)\s+)?output)[^\n]*\S[^\n]*\n){{0,20}})\s*"
    rf"^{_PLAIN}(?:sample\s+|expected\s+|example\s+)?output(?:\s*\d+)?[*_]*\s*[:=][*_]*[ \t]*"
    r"(?P<value>[^\n]*)(?:\n|\Z)(?P<lines>(?:[^\n]*\S[^\n]*\n?){0,20})",
    re.I | re.M,
)
_LITERAL_ENDS = re.compile(r"`|[.,;:](?=\s|$)|\)|\s[(#–—-]|\s(?:and|but|since|because|as)\b")
_BRACKETS = re.compile(r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|[()\[\]{}]")


@dataclass(frozen=True, slots=True)
class Example:
    """One thing the code must do, and who says so."""

    origin: Literal["request", "model"]
    kind: Kind
    source: str
    wanted: str = ""


def examples(request: str) -> tuple[Example, ...]:
    """The examples that a request gives, in order of kind, none twice."""
    request = request.replace("\r\n", "\n")
    found = [*_shown(request), *_asserted(request), *_valued(request), *_typed(request)]
    return tuple(dict.fromkeys(found))[:MOST]


def named(request: str) -> frozenset[str]:
    """The functions and classes that the request calls by name, so that the code must too."""
    told = {name for found in _NAMED.findall(request) for name in found if name}
    exact = (*_shown(request), *_asserted(request))
    called = {name for example in exact for name in _called(example.source)}
    return frozenset((told | called) - _BUILTIN - {"that", "which", "to", "with", "and", "in"})


def _called(source: str) -> Iterator[str]:
    """Plain names that are called in some code."""
    for node in ast.walk(parsed(source) or ast.Module([], [])):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id


def _shown(request: str) -> Iterator[Example]:
    """Lines typed at the prompt with what is printed, up to a blank line or the next prompt."""
    lines = request.split("\n")
    at = 0
    while at < len(lines):
        found = _PROMPT.match(lines[at])
        at += 1
        if found is None:
            continue
        source, wanted = [found["code"]], list[str]()
        while at < len(lines) and (more := _GOES_ON.match(lines[at])):
            source.append(more["code"] or "")
            at += 1
        while at < len(lines) and _printed(lines[at]):
            wanted.append(lines[at].strip())
            at += 1
        example = Example("request", "shown", "\n".join(source), "\n".join(wanted))
        if parsed(example.source) is not None:
            yield example


def _printed(line: str) -> bool:
    """Whether a line behind a prompt belongs to what was printed."""
    text = line.strip()
    return bool(text) and not text.startswith((">>>", *_QUOTES))


def _asserted(request: str) -> Iterator[Example]:
    """Assert statements, in code blocks or each on a line of its own."""
    for block in blocks(request):
        for node in _assertions(getattr(parsed(block.code), "body", [])):
            yield _of_assertion(node, "request")
    for found in re.finditer(r"^[ \t]*(?:[-*]\s+)?`?(assert\b.*?)`?[ \t]*$", request, re.M):
        tree = parsed(found[1])
        if tree is not None:
            yield _of_assertion(tree.body[0], "request")


def _of_assertion(statement: ast.stmt, origin: Literal["request", "model"]) -> Example:
    """An assertion as an example: as a value where it compares with one."""
    match statement:
        case ast.Assert(test=ast.Compare(left=left, ops=[ast.Eq()], comparators=[right])):
            return Example(origin, "value", ast.unparse(left), ast.unparse(right))
        case _:
            return Example(origin, "statement", ast.unparse(statement))


def _valued(request: str) -> Iterator[Example]:
    """Calls with their values, outside of prompts and assertions."""
    for line in request.split("\n"):
        if _PROMPT.match(line) or re.match(r"\s*(?:[-*]\s+)?`?(?:assert|def|class)\b", line):
            continue
        for found in _CALL.finditer(line):
            end = _closing(line, found.end() - 1)
            joint = _VALUE.match(line, end)
            if not end or not joint or found["name"] in _BUILTIN:
                continue
            source, wanted = line[found.start() : end], literal_at(line[joint.end() :])
            if wanted and _is_literal_call(source):
                yield Example("request", "value", source, wanted)


def _closing(text: str, at: int) -> int:
    """The place behind the bracket that closes the one at `at`; 0 when none does."""
    depth = 0
    for found in _BRACKETS.finditer(text, at):
        sign = found[0]
        depth += (sign in "([{") - (sign in ")]}")
        if depth == 0:
            return found.end()
    return 0


def _is_literal_call(source: str) -> bool:
    """Whether all arguments of a call are literal: "f(n) = 3" says nothing one could run."""
    tree = parsed(source)
    match tree.body if tree else []:
        case [ast.Expr(value=ast.Call(args=args, keywords=keywords))]:
            return all(_is_literal(a) for a in (*args, *(k.value for k in keywords)))
        case _:
            return False


def _is_literal(node: ast.expr) -> bool:
    try:
        ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return False
    return True


def literal_at(text: str) -> str:
    """The longest Python literal that a text begins with and that a word does not go on.

    "4 because it is even" is none: only an end, a mark of punctuation or a bracket that
    closes may follow.
    """
    text = text.strip().rstrip(".,;:")
    ends = [
        m.start()
        for m in re.finditer(
            r"`|\)|[.,;:](?=\s|$)|\s[(#–—-]|\s(?:and|but|since|because|as)\b", text
        )
    ]
    for end in sorted({len(text), *ends}, reverse=True):
        piece = text[:end].strip().strip("`").rstrip(",;: ")
        tree = parsed(piece)
        match tree.body if tree else []:
            case [ast.Expr(value=value)] if _is_literal(value):
                return piece
            case [ast.Expr(value=ast.Name(id="true" | "false" | "null" as word))]:
                return {"true": "True", "false": "False"}.get(word, "None")
            case _:
                continue
    return ""


def _typed(request: str) -> Iterator[Example]:
    """Pairs of input and output: of a call where the input is literal, else of a program."""
    for found in _INPUT.finditer(request):
        given = "\n".join(p for p in (found["given"], found["more"].strip("\n")) if p.strip())
        wanted = "\n".join(p for p in (found["value"], _body(found["lines"])) if p.strip())
        given, wanted = given.strip().strip("`").strip(), wanted.strip().strip("`").strip()
        if not given or not wanted:
            continue
        value = literal_at(wanted.split("\n")[0])
        if "\n" not in given and value and _is_literal_call(f"f({given})"):
            yield Example("request", "call", given, value)
        yield Example("request", "typed", given + "\n", wanted)


def _body(lines: str) -> str:
    """The lines of an output up to the next heading or code fence."""
    kept = []
    for line in lines.split("\n"):
        if re.match(r"\s*(?:```|~~~|#|[*_]*\w[\w ]{0,30}[*_]*:)", line):
            break
        kept.append(line)
    return "\n".join(kept)


def fitting(found: tuple[Example, ...], code: str, must: frozenset[str]) -> tuple[Example, ...]:
    """The examples as this code can be held to them.

    Pairs of input and output become calls of its one function, or are typed into a program
    that reads; calls of functions that it lacks are left out unless the request names them.
    """
    tree = parsed(code)
    names = defined(tree) if tree else ()
    reads = bool(re.search(r"\binput\(|\bstdin\b", code))
    functions = _functions(tree) if tree else {}
    entry = next((n for n in functions if n in must), "") or (
        next(iter(functions)) if len(functions) == 1 else ""
    )
    fit = []
    for example in found:
        match example.kind:
            case "call" if entry and not reads:
                source = _call_of(entry, functions[entry], example.source)
                fit.append(replace(example, kind="value", source=source))
            case "typed" if reads:
                fit.append(example)
            case "value" if example.origin == "request":
                called = set(_called(example.source))
                if called & must or called <= set(names):
                    fit.append(example)
            case "statement" | "shown" | "value":
                fit.append(example)
            case _:
                continue
    return tuple(fit)


def _functions(tree: ast.Module) -> dict[str, tuple[str, ...]]:
    """The public functions at the top level with the names of their parameters."""
    kinds = ast.FunctionDef | ast.AsyncFunctionDef
    return {
        node.name: tuple(a.arg for a in (*node.args.posonlyargs, *node.args.args))
        for node in tree.body
        if isinstance(node, kinds) and node.name in defined(tree)
    }


def _call_of(name: str, parameters: tuple[str, ...], given: str) -> str:
    """A call with the input's arguments; by position where the names are others."""
    call = ast.parse(f"{name}({given})", mode="eval").body
    if isinstance(call, ast.Call) and not {k.arg for k in call.keywords} <= set(parameters):
        values = [*call.args, *(k.value for k in call.keywords)]
        call = ast.Call(call.func, values, [])
    return ast.unparse(call)


def assertions(reply: str) -> tuple[Example, ...]:
    """The tests in a model's reply: assertions, alone or in test functions."""
    code = "\n".join(block.code for block in blocks(reply)) or reply
    lines = [line for line in code.split("\n") if not re.match(r"\s*(?:from|import)\b", line)]
    tree = parsed(code) or parsed(_parsing(lines))
    found = [_of_assertion(node, "model") for node in _assertions(tree.body if tree else [])]
    return tuple(dict.fromkeys(found))[:MOST]


def _parsing(lines: list[str]) -> str:
    """The assert lines that parse by themselves: one that was cut does not take the rest along."""
    kept = (line.strip() for line in lines if line.strip().startswith("assert"))
    return "\n".join(line for line in kept if parsed(line) is not None)


def _assertions(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Assertions that stand alone; a test function without variables of its own is taken apart."""
    for node in body:
        match node:
            case ast.Assert():
                yield node
            case ast.FunctionDef(body=inner) if all(isinstance(s, ast.Assert) for s in inner):
                yield from inner
            case _:
                continue
