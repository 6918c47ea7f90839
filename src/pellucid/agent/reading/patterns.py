"""Regular expressions of word lists, and searching for many of them at once."""

import re
from collections.abc import Callable, Iterable, Iterator
from re import _parser  # type: ignore[attr-defined]
from typing import Any

Literals = frozenset[str]
"""Texts of which every match of a pattern holds at least one; none are known where it is empty."""

Part = tuple[Any, Any]
"""A part of a pattern as `re` has parsed it: its kind, and what belongs to that."""

DIGIT = r"\d"
"""Stands for any digit among literals."""

_DIGIT = re.compile(DIGIT)


def one_of(words: str) -> str:
    """A pattern of these words; a low line stands for a space."""
    return "(?:" + "|".join(word.replace("_", " ") for word in words.split()) + ")"


def finder(*patterns: str) -> Callable[[str], bool]:
    """Whether one of these patterns is anywhere in a text.

    Python's `re` tries each alternative at each place, some 100 µs for a long one in 500
    letters. Here the literals that a match must hold are looked for first, which rules nearly all
    patterns out: the rules for a question of 3,000 letters take a quarter of the time (as RE2's
    FilteredRE2 does; R. Cox, "Regular Expression Matching with a Trigram Index",
    https://swtch.com/~rsc/regexp/regexp4.html).
    """
    searches = [(literals(one), re.compile(one).search) for one in patterns]

    def found(text: str) -> bool:
        return any(
            search(text) is not None for needed, search in searches if _may_match(text, needed)
        )

    return found


def _may_match(text: str, needed: Literals) -> bool:
    """Whether a text holds one of the literals, if any are known."""
    return (
        not needed
        or any(map(text.__contains__, needed))
        or (DIGIT in needed and _DIGIT.search(text) is not None)
    )


def literals(pattern: str) -> Literals:
    """The literals of which every match of a pattern holds at least one."""
    return _needed(_parser.parse(pattern))


def _needed(parsed: Iterable[Part]) -> Literals:
    """Of the parts that a match must have one after the other, the most telling one's."""
    return max(_parts(parsed), key=_telling, default=Literals())


def _parts(parsed: Iterable[Part]) -> Iterator[Literals]:
    """The literals of each part of a sequence; letters in a row are one part."""
    run = ""
    for kind, value in parsed:
        if str(kind) == "LITERAL":
            run += chr(value)
            continue
        yield Literals({run} - {""})
        yield _inside((kind, value))
        run = ""
    yield Literals({run} - {""})


def _inside(part: Part) -> Literals:
    """The literals of one part that is no letter."""
    kind, value = str(part[0]), part[1]
    match kind:
        case "BRANCH":
            branches = [_needed(branch) for branch in value[1]]
            return Literals().union(*branches) if all(branches) else Literals()
        case "SUBPATTERN" if not value[1]:  # no flags of its own
            return _needed(value[3])
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT" if value[0]:
            return _needed(value[2])
        case "ATOMIC_GROUP":
            return _needed(value)
        case "IN" if "CATEGORY_DIGIT" in map(str, value[0]) and len(value) == 1:
            return Literals({DIGIT})
        case _:
            return Literals()


def _telling(found: Literals) -> tuple[bool, float]:
    """How much is ruled out by texts that hold none of these: long ones tell more, many less."""
    shortest = min((len(one.strip()) for one in found), default=0)
    useful = shortest > 1 or (shortest == 1 and not any(map(str.isalnum, found)))
    return useful, min(shortest, 5) - len(found) / 8
