"""What a conversation holds that can support a claim: the user's words and what really ran."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from pellucid.agent.coding.checks import checked_part
from pellucid.agent.reading.arithmetic import Expression, Unreadable
from pellucid.agent.reading.numbers import Key, Number, extract
from pellucid.agent.reading.tokens import tokens
from pellucid.core.browsing import BROWSER, FIND
from pellucid.core.executions import Execution
from pellucid.core.items import Item, Message, ToolCall, ToolResult
from pellucid.core.reading import READER, extent, found, seen

LONG = 5
"""Significant digits from which on a numeral is copied, not thought up."""

LONGEST_QUESTION, MOST_PIECES = 20_000, 400
"""Longer texts are data, not a sum; longer sums are left to a program."""

ROUNDING = re.compile(
    r"\bround\(|\bint\(|\bfloor|\bceil|\btrunc|:[<>^+ ,]*\d*,?\.\d|%\.\d|quantize|random|approx"
)
HEDGED = re.compile(
    r"\b(?:about|approximately|approx|roughly|around|estimate[ds]?|circa)\b|[≈~]", re.I
)


@dataclass(frozen=True, slots=True)
class Source:
    """Numbers of one text that evidence may be found in.

    `values` are its plain values in order, `seconds` its times and durations, each
    beside the number it came from; `exact` tells that nothing in it was rounded.
    """

    name: str
    text: str
    keys: dict[Key, Number]
    values: tuple[tuple[Fraction, Number], ...]
    seconds: tuple[tuple[Fraction, Number], ...]
    exact: bool = False

    def between(self, low: Fraction, high: Fraction, family: str = "n") -> Iterator[Number]:
        """The numbers worth at least `low` and at most `high`."""
        row = self.values if family == "n" else self.seconds
        if not row or high < row[0][0] or row[-1][0] < low:
            return
        at = bisect_left(row, low, key=lambda pair: pair[0])
        while at < len(row) and row[at][0] <= high:
            yield row[at][1]
            at += 1


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything of a conversation that claims are held against.

    `given` are the caller's words and the caller's tools' results, `runs` the outputs
    of executions that went well, `worked` the values of the sums written in the
    question. `did` names the tools that answered, with the call's id. `places` are the names
    of those sources that are passages of documents.
    """

    given: tuple[Source, ...]
    runs: tuple[Source, ...]
    worked: Source
    executions: tuple[Execution, ...] = ()
    did: tuple[tuple[str, str], ...] = ()
    hedged: bool = False
    linked: str = field(default="", repr=False)
    places: frozenset[str] = frozenset()

    def support(self, source: Source) -> Literal["given", "read"]:
        """What a claim is that stands in one of the `given`: words of a document are read."""
        return "read" if source.name in self.places else "given"

    @property
    def asked(self) -> str:
        """The caller's words."""
        return "\n".join(source.text for source in self.given if source.name == "input")

    @property
    def question(self) -> str:
        """The last of the caller's messages."""
        return next((one.text for one in reversed(self.given) if one.name == "input"), "")


def gather(transcript: Sequence[Item]) -> Evidence:
    """The evidence in a conversation; what the model itself said or thought is none."""
    names = {item.call_id: item.name for item in transcript if isinstance(item, ToolCall)}
    results = [item for item in transcript if isinstance(item, ToolResult)]
    words = [
        item.text
        for item in transcript
        if isinstance(item, Message) and item.role in ("system", "user")
    ]
    plain_results = [item for item in results if not item.failed and item.execution is None]
    given = [source_of("input", text) for text in words]
    read = [item for item in plain_results if names.get(item.call_id) in (READER, FIND)]
    apart = {READER, *BROWSER}  # what a search found is no source, only what a page says
    told = [item for item in plain_results if names.get(item.call_id) not in apart]
    given += [source_of(item.call_id, item.text) for item in told]
    passages = [source for item in read for source in _passages(item.text)]
    given += passages
    executions = tuple(item.execution for item in results if item.execution is not None)
    return Evidence(
        tuple(given),
        tuple(_runs(executions, given)),
        _worked(words),
        executions,
        tuple((names.get(item.call_id, ""), item.call_id) for item in plain_results),
        any(HEDGED.search(text) for text in words),
        "\n".join([*words, *(item.text for item in results), *(run.output for run in executions)]),
        frozenset(passage.name for passage in passages),
    )


def _passages(result: str) -> Iterator[Source]:
    """What the reader told: each passage under the name of its place, and how much there is."""
    for one in found(result):
        yield source_of(one.where, f"{one.where}\n{one.text}")
    yield source_of(READER, f"{extent(result)}\n{seen(result)}")


def source_of(
    name: str, text: str, exact: bool = False, but: frozenset[Fraction] = frozenset()
) -> Source:
    """A text as a source of numbers, without the values in `but`."""
    numbers = [number for number in extract(text) if number.value not in but]
    return _source(name, text, numbers, exact)


def _source(name: str, text: str, numbers: Iterable[Number], exact: bool) -> Source:
    keys: dict[Key, Number] = {}
    for number in numbers:
        for key in number.supplies():
            keys.setdefault(key, number)
    rows = {
        family: tuple(
            sorted(
                ((value, number) for (kind, value), number in keys.items() if kind == family),
                key=lambda pair: pair[0],
            )
        )
        for family in ("n", "t")
    }
    return Source(name, text, keys, rows["n"], rows["t"], exact)


def _runs(executions: Iterable[Execution], given: Sequence[Source]) -> Iterator[Source]:
    """The outputs of executions that went well, less what they only repeat.

    A long number that stands in the program itself, and came neither from the caller
    nor from an earlier execution, was made up and is no evidence for being printed.
    """
    known = {value for source in given for value, _ in source.values}
    for execution in executions:
        if execution.outcome != "ok":
            continue
        code = checked_part(execution.code)
        made_up = frozenset(
            number.value
            for number in extract(code)
            if number.significant >= LONG and abs(number.value) not in known
        )
        text = "\n".join([execution.output, execution.result])
        exact = not ROUNDING.search(code)
        source = source_of(execution.execution_id, text, exact, made_up)
        known |= {value for value, _ in source.values}
        yield source


def _worked(texts: Iterable[str]) -> Source:
    """The values of the sums that stand in the question, each under its own words."""
    numbers = []
    for text in texts:
        if len(text) > LONGEST_QUESTION:
            continue
        pieces = tokens(text)
        at = 0
        while at < len(pieces):
            token, at = pieces[at], at + 1
            attached = at > 1 and pieces[at - 2].end == token.start
            if token.kind not in ("num", "open") or attached:
                continue
            try:
                read = Expression(
                    pieces, at - 1, min(len(pieces), at + MOST_PIECES), "plain"
                ).read()
            except Unreadable:
                continue
            if read.operators:
                end = pieces[read.at - 1].end
                words = text[token.start : end]
                numbers.append(Number(token.start, end, words, read.value))
                at = read.at
    return _source("question", "", numbers, exact=True)
