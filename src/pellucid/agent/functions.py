"""Functions that the caller runs: the model calls them, or answers; calls end the turn.

The results come with the next turn, which goes on from them. What a function returned is
evidence of the caller's own making, as their words are. Where no function fits, or the model
only repeats calls it has the results of, the turn goes on as if there were none: with a program,
or in words.

A custom tool takes text instead of arguments. Once the model has called it, it is asked for that
text alone, which can then be anything that its grammar allows, without the escapes of JSON.
"""

import json
import re
from dataclasses import replace

from pellucid.agent import answer
from pellucid.agent.context import shown
from pellucid.agent.judge import MOST_TOKENS, opinions, yes_or_no
from pellucid.agent.relevance import related
from pellucid.agent.work import Judge, Release, Step, Think, Work
from pellucid.core.constraint import Function, Lark, Regex
from pellucid.core.items import Item, Message, Reasoning, ToolCall, ToolResult
from pellucid.core.ports import NO_CALL, Prompt

FITTING = "a call of a function"
"""What the model is asked its opinion of."""

SURE = 0.9
"""How likely it must take that to be, where nothing of the question is in any function. Of 24
requests with a fitting function 9 were given less, of 24 without one 21 (LOG.md)."""

ASK = (
    "You can call functions:\n{functions}\n\nThe request:\n{question}\n\n"
    "Can one of the functions above do what is asked? Answer Yes or No."
)

INPUT = (
    "Write the input of the tool {name} and nothing else: no explanation, no quotation marks "
    "around it.{description}{form}"
)
DESCRIBED = "\n\nThe tool: {}"
HELD = "\n\nThe input must match this {}:\n{}"

_FENCED = re.compile(r"\s*```\w*\n(?P<text>.*?)\n?```\s*", re.S)


def step(work: Work) -> Step:
    """Ask once, held to calls or words; hand calls over, let words be reviewed as an answer."""
    if (tool := _called_without_input(work)) is not None:
        return _ask_input(work, tool)
    calls = _new(work)
    if calls:
        return Release(calls, "calls")
    if work.draft is not None:
        return answer.review(work, work.draft)
    if work.out_of or any(isinstance(item, Reasoning) for item in _thoughts(work)):
        return answer.best_so_far(work)
    return _judge(work) if _doubtful(work) else _ask(work)


def offered(work: Work) -> bool:
    """Whether functions may be called: not where none fits, nor where all calls that are made
    were made before."""
    known = opinions(work.items).get(FITTING)
    declined = Reasoning(NO_CALL) in work.items or (known is not None and known < SURE)
    repeated = bool(work.called) and not (_called_without_input(work) or _new(work))
    return bool(work.turn.functions) and not declined and not repeated


def _thoughts(work: Work) -> tuple[Item, ...]:
    """What was thought in this turn beside the model's opinion: a call that was cut."""
    return tuple(item for item in work.items if not opinions((item,)))


def _new(work: Work) -> tuple[ToolCall, ...]:
    """The calls made in this turn that were not made since the question; all, where one must
    be."""
    called = _with_input(work)
    if work.turn.must_call:
        return called
    before = _since_question(work.turn.items)
    known = {_same(call) for call in before if isinstance(call, ToolCall)}
    return tuple(call for call in called if _same(call) not in known)


def _custom(work: Work) -> Function | None:
    """The custom tool that was called in this turn."""
    called = {call.name for call in work.called}
    return next((f for f in work.turn.functions if f.custom and f.name in called), None)


def _input(work: Work) -> str | None:
    """What was written for it, if it was."""
    return next((reply.text for reply in work.replies if reply.purpose == "input"), None)


def _called_without_input(work: Work) -> Function | None:
    """The custom tool that was called and whose input is still to be written."""
    return _custom(work) if _input(work) is None else None


def _with_input(work: Work) -> tuple[ToolCall, ...]:
    """The calls made in this turn; that of a custom tool with its input."""
    tool, text = _custom(work), _input(work)
    if tool is None or text is None:
        return work.called
    fenced = _FENCED.fullmatch(text) if tool.form is None else None
    text = fenced["text"] if fenced else text
    return tuple(replace(c, text=text) if c.name == tool.name else c for c in work.called)


def _since_question(items: tuple[Item, ...]) -> tuple[Item, ...]:
    asked = [at for at, i in enumerate(items) if isinstance(i, Message) and i.role == "user"]
    return items[max(asked, default=0) :]


def _same(call: ToolCall) -> tuple[str, str]:
    """What two calls for the same thing have in common, however their arguments are spaced."""
    try:
        return call.name, json.dumps(json.loads(call.text), sort_keys=True)
    except ValueError:
        return call.name, call.text


def _doubtful(work: Work) -> bool:
    """Whether the model has to say first that a function fits, which it can where there is
    thinking left: it calls what it is offered."""
    turn = work.turn
    if work.budget.thinking.left <= MOST_TOKENS:
        return False
    gone_on = any(isinstance(item, ToolResult) for item in _since_question(turn.items))
    known = opinions(work.items)
    return not (turn.must_call or gone_on or known or related(turn.question, turn.functions))


def _judge(work: Work) -> Step:
    turn = work.turn
    told = "\n".join(f"{one.name}: {one.description}" for one in turn.functions)
    *before, _ = shown(turn)
    asked = Message("user", ASK.format(functions=told, question=turn.question))
    return Judge((yes_or_no(work, (*before, asked)),), (FITTING,))


def _ask(work: Work) -> Step:
    turn = work.turn
    prompt = Prompt(
        shown(turn, hints=False),  # they are for programs
        max_tokens=work.budget.output.left,
        seed=turn.seed,
        owner=turn.owner,
        constraint=turn.form,
        functions=turn.functions,
        must_call=turn.must_call,
        # Without arguments nothing tells two calls of a custom tool apart.
        parallel=turn.parallel and not any(one.custom for one in turn.functions),
    )
    return Think(prompt, "answer")


def _ask_input(work: Work, tool: Function) -> Step:
    """Ask for the input of a custom tool; where there is no room for it, nothing is called."""
    turn, left = work.turn, work.budget.output.left
    if work.out_of or not left:
        return answer.best_so_far(work)
    described = DESCRIBED.format(tool.description) if tool.description else ""
    match tool.form:
        case Lark(grammar):
            form = HELD.format("Lark grammar", grammar)
        case Regex(pattern):
            form = HELD.format("regular expression", pattern)
        case _:
            form = ""
    told = INPUT.format(name=tool.name, description=described, form=form)
    prompt = Prompt(
        shown(turn, (Message("user", told),), hints=False),
        max_tokens=left,
        temperature=turn.temperature,
        seed=turn.seed,
        owner=turn.owner,
        constraint=tool.form,
    )
    return Think(prompt, "input")
