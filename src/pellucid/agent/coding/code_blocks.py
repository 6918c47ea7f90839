"""Code in a reply: its fenced blocks with language and file name, and what was left out of it."""

import ast
import re
import textwrap
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

from pellucid.agent.reading.prose import Fence, fences

LANGUAGES = {
    "bash": "bash", "c": "c", "c++": "c++", "cc": "c++", "cpp": "c++", "cs": "c#", "csharp": "c#",
    "css": "css", "go": "go", "h": "c", "html": "html", "java": "java", "javascript": "javascript",
    "js": "javascript", "json": "json", "jsx": "javascript", "kotlin": "kotlin", "kt": "kotlin",
    "php": "php", "postgresql": "sql", "py": "python", "python": "python", "python3": "python",
    "rb": "ruby", "rs": "rust", "ruby": "ruby", "rust": "rust", "scala": "scala", "sh": "bash",
    "shell": "bash", "sql": "sql", "sqlite": "sql", "svg": "xml", "swift": "swift", "toml": "toml",
    "ts": "typescript", "tsx": "typescript", "typescript": "typescript", "xml": "xml",
    "yaml": "yaml", "yml": "yaml", "zsh": "bash",
}  # fmt: skip
"""Languages by the words of code fences and the endings of file names."""

_NAME = r"(?P<name>[\w-][\w.-]*(?:/[\w-][\w.-]*)*\.[A-Za-z]\w{0,9})"
_TITLE = re.compile(
    rf"(?:^|[\s:,={{\"'])(?:title=|file(?:name)?=)?[\"']?{_NAME}[\"']?(?:$|[\s}}\"',])"
)
_LINE_BEFORE = re.compile(
    rf"^\W*(?:\d+\.\s*)?(?:(?:updated|new|the)\s+)?(?:file(?:name)?)?:?\s*"
    rf"[`*_\"']*{_NAME}[`*_\"']*:?\s*$",
    re.I,
)
_FIRST_LINE = re.compile(
    rf"^\s*(?:#|//|--|/\*|<!--)\s*(?:file(?:name)?:\s*)?{_NAME}\s*(?:\*/|-->)?\s*$", re.I
)
_LEFT_OUT = re.compile(
    r"(?:#|//|/\*|--|<!--|^\s*\.\.\.).{0,20}?(?:"
    r"\b(?:the\s+)?rest\s+of\s+(?:the\s+|your\s+|this\s+)?(?:code|function|file|class|implementation|program|logic|method)"
    r"|\b(?:your|more|other|remaining|existing|previous|original)\s+(?:\w+\s+){0,2}(?:code|logic|implementation)"
    r"(?:\s+(?:goes|here|remains?|unchanged|continues?|stays?|as\s+before|is\s+the\s+same)|\s*\.\.\.|\s*…|\s*$)"
    r"|\bTO" r"DO\b|\bFIX" r"ME\b"
    r"|\bimplement(?:ation)?\s+(?:\w+\s+){0,3}here\b|\bimplement\s+(?:this|me)\b"
    r"|\bsame\s+as\s+(?:before|above)\b|\bunchanged\b\s*(?:$|\.\.\.|…)"
    r")",
    re.I | re.M,
)  # fmt: skip
_ELLIPSIS_LINE = re.compile(r"^\s*(?:#|//|/\*)?\s*(?:\.\.\.|…)\s*(?:\*/)?\s*$", re.M)


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block of code: its range in the text, its language, the file it is.

    `language` is one of LANGUAGES' values, the fence's own word where that is unknown, or
    ""; `name` is a relative path, or "".
    """

    start: int
    end: int
    language: str
    name: str
    code: str


def blocks(text: str) -> tuple[Block, ...]:
    """The fenced blocks of a text, in order; the ranges are those of `prose.fences`."""
    return tuple(_block(text, fence) for fence in fences(text))


def _block(text: str, fence: Fence) -> Block:
    info = text[slice(*fence.language_at)]
    code = textwrap.dedent(fence.code)
    name = _file_name(text, fence, info, code)
    word = re.split(r"[\s:{},]", info.strip().lstrip("{."))[0].lower()
    language = LANGUAGES.get(word, "" if "." in word else word)
    ending = name.rpartition(".")[2].lower()
    return Block(fence.start, fence.end, language or LANGUAGES.get(ending, ""), name, code)


def _file_name(text: str, fence: Fence, info: str, code: str) -> str:
    """The name in the fence's own line, in the line before, or in a comment that opens the code."""
    before = text[: fence.start].rstrip().rpartition("\n")[2]
    first = code.partition("\n")[0]
    found = _TITLE.search(info) or _LINE_BEFORE.match(before) or _FIRST_LINE.match(first)
    return found["name"] if found else ""


def placeholders(code: str, language: str) -> tuple[str, ...]:
    """The lines that stand for code that was not written ("rest of the code here")."""
    found = [_line(code, match.start()) for match in _LEFT_OUT.finditer(code)]
    if language != "python":
        found += [_line(code, match.start()) for match in _ELLIPSIS_LINE.finditer(code)]
    elif tree := parsed(code):
        found += [f"def {name}: …" for name in _hollow(tree)]
    return tuple(dict.fromkeys(found))


def _line(code: str, at: int) -> str:
    """The line at a position, without the white space around it."""
    at += len(code[at:]) - len(code[at:].lstrip())
    return code[code.rfind("\n", 0, at) + 1 :].partition("\n")[0].strip()


def _hollow(tree: ast.Module) -> Iterator[str]:
    """Functions without a body: `...`; at the top level also `pass` and NotImplementedError.

    Methods of classes may be empty on purpose: abstract ones, hooks, protocols.
    """
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.decorator_list:
            body = [s for s in node.body if not _is_docstring(s)]
            if not body or all(_says_nothing(s) for s in body):
                yield node.name


def _is_docstring(statement: ast.stmt) -> bool:
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )


def _says_nothing(statement: ast.stmt) -> bool:
    match statement:
        case ast.Pass() | ast.Expr(value=ast.Constant()):
            return True
        case ast.Raise(exc=ast.Name(id=name) | ast.Call(func=ast.Name(id=name))):
            return name == "NotImplementedError"
        case _:
            return False


def parsed(code: str) -> ast.Module | None:
    """Python code as a tree; None when it is none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # odd escapes in somebody else's strings
            return ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def syntax_error(code: str) -> str:
    """Why the code is no Python, in a few words with the line; "" when it is."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(code, "code", "exec", ast.PyCF_ONLY_AST, dont_inherit=True)
    except SyntaxError as error:
        return f"line {error.lineno or 1}: {error.msg}"
    except (ValueError, RecursionError, MemoryError) as error:
        return str(error)
    return ""


def defined(tree: ast.Module) -> tuple[str, ...]:
    """Names of the functions and classes at the top level, without private ones, in order."""
    kinds = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    names = [node.name for node in tree.body if isinstance(node, kinds)]
    return tuple(dict.fromkeys(n for n in names if not n.startswith("_") and n != "main"))


def closed(text: str) -> str:
    """The text with its last code block closed, if a limit cut it open."""
    for last in fences(f"{text}\n")[-1:]:
        first, _, rest = text[last.start :].strip().partition("\n")
        mark = first[: len(first) - len(first.lstrip(first[0]))]
        ending = rest.rpartition("\n")[2].strip()
        is_end = ending.startswith(mark) and not ending.removeprefix(mark).strip("`")
        if last.end >= len(text) and not is_end:
            return f"{text.rstrip()}\n{mark}"
    return text
