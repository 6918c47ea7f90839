"""A page in blocks: paragraphs, headings, items, rows of tables and code, in order."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from lxml import etree

from pellucid.tools.browser.parsing.tree import Node, tag

Kind = Literal["paragraph", "heading", "item", "row", "code", "other"]
Role = Literal["inline", "block", "cell", "soft", "break"]
"""What an element is where it stands: a run of text, lines of its own, a cell of a row, a block
within a cell, or one within code."""

WIDTH = 80
"""Columns of a line, as far as words allow."""

SHORT = 200
"""Characters of a cell up to which it stands in one line with its row."""

_VERBATIM = frozenset(("pre", "listing", "xmp", "plaintext"))
_PARAGRAPHS = "p blockquote dd dt figcaption caption summary td th"
_PARTS = (
    "address article aside body center details dialog div dl fieldset figure footer form frameset "
    "header hgroup hr html legend main menu nav ol optgroup option section table tbody textarea "
    "tfoot thead ul br"
)
_KINDS: dict[str, Kind] = {
    **dict.fromkeys(_PARAGRAPHS.split(), "paragraph"),
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "heading"),
    **dict.fromkeys(_VERBATIM, "code"),
    **{"li": "item", "tr": "row"},
}
_BLOCKS = _KINDS.keys() | frozenset(_PARTS.split())
_LISTS = frozenset(("ol", "ul", "menu"))
_NAVIGATION = frozenset(("navigation", "menu", "menubar", "tablist", "toolbar"))


@dataclass(frozen=True, slots=True)
class Block:
    """Some text; how many of its characters are links, and whether it stands in a menu."""

    text: str
    kind: Kind
    linked: int = 0
    menu: bool = False


def blocks(root: Node) -> list[Block]:
    """The blocks of a tree, without recursion."""
    return list(_Walk().read(root))


@dataclass(slots=True)
class _Walk:
    """Where a walk over a tree stands."""

    words: list[str] = field(default_factory=list)
    roles: list[Role] = field(default_factory=list)
    kinds: list[Kind] = field(default_factory=lambda: ["other"])
    counts: list[int | None] = field(default_factory=list)
    """Of each open list, how many items it has had; None where they have no numbers."""
    linked: int = 0
    links: int = 0
    menus: int = 0
    code: int = 0
    cells: int = 0
    bullet: str = ""
    first: bool = True

    def read(self, root: Node) -> Iterator[Block]:
        """All the blocks."""
        for event, node in etree.iterwalk(root, events=("start", "end")):
            if event == "start":
                yield from self._begin(node)
                self._say(node.text)
            else:
                yield from self._end(node)
                self._say(node.tail)
        yield from self._flush()

    def _say(self, text: str | None) -> None:
        if text:
            self.words.append(text)
            self.linked += len("".join(text.split())) if self.links else 0

    def _begin(self, node: Node) -> Iterator[Block]:
        name, role = tag(node), self._role(node)
        self.roles.append(role)
        self.links += name == "a"
        match role:
            case "inline":
                return
            case "cell":
                self.cells += 1
                self.words.append("" if self.first else " | ")
                self.first = False
            case "soft":
                self.words.append(" ")
            case "break":
                self.words.append("\n")
            case "block":
                yield from self._flush()
                self._open(node, name)

    def _role(self, node: Node) -> Role:
        name = tag(node)
        if name in ("td", "th") and not self.cells and not self.code:
            return "cell" if _short(node) else "block"
        if name not in _BLOCKS:
            return "inline"
        return "break" if self.code else "soft" if self.cells else "block"

    def _open(self, node: Node, name: str) -> None:
        self.kinds.append(_KINDS.get(name, self.kinds[-1]))
        self.code += name in _VERBATIM
        self.menus += _menu(node)
        self.first = True
        if name in _LISTS:
            self.counts.append(0 if name == "ol" else None)
        elif name == "li":
            self.bullet = self._numbered()

    def _numbered(self) -> str:
        if not self.counts or (count := self.counts[-1]) is None:
            return "- "
        self.counts[-1] = count + 1
        return f"{count + 1}. "

    def _end(self, node: Node) -> Iterator[Block]:
        name, role = tag(node), self.roles.pop()
        self.links -= name == "a"
        match role:
            case "cell":
                self.cells -= 1
            case "soft":
                self.words.append(" ")
            case "block":
                yield from self._flush()
                self.kinds.pop()
                self.code -= name in _VERBATIM
                self.menus -= _menu(node)
                if name in _LISTS:
                    self.counts.pop()
                elif name == "li":
                    self.bullet = ""

    def _flush(self) -> Iterator[Block]:
        kind, text = self.kinds[-1], "".join(self.words)
        text = _verbatim(text) if kind == "code" else " ".join(text.split())
        linked, self.linked = self.linked, 0
        self.words.clear()
        if text.strip(" |"):
            yield Block(self.bullet + text, kind, linked, self.menus > 0)
            self.bullet = ""


def _verbatim(text: str) -> str:
    lines = text.replace("\f", " ").expandtabs(4).splitlines()
    return "\n".join(line.rstrip() for line in lines).strip("\n")


def _menu(node: Node) -> bool:
    return tag(node) == "nav" or node.get("role", "").lower() in _NAVIGATION


def _short(node: Node) -> bool:
    size = 0
    for text in node.itertext(with_tail=False):
        size += len(text)
        if size > SHORT:
            return False
    return True


def lines(found: list[Block]) -> str:
    """Blocks as lines: wrapped, with an empty one where something else begins."""
    told, before = list[str](), "heading"
    for block in found:
        if told and (block.kind != before or block.kind not in ("item", "row", "other")):
            told.append("")
        told += [block.text] if block.kind == "code" else _wrapped(block.text)
        before = block.kind
    return "\n".join(told)


def _wrapped(text: str) -> list[str]:
    done, line = list[str](), ""
    for word in text.split(" "):
        if line and len(line) + len(word) >= WIDTH:
            done.append(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    return [*done, line]
