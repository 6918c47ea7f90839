"""What a server that is killed has acknowledged, and whether what is found fits it."""

import random
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["whole", "streamed", "background", "background, in a conversation"]
Said = tuple[str, str]
"""The role of a message, and its word."""


class NotKept(AssertionError):
    """A promise that the server did not keep."""


@dataclass(slots=True, eq=False)
class Talk:
    """A conversation: each word that was tried, as a turn or as an item alone; those that were
    acknowledged when they were there, in order, and those promised for later."""

    name: str
    tried: dict[str, Literal["turn", "item"]] = field(default_factory=dict)
    known: list[str] = field(default_factory=list)
    promised: set[str] = field(default_factory=set)

    def acknowledge(self, word: str) -> None:
        """It is there."""
        self.known.append(word)

    def compare(self, found: Sequence[Said]) -> None:
        """NotKept where the items found are not what they must be."""
        counts = Counter(found)
        for word, kind in self.tried.items():
            asked, answered = counts["user", word], counts["assistant", word]
            if asked > 1 or answered > 1:
                raise NotKept(f"{word} is in {self.name} twice")
            if answered != (asked if kind == "turn" else 0):
                raise NotKept(f"half of {word} is in {self.name}: {found}")
            if not asked and (word in self.known or word in self.promised):
                raise NotKept(f"{word} was acknowledged, and is not in {self.name}: {found}")
            if answered and found[found.index(("user", word)) + 1] != ("assistant", word):
                raise NotKept(f"something is within {word} in {self.name}: {found}")
        if strange := {word for _, word in found} - self.tried.keys():
            raise NotKept(f"nobody said {strange} in {self.name}")
        order = [word for role, word in found if role == "user" and word in self.known]
        if order != self.known:
            raise NotKept(f"{self.name} has the order {order}, not {self.known}")


@dataclass(slots=True)
class Books:
    """All that was acknowledged: responses that are to be looked for, by name, with the word they
    answer; some that were found, batches with their words, what was deleted, conversations, the
    one of each client, how often each kind, and what was not kept."""

    due: dict[str, tuple[str, Kind]] = field(default_factory=dict)
    found: list[str] = field(default_factory=list)
    batches: dict[str, tuple[str, ...]] = field(default_factory=dict)
    deleted: set[str] = field(default_factory=set)
    talks: list[Talk] = field(default_factory=list)
    current: dict[str, Talk] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    _words: int = 0

    def word(self) -> str:
        """A word that nobody has said."""
        self._words += 1
        return "".join(chr(97 + int(digit)) for digit in f"{self._words:07}")

    def count(self, what: str) -> None:
        """One more of a kind."""
        self.counts[what] += 1

    def acknowledge(self, name: str, word: str, kind: Kind) -> None:
        """A response is promised."""
        if name in self.due or name in self.found:
            raise NotKept(f"{name} was acknowledged twice")
        self.due[name] = (word, kind)
        self.count(kind)

    def confirmed(self, name: str) -> None:
        """It was found as it must be."""
        del self.due[name]
        self.found.append(name)

    def some(self, draw: random.Random) -> str | None:
        """One that was found, which is then no longer looked for."""
        return self.found.pop(draw.randrange(len(self.found))) if self.found else None


def told(item: Mapping[str, Any]) -> Said:
    """What an item of a conversation says."""
    text = "".join(part["text"] for part in item["content"])
    return item["role"], re.sub(r"(?s).*say: ", "", text).strip()
