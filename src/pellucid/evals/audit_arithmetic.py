"""Arithmetic statements of an answer, each judged true, false or unclear by exact fractions.

Around every sign of equality the longest run of numbers, operators and units on each side
is taken; what hangs on to it that is no arithmetic (variables, functions, dates, remainders)
makes the statement unclear, which claims nothing.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pellucid.evals.audit_sums import Statement, named_sums
from pellucid.evals.audit_text import END
from pellucid.evals.audit_tokens import Plain, Token, plain, tokens
from pellucid.evals.audit_values import (
    Judgement,
    Part,
    Reading,
    Shown,
    Unreadable,
    judged,
    operators,
    value_of,
)
from pellucid.evals.audit_words import word_set

LABEL_WORDS = 6
STOP_WORDS = word_set(
    "is are was be and or so then which that the a an in for to of with by from at on we i you he"
    " she it they there this these if when as but because not no than gives makes equals"
    " result answer sum equal left remaining per-x plus minus mod"
)
LETTER_UNITS = word_set("m g s h l L W V")
INNER_WORDS = word_set("of per each the for")
"""These may stand within the name of what is counted, as in "3 tubs of paint"."""

FUNCTIONS = word_set(
    "sin cos tan log ln lg exp sqrt root gcd lcm max min abs floor ceil round mean average"
    " median factorial choose base hex binary mod than least most above below over under negative"
    " f minus plus times step half third quarter twice double"
)
PARTS_OF = FUNCTIONS | word_set(
    "percent fifth tenth product sum difference fraction square cube reciprocal inverse opposite"
    " digit digits factor factors remainder value logarithm derivative integral part ceiling"
    " numerator denominator power powers multiple multiples area volume perimeter period"
)
"""Before "of" these make one number of what follows; "a total of" does not."""

HEDGES = word_set("about approximately approx roughly around nearly almost circa ~")
FILLERS = word_set("equal to also exactly now just simply therefore then only")
AFTER = word_set("th st nd rd am pm remainder r rem percent x k plus minus mod p")
COMPARED = word_set("more less fewer times larger bigger higher lower smaller older younger away")
"""After "is 5" these say by how much, not how many."""

ROUGH = re.compile(
    r"\b(?:round|floor|truncat|integer|whole|full|remain|left over|leftover|approx|about|rough"
    r"|nearly|mod\b|rem\b|r\s?\d|up to|down to)|≈|~",
    re.IGNORECASE,
)
DENIED = re.compile(
    r"\b(?:wrong|incorrect|false|mistake\w*|mistaken|error|untrue|suppose|pretend"
    r"|not true|not equal|isn['’]t|doesn['’]t|does not|is not"
    r"|you (?:wrote|said|stated|claim\w*))\b",
    re.IGNORECASE,
)
ROUGH_BEFORE, ROUGH_AFTER = 40, 60


@dataclass(frozen=True, slots=True)
class Side:
    """One side of an equality: its parts, and the tokens it reaches from and to."""

    parts: tuple[Part, ...]
    first: Token
    last: Token


def statements(answer: str) -> tuple[Statement, ...]:
    """The arithmetic statements of an answer that can be read, in order."""
    text = plain(answer)
    found = [*_equalities(answer, text), *named_sums(answer, text)]
    return tuple(sorted(found, key=lambda each: each.start))


def _equalities(answer: str, text: Plain) -> Iterator[Statement]:
    row = tokens(text)
    relations = [place for place, token in enumerate(row) if token.kind == "rel"]
    bounds = zip([-1, *relations], relations, [*relations[1:], len(row)], strict=False)
    read: list[tuple[Side, Side, Judgement]] = []
    for low, place, high in bounds:
        try:
            left, right = _left(row, low + 1, place, text), _right(row, place, high, text)
        except Unreadable:
            continue
        goes_on = bool(read) and read[-1][1].first == left.first
        if not goes_on and not _is_arithmetic(left, right, row[place]):
            continue
        hedged = row[place].text == "≈" or _hedged(row, place)
        verdict = judged(left.parts, right.parts, hedged)
        if verdict == "false" and _converts(left, right):
            verdict = "unclear"
        read.append((left, right, verdict))
    for at, (left, right, verdict) in enumerate(read):
        follows = at + 1 < len(read) and read[at + 1][0].first == right.first
        if verdict == "false" and _forgiven(text.text, left, right):
            verdict = "unclear"
        if verdict == "false" and follows and _runs_on(left, right):
            verdict = "unclear"
        start, end = left.first.start, right.last.end
        yield Statement(start, end, answer[start:end], verdict)


def _is_arithmetic(left: Side, right: Side, relation: Token) -> bool:
    """Whether something is worked out; "is" says so only after an expression."""
    worked = operators(left.parts)
    return worked > 0 or (relation.text != "is" and operators(right.parts) > 0)


def _converts(left: Side, right: Side) -> bool:
    """Whether a single amount is told in another unit, which may be any conversion."""
    units = [{p.unit for p in side.parts if isinstance(p, Shown)} for side in (left, right)]
    return operators(left.parts) == 0 and units[0] != units[1] and not units[0] & units[1]


def _hedged(row: Sequence[Token], place: int) -> bool:
    return any(token.text.lower() in HEDGES for token in row[place + 1 : place + 3])


def _left(row: Sequence[Token], low: int, place: int, text: Plain) -> Side:
    """The side that ends before a relation."""
    first = _reach_back(row, low, place)
    run = list(row[first:place])
    line_start = first == 0 or row[first - 1].text == "\n"
    if run and run[0].text == "-" and line_start and len(run) > 1 and run[1].at > run[0].to:
        return _side(run[1:], row[place])  # after a bullet
    elif run and run[0].kind == "op" and not (run[0].text == "-" and _stands_free(run, text)):
        raise Unreadable
    if not run or run[0].text == "%":
        raise Unreadable
    _check_before(row, row.index(run[0], first), text, is_=row[place].text == "is")
    return _side(run, row[place])


def _stands_free(run: Sequence[Token], text: Plain) -> bool:
    """Whether a leading minus is a sign: right before its number, and after nothing."""
    before = text.text[run[0].at - 1 : run[0].at]
    return len(run) > 1 and run[1].at == run[0].to and before in ("", " ", "\n", "(", "\t")


def _reach_back(row: Sequence[Token], low: int, place: int) -> int:
    at, depth = place, 0
    while at > low:
        token = row[at - 1]
        if token.kind == "word":
            label = _label_before(row, low, at)
            if label == at:
                break
            at = label
            continue
        if token.kind in ("stop", "rel"):
            break
        depth += (token.kind == "close") - (token.kind == "open")
        if depth < 0:
            break
        at -= 1
    if depth > 0:
        raise Unreadable
    return at


def _label_before(row: Sequence[Token], low: int, at: int) -> int:
    """Where the words before a place begin, when they name what a number counts; else the place."""
    run = at
    while run > low and row[run - 1].kind == "word" and at - run <= LABEL_WORDS:
        run -= 1
    fits = run > low and row[run - 1].kind in ("num", "close") and at - run <= LABEL_WORDS
    fits = fits and row[at].kind in ("op", "rel", "close")
    return run if fits and _is_name(row, run, at) else at


def _is_name(row: Sequence[Token], first: int, end: int) -> bool:
    """Whether a run of words can be the name of what the number before it counts."""
    inner = {place for place in range(first + 1, end - 1) if row[place].text.lower() in INNER_WORDS}
    return all(place in inner or _is_label(row, place) for place in range(first, end))


def _is_label(row: Sequence[Token], place: int) -> bool:
    """Whether a word can stand behind a number as the name of what it counts."""
    word = row[place].text
    tight = place > 0 and row[place - 1].to == row[place].at
    if len(word) == 1:
        return word in LETTER_UNITS and not tight
    return (
        word.lower() not in STOP_WORDS
        and word.lower() not in FUNCTIONS
        and word.lower() not in AFTER | COMPARED
    )


def _check_before(row: Sequence[Token], place: int, text: Plain, is_: bool) -> None:
    """Raise Unreadable when what stands before a side belongs to it.

    `is_` tells that the relation is a word: "the last digit of 3 × 4 is 2".
    """
    token = row[place]
    before = row[place - 1] if place else None
    if before is None or before.text == "\n":
        return
    tight = before.to == token.at
    word = before.text.lower()
    if before.kind == "word":
        single = len(word) == 1 and word not in ("a", "i")
        part = row[place - 2].text.lower() if place > 1 else ""
        counted = place > 1 and row[place - 2].number is not None
        partly = part in PARTS_OF or counted or (is_ and part != "total")
        if tight or single or (word == "of" and partly) or word in FUNCTIONS:
            raise Unreadable
    if before.kind in ("num", "close", "op") or before.text in "¤√∛π#_^∑∫":
        raise Unreadable
    if before.text == "|" and tight:
        raise Unreadable
    caller = row[place - 2] if before.kind == "open" and place > 1 else None
    if caller and caller.to == before.at and caller.kind in ("word", "num", "close"):
        raise Unreadable
    attached = text.text[before.at - 1 : before.at].isdigit()
    if before.text in ",.:" and tight and attached:
        raise Unreadable


def _right(row: Sequence[Token], place: int, high: int, text: Plain) -> Side:
    """The side that begins after a relation."""
    first = place + 1
    while (
        first < high and row[first].kind == "word" and row[first].text.lower() in HEDGES | FILLERS
    ):
        first += 1
    if first < high and row[first].text in ("~", "≈"):
        first += 1
    last = _reach_on(row, first, high)
    run = list(row[first:last])
    while run and run[-1].kind == "op":
        end = run.pop()
        following = row[last] if last < len(row) else None
        tight = following is not None and following.at == end.to and following.kind != "stop"
        if (end.text not in ("-", "!") or tight) and not (end.text == "!" and not tight):
            raise Unreadable
    if not run or (run[0].kind == "op" and run[0].text not in "-+"):
        raise Unreadable
    after = row.index(run[-1], first) + 1
    _check_after(row, after, text, AFTER | COMPARED if row[place].text == "is" else AFTER)
    return _side(run, row[after] if after < len(row) else None)


def _reach_on(row: Sequence[Token], first: int, high: int) -> int:
    at, depth = first, 0
    while at < high:
        token, before = row[at], row[at - 1]
        operand = at > first and before.kind in ("num", "close", "word")
        if token.kind == "word":
            end = _label_after(row, at, high) if at > first else at
            if end == at:
                break
            at = end
            continue
        if token.kind in ("stop", "rel") or (
            token.kind == "open" and operand and token.at > before.to
        ):
            break
        depth += (token.kind == "open") - (token.kind == "close")
        if depth < 0:
            break
        at += 1
    if depth > 0:
        raise Unreadable
    return at


def _label_after(row: Sequence[Token], at: int, high: int) -> int:
    """Where words end that name what was counted and are followed by more arithmetic."""
    end = at
    while end < high and row[end].kind == "word":
        end += 1
    if not _is_name(row, at, end):
        return at
    goes_on = end + 1 < high and row[end].kind == "op" and row[end + 1].kind in ("num", "open")
    return (
        end if goes_on and end - at <= LABEL_WORDS and row[at - 1].kind in ("num", "close") else at
    )


def _check_after(row: Sequence[Token], place: int, text: Plain, joined: frozenset[str]) -> None:
    """Raise Unreadable when what follows a side belongs to it."""
    if place >= len(row):
        return
    token, last = row[place], row[place - 1]
    tight = token.at == last.to
    following = text.text[token.to : token.to + 1]
    if token.kind == "num" or token.text == "¤" or token.text in "√π°_'{":
        raise Unreadable
    if token.kind == "word":
        single = len(token.text) == 1 and (tight or token.text not in ("a", "I", *LETTER_UNITS))
        ratio = token.text.lower() in ("to", "of", "out") and row[place + 1 : place + 2]
        if single or token.text.lower() in joined or (ratio and ratio[0].kind == "num"):
            raise Unreadable
    if token.kind == "open" and tight:
        raise Unreadable
    if tight and token.text in ",:." and following.isdigit():
        raise Unreadable


def _side(run: Sequence[Token], after: Token | None) -> Side:
    """A run of tokens as parts: units noted, products without a sign spelled out."""
    parts: list[Part] = []
    implicit = False
    before: Token | None = None
    for place, token in enumerate(run):
        if token.kind == "word":
            before = token
            continue
        if token.kind in ("num", "open") and before and before.kind in ("num", "close", "word"):
            if (token.kind == "num" and before.kind != "close") or token.at > before.to:
                raise Unreadable
            implicit = True
            parts.append("*")
        follows = run[place + 1] if place + 1 < len(run) else after
        unit = follows.text if follows and follows.kind == "word" else ""
        number = token.number
        parts.append(replace(number, unit=_singular(unit)) if number else token.text)
        before = token
    if (implicit and ("/" in parts or "**" in parts)) or "!" in parts:
        raise Unreadable
    return Side(tuple(parts), run[0], run[-1])


def _singular(unit: str) -> str:
    word = unit.lower()
    return word[:-1] if len(word) > 2 and word.endswith("s") else word


def _runs_on(left: Side, right: Side) -> bool:
    """Whether a chain goes on from the left value, as in 3 + 4 = 7 + 2 = 9."""
    opening = next((part for part in right.parts if isinstance(part, Shown)), None)
    try:
        value = value_of(left.parts, Reading("share", False))
    except Unreadable:
        return True
    return opening is not None and opening.value == value and operators(right.parts) > 0


def _forgiven(text: str, left: Side, right: Side) -> bool:
    """Whether the sentence denies the statement, asks it, or says that it is rounded."""
    low = max((found.end() for found in END.finditer(text, 0, left.first.at)), default=0)
    ending = END.search(text, right.last.to)
    high = ending.end() if ending else len(text)
    sentence = text[low:high]
    if DENIED.search(sentence) or text[right.last.to : high].rstrip("*)\"' \n").endswith("?"):
        return True
    near = text[max(low, left.first.at - ROUGH_BEFORE) : left.first.at]
    near += " " + text[right.last.to : right.last.to + ROUGH_AFTER].split("\n")[0]
    return bool(ROUGH.search(near)) and _close(left, right)


def _close(left: Side, right: Side) -> bool:
    """Whether two sides differ by less than one: roundings and remainders do."""
    plainly = Reading("share", False)
    try:
        return abs(value_of(left.parts, plainly) - value_of(right.parts, plainly)) < 1
    except Unreadable:
        return True
