"""Puzzles of making one number of others, as in Countdown or the game 24, searched by program.

Models guess at expressions; a search through all of them is exact (search over candidates
instead of deduction in prose: Tree of Thoughts, arXiv 2305.10601, has the same game).
"""

import re
from collections.abc import Iterable

FEWEST, MOST = 3, 6
"""How many numbers: fewer make no puzzle, more take longer than a program may."""

_LIST = re.compile(r"(?<![\w.,-])\d{1,4}(?:(?:, ?and |, ?| and )\d{1,4}){2,}(?![\w%]|[.,]\d)")
_TARGET = re.compile(
    r"\b(?:makes?|making|reach(?:es)?|gets?|equals?|obtain|form|calculate|results? in|totals?"
    r"|target(?: number)?(?: is| of|:)?|evaluates? to|gives?)\s+(?:exactly )?(\d{1,6})\b(?![.,]\d)",
    re.I,
)
_GAME = re.compile(
    r"\b(?:all (?:of )?(?:the(?:se)? )?numbers|each (?:number|of)|every number"
    r"|(?:exactly|only|at most) once|arithmetic expression|expression that)\b",
    re.I,
)
_ALL = re.compile(
    r"\ball\b|\bevery number\b|\beach (?:number|of them|of the \w+)?\s*exactly once\b", re.I
)
_RESTRICTED = re.compile(
    r"\bonly (?:use )?(?:addition|subtraction|multiplication|plus|[-+*/])|\bwithout (?:using )?"
    r"(?:addition|subtraction|multiplication|division|parenthes)|\bno parenthes|\bpowers?\b"
    r"|\bexponent|\bfactorial|\bconcatenat|\broots?\b",
    re.I,
)
"""Rules of other games: other operations, or fewer of them."""

_PROGRAM = '''\
from fractions import Fraction
from functools import lru_cache
from itertools import combinations

numbers, target = {numbers}, {target}

@lru_cache(maxsize=None)
def results(some):
    """What some numbers can make, each with an expression and how tightly that binds."""
    if len(some) == 1:
        return {{Fraction(some[0]): (str(some[0]), 3)}}
    found = {{}}
    for left, right in splits(some):
        for a, one in results(left).items():
            for b, other in results(right).items():
                for value, told in combined(a, one, b, other):
                    found.setdefault(value, told)
    return found

def combined(a, one, b, other):
    yield a + b, joined(one, "+", other)
    yield a * b, joined(one, "*", other)
    yield a - b, joined(one, "-", other)
    yield b - a, joined(other, "-", one)
    if b:
        yield a / b, joined(one, "/", other)
    if a:
        yield b / a, joined(other, "/", one)

def joined(one, sign, other):
    binds = 1 if sign in "+-" else 2
    left = one[0] if one[1] >= binds else f"({{one[0]}})"
    looser = other[1] < binds or (other[1] == binds and sign in "-/")
    right = f"({{other[0]}})" if looser else other[0]
    return f"{{left}} {{sign}} {{right}}", binds

def splits(some):
    """Ways to part some numbers in two, the smaller part first."""
    for size in range(1, len(some) // 2 + 1):
        for chosen in combinations(range(len(some)), size):
            rest = (n for i, n in enumerate(some) if i not in chosen)
            yield tuple(some[i] for i in chosen), tuple(rest)

@lru_cache(maxsize=None)
def reached(some, wanted):
    """How some numbers make what is wanted, all of them used; None if they cannot."""
    if len(some) <= 3:
        return results(some).get(wanted)
    for left, right in splits(some):
        for a, one in results(left).items():
            for needed, order in inverse(a, wanted):
                if other := reached(right, needed):
                    pair = (one, order[0], other) if order[1] == "a" else (other, order[0], one)
                    return joined(*pair)
    return None

def inverse(a, wanted):
    """What b has to be where a sign b, or b sign a, is what is wanted."""
    yield wanted - a, "+a"
    yield a - wanted, "-a"
    yield wanted + a, "-b"
    if a:
        yield wanted / a, "*a"
        yield wanted * a, "/b"
        if wanted:
            yield a / wanted, "/a"

def solved():
    for size in range(len(numbers), {least} - 1, -1):
        for some in combinations(numbers, size):
            if found := reached(some, Fraction(target)):
                assert eval(found[0].replace("/", "* Fraction(1) /")) == target
                return found[0]
    return "There is no such expression."

print(solved())
'''


def program(question: str) -> str:
    """A program that searches for the expression a question asks for; "" for other questions."""
    listed = _LIST.search(question)
    if not listed or not _GAME.search(question) or _RESTRICTED.search(question):
        return ""
    numbers = tuple(map(int, re.findall(r"\d+", listed[0])))
    target = _target(_TARGET.finditer(question), listed.span())
    if target is None or not FEWEST <= len(numbers) <= MOST:
        return ""
    least = len(numbers) if _ALL.search(question) else 2
    return _PROGRAM.format(numbers=numbers, target=target, least=least)


def _target(found: Iterable[re.Match[str]], listed: tuple[int, int]) -> int | None:
    """The one number to make, None where several may be meant."""
    targets = {int(one[1]) for one in found if not listed[0] <= one.start(1) < listed[1]}
    return targets.pop() if len(targets) == 1 else None
