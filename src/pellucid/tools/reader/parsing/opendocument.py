"""Texts and presentations of LibreOffice and others (OpenDocument, ISO/IEC 26300)."""

from collections.abc import Mapping
from typing import Any

from lxml import etree

from pellucid.tools.reader.parsing.markup import Flow, Role, attribute, local, xml
from pellucid.tools.reader.parsing.packed import Packed
from pellucid.tools.reader.parsing.parts import Parts

CONTENT = "content.xml"
_ROLES: Mapping[str, Role] = {
    "p": "block",
    "h": "heading",
    "list-item": "item",
    "table-row": "row",
    "table-cell": "cell",
    "s": "gap",
    "tab": "gap",
    "line-break": "gap",
    **dict.fromkeys(("annotation", "tracked-changes", "title", "desc", "event-listeners"), "skip"),
    **dict.fromkeys(("automatic-styles", "scripts", "font-face-decls", "binary-data"), "skip"),
}


def text(packed: Packed) -> dict[str, Any]:
    """The text of a text document, parted at its headings."""
    parts = Parts()
    Flow(parts, lambda node: _ROLES.get(local(node))).read(xml(packed.read(CONTENT)))
    return parts.document("section")


def presentation(packed: Packed) -> dict[str, Any]:
    """The text of a presentation, a part for each slide; notes follow their slide's text."""
    parts = Parts()
    slides = [
        n for n in xml(packed.read(CONTENT)).iter() if str(n.tag).endswith("drawing:1.0}page")
    ]
    for number, slide in enumerate(slides):
        if number:
            parts.part()
        if title := _title(slide):
            parts.titled(title)
        Flow(parts, _line).read(slide)
    return parts.document("slide")


def _line(node: etree._Element) -> Role | None:
    role = _ROLES.get(local(node))
    return "block" if role == "heading" else role


def _title(slide: etree._Element) -> str:
    titles = (one for one in slide if attribute(one, "class") == "title")
    return next((" ".join("".join(one.itertext()).split()) for one in titles), "")
