"""Books (EPUB 2 and 3): the texts in the order in which they are read."""

import posixpath
from typing import Any
from urllib.parse import unquote

from pellucid.tools.reader.parsing.bounds import Unreadable
from pellucid.tools.reader.parsing.markup import attribute, html, local, xml
from pellucid.tools.reader.parsing.packed import Packed
from pellucid.tools.reader.parsing.parts import Parts

CONTAINER = "META-INF/container.xml"
ENCRYPTED = "META-INF/encryption.xml"
_TEXTS = ("application/xhtml+xml", "text/html", "application/x-dtbook+xml")


def book(packed: Packed) -> dict[str, Any]:
    """The text of a book, parted at its headings."""
    parts = Parts()
    for path in _texts(packed):
        html(packed.read(path), parts)
    return parts.document("section")


def _texts(packed: Packed) -> list[str]:
    roots = [node for node in xml(packed.read(CONTAINER)).iter() if local(node) == "rootfile"]
    if not roots:
        raise Unreadable("is damaged: it does not say where its texts are")
    path = attribute(roots[0], "full-path")
    folder, items, spine = posixpath.dirname(path), dict[str, str](), list[str]()
    for node in xml(packed.read(path)).iter():
        match local(node):
            case "item" if attribute(node, "media-type") in _TEXTS:
                items[attribute(node, "id")] = unquote(attribute(node, "href"))
            case "itemref":
                spine.append(attribute(node, "idref"))
    wanted = dict.fromkeys(items[one] for one in spine if one in items)
    return [posixpath.normpath(posixpath.join("/", folder, one)).lstrip("/") for one in wanted]
