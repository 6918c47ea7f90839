"""Changes to files that a request brings along, as exact search-and-replace blocks.

Small changes to long files are cheaper and safer as blocks than as the whole file again;
they are applied strictly, or not at all.
"""

import re
from dataclasses import dataclass

from pellucid.agent.coding.code_blocks import LANGUAGES, blocks, defined, parsed
from pellucid.core.turn import Turn

LONG_FILE = 100
"""Lines from which on files are changed by blocks; shorter ones are written whole, which small
weights do better: in three runs of two requests they gave no fitting block."""

_PASSIVE = ("", "json", "xml", "yaml")
"""Files of these languages are data to compute with, not code to change."""

_WANTED = re.compile(
    r"(?:^|[.!?:;,]\s*|\b(?:please|to|and|you|i|then|also|must|should|just)\s+)"
    r"(?:fix|debug|change|modify|edit|update|refactor|rewrite|rename|improve|optimi[sz]e|simplify"
    r"|clean|extend|add|insert|remove|delete|replace|convert|make|correct|complete|finish"
    r"|document|split|merge|speed|handle|implement|fill)\b",
    re.I | re.M,
)
_ASKED = re.compile(
    r"^\W*(?:what|which|who|why|when|where|explain|describe|how\s+(?:many|much|long|does|do|is|are))\b",
    re.I,
)
_EDIT = re.compile(
    r"^(?P<head>[^\n]*)\n?^[ \t]*<{5,9} ?SEARCH[^\n]*\n(?P<search>.*?)^[ \t]*={5,9}[ \t]*\n"
    r"(?P<replace>.*?)^[ \t]*>{5,9} ?REPLACE[^\n]*$",
    re.M | re.S,
)
_HEAD = re.compile(r"([\w-][\w.-]*(?:/[\w-][\w.-]*)*\.\w{1,10})")


@dataclass(frozen=True, slots=True)
class File:
    """A file of the request."""

    name: str
    text: str

    @property
    def language(self) -> str:
        """By the ending of its name; "" when that is unknown."""
        return LANGUAGES.get(self.name.rpartition(".")[2].lower(), "")


@dataclass(frozen=True, slots=True)
class Edit:
    """One block: in file `name` ("" where it is not said) `search` becomes `replace`."""

    name: str
    search: str
    replace: str


@dataclass(frozen=True, slots=True)
class Applied:
    """The files after the edits, and why edits could not be made, for the model."""

    files: tuple[File, ...]
    findings: tuple[str, ...] = ()


def files(turn: Turn) -> tuple[File, ...]:
    """The files of code that the question asks to change: attachments and fenced blocks.

    Where the question brings none, those of the answer before it. Empty when no change is
    asked for. A block counts as a file when it has a name, or when it is whole Python code
    with a definition.
    """
    *before, question = (item.text for item in turn.items)
    words = question
    for block in reversed(blocks(question)):
        words = words[: block.start] + words[block.end :]
    if not _WANTED.search(words) or _ASKED.match(words):
        return ()
    found = [File(a.name, a.text) for a in turn.attachments]
    found += _fenced(question)
    if found:
        return _unique(found)
    return _unique(_fenced("".join(before[-1:])))


def _fenced(text: str) -> list[File]:
    """The code blocks of a text that count as files, the last one first."""
    found = []
    for block in reversed(blocks(text)):
        tree = parsed(block.code)
        if block.name:
            found.append(File(block.name, block.code))
        elif tree and defined(tree) and block.language in ("python", ""):
            found.append(File("answer.py", block.code))
    return found


def _unique(found: list[File]) -> tuple[File, ...]:
    """The files of code, each name once; of two that share one, the one that stands first."""
    kept = {f.name: f for f in found if f.language not in _PASSIVE and f.text.strip()}
    return tuple(kept.values())


def by_blocks(found: tuple[File, ...]) -> bool:
    """Whether the files are long enough to be changed by blocks."""
    return sum(f.text.count("\n") + 1 for f in found) >= LONG_FILE


def edits(reply: str) -> tuple[Edit, ...]:
    """The search-and-replace blocks of a reply, in order, inside code fences or not."""
    found = []
    name = ""
    for match in _EDIT.finditer(reply):
        head = _HEAD.search(match["head"]) or _HEAD.search(_line_before(reply, match.start()))
        name = head[1] if head else name
        found.append(Edit(name, match["search"], match["replace"]))
    return tuple(found)


def _line_before(text: str, at: int) -> str:
    """The line above a position, past the opening of a code fence."""
    lines = [line for line in text[:at].split("\n")[-4:] if line.strip().strip("`~")]
    return lines[-1] if lines else ""


def applied(originals: tuple[File, ...], wanted: tuple[Edit, ...]) -> Applied:
    """The files with every edit made, in order; each search text must stand there exactly once.

    Nothing is guessed: an edit that does not fit is told in the findings and not made.
    """
    texts = {f.name: f.text for f in originals}
    findings = []
    for number, edit in enumerate(wanted, 1):
        name = _meant(edit, texts)
        count = texts[name].count(edit.search) if name in texts and edit.search.strip() else 0
        if name not in texts:
            findings.append(f"Block {number}: there is no file {edit.name or 'named'!r}.")
        elif count != 1:
            times = "does not occur" if count == 0 else f"occurs {count} times"
            findings.append(
                f"Block {number}: its SEARCH text {times} in {name}; it must be copied exactly "
                "and occur once."
            )
        else:
            texts[name] = texts[name].replace(edit.search, edit.replace, 1)
    return Applied(tuple(File(name, text) for name, text in texts.items()), tuple(findings))


def _meant(edit: Edit, texts: dict[str, str]) -> str:
    """The file an edit is for: the named one, else the only one."""
    if edit.name in texts:
        return edit.name
    by_end = [name for name in texts if name.endswith("/" + edit.name)]
    if edit.name and len(by_end) == 1:
        return by_end[0]
    return next(iter(texts)) if len(texts) == 1 else edit.name


def shown(wanted: tuple[Edit, ...], originals: tuple[File, ...]) -> str:
    """The edits as an answer shows them: a block for each, under its file's name."""
    texts = {f.name: f.text for f in originals}
    parts = []
    for edit in wanted:
        body = (
            f"<<<<<<< SEARCH\n{_whole(edit.search)}=======\n{_whole(edit.replace)}>>>>>>> REPLACE"
        )
        mark = "`" * max(3, *(len(run) + 1 for run in re.findall(r"`{3,}", body)), 0)
        parts.append(f"{_meant(edit, texts)}\n{mark}text\n{body}\n{mark}")
    return "\n\n".join(parts)


def _whole(text: str) -> str:
    return text if not text or text.endswith("\n") else text + "\n"
