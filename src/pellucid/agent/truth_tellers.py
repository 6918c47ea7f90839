"""Puzzles of who tells the truth and who lies (Smullyan), as constraints for a solver.

As with arrangements: the program is begun by rule, the model says what each statement means in
one line, held to the people the sentence names, and a solver deduces. What leaves no answer, or
several, was translated wrongly and fails.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from pellucid.agent.reading.prose import blanked, enumerated, quoted, sentences, word_set
from pellucid.core.constraint import Lark

FEWEST, MOST = 2, 8
WORDS = word_set("And Bools Implies Not Or Solver")
"""Names that the program uses itself."""

_TRUE = re.compile(r"\b(?P<kind>[a-z]+?)s? always tells? the truth\b", re.IGNORECASE)
_FALSE = re.compile(r"\b(?P<kind>[a-z]+?)s? (?:always|only) (?:lies?|tells? lies)\b", re.IGNORECASE)
_NAMES = re.compile(
    r"(?:\bmeet\b|\binhabitants\b|\bpeople\b|\bpersons\b)[^.:\n]{0,40}?[: ]\s*"
    r"(?P<names>[A-Z]\w+(?:, (?:and )?[A-Z]\w+| and [A-Z]\w+)+)"
)

_BEGINNING = """\
from z3 import And, Bools, Implies, Not, Or, Solver, sat

s = Solver()
{names} = people = Bools("{spaced}")  # whether each is {a_true}

def says(who, claim):  # who is {a_true} says what is true, and only then
    s.add(who == claim)

def told():
    if s.check() != sat:
        raise ValueError("nobody can have said all of this as it is written")
    m = s.model()
    truth = [(p, bool(m.eval(p, model_completion=True))) for p in people]
    if s.check(Or([p != is_true for p, is_true in truth])) == sat:
        raise ValueError("what was said, as it is written, leaves several answers")
    kinds = [f"{{p}} is {{'{a_true}' if is_true else '{a_false}'}}" for p, is_true in truth]
    return ", ".join(kinds[:-1]) + " and " + kinds[-1] + "."

"""
_GRAMMAR = """\
start: {lines} "\\nprint(told())\\n"
{said}JOINED: "And" | "Or" | "Implies"
"""


@dataclass(frozen=True, slots=True)
class Island:
    """Who is there, the words for those who tell the truth and for liars, and what was said."""

    names: tuple[str, ...]
    truthful: str
    lying: str
    said: tuple[str, ...]

    @property
    def beginning(self) -> str:
        """How its program begins."""
        return _BEGINNING.format(
            names=", ".join(self.names),
            spaced=" ".join(self.names),
            a_true=_a(self.truthful),
            a_false=_a(self.lying),
        )

    @property
    def form(self) -> Lark:
        """What its program goes on with: each sentence as a comment and what it means."""
        lines = (
            f"{json.dumps(f'# {sentence}' + chr(10))} said{number}"
            for number, sentence in enumerate(self.said)
        )
        said = (_meaning(number, sentence, self.names) for number, sentence in enumerate(self.said))
        return Lark(_GRAMMAR.format(lines=" ".join(lines), said="".join(said)))


def island(question: str) -> Island | None:
    """The puzzle that a question is: people listed by name, two kinds of them, and at least one
    sentence for each that names somebody; None for any other question."""
    true, false, listed = _TRUE.search(question), _FALSE.search(question), _NAMES.search(question)
    if not (true and false and listed):
        return None
    names = enumerated(listed["names"])
    rest = question[listed.end() :]
    told = [" ".join(rest[slice(*span)].split()) for span in sentences(rest)]
    said = tuple(one for one in told if _named(one, names) and not _asks(one))
    if WORDS & {*names}:
        return None
    if not (FEWEST <= len(names) <= MOST and len(set(names)) == len(names) <= len(said)):
        return None
    return Island(names, _one(true["kind"]), _one(false["kind"]), said)


def _one(kind: str) -> str:
    """The singular of what the pattern left of a plural: "witche" of "witches"."""
    return re.sub(r"(?<=ch|sh|ss)e$|(?<=x)e$", "", kind.lower())


def _asks(sentence: str) -> bool:
    return sentence.endswith("?") or sentence.startswith("(")


def _named(text: str, names: Sequence[str]) -> list[str]:
    return [name for name in names if re.search(rf"\b{name}\b", text)]


def _meaning(number: int, sentence: str, names: Sequence[str]) -> str:
    """The rule for the line of one sentence; who speaks stands outside of the quotation."""
    around = _named(blanked(sentence, quoted(sentence)), names)
    of_whom = " | ".join(f'"{name}"' for name in _named(sentence, names))
    speaker = " | ".join(f'"{name}"' for name in around or names)
    return (
        f'said{number}: "says(" ({speaker}) ", " claim{number} ")\\n"\n'
        f"claim{number}: one{number}"
        f' | JOINED "(" one{number} ", " one{number} ")" | one{number} " == " one{number}\n'
        f'one{number}: {of_whom} | "Not(" ({of_whom}) ")"\n'
    )


def _a(kind: str) -> str:
    return f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"
