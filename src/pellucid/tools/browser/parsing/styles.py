"""What a page's own styles say, as far as they can hide text.

Sheets inside the page and styles of its elements, by the rules of CSS (tinycss2 reads them,
cssselect2 finds what they are meant for): the later and the more exact rule wins, `!important`
before both. Sheets elsewhere are not fetched. A screen of 1280 by 800 is assumed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import cssselect2
import tinycss2

from pellucid.tools.browser.parsing.tree import Node, tag

WIDTH, HEIGHT = 1280.0, 800.0
MOST_SHEETS = 400_000
"""Characters of sheets in one page that are read; what is behind them is not."""

LONGEST = 20_000
"""Characters of an element's own style; one that is longer is there to hide something."""

DEEPEST = 5
"""How deep a value may lead through others (`var()`)."""

_PROPERTIES = (
    "display visibility opacity font font-size color background background-color background-image "
    "position left right top bottom inset text-indent margin margin-left margin-top clip clip-path "
    "width height max-width max-height overflow overflow-x overflow-y transform scale translate "
    "filter content-visibility -webkit-text-fill-color background-clip -webkit-background-clip"
)
PROPERTIES = frozenset(_PROPERTIES.split())
Declared = dict[str, str]
"""Values of these properties, in lower case, and of a page's own ones (`--name`), as they are."""

TOO_LONG = "style too long to be read"

_HINTS = frozenset(("style", "bgcolor", "background", "color", "text"))
_VARIABLE = re.compile(r"var\(\s*(--[\w-]+)\s*(?:,((?:[^()]|\([^()]*\))*))?\)")
_SCREENS = re.compile(r"(?:only\s+)?(?:all|screen)?(?:\s*and\s*)?((?:\([^()]*\)(?:\s*and\s*)?)*)")
_WIDTH = re.compile(r"\(\s*(min|max)-width\s*:\s*([\d.]+)(px|r?em)\s*\)")


@dataclass(frozen=True, slots=True)
class Rule:
    """Declarations of a rule: those that are important, and the others."""

    usual: Declared
    important: Declared


@dataclass(slots=True)
class Sheets:
    """The rules of a page that may hide something."""

    matcher: cssselect2.Matcher = field(default_factory=cssselect2.Matcher)
    any: bool = False
    cut: bool = False

    def add(self, css: str) -> None:
        """Read a sheet."""
        for selectors, rule in _rules(css):
            try:
                compiled = cssselect2.compile_selector_list(selectors)
            except (cssselect2.SelectorError, RecursionError):
                continue
            for selector in compiled:
                if selector.pseudo_element is None:
                    self.matcher.add_selector(selector, rule)
                    self.any = True


def sheets(root: Node) -> Sheets:
    """The sheets inside a page."""
    found, left = Sheets(), MOST_SHEETS
    for node in root.iter("style"):
        css = node.text or ""
        if _applies(node.get("media") or "") and not _unused(node):
            found.cut = found.cut or len(css) > left
            found.add(css[:left])
            left -= min(left, len(css))
    return found


def _unused(node: Node) -> bool:
    """Whether a sheet stands where browsers use none."""
    return any(tag(outer) in ("noscript", "template") for outer in node.iterancestors())


def resolved(said: Declared, known: Declared) -> Declared:
    """What is declared, with the values of a page's own properties put in."""
    return {
        name: _valued(value, known) if "var(" in value else value for name, value in said.items()
    }


def _valued(value: str, known: Declared) -> str:
    for _ in range(DEEPEST):
        if "var(" not in value or len(value) > LONGEST:
            break
        value = _VARIABLE.sub(lambda one: known.get(one[1], one[2] or "").strip(), value)
    return value.lower()


def declared(root: Node, found: Sheets) -> Iterator[tuple[Node, Declared]]:
    """Every element of a page with what is declared for it, in order."""
    if not found.any:
        for node in root.iter(tag="*"):
            yield node, _together((), node)
        return
    for wrapped in cssselect2.ElementWrapper.from_html_root(root).iter_subtree():
        matches = found.matcher.match(wrapped)
        yield (
            wrapped.etree_element,
            _together([rule for *_, rule in matches], wrapped.etree_element),
        )


def _together(rules: list[Rule] | tuple[()], node: Node) -> Declared:
    if not rules and not _HINTS.intersection(node.attrib):
        return {}
    own = inline(node.get("style") or "")
    result = _hints(node)
    for one in rules:
        result |= one.usual
    result |= own.usual
    for one in rules:
        result |= one.important
    return result | own.important


def _hints(node: Node) -> Declared:
    """What attributes of old say."""
    result = Declared()
    if "bgcolor" in node.attrib:
        result["background-color"] = node.get("bgcolor").lower()
    if "background" in node.attrib:
        result["background-image"] = "url()"
    if tag(node) == "font" and "color" in node.attrib:
        result["color"] = node.get("color").lower()
    if tag(node) == "body" and "text" in node.attrib:
        result["color"] = node.get("text").lower()
    return result


def inline(style: str) -> Rule:
    """What an element's own style declares."""
    if len(style) > LONGEST:
        return Rule({}, {TOO_LONG: ""})
    return _rule(tinycss2.parse_blocks_contents(style, True, True)) if style else Rule({}, {})


def _rule(nodes: list[tinycss2.ast.Node]) -> Rule:
    rule = Rule({}, {})
    for node in nodes:
        if node.type == "declaration":
            into = rule.important if node.important else rule.usual
            if node.lower_name in PROPERTIES:
                value = tinycss2.serialize(node.value).strip().replace("VAR(", "var(")
                into[node.lower_name] = value if "var(" in value else value.lower()
            elif node.name.startswith("--"):
                into[node.name] = tinycss2.serialize(node.value).strip()
    return rule


def _rules(css: str) -> Iterator[tuple[str, Rule]]:
    """The rules of a sheet that matter on the screen that is assumed, those in others too, each
    with its selectors."""
    waiting = [("", node) for node in reversed(tinycss2.parse_stylesheet(css, True, True))]
    while waiting:
        outer, node = waiting.pop()
        if node.type == "at-rule" and _inner(node):
            inner = tinycss2.parse_blocks_contents(node.content, True, True)
            rule = _rule(inner)
            if outer and (rule.usual or rule.important):
                yield outer, rule
            waiting += [(outer, one) for one in reversed(inner)]
        elif node.type == "qualified-rule":
            selectors = _within(outer, tinycss2.serialize(node.prelude).strip())
            inner = tinycss2.parse_blocks_contents(node.content, True, True)
            rule = _rule(inner)
            if rule.usual or rule.important:
                yield selectors, rule
            if len(selectors) < LONGEST:
                waiting += [(selectors, one) for one in reversed(inner)]


def _within(outer: str, selectors: str) -> str:
    """The selectors of a rule that stands in another one."""
    if not outer:
        return selectors
    if "&" in selectors:
        return selectors.replace("&", f":is({outer})")
    return f":is({outer}) :is({selectors})"


def _inner(node: tinycss2.ast.AtRule) -> bool:
    """Whether the rules within a rule matter."""
    if node.content is None:
        return False
    match node.lower_at_keyword:
        case "media":
            return _applies(tinycss2.serialize(node.prelude))
        case "supports" | "layer":
            return True
        case _:
            return False


def _applies(media: str) -> bool:
    return not media.strip() or any(map(_fits, media.lower().split(",")))


def _fits(query: str) -> bool:
    """Whether a query of widths fits the screen; one of anything else is taken not to."""
    found = _SCREENS.fullmatch(query.strip())
    if found is None:
        return False
    widths = _WIDTH.findall(found[1])
    if len(widths) != found[1].count("("):
        return False
    sizes = ((end, float(size) * (1 if unit == "px" else 16)) for end, size, unit in widths)
    return all(size <= WIDTH if end == "min" else size >= WIDTH for end, size in sizes)
