"""Whether people can see a text, as far as its styles say."""

import re
from dataclasses import dataclass
from functools import lru_cache

from tinycss2 import color3

from pellucid.tools.browser.parsing.styles import HEIGHT, TOO_LONG, WIDTH, Declared

FAR = 900.0
"""Pixels off the screen from which nothing is seen; people scroll down, and little to the side."""

SMALLEST = 2.0
"""Pixels of a font that people can make out something of."""

FAINTEST = 1.15
"""Contrast (WCAG 2) of a text with its ground below which nobody reads it; equal colours have 1."""

LONGEST = 100
"""Characters of a colour."""

Colour = tuple[float, float, float, float]
BLACK: Colour = (0.0, 0.0, 0.0, 1.0)
WHITE: Colour = (1.0, 1.0, 1.0, 1.0)

_LENGTH = re.compile(
    r"([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)(px|r?em|ex|ch|pt|pc|cm|mm|in|vw|vh|%)?"
)
_UNITS = {
    **{"": 1.0, "px": 1.0, "rem": 16.0, "pt": 4 / 3, "pc": 16.0, "cm": 37.8, "mm": 3.78},
    **{"in": 96.0, "vw": WIDTH / 100, "vh": HEIGHT / 100},
}
_ZEROES = re.compile(
    r"scale(?:3d|x|y)?\(\s*[+-]?0*\.?0+[0-4]?%?\s*(?:,[^)]*)?\)|matrix\(\s*0\s*,\s*0"
    r"|rotate[xy]\(\s*[+-]?(?:90|270)deg"
)
_MOVED = re.compile(r"translate(?:3d|x|y)?\(([^)]*)\)")
_CLIPPED = re.compile(
    r"rect\(\s*(?:[01]?(?:px)?[\s,]*){4}\)|inset\(\s*(?:[5-9]\d|100)(?:\.\d+)?%\s*\)"
    r"|circle\(\s*0|polygon\(\s*(?:0(?:px|%)?[\s,]*)+\)"
)
_FADED = re.compile(r"opacity\(\s*0*\.?0*[0-4]?%?\s*\)")


@dataclass(frozen=True, slots=True)
class Look:
    """What a text has from the elements around it: size in pixels, colour, and what is behind it
    (None: not known, a picture or what another file says); whether that paints the letters."""

    visible: bool = True
    size: float = 16.0
    colour: Colour = BLACK
    ground: Colour | None = WHITE
    painted: bool = False


@lru_cache(maxsize=1_024)
def unseen(look: Look) -> str:
    """Why nobody sees a text of this look; "" where they do."""
    if not look.visible:
        return "visibility:hidden"
    if look.size < SMALLEST:
        return f"font-size:{look.size:g}px"
    if look.colour[3] < 0.05 and not look.painted:
        return "transparent"
    if look.ground is not None and contrast(look.colour, look.ground) < FAINTEST:
        return "the colour of its background"
    return ""


def within(outer: Look, said: Declared) -> Look:
    """The look of an element in another one."""
    if not said:
        return outer
    seen = said.get("visibility", "inherit")
    colour = _colour(said.get("color", ""), outer.colour)
    ground = _ground(said, outer.ground)
    clips = said.get("background-clip", "") + said.get("-webkit-background-clip", "")
    return Look(
        visible=outer.visible if seen == "inherit" else seen not in ("hidden", "collapse"),
        size=_size(said, outer.size),
        colour=_colour(said.get("-webkit-text-fill-color", ""), colour),
        ground=ground,
        painted=outer.painted or ("text" in clips and ground is None),
    )


def gone(said: Declared, size: float) -> str:
    """Why nobody sees an element and all that is in it; "" where they do."""
    if not said:
        return ""
    if TOO_LONG in said:
        return TOO_LONG
    if said.get("display", "").startswith("none"):
        return "display:none"
    if said.get("content-visibility") == "hidden":
        return "content-visibility:hidden"
    if _number(said.get("opacity", "1")) < 0.05 or _FADED.search(said.get("filter", "")):
        return "opacity:0"
    if _clipped(said, size):
        return "clipped to nothing"
    return _off(said, size)


def _clipped(said: Declared, size: float) -> bool:
    absolute = said.get("position") in ("absolute", "fixed")
    if absolute and _CLIPPED.search(said.get("clip", "")):
        return True
    if _CLIPPED.search(said.get("clip-path", "")):
        return True
    if said.get("scale", "1").split()[0] in ("0", "0%") or _ZEROES.search(
        said.get("transform", "")
    ):
        return True
    spilling = said.get("overflow", "") + said.get("overflow-x", "") + said.get("overflow-y", "")
    if not ("hidden" in spilling or "clip" in spilling):
        return False
    sides = (said.get(name, "") for name in ("width", "height", "max-width", "max-height"))
    return any(length(side, size, 1e9) <= 1 for side in sides)


def _off(said: Declared, size: float) -> str:
    """Why an element is off the screen; "" where it is not."""
    if length(said.get("text-indent", ""), size) <= -FAR:
        return "text-indent off the screen"
    moved = [
        said.get("margin-left", ""),
        said.get("margin-top", ""),
        *said.get("margin", "").split(),
    ]
    if any(length(side, size) <= -FAR for side in moved):
        return "margin off the screen"
    if found := _MOVED.search(said.get("transform", "")):
        sides = found[1].split(",")[:2]
        if any(length(side.strip(), size) <= -FAR for side in sides):
            return "moved off the screen"
    if said.get("position") not in ("absolute", "fixed", "relative"):
        return ""
    sides = [said.get(name, "") for name in ("left", "top")] + said.get("inset", "").split()
    if any(length(side, size) <= -FAR for side in sides):
        return "off the screen"
    across = [said.get(name, "") for name in ("right", "bottom")]
    if (
        any(length(side, size) <= -FAR for side in across)
        or length(said.get("left", ""), size) >= 5e3
    ):
        return "off the screen"
    return ""


def length(value: str, size: float, otherwise: float = 0.0) -> float:
    """A length in pixels, in a font of this size; `otherwise` for what is none."""
    found = _LENGTH.fullmatch(value.strip())
    if found is None:
        return otherwise
    unit = found[2] or ""
    if unit == "%":
        return float(found[1]) * WIDTH / 100
    return float(found[1]) * _UNITS.get(unit, size)


def _size(said: Declared, outer: float) -> float:
    value = said.get("font-size") or next(
        (part.split("/")[0] for part in said.get("font", "").split() if part[0] in "0123456789."),
        "",
    )
    found = _LENGTH.fullmatch(value)
    if found is None:
        return outer
    if found[2] == "%":
        return outer * float(found[1]) / 100
    return length(value, outer, outer)


def _number(value: str) -> float:
    found = _LENGTH.fullmatch(value)
    return 1.0 if found is None else float(found[1]) / (100 if found[2] == "%" else 1)


def _colour(value: str, otherwise: Colour) -> Colour:
    found = color3.parse_color(value[:LONGEST]) if value else None
    if found is None or found == "currentColor":
        return otherwise
    return (found.red, found.green, found.blue, found.alpha)


def _ground(said: Declared, outer: Colour | None) -> Colour | None:
    """What is behind an element's text."""
    picture = said.get("background-image", "none")
    value = said.get("background", "")
    if picture != "none" or "url(" in value or "gradient(" in value:
        return None
    for one in (said.get("background-color", ""), value):
        found = color3.parse_color(one[:LONGEST]) if one else None
        if found is not None and found != "currentColor" and found.alpha > 0:
            whole = (found.red, found.green, found.blue, 1.0)
            return (
                whole if found.alpha > 0.9 or outer is None else _mixed(whole, outer, found.alpha)
            )
    return outer


def _mixed(upper: Colour, lower: Colour, alpha: float) -> Colour:
    red, green, blue = (
        alpha * above + (1 - alpha) * below
        for above, below in zip(upper[:3], lower[:3], strict=True)
    )
    return (red, green, blue, 1.0)


def contrast(one: Colour, other: Colour) -> float:
    """How well a colour is seen on another: 1 is not at all (WCAG 2.2, contrast ratio)."""
    shown = _mixed(one, other, one[3])
    low, high = sorted((_light(shown), _light(other)))
    return (high + 0.05) / (low + 0.05)


def _light(colour: Colour) -> float:
    parts = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour[:3]
    )
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True))
