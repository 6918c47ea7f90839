"""The shape of the tree, checked. ARCHITECTURE.md explains it; this keeps it true.

Each rule is a function from one file to complaints, and each is fed a bad file too.
"""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent / "src" / "pellucid"
FILES = sorted(ROOT.rglob("*.py"))

# What only some places may touch, and the places: a file, or a folder with "/" at the end.
CONFINED: dict[str, tuple[str, ...]] = {
    "aiosqlite": ("store/",),
    "asyncpg": ("store/",),
    "cryptography": ("store/",),
    "cssselect2": ("tools/browser/parsing/",),
    "cv2": ("tools/eyes/child.py", "tools/eyes/charts/"),
    "cyclopts": ("cli/",),
    "ctypes": ("engine/llama/", "tools/python/"),
    "huggingface_hub": ("model/hub.py",),
    # what requests open goes through fetch.py's guard; what the owner configured, through asking.py
    "httpcore2": ("tools/browser/fetch.py", "tools/browser/asking.py"),
    "httpx": ("tools/browser/fetch.py", "model/upstream.py"),
    "httpx2": ("tools/browser/fetch.py", "tools/browser/asking.py", "model/upstream.py"),
    "jinja2": ("api/describe.py",),
    "llama_cpp": ("engine/llama/",),
    "llguidance": ("engine/grammar.py", "engine/fake.py", "engine/llama/", "model/constraint.py"),
    "lxml": ("tools/reader/parsing/", "tools/browser/parsing/"),
    "math_verify": ("evals/mathematics.py",),
    "numpy": ("engine/llama/", "engine/grammar.py", "tools/eyes/child.py", "tools/eyes/charts/"),
    "opentelemetry": ("service/telemetry.py",),
    "PIL": ("tools/eyes/child.py",),
    "os.environ": ("settings.py",),
    "os.getenv": ("settings.py",),
    "platformdirs": ("settings.py",),
    "playwright": ("tools/browser/scripts/chromium.py",),
    "prometheus_client": ("service/meters.py",),
    "pydantic": ("settings.py", "api/wire/"),
    "pydantic_settings": ("settings.py",),
    "pypdfium2": ("tools/reader/parsing/pdf.py",),
    "protego": ("tools/browser/robots.py",),
    "py3langid": ("evals/instructions.py",),
    "pyseccomp": ("tools/python/", "tools/reader/parsing/bounds.py"),
    "python_calamine": ("tools/reader/parsing/sheets.py",),
    "rapidocr": ("tools/eyes/child.py",),
    "reasoning_gym": ("evals/gym.py",),
    "requests": (),
    "rich": ("cli/",),
    "sqlalchemy": ("store/",),
    # the second runs in the sandbox, the third keeps an index of one turn in memory, the last what
    # its owner may search in, by calls that come from threads
    "sqlite3": (
        "store/",
        "agent/coding/check_text.py",
        "tools/reader/index.py",
        "tools/browser/index.py",
    ),
    "starlette": ("api/",),
    "subprocess": (
        *("tools/python/", "tools/eyes/", "tools/reader/opening.py", "tools/browser/parser.py"),
        *("evals/machine.py", "tools/browser/scripts/box.py"),
    ),
    "threading": ("engine/",),
    "tinycss2": ("tools/browser/parsing/",),
    "trafilatura": ("tools/browser/parsing/article.py",),
    "urllib.request": (),
    "urllib3": (),
    "pickle": (),
    "marshal": (),
}
LONGEST_FILE, LONGEST_FUNCTION = 400, 60
LOOPS = ("agent/loop.py", "engine/worker.py")

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class File:
    """One source file: where it is below the package, its text, its tree."""

    where: str
    text: str
    tree: ast.Module


def read(where: str, text: str) -> File:
    return File(where, text, ast.parse(text))


Rule = Callable[[File], Iterator[str]]


def says_what_it_is_for(file: File) -> Iterator[str]:
    if not ast.get_docstring(file.tree):
        yield "the file does not say in one line what it is for"


def public_things_are_explained(file: File) -> Iterator[str]:
    """Modules' classes and functions, and the classes' own, unless named with "_"."""

    def explain(parent: ast.Module | ast.ClassDef) -> Iterator[str]:
        for node in parent.body:
            if isinstance(node, Function | ast.ClassDef) and not node.name.startswith("_"):
                if not ast.get_docstring(node):
                    yield f"{node.name} (line {node.lineno}) has no docstring"
                if isinstance(node, ast.ClassDef):
                    yield from explain(node)

    yield from explain(file.tree)


def is_small(file: File) -> Iterator[str]:
    if (lines := file.text.count("\n")) > LONGEST_FILE:
        yield f"{lines} lines; {LONGEST_FILE} are enough for a file"
    for node in ast.walk(file.tree):
        if isinstance(node, Function):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > LONGEST_FUNCTION:
                yield f"{node.name} has {lines} lines; {LONGEST_FUNCTION} are enough"


def names_used(tree: ast.AST) -> Iterator[str]:
    """Modules imported, names imported from them, and attributes of plain names."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=str(module), names=names, level=0):
                yield module
                yield from (f"{module}.{alias.name}" for alias in names)
            case ast.Attribute(value=ast.Name(id=owner), attr=name):
                yield f"{owner}.{name}"


def touches_only_its_own(file: File) -> Iterator[str]:
    for name in sorted(set(names_used(file.tree))):
        for library, homes in CONFINED.items():
            concerned = name == library or name.startswith(library + ".")
            if concerned and not file.where.startswith(homes):
                yield f"{name}: {library} belongs in {' or '.join(homes) or 'no file'}"


def only_the_loops_loop_forever(file: File) -> Iterator[str]:
    for node in ast.walk(file.tree):
        match node:
            case ast.While(test=ast.Constant(), lineno=line) if file.where not in LOOPS:
                yield f"line {line} loops without a condition"


def swallows_nothing(file: File) -> Iterator[str]:
    """`except:` and `except Exception:` must do something about it."""
    for node in ast.walk(file.tree):
        match node:
            case ast.ExceptHandler(type=caught, body=body) if broad(caught):
                if all(isinstance(one, ast.Pass | ast.Continue) or dots(one) for one in body):
                    yield f"line {node.lineno} swallows every error"
            case ast.Call(func=ast.Name(id="suppress") | ast.Attribute(attr="suppress"), args=args):
                if any(broad(arg) for arg in args):
                    yield f"line {node.lineno} swallows every error"


def broad(caught: ast.expr | None) -> bool:
    match caught:
        case None | ast.Name(id="Exception" | "BaseException"):
            return True
        case ast.Tuple(elts=several):
            return any(broad(one) for one in several)
    return False


def dots(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def keeps_no_globals(file: File) -> Iterator[str]:
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Global):
            yield f"line {node.lineno} changes a global"


def does_no_work_at_import(file: File) -> Iterator[str]:
    """A module's own level defines; a bare call there acts."""
    for node in file.tree.body:
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call | ast.Await):
            yield f"line {node.lineno} acts at import"
        if isinstance(node, ast.For | ast.While | ast.With | ast.Delete):
            yield f"line {node.lineno} acts at import"


def leaves_nothing_undone(file: File) -> Iterator[str]:
    for number, line in enumerate(file.text.splitlines(), 1):
        if "TODO" in line or "FIXME" in line or "XXX" in line:
            yield f"line {number} puts something off"
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Name) and node.id == "NotImplementedError":
            yield f"line {node.lineno} is a stub"


RULES: tuple[Rule, ...] = (
    says_what_it_is_for,
    public_things_are_explained,
    is_small,
    touches_only_its_own,
    only_the_loops_loop_forever,
    swallows_nothing,
    keeps_no_globals,
    does_no_work_at_import,
    leaves_nothing_undone,
)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_file(path: Path) -> None:
    """Every file keeps every rule."""
    file = read(str(path.relative_to(ROOT)), path.read_text(encoding="utf-8"))
    assert [complaint for rule in RULES for complaint in rule(file)] == []


LONG_FUNCTION = "def f():\n    'f'\n" + "    f()\n" * LONGEST_FUNCTION
BAD: list[tuple[Rule, str, str]] = [
    (says_what_it_is_for, "core/x.py", "x = 1"),
    (public_things_are_explained, "core/x.py", "def f(): pass"),
    (public_things_are_explained, "core/x.py", "async def f(): pass"),
    (public_things_are_explained, "core/x.py", "class A:\n    'a'\n    def f(self): pass"),
    (is_small, "core/x.py", "\n" * (LONGEST_FILE + 1)),
    (is_small, "core/x.py", LONG_FUNCTION),
    (touches_only_its_own, "engine/worker.py", "import ctypes"),
    (touches_only_its_own, "agent/loop.py", "import os\nos.environ['A']"),
    (touches_only_its_own, "agent/loop.py", "from os import environ"),
    (touches_only_its_own, "model/weights.py", "def f():\n    import huggingface_hub.utils"),
    (touches_only_its_own, "store/db.py", "import pickle"),
    (touches_only_its_own, "service/turns.py", "from rich.text import Text"),
    (only_the_loops_loop_forever, "agent/work.py", "while True: pass"),
    (only_the_loops_loop_forever, "agent/work.py", "while 1: pass"),
    (swallows_nothing, "core/x.py", "try: f()\nexcept Exception: pass"),
    (swallows_nothing, "core/x.py", "try: f()\nexcept: ..."),
    (swallows_nothing, "core/x.py", "try: f()\nexcept (OSError, BaseException): pass"),
    (swallows_nothing, "core/x.py", "with suppress(Exception): f()"),
    (swallows_nothing, "core/x.py", "with contextlib.suppress(BaseException): f()"),
    (keeps_no_globals, "core/x.py", "def f():\n    global x\n    x = 1"),
    (does_no_work_at_import, "core/x.py", "print(1)"),
    (does_no_work_at_import, "core/x.py", "for x in y: z[x] = 1"),
    (leaves_nothing_undone, "core/x.py", "# TO" + "DO: later"),
    (leaves_nothing_undone, "core/x.py", "def f(): raise NotImplementedError"),
]


@pytest.mark.parametrize(("rule", "where", "text"), BAD)
def test_rule_can_fail(rule: Rule, where: str, text: str) -> None:
    """A rule that nothing breaks checks nothing."""
    assert list(rule(read(where, text)))


GOOD: list[tuple[Rule, str, str]] = [
    (public_things_are_explained, "core/x.py", "def _f(): pass\nclass _A:\n    def f(self): pass"),
    (touches_only_its_own, "engine/llama/x.py", "import ctypes, numpy"),
    (touches_only_its_own, "settings.py", "import os\nos.environ"),
    (only_the_loops_loop_forever, "agent/loop.py", "while True: pass"),
    (swallows_nothing, "core/x.py", "try: f()\nexcept OSError: pass"),
    (swallows_nothing, "core/x.py", "try: f()\nexcept Exception as e: tell(e)"),
]


@pytest.mark.parametrize(("rule", "where", "text"), GOOD)
def test_rule_lets_good_code_be(rule: Rule, where: str, text: str) -> None:
    """A rule that everything breaks is no rule."""
    assert list(rule(read(where, text))) == []
