"""XML and HTML as lines: one walk for Word, OpenDocument, slides, books and web pages.

libxml2 reads them: no DTD and nothing of the network is loaded, entities are not put in, and a file
that declares some is refused (a few lines of them make gigabytes of text, or name other files).
"""

import codecs
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from lxml import etree

from pellucid.tools.reader.parsing.bounds import Unreadable
from pellucid.tools.reader.parsing.parts import Parts

Role = Literal["block", "item", "heading", "row", "cell", "gap", "text", "verbatim", "skip"]
"""What an element is: a line of its own, one of a list, the title of a section, a row or cell of a
table, a blank, a run of text, lines as they are, or nothing to be read."""

SHORT = 200
"""Characters of a cell up to which it stands in one line with its row."""

BULLET = "- "

CHARSETS = (
    "utf-8 utf-16 utf-16-le utf-16-be latin-1 cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 "
    "cp1257 iso8859-2 iso8859-5 iso8859-7 iso8859-9 iso8859-15 koi8-r koi8-u shift_jis euc_jp "
    "iso2022_jp gb18030 gbk big5 euc_kr mac_roman ascii cp437"
)
_CHARSET = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""")
_BLOCKS = (
    "address article aside blockquote body caption center dd details dialog div dl dt fieldset "
    "figcaption figure footer form header hr html main nav ol optgroup option p section "
    "summary table tbody tfoot thead title ul"
)
_SKIPPED = "script style noscript template svg math iframe object audio video canvas select"
HTML: Mapping[str, Role] = {
    **dict.fromkeys(_BLOCKS.split(), "block"),
    **dict.fromkeys(_SKIPPED.split(), "skip"),
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "heading"),
    **dict.fromkeys(("td", "th"), "cell"),
    **{"tr": "row", "li": "item", "br": "block", "pre": "verbatim", "textarea": "verbatim"},
}


def warm() -> None:
    """Load what is loaded when first needed; afterwards nothing can be opened."""
    for name in CHARSETS.split():
        codecs.lookup(name)
    html(b"<p>warm<td>", Parts())
    xml(b"<a/>")


def xml(raw: bytes) -> etree._Element:
    """The root of an XML file; Unreadable where it is broken or declares entities."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_pis=True
    )
    try:
        root = etree.fromstring(raw, parser)
    except etree.XMLSyntaxError:
        raise Unreadable("is damaged: a part of it is no XML") from None
    declared = root.getroottree().docinfo.internalDTD
    if declared is not None and any(True for _ in declared.iterentities()):
        raise Unreadable("declares entities, which a document may not")
    return root


def html(raw: bytes, parts: Parts) -> None:
    """Read an HTML file into parts."""
    parser = etree.HTMLParser(no_network=True, remove_pis=True, encoding="utf-8")
    try:
        root = etree.fromstring(decoded(raw).encode(), parser)
    except etree.XMLSyntaxError:
        return  # nothing in it at all
    if root is not None:
        Flow(parts, lambda node: HTML.get(local(node))).read(root)


def decoded(raw: bytes) -> str:
    """The text of a web page: as it says itself, else UTF-8, else as Windows writes."""
    for mark, charset in (
        (b"\xef\xbb\xbf", "utf-8"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if raw.startswith(mark):
            return raw.decode(charset, "replace").removeprefix("\ufeff")
    said = _CHARSET.search(raw[:2048])
    name = said[1].decode("ascii").lower() if said else "utf-8"
    try:
        return raw.decode(name)
    except (LookupError, UnicodeError, OSError):  # the last: one that was not loaded in time
        pass
    try:
        return raw.decode("utf-8")
    except UnicodeError:
        return raw.decode("cp1252", "replace")


def local(node: etree._Element) -> str:
    """An element's name without its namespace."""
    return str(node.tag).rpartition("}")[2].lower()


def attribute(node: etree._Element, name: str) -> str:
    """An attribute by its name without namespace; "" where there is none."""
    return next((str(v) for k, v in node.items() if str(k).rpartition("}")[2] == name), "")


@dataclass(slots=True)
class Flow:
    """A walk over a tree that puts lines together. Where `runs`, only elements that are text have
    any; else all have."""

    parts: Parts
    role: Callable[[etree._Element], Role | None]
    runs: bool = False
    _words: list[str] = field(default_factory=list)
    _cell: int = 0
    """How many cells of a row's one line are open."""
    _fresh: bool = True
    """Whether nothing stands in the row yet."""

    def read(self, root: etree._Element) -> None:
        """The whole tree, without recursion."""
        walk = etree.iterwalk(root, events=("start", "end", "comment"))
        open_roles = list[Role | None]()
        for event, node in walk:
            if event == "start":
                role = self.role(node)
                open_roles.append(self._begin(node, role))
                if role == "skip":
                    walk.skip_subtree()
            elif event == "end":
                self._end(open_roles.pop())
            if event != "start" and not self.runs and node is not root:
                self._words.append(node.tail or "")
        self._flush()

    def _begin(self, node: etree._Element, role: Role | None) -> Role | None:
        """What an element begins; a cell too long for one line is a block."""
        if role == "cell" and not _short(node):
            role = "block"
        if role == "cell":
            self._cell += 1
            self._words.append("" if self._fresh else " | ")
            self._fresh = False
        elif role == "gap" or (role and self._cell):
            self._words.append(" ")
        elif role in ("block", "item", "heading", "row", "verbatim"):
            self._flush(ends=role == "item")
            self._fresh = True
            self._words += [BULLET] if role == "item" else []
        if role == "text" or (role != "skip" and not self.runs):
            self._words.append(node.text or "")
        return role

    def _end(self, role: Role | None) -> None:
        if role == "cell":
            self._cell -= 1
        elif role == "heading" and not self._cell:
            self.parts.heading("".join(self._words).strip().removeprefix(BULLET))
            self._words.clear()
        elif role == "verbatim" and not self._cell:
            self.parts.verbatim("".join(self._words))
            self._words.clear()
        elif role in ("block", "item", "row", "verbatim", "heading"):
            if self._cell:
                self._words.append(" ")
            else:
                self._flush(ends=role == "item")

    def _flush(self, *, ends: bool = False) -> None:
        """End the line; an item of a list that has said nothing yet goes on unless it `ends`."""
        line = "".join(self._words)
        self._words.clear()
        if line.strip(" |\n\t") != BULLET.strip():
            self.parts.line(line if line.strip(" |\n\t") else "")
        elif not ends:
            self._words.append(BULLET)


def _short(node: etree._Element) -> bool:
    size = 0
    for text in node.itertext():
        size += len(text)
        if size > SHORT:
            return False
    return True
