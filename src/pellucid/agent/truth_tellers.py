"""Puzzles of who tells the truth and who lies (Smullyan), as constraints for a solver.

As with arrangements: the program is begun by rule, the model says what each statement means in
one line, held to the people the sentence names, and a solver deduces. What leaves no answer, or
several, was translated wrongly and fails.
"""

import json
import keyword
import re
from collections.abc import Sequence
from dataclasses import dataclass

from pellucid.agent.reading.prose import blanked, enumerated, quoted, sentences, word_set
from pellucid.core.constraint import Lark

FEWEST, MOST = 2, 8
WORDS = word_set("And Bools Iff Implies Not Or Solver sat says told")
"""Names that the program uses itself."""

CUES = {
    "Iff": r"\bif and only if\b|\bexactly (?:when|if)\b",
    "Implies": r"\bif\b|\bwhen(?:ever)?\b|\bunless\b|\bonly if\b|\bimplies\b",
    "Or": r"\bor\b|\bat least one\b",
    "And": r"\band\b|\bboth\b|\bbut\b|\bneither\b|\bnor\b",
}
"""What a sentence says that joins two facts so. One that is read is taken out: "if and only if"
has neither an "if" nor an "and" of its own."""

_MORE = re.compile(
    r"\b(?:not|neither|nor|never|false|true|lies?|lying|same|different|i|me|my|we|us|our|he|she|they"
    r"|him|her|them|you|it|both|all|each|none|some|no|every\w*|any\w*|at least|exactly|one|two)\b"
    r"|n['’]t\b",
    re.IGNORECASE,
)
"""Words by which a sentence says more than that somebody is of some kind."""

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

def {true}(who):
    return who

def {false}(who):
    return Not(who)

def Iff(one, other):
    return one == other

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
{said}"""


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
            true=self.truthful,
            false=self.lying,
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
        said = (_meaning(self, number, sentence) for number, sentence in enumerate(self.said))
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
    kinds = _one(true["kind"]), _one(false["kind"])
    if WORDS & {*names, *kinds} or any(map(keyword.iskeyword, (*names, *kinds))):
        return None
    if not (FEWEST <= len(names) <= MOST and len(set(names)) == len(names) <= len(said)):
        return None
    return Island(names, *kinds, said)


def _one(kind: str) -> str:
    """The singular of what the pattern left of a plural: "witche" of "witches"."""
    return re.sub(r"(?<=ch|sh|ss)e$|(?<=x)e$", "", kind.lower())


def _asks(sentence: str) -> bool:
    return sentence.endswith("?") or sentence.startswith("(")


def _named(text: str, names: Sequence[str]) -> list[str]:
    return [name for name in names if re.search(rf"\b{name}\b", text)]


def _meaning(there: Island, number: int, sentence: str) -> str:
    """The rule for the line of one sentence; who speaks stands outside of the quotation."""
    around = _named(blanked(sentence, quoted(sentence)), there.names)
    speaker = _either(around or there.names)
    facts = _facts(there, sentence)
    joining = _joining(sentence) if facts.said else tuple(CUES)
    return (
        f'said{number}: "says(" ({speaker}) ", " claim{number} ")\\n"\n'
        f"claim{number}: {_claimed(number, facts.said, joining)}\n"
        f"fact{number}: {_either(facts.said or facts.possible)}\n"
    )


def _claimed(number: int, said: Sequence[str], joining: Sequence[str]) -> str:
    """What one sentence may claim: two facts that it says in so many words are joined in their
    order, or the other way round where one follows from the other."""
    if len(said) == 1:
        return f"fact{number}"
    if len(said) == 2:
        ways = [(how, *said) for how in joining]
        ways += [(how, *reversed(said)) for how in joining if how == "Implies"]
        return _either([f"{how}({one}, {other})" for how, one, other in ways])
    return f'fact{number} | ({_either(joining)}) "(" fact{number} ", " fact{number} ")"'


@dataclass(frozen=True, slots=True)
class _Facts:
    """What a sentence says of somebody in so many words, and all it may say."""

    said: tuple[str, ...]
    possible: tuple[str, ...]


def _facts(there: Island, sentence: str) -> _Facts:
    """Facts as the program writes them: "witch(Mia)". Nothing counts as said in so many words
    where a word or a person that may mean more is left over."""
    kinds = (there.truthful, there.lying)
    known = re.compile(rf"\b({'|'.join(there.names)}) is an? ({'|'.join(kinds)})\b")
    said = tuple(dict.fromkeys(f"{kind}({name})" for name, kind in known.findall(sentence)))
    rest = known.sub("", " ".join(sentence[slice(*span)] for span in quoted(sentence)))
    rest = rest or known.sub("", sentence.partition(" that ")[2])
    open_ones = _MORE.search(rest) or _named(rest, there.names) or not rest
    possible = tuple(f"{k}({n})" for n in _named(sentence, there.names) for k in kinds)
    return _Facts(() if open_ones else said, possible)


def _joining(sentence: str) -> tuple[str, ...]:
    """How a sentence may join two facts: as its words do, in any way without such words."""
    found = list[str]()
    for name, cue in CUES.items():
        sentence, count = re.subn(cue, "", sentence, flags=re.IGNORECASE)
        found += [name] * bool(count)
    return tuple(found) or tuple(CUES)


def _either(words: Sequence[str]) -> str:
    return " | ".join(f'"{word}"' for word in words)


def _a(kind: str) -> str:
    return f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"
