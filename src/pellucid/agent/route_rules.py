"""Route by rule: does a question need computing, code, or words?

The rules are tried in order and the first that fits decides; each says what it saw. They read
English best, German, French and Spanish in their most common words, and digits, operators and
ISO dates in any language.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pellucid.agent import chart_program
from pellucid.agent.asking.asked import LONGEST_READ, Asked, asked, tabular
from pellucid.agent.asking.code_cues import CHANGED, DELIVERED, EXPLAINED_CODE, PRINTED, TECHNOLOGY
from pellucid.agent.asking.cues import Cue, dense, every, has_code, numbers, some, without
from pellucid.agent.asking.file_cues import ABOUT_DATA, CODE_NAMED, FILE_NAMED, FILE_WANTED
from pellucid.agent.asking.number_cues import (
    AMOUNT,
    ARITHMETIC,
    CALCULATION,
    CHANCES,
    EQUATION,
    LETTERS,
    PER_PIECE,
    PUZZLE,
    QUESTION,
    RATIO,
    SORTING,
    STATED,
    STATISTIC,
    TABLE,
    UNITS,
    WHOLE_NUMBERS,
)
from pellucid.agent.asking.picture_cues import wants_all, wants_looks
from pellucid.agent.asking.text_cues import (
    ADVICE,
    EXPLAINED,
    OPINION,
    REWORDING,
    SMALL_TALK,
    TRANSLATION,
    WRITING,
)
from pellucid.agent.asking.time_cues import DATES, TIMES
from pellucid.agent.asking.web_cues import (
    ALTERNATIVES,
    FACT_WANTED,
    LIMIT_ASKED,
    PAGE_NAMED,
    SEARCH_WANTED,
    SHOWN_HERE,
    coded,
    detail,
)
from pellucid.agent.coding.edits import files
from pellucid.agent.context import LONG_LINES
from pellucid.agent.effort import Effort
from pellucid.agent.puzzles import by_rule
from pellucid.agent.route import (
    BROWSED,
    FACT,
    FILE_ASKED,
    TOLD_TO_USE,
    UNDECIDED,
    USED,
    Route,
)
from pellucid.core.turn import Attachment, Turn
from pellucid.tools.reader.ingest import looked_up
from pellucid.tools.reader.passages import numbered


@dataclass(frozen=True, slots=True)
class _Rule:
    """What a question needs, if it fits."""

    route: Route
    fits: Cue


def _answer(why: str, cue: Cue) -> _Rule:
    return _Rule(Route("answer", why), cue)


def _program(why: str, cue: Cue) -> _Rule:
    return _Rule(Route("program", why), cue)


def _code(why: str, cue: Cue) -> _Rule:
    return _Rule(Route("code", why), cue)


_DATA = (".csv", ".tsv", ".json", ".jsonl")
_COMPUTED_FROM_TEXT = frozenset({"sorting", "counting letters or words", "a statistic of numbers"})
_NOT_LOOKED_UP = frozenset(
    {
        *("arithmetic", "an equation", "small talk", "a text to translate", "a text to reword"),
        *("code asked for", "code to change", "code to explain", "what code prints"),
    }
)
"""What is asked for without a document in mind, whatever documents there are."""

_UNKNOWN = frozenset({"nothing to compute", "advice", UNDECIDED.why})
"""What may be a fact to look up, for all that the rules know."""

_MISTAKEN = frozenset({"dates", "something to explain", "code asked for"})
"""What a fact is taken for that names an option, a function or a file, and has no amounts."""

_COUNTED = frozenset({"counting letters or words", "sorting", "numbers to combine"})
"""What it is taken for where it asks for a limit, or names numbers to choose from."""

LONGEST_SHOWN = 6_000
"""Characters of prose that are shown whole."""

_ASKED_TO_COMPUTE = without(EXPLAINED)
_TO_BE_TRANSLATED = _answer("a text to translate", TRANSLATION)
_TO_BE_REWORDED = _answer("a text to reword", REWORDING)
_NOTHING = _answer("nothing to compute", lambda question: True)
_RULES = (
    _program("what code prints", PRINTED),
    _answer("code to explain", EXPLAINED_CODE),
    _code("code to change", CHANGED),
    _code("code asked for", DELIVERED),
    _TO_BE_TRANSLATED,
    _TO_BE_REWORDED,
    _answer("something to write", WRITING),
    _code("code asked for", TECHNOLOGY),
    _program("a table asked about", TABLE),
    _program("arithmetic", every(ARITHMETIC, _ASKED_TO_COMPUTE)),
    _program("an equation", every(EQUATION, _ASKED_TO_COMPUTE)),
    _program("whole numbers", every(WHOLE_NUMBERS, _ASKED_TO_COMPUTE)),
    _program("a puzzle", PUZZLE),
    _program("dates", DATES),
    _program("times of day", TIMES),
    _program("units", UNITS),
    _program("sorting", every(SORTING, _ASKED_TO_COMPUTE)),
    _program("counting letters or words", LETTERS),
    _answer("something to explain", EXPLAINED),
    _program("chances", CHANCES),
    _program("a statistic of numbers", STATISTIC),
    _answer("an opinion", OPINION),
    _program("a quantity asked for", every(numbers(2), AMOUNT, without(ADVICE))),
    _program("a quantity asked for", every(numbers(1), AMOUNT, RATIO, without(ADVICE))),
    _program("a calculation asked for", every(numbers(1), CALCULATION)),
    _answer("small talk", SMALL_TALK),
    _answer("advice", every(ADVICE, without(every(numbers(2), AMOUNT)))),
    _answer("code shown", has_code),
    _program("a quantity asked for", PER_PIECE),
    _program("numbers to combine", every(numbers(2), some(dense, QUESTION, STATED))),
    # One number and "how much": what the world is like, or a sum? Either is as likely.
    _Rule(UNDECIDED, every(numbers(1), AMOUNT)),
    _NOTHING,
)


def route(turn: Turn, row: Effort) -> Route:
    """The way for the last message of the turn, within what its effort allows.

    Its name is None where no rule is sure.
    """
    if row.tool_calls == 0 or row.thinking_tokens == 0:
        return Route("answer", "no tools allowed")
    found = _free(turn)
    return _with_tool(found, turn.must_use) if turn.must_use else found


def _with_tool(found: Route, tools: Sequence[str]) -> Route:
    """A way on which one of these tools is used: the one that was found, if it is one."""
    if found != FACT and found.name is not None and USED.get(found.name) in tools:
        return found
    return next(route for tool, route in TOLD_TO_USE.items() if tool in tools)


def _free(turn: Turn) -> Route:
    """The way for the last message of the turn, where it may use all its tools or none."""
    if _to_read(turn):
        return Route("read", "an attached document")
    if "web" in turn.tools and (browsed := _browsed(turn)):
        return browsed
    if "python" not in turn.tools:
        return Route("answer", "no tools allowed")
    if chart_program.program(turn):
        return Route("program", "a chart asked about")
    question = asked(turn.question, [file.text for file in turn.attachments])
    if (question.code or turn.attachments) and files(turn):
        return Route("code", "code to change")
    found = next(rule.route for rule in _RULES if rule.fits(question))
    if found.name != "code" and by_rule(turn.question):
        return Route("program", "a puzzle")
    if any(map(_is_data, turn.attachments)):
        return _with_data(found)
    return _with_files(found, question, turn) if turn.container else found


def _with_files(found: Route, question: Asked, turn: Turn) -> Route:
    """Files are written by programs, and read by them; whether a question is about those that
    are there, the model chooses where no word tells."""
    if found.name == "code" and CODE_NAMED(question):
        return found
    if FILE_WANTED(question) and found not in (_TO_BE_TRANSLATED.route, _TO_BE_REWORDED.route):
        return FILE_ASKED
    if found.name == "program":
        return found
    named = FILE_NAMED(question) or any(file.name in turn.question for file in turn.files)
    if named or (turn.files and ABOUT_DATA(question)):
        return _with_data(found)
    return UNDECIDED if turn.files and found == _NOTHING.route else found


def _to_read(turn: Turn) -> bool:
    """Whether there are documents, and nothing to be computed from the words of them, nor, where
    they only may be looked up in, something else asked for."""
    if turn.library:
        return _wanted(turn).why not in _NOT_LOOKED_UP
    if not turn.attachments:
        return False
    about_picture = wants_all(turn.question) or wants_looks(turn.question)
    if about_picture and all(file.seen for file in turn.attachments):
        return True
    if not all(map(_is_document, turn.attachments)):
        return False
    return _wanted(turn).why not in _COMPUTED_FROM_TEXT


def _browsed(turn: Turn) -> Route | None:
    """The way to the web, where it is asked for, or a fact of which nothing else is known."""
    question = asked(turn.question)
    if SEARCH_WANTED(question) or PAGE_NAMED(question):
        return BROWSED
    alone = not (turn.attachments or turn.files)
    open_ = alone and FACT_WANTED(question) and _looked_up(turn.question, question, _wanted(turn))
    return FACT if open_ and not by_rule(turn.question) else None


def _looked_up(message: str, question: Asked, found: Route) -> bool:
    """Whether a fact may be one to look up: no rule knows another way, or the way of one that was
    misled by words of the subject."""
    if found.why in _MISTAKEN:
        return coded(message) and not question.amounts and not question.code
    if found.why in _COUNTED:
        chosen = ALTERNATIVES(question) and coded(message)
        limit = LIMIT_ASKED(question) or detail(message)
        return chosen or (limit and not question.amounts and not SHOWN_HERE(question))
    return found.why in _UNKNOWN


def _wanted(turn: Turn) -> Route:
    """The way for a question by itself, whatever came with it."""
    question = asked(turn.question)
    return next(rule.route for rule in _RULES if rule.fits(question))


def _is_document(file: Attachment) -> bool:
    """Whether a file is prose too long to be shown whole, or was read from pictures and is no
    table."""
    if file.seen:
        return not file.name.endswith(_DATA) and not tabular(file.text[:LONGEST_READ])
    parted = "\f" in file.text and numbered(file)
    long = file.text.count("\n") > LONG_LINES or len(file.text) > LONGEST_SHOWN or parted
    return long and looked_up(file)


def _is_data(file: Attachment) -> bool:
    """Whether a file is a table, or too long to be shown whole."""
    table = file.name.endswith(_DATA) or tabular(file.text[:LONGEST_READ])
    return table or file.text.count("\n") > LONG_LINES


def _with_data(found: Route) -> Route:
    """Attached data is computed with, unless its words or code are asked for."""
    kept = found.name == "code" or found in (_TO_BE_TRANSLATED.route, _TO_BE_REWORDED.route)
    return found if kept else Route("program", "attached data")
