"""Characters that nobody sees: of texts, and what they were used for."""

import re
from collections import Counter
from dataclasses import dataclass, field

_TAGS = "\U000e0000-\U000e007f"
_MARKS = (
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\u061c\u180e\u115f\u1160\u3164\uffa0\ufff9-\ufffb"
)
_SELECTORS = "\ufe00-\ufe0f\U000e0100-\U000e01ef"
_CONTROLS = "\0-\x08\x0b\x0e-\x1f\x7f-\x9f"
_ANY = re.compile(f"[{_TAGS}{_MARKS}{_SELECTORS}{_CONTROLS}\u00ad]")
_JOINERS = "\u200c\u200d"
_JOINED = re.compile("[\u0590-\u109f\u1780-\u17ff\ua840-\uabff\ufb50-\ufdff\ufe70-\ufefe]")
"""Letters of scripts that joiners belong to: Hebrew, Arabic, those of India, and others."""


@dataclass(slots=True)
class Cleaner:
    """Takes invisible characters out of texts, and counts them."""

    tags: list[str] = field(default_factory=list)
    others: Counter[str] = field(default_factory=Counter)

    def clean(self, text: str) -> str:
        """A text as it is seen."""
        if text.isascii() and text.isprintable():
            return text
        return _ANY.sub(lambda found: self._kept(text, found.start()), text)

    def _kept(self, text: str, at: int) -> str:
        """What stays of an invisible character: most often nothing."""
        one, before = text[at], text[at - 1] if at else ""
        if one in _JOINERS and before and (_JOINED.match(before) or _picture(before)):
            return one
        if (
            "\ufe00" <= one <= "\ufe0f"
            and before
            and not before.isspace()
            and not _ANY.match(before)
        ):
            return one if not before.isascii() or before in "0123456789#*" else self._left(one)
        return self._left(one)

    def _left(self, one: str) -> str:
        if "\U000e0000" <= one <= "\U000e007f":
            self.tags.append(chr(ord(one) - 0xE0000))
        elif one != "\u00ad":
            self.others[f"U+{ord(one):04X}"] += 1
        return " " if one in "\x0b\x1c\x1d\x1e\x1f\x85" else ""

    def told(self) -> list[tuple[str, str]]:
        """What was taken out: the kind, and what it said."""
        tags = "".join(one for one in self.tags if one.isprintable())
        told = [("Unicode tag characters", tags)] if self.tags else []
        if self.others:
            names = ", ".join(sorted(self.others)[:6])
            told.append((f"{sum(self.others.values())} invisible characters", names))
        return told


def _picture(one: str) -> bool:
    return one >= "\u2190" and not one.isalnum()
