"""Results of the tool named "reader": how they are written, and what can be read off them.

A result says how much there is, how sure that is where it was read from pictures, and then the
passages, each below a line that says where it stands (`[1] report.pdf, page 12`). The reader
writes it; what thinks, what verifies and what cites read it.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

READER = "reader"
_HEAD = re.compile(r"(?:\A|\n\n)\[(?P<number>\d+)\] (?P<where>.+)\n")
"""The line above a passage; no passage has empty lines, so nothing in one looks like it."""


@dataclass(frozen=True, slots=True)
class Found:
    """A passage as a result tells it: file and place, its words, and its number or that of its
    part."""

    where: str
    text: str
    number: int = 1


def written(extent: str, seen: str, passages: Sequence[Found]) -> str:
    """A result with these passages."""
    told = (f"[{one.number}] {one.where}\n{one.text}" for one in passages)
    return "\n\n".join(filter(None, (extent, seen, *told)))


def found(result: str) -> list[Found]:
    """The passages of a result; of one that found nothing, none."""
    heads = list(_HEAD.finditer(result))
    ends = [*(head.start() for head in heads[1:]), len(result)]
    return [
        Found(head["where"], result[head.end() : end], int(head["number"]))
        for head, end in zip(heads, ends, strict=False)
    ]


def extent(result: str) -> str:
    """How much there is in all: "480 pages"."""
    return result.partition("\n\n")[0]


def seen(result: str) -> str:
    """What a result says of files that were read from pictures, else ""."""
    first = _HEAD.search(result)
    return result[: first.start()].partition("\n\n")[2] if first else ""


def placed(where: str, names: Collection[str]) -> tuple[str, str] | None:
    """The file, one of these, and the place in it that a passage stands at; None if it is no place
    of theirs. Names and titles may have commas themselves."""
    home = max((name for name in names if where.startswith(f"{name}, ")), key=len, default=None)
    return None if home is None else (home, where[len(home) + 2 :])
