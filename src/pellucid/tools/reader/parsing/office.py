"""Word documents and PowerPoint presentations (ECMA-376): paragraphs, headings, tables, notes."""

import posixpath
import re
from collections.abc import Iterator, Mapping
from typing import Any

from lxml import etree

from pellucid.tools.reader.parsing.bounds import Unreadable
from pellucid.tools.reader.parsing.markup import Flow, Role, attribute, local, xml
from pellucid.tools.reader.parsing.packed import Packed
from pellucid.tools.reader.parsing.parts import Parts

DOCUMENT = "word/document.xml"
PRESENTATION = "ppt/presentation.xml"
_BODY_TEXT = 9
"""The outline level of what is no heading (17.9.9 of part 1)."""

_ROLES: Mapping[str, Role] = {
    "p": "block",
    "tr": "row",
    "tc": "cell",
    "t": "text",
    "tab": "gap",
    "br": "gap",
    "cr": "gap",
    "fallback": "skip",  # says again what stands before it
    "tabs": "skip",  # where a paragraph's tabulators are, not one
    "del": "skip",
    "movefrom": "skip",
}
_HEADING = re.compile(r"(?:heading|title)\b", re.I)


def document(packed: Packed) -> dict[str, Any]:
    """The text of a Word document, parted at its headings; notes come last."""
    levels = _levels(xml(packed.read("word/styles.xml"))) if packed.has("word/styles.xml") else {}
    parts = Parts()

    def role(node: etree._Element) -> Role | None:
        name = local(node)
        if name != "p":
            return _ROLES.get(name)
        return _paragraph(node, levels)

    Flow(parts, role, runs=True).read(xml(packed.read(DOCUMENT)))
    for notes in ("word/footnotes.xml", "word/endnotes.xml"):
        if packed.has(notes):
            Flow(parts, role, runs=True).read(xml(packed.read(notes)))
    return parts.document("section")


def _paragraph(node: etree._Element, headings: Mapping[str, bool]) -> Role:
    """Whether a paragraph is a heading, of a list or neither: by its own words, else its style."""
    about = next((child for child in node if local(child) == "ppr"), None)
    said = {local(one): one for one in about} if about is not None else {}
    if "outlinelvl" in said:
        return "heading" if _level(said["outlinelvl"]) < _BODY_TEXT else "block"
    if "pstyle" in said and headings.get(attribute(said["pstyle"], "val")):
        return "heading"
    return "item" if "numpr" in said else "block"


def _level(node: etree._Element) -> int:
    value = attribute(node, "val")
    return int(value) if value.isdecimal() and len(value) < 3 else _BODY_TEXT


def _levels(root: etree._Element) -> dict[str, bool]:
    """Which styles are those of headings, by their level, name, or what they are based on."""
    headings, based = dict[str, bool](), dict[str, str]()
    for style in (one for one in root if local(one) == "style"):
        name, key = "", attribute(style, "styleId")
        for node in style.iter():
            match local(node):
                case "name":
                    name = attribute(node, "val")
                case "basedon":
                    based[key] = attribute(node, "val")
                case "outlinelvl":
                    headings[key] = _level(node) < _BODY_TEXT
        if key not in headings and _HEADING.match(name):
            headings[key] = True
    for key in based:
        base, seen = key, set[str]()
        while base not in headings and base in based and base not in seen:
            seen.add(base)
            base = based[base]
        headings.setdefault(key, headings.get(base, False))
    return headings


def presentation(packed: Packed) -> dict[str, Any]:
    """The text of a presentation, a part for each slide in their order; the speaker's notes
    follow their slide's text."""
    parts = Parts()
    for number, path in enumerate(_slides(packed)):
        if number:
            parts.part()
        root = xml(packed.read(path))
        if title := _title(root):
            parts.titled(title)
        Flow(parts, lambda node: _ROLES.get(local(node)), runs=True).read(root)
        notes = [one for one in _related(packed, path).values() if "/notesSlides/" in one]
        for one in notes[:1]:
            Flow(parts, _spoken, runs=True).read(xml(packed.read(one)))
    return parts.document("slide")


def _slides(packed: Packed) -> Iterator[str]:
    related = _related(packed, PRESENTATION)
    for node in xml(packed.read(PRESENTATION)).iter():
        if local(node) == "sldid":
            relation = next((str(v) for k, v in node.items() if str(k).endswith("}id")), "")
            if relation not in related:
                raise Unreadable("is damaged: it lacks a slide")
            yield related[relation]


def _related(packed: Packed, path: str) -> dict[str, str]:
    """The parts that a part refers to, by the name it has for each."""
    folder, name = posixpath.split(path)
    relations = f"{folder}/_rels/{name}.rels"
    if not packed.has(relations):
        return {}
    return {
        attribute(node, "Id"): posixpath.normpath(
            posixpath.join("/", folder, attribute(node, "Target"))
        ).lstrip("/")
        for node in xml(packed.read(relations))
        if attribute(node, "TargetMode") != "External"
    }


def _title(root: etree._Element) -> str:
    """What stands in the place that is for a slide's title."""
    for shape in (node for node in root.iter() if local(node) == "sp"):
        kinds = [attribute(node, "type") for node in shape.iter() if local(node) == "ph"]
        if kinds[:1] in (["title"], ["ctrTitle"]):
            runs = (node.text or "" for node in shape.iter() if local(node) == "t")
            return " ".join("".join(runs).split())
    return ""


def _spoken(node: etree._Element) -> Role | None:
    """Notes without the small picture, number, date and footer of their page."""
    if local(node) == "sp":
        kinds = [attribute(one, "type") for one in node.iter() if local(one) == "ph"]
        return None if kinds[:1] == ["body"] else "skip"
    return _ROLES.get(local(node))
