"""Puzzles of who has what in which place, as constraints for a solver.

Small weights cannot deduce such an arrangement, in prose or in code, yet they can say what one
clue means. So where a question lists the things to arrange, the program is begun by rule: every
thing is a number of a place, and words for what clues say are defined. The model goes on with one
line for a clue, held to those words and things (models translate and solvers deduce: Logic-LM,
arXiv 2305.12295). What has no arrangement, or several, was translated wrongly and fails.
"""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, combinations, permutations, product

from pellucid.agent.reading.patterns import one_of
from pellucid.agent.reading.prose import enumerated
from pellucid.core.constraint import Lark

FEWEST, MOST = 3, 8
"""Things of one kind that are worth a solver, and that it can arrange."""

_LISTED = re.compile(
    r"^[ \t]*[-*•]?[ \t]*(?P<about>[^:\n]{3,160}):[ \t]*(?P<things>[^:\n]{5,400})$", re.MULTILINE
)
_CLUE = re.compile(r"^[ \t]*(\d+[.)][ \t]+\S.*)$", re.MULTILINE)
_ASKED = re.compile(r"[^.?!\n]*[^.?!\s]\?+")

_BEGINNING = """\
from z3 import Distinct, Int, Or, Solver, sat

s = Solver()

def places(*things):  # each has a place of its own, from 1 to {size}
    found = [Int(thing) for thing in things]
    s.add(Distinct(found), *[x >= 1 for x in found], *[x <= {size} for x in found])
    return found

def same(a, b): s.add(a == b)
def different(a, b): s.add(a != b)
def next_to(a, b): s.add(Or(a - b == 1, b - a == 1))
def directly_left_of(a, b): s.add(a + 1 == b)
def directly_right_of(a, b): s.add(a == b + 1)
def left_of(a, b): s.add(a < b)
def right_of(a, b): s.add(a > b)
def at(a, place): s.add(a == place)
def not_at(a, place): s.add(a != place)

def place_of(thing):
    if s.check() != sat:
        raise ValueError("no arrangement meets all clues as they are written")
    place = s.model()[thing]
    if s.check(thing != place) == sat:
        raise ValueError("the clues as they are written leave several arrangements")
    return place.as_long()

def who(group, place):  # which of a group is at a place, or with a thing
    place = place if isinstance(place, int) else place_of(place)
    found = [str(x) for x in group if place_of(x) == place]
    return found[0].split("_", 1)[1].replace("_", " ")

{groups}
"""
_RELATIONS = (
    *("same", "different", "next_to", "directly_left_of", "directly_right_of"),
    *("left_of", "right_of"),
)
_DIRECTLY = r"(?:directly|immediately|just|exactly one \w+) (?:to the )?"
_SAID = (
    ("directly_left_of", re.compile(rf"\b{_DIRECTLY}left of\b", re.IGNORECASE)),
    ("directly_right_of", re.compile(rf"\b{_DIRECTLY}right of\b", re.IGNORECASE)),
    ("left_of", re.compile(r"\bleft of\b", re.IGNORECASE)),
    ("right_of", re.compile(r"\bright of\b", re.IGNORECASE)),
    ("next_to", re.compile(r"\bnext to\b|\badjacent\b|\bneighbou?rs?\b|\bbeside\b", re.IGNORECASE)),
)
"""How clues say a relation, the closer one first."""

_DIRECTED = ("directly_left_of", "directly_right_of", "left_of", "right_of")
_NOT = re.compile(r"\b(?:not|never|nor|neither)\b|n['’]t\b", re.IGNORECASE)
_UNCLEAR = re.compile(
    r"\b(?:between|apart|away|or|either|if|unless|at least|at most)\b", re.IGNORECASE
)
_ORDINALS = one_of("first second third fourth fifth sixth seventh eighth last middle ends?")
_PLACE = re.compile(rf"\b(?:{_ORDINALS}|\d+(?:st|nd|rd|th)?)\b", re.IGNORECASE)
_ANYTHING = 'RELATION "(" THING ", " THING ")\\n" | PLACED "(" THING ", " PLACE ")\\n"'
_GRAMMAR = """\
start: {lines}
{clues}result: "print(who(" GROUP ", " (PLACE | THING) "))\\n" | "print(place_of(" THING "))\\n"
RELATION: {relations}
PLACED: "at" | "not_at"
THING: {things}
GROUP: {groups}
PLACE: /[1-{size}]/
"""


@dataclass(frozen=True, slots=True)
class Kind:
    """Things of which each place has one, and the word they are called by."""

    word: str
    things: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The things as names of variables; those of two kinds may have the same word."""
        return tuple(f"{self.word}_{thing}" for thing in self.things)


@dataclass(frozen=True, slots=True)
class Puzzle:
    """What is to be arranged, the clues, and what is asked, each as the question says it."""

    kinds: tuple[Kind, ...]
    clues: tuple[str, ...]
    asked: str

    @property
    def beginning(self) -> str:
        """How its program begins."""
        groups = "".join(map(_group, self.kinds))
        return _BEGINNING.format(size=len(self.kinds[0].things), groups=groups)

    @property
    def form(self) -> Lark:
        """What its program goes on with: each clue as a comment and what it means as one line."""
        said = [
            f"{json.dumps(f'# {clue}' + chr(10))} clue{number}"
            for number, clue in enumerate(self.clues)
        ]
        asked = f"{json.dumps(f'{chr(10)}# {self.asked}' + chr(10))} result"
        return Lark(
            _GRAMMAR.format(
                lines=" ".join([*said, asked]),
                clues="".join(
                    f"clue{number}: {_meaning(self.kinds, clue)}\n"
                    for number, clue in enumerate(self.clues)
                ),
                relations=_either(_RELATIONS),
                things=_either(name for kind in self.kinds for name in kind.names),
                groups=_either(kind.word for kind in self.kinds),
                size=len(self.kinds[0].things),
            )
        )


def puzzle(question: str) -> Puzzle | None:
    """The puzzle of arrangement that a question is: at least two lists of the same length, and
    numbered clues; None for any other question."""
    found = [
        Kind(_name(listed["about"].split()[-1]), tuple(map(_name, things)))
        for listed in _LISTED.finditer(question)
        if FEWEST <= len(things := enumerated(listed["things"].strip(" ."))) <= MOST
    ]
    names = [name for kind in found for name in kind.names]
    alike = len(found) >= 2 and len({len(kind.things) for kind in found}) == 1
    clues = _CLUE.findall(question)
    asked = _ASKED.findall(question)
    if not (alike and clues and asked) or len(set(names)) < len(names):
        return None
    if not all(name.isidentifier() for name in (*names, *(kind.word for kind in found))):
        return None
    return Puzzle(tuple(found), tuple(clues), asked[-1].strip())


def _meaning(kinds: Sequence[Kind], clue: str) -> str:
    """The lines that a clue can mean: about the things it mentions, where that is clear."""
    said = clue.partition(" ")[2]
    by_word: dict[str, list[str]] = {}
    for name, word in mentioned(kinds, said):
        by_word.setdefault(word, []).append(name)
    relations = _relations(said)
    ordered = combinations if {*relations} <= {*_DIRECTED} else permutations
    pairs = [
        f"{one}, {other}"
        for mine, others in ordered(by_word.values(), 2)
        for one, other in product(mine, others)
    ]
    placed = [*chain(*by_word.values())] if _PLACE.search(said) else []
    where = "not_at" if _NOT.search(said) else "at"
    lines = [f'({_either(relations)}) "(" ({_either(pairs)}) ")\\n"'] if pairs else []
    lines += [f'"{where}(" ({_either(placed)}) ", " PLACE ")\\n"'] if placed else []
    return " | ".join(lines) or _ANYTHING


def _relations(said: str) -> tuple[str, ...]:
    """What a clue says of two things: one relation where its words leave no doubt, else all."""
    named = next((name for name, words in _SAID if words.search(said)), "")
    negated = bool(_NOT.search(said))
    if _UNCLEAR.search(said) or (named and negated):
        return _RELATIONS
    return (named or ("different" if negated else "same"),)


def mentioned(kinds: Sequence[Kind], said: str) -> list[tuple[str, str]]:
    """The things a text mentions, in its order: the names they have, with the words that mention
    them. Of things that have the same words those whose kind is mentioned too."""
    words = re.findall(r"\w+", said.lower())
    found = [
        (kind.word, name, thing)
        for kind in kinds
        for name, thing in zip(kind.names, kind.things, strict=True)
        if all(_said(part, words) for part in thing.split("_"))
    ]
    found.sort(key=lambda one: _place(one[2].split("_")[0], words))
    clear = {thing for kind, _, thing in found if _said(kind, words)}
    return [
        (name, thing) for kind, name, thing in found if thing not in clear or _said(kind, words)
    ]


def _place(part: str, words: Sequence[str]) -> int:
    return next(place for place, word in enumerate(words) if _said(part, [word]))


def _said(part: str, words: Sequence[str]) -> bool:
    """Whether one of the words is this one or a form of it: swimmer, swimming."""
    stem = part[: max(4, len(part) - 3)]
    return any(word == part or (len(part) > 3 and word.startswith(stem)) for word in words)


def _name(words: str) -> str:
    """Words as a part of an identifier."""
    return re.sub(r"\W+", "_", words.strip().lower()).strip("_")


def _group(kind: Kind) -> str:
    told = ", ".join(f'"{name}"' for name in kind.names)
    return f"{kind.word} = {', '.join(kind.names)} = places({told})\n"


def _either(words: Iterable[str]) -> str:
    return " | ".join(f'"{word}"' for word in words)
