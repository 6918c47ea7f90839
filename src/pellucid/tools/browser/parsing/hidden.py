"""What nobody sees of a page is taken out of it, and told.

Texts for machines have been put into pages to be read by models and by no person. So a page is
read as it is shown: by its own styles, by what its elements mean, and without invisible characters.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from pellucid.tools.browser.invisible import Cleaner
from pellucid.tools.browser.parsing.looks import Look, gone, unseen, within
from pellucid.tools.browser.parsing.styles import (
    PROPERTIES,
    Declared,
    Sheets,
    declared,
    resolved,
    sheets,
)
from pellucid.tools.browser.parsing.tree import Node, tag, valid

_HIDING = PROPERTIES - {
    *("color", "background", "background-color", "background-image"),
    *("background-clip", "-webkit-background-clip"),
}

MOST_TOLD, SHOWN = 100, 60
"""Lines that tell what was left out, and characters of each."""

SILENT = frozenset(
    ("script", "style", "head", "title", "svg", "select", "annotation", "annotation-xml", "rp")
)
"""What is no text."""

_UNSHOWN = (
    "noscript template datalist noframes noembed audio video canvas object iframe progress meter"
)
NEVER = frozenset(_UNSHOWN.split())
"""Elements whose text browsers do not show."""


@dataclass(slots=True)
class Left:
    """What was left out of a page, a line each."""

    lines: list[str] = field(default_factory=list)
    more: int = 0

    def add(self, why: str, text: str) -> None:
        """Tell of a text, if it is any."""
        text = " ".join(text.split())
        if not text:
            return
        if len(self.lines) >= MOST_TOLD:
            self.more += 1
            return
        shown = text if len(text) <= SHOWN else text[:SHOWN].rstrip() + "…"
        self.lines.append(f'{why}: "{shown}"')

    def told(self) -> list[str]:
        """All of it."""
        return [*self.lines, f"and {self.more:,} more"] if self.more else self.lines


def without(root: Node) -> list[str]:
    """Take out of a tree what nobody sees; what that was."""
    left, found = Left(), sheets(root)
    _prune(root, found, left)
    _characters(root, left)
    _comments(root, left)
    if found.cut:
        left.lines.append("styles of the page were too long to be read")
    return left.told()


def _prune(root: Node, found: Sheets, left: Left) -> None:
    outer = Look(ground=None if _styled_elsewhere(root) else Look().ground)
    looks, known, dropped = {root: outer}, {root: Declared()}, set[Node]()
    for node, said in declared(root, found):
        parent = node.getparent()
        if parent is not None and parent in dropped:
            dropped.add(node)
            continue
        known[node] = _known(known.get(parent, {}), said)
        said = resolved(_whole(node, said), known[node])
        look = looks[node] = within(looks.get(parent, outer), said)
        if why := _why(node, said, look):
            dropped.add(node)
            if why != "-":
                left.add(why, _told(node))
        elif faint := unseen(look):
            _empty(node, faint, left)
    _drop(dropped)


def _known(outer: Declared, said: Declared) -> Declared:
    """A page's own properties where an element stands."""
    own = {name: value for name, value in said.items() if name.startswith("--")}
    return outer | own if own else outer


def _whole(node: Node, said: Declared) -> Declared:
    """What is declared for an element, of all of the page only colours: what hides all of it is
    there until scripts have done their work."""
    if not said or tag(node) not in ("html", "body"):
        return said
    return {name: value for name, value in said.items() if name not in _HIDING}


def _why(node: Node, said: Declared, look: Look) -> str:
    """Why an element is left out whole; "-" where that need not be told."""
    name = tag(node)
    if name in SILENT:
        return "-"
    if name in NEVER:
        return name
    if node.get("aria-hidden", "").strip().lower() == "true":
        return "aria-hidden"
    shown = said.get("display", "")
    if "hidden" in node.attrib and not shown and name not in ("html", "body"):
        return "hidden"
    if name == "dialog" and "open" not in node.attrib and not shown:
        return "dialog"
    return gone(said, look.size)


def _told(node: Node) -> str:
    """The beginning of an element's text; of what is no tree, its source."""
    return " ".join("".join(_pieces(node)).split())


def _pieces(node: Node) -> Iterator[str]:
    size = 0
    for event, one in etree.iterwalk(node, events=("start", "end")):
        if size > 400 or (event == "end" and one is node):
            return
        piece = one.tail if event == "end" else "" if tag(one) in ("script", "style") else one.text
        size += len((piece or "").strip())
        yield piece or ""


def _empty(node: Node, why: str, left: Left) -> None:
    """Take an element's own text out; what is in it may be seen all the same."""
    left.add(why, node.text or "")
    node.text = None
    for inner in node:
        left.add(why, inner.tail or "")
        inner.tail = None


def _drop(dropped: set[Node]) -> None:
    for node in dropped:
        parent = node.getparent()
        if parent is None or parent in dropped:
            continue
        _bridge(node, parent)
        parent.remove(node)


def _bridge(node: Node, parent: Node) -> None:
    """What stands behind an element stands behind what was before it."""
    if not node.tail:
        return
    before = node.getprevious()
    if before is None:
        parent.text = (parent.text or "") + node.tail
    else:
        before.tail = (before.tail or "") + node.tail
    node.tail = None


def _comments(root: Node, left: Left) -> None:
    for node in root.iter(etree.Comment):
        left.add("comment", node.text or "")
    etree.strip_tags(root, etree.Comment, etree.ProcessingInstruction)


def _characters(root: Node, left: Left) -> None:
    cleaner = Cleaner()
    for node in root.iter():
        if node.text:
            node.text = valid(cleaner.clean(node.text))
        if node.tail:
            node.tail = valid(cleaner.clean(node.tail))
    for why, said in cleaner.told():
        left.add(why, said)


def _styled_elsewhere(root: Node) -> bool:
    """Whether other files say how the page looks, its background among that."""
    return any("stylesheet" in node.get("rel", "").lower() for node in root.iter("link"))
