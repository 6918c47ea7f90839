"""The code route: what is delivered was run, with the request's examples, before it is shown.

The first reply is the answer in draft. Its code is run with the examples of the request; what
fails goes back with the traceback (self-debugging, arXiv 2304.05128). Where the effort
allows, the model writes tests from the request alone and further candidates, and
agreement chooses (`agreement`). The answer ends with what was checked, said by rule.
"""

import ast
import re
from collections.abc import Sequence
from dataclasses import replace

from pellucid.agent import answer
from pellucid.agent.coding import edits
from pellucid.agent.coding.agreement import Tried, best, settled
from pellucid.agent.coding.candidates import Candidate, candidate
from pellucid.agent.coding.checks import checked, program
from pellucid.agent.coding.code_blocks import closed, defined, parsed
from pellucid.agent.coding.code_report import report
from pellucid.agent.coding.edits import File
from pellucid.agent.coding.examples import Example, assertions, examples, named
from pellucid.agent.context import shown
from pellucid.agent.work import Act, Purpose, Release, Step, Tell, Think, Work
from pellucid.core.events import EndReason
from pellucid.core.items import Item, Message, Reasoning, ToolCall, ToolResult
from pellucid.core.ports import Prompt

CHECK = "check"
"""Ends the ids of calls that check code."""

LONGEST_CODE, LONGEST_TESTS, LEAST = 1024, 320, 96
"""Tokens after which a further candidate, or the tests, have gone astray; and fewer than
these are not worth asking for."""

CHARACTERS = 3
"""Of code in a token, at least: what another candidate will take is told by the first."""

SAMPLING = 0.8
"""Temperature of all candidates but the first (CodeT's)."""

TESTS = 8
COMPLETE = (
    "Write complete code in one fenced block, with nothing left out, and at most two sentences "
    "of explanation."
)
ONLY_CODE = "Answer with the complete code in one fenced block and nothing else."
WHOLE_FILE = "Write the whole file {name} again with the change, in one fenced block."
AGAIN = "Write the whole code again, corrected, in one fenced block, and nothing else."
BY_BLOCKS = """Write only what changes: for each change one block with the old lines exactly as \
they are in the file, then the new lines. An example for another file:

greet.py
<<<<<<< SEARCH
def greet(name):
    print("Hi")
=======
def greet(name):
    print(f"Hi {{name}}")
>>>>>>> REPLACE

Now the blocks for {name}:"""
"""With an example: shown a form with words to fill in, small weights give the form back."""
BLOCKS_AGAIN = "Write all blocks again, corrected: copy the SEARCH lines exactly from the file."
ASK_TESTS = (
    "{signature}\nDo not write this. Write {count} different short assert statements that check "
    "what it returns, each on one line, in one fenced block, without comments."
)
_TALK = re.compile(
    r"^\W*(?:(?:please|can|could|would|you|now)\W+)*(?:explain|review|describe|summari[sz]e|what|why|how|compare)\b",
    re.I,
)


def step(work: Work) -> Step:
    """The next step on the code route."""
    match work.last:
        case ToolCall(call_id=call_id) as call if call_id.endswith(CHECK):
            return Act(call) if not work.out_of else _release(work)
        case ToolCall(call_id=call_id, name=name):
            return Tell((ToolResult(call_id, f"There is no tool {name!r}.", failed=True),))
        case _:
            return _go_on(work)


def _go_on(work: Work) -> Step:
    """Ask, check, ask again, or let the best candidate stand."""
    if work.draft is None:
        return answer.best_so_far(work) if work.candidates or work.out_of else _first(work)
    tried = _tried(work)
    if not tried[0].candidate.language and not tried[0].candidate.made:
        return answer.review(work, work.draft)
    if work.out_of:
        return _release(work)
    if _tests_wanted(work, tried):
        return _ask_tests(work, tried[0].candidate)
    return _check(work, tried) or _improve(work, tried) or _release(work)


def _first(work: Work) -> Step:
    """The reply that is the answer if nothing better comes: its tokens are the answer's."""
    left = work.budget.output.left
    prompt = _prompt(work, (_question(work, _wish(work)),), left)
    return Think(prompt, "candidate")


def _wish(work: Work, by_blocks: bool = True) -> str:
    """How the code is to be written."""
    originals = edits.files(work.turn)
    if by_blocks and edits.by_blocks(originals):
        return BY_BLOCKS.format(name=originals[0].name)
    return "" if _TALK.match(work.question) else COMPLETE


def _question(work: Work, wish: str) -> Message:
    """The question with whole attachments, and how to answer it."""
    attached = (f"{a.name}:\n```\n{a.text.rstrip()}\n```" for a in work.turn.attachments)
    return Message("user", "\n\n".join(p for p in (work.question, *attached, wish) if p))


def _prompt(work: Work, new: Sequence[Item], tokens: int) -> Prompt:
    """The conversation up to the question, then `new`, which begins with the question."""
    *before, _ = shown(work.turn)
    return Prompt(
        (*before, *new),
        top_logprobs=work.turn.top_logprobs,
        max_tokens=tokens,
        temperature=work.turn.temperature,
        seed=work.turn.seed,
        owner=work.turn.owner,
    )


def _replies(work: Work, *purposes: Purpose) -> tuple[str, ...]:
    return tuple(r.text for r in work.replies if r.purpose in purposes)


def _tried(work: Work) -> tuple[Tried, ...]:
    """All candidates so far, each with what its check told."""
    found = (*examples(work.question), *_tests(work))
    originals, must = edits.files(work.turn), named(work.question)
    results = {call.text: result for call, result in work.pairs}
    tried = []
    for text in _replies(work, "candidate", "repair"):
        one = candidate(text, originals, found, must)
        result = results.get(program(one.plan)) if one.plan and not one.defects else None
        ran = result.execution if result else None
        tried.append(Tried(one, checked(ran) if ran else None))
    return tuple(tried)


def _tests(work: Work) -> tuple[Example, ...]:
    """The tests that the model wrote, once it was asked to."""
    return tuple(t for text in _replies(work, "tests") for t in assertions(text))


def _tests_wanted(work: Work, tried: tuple[Tried, ...]) -> bool:
    """Whether the model shall write tests: once, for new Python with something to call.

    A file that is changed is run as the program it is.
    """
    row, one = work.row, tried[0].candidate
    useful = row.candidates > 2 or (row.candidates == 2 and not examples(work.question))
    asked = bool(_replies(work, "tests"))
    new = one.language == "python" and not edits.files(work.turn)
    paid = work.budget.thinking.left >= LEAST
    return useful and not asked and new and bool(_signature(one.code)) and paid


def _signature(code: str) -> str:
    """The first lines of the functions and classes in some code, without their insides."""
    tree = parsed(code)
    lines = []
    for node in tree.body if tree else ():
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() if node.name in defined(tree):  # type: ignore[arg-type]
                lines.append(_head(node))
            case ast.ClassDef(name=name, body=body):
                lines.append(f"class {name}:")
                inner = [n for n in body if isinstance(n, ast.FunctionDef)]
                lines += [f"    {_head(n)}" for n in inner]
            case _:
                continue
    return "\n".join(lines)


def _head(function: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    returns = f" -> {ast.unparse(function.returns)}" if function.returns else ""
    return f"def {function.name}({ast.unparse(function.args)}){returns}: ..."


def _ask_tests(work: Work, one: Candidate) -> Step:
    """Tests from the request and the signature alone: they must not repeat the code's mistakes."""
    fenced = f"```python\n{_signature(one.code)}\n```"
    wish = ASK_TESTS.format(signature=fenced, count=TESTS)
    return _think(work, (_question(work, wish),), "tests", LONGEST_TESTS)


def _think(work: Work, new: Sequence[Item], purpose: Purpose, most: int) -> Step:
    """Think of tests or of another candidate, within what is left for thinking."""
    again = purpose == "candidate"
    prompt = replace(
        _prompt(work, new, min(most, work.budget.thinking.left)),
        into=Reasoning(),
        temperature=SAMPLING if again else 0.0,
        seed=work.turn.seed + work.candidates,
    )
    return Think(prompt, purpose)


def _check(work: Work, tried: tuple[Tried, ...]) -> Step | None:
    """Run the first candidate that was not run yet; equal code is run once."""
    for one in tried:
        plan = one.candidate.plan
        if plan and not one.candidate.defects and one.check is None:
            text = program(plan)
            known = any(call.text == text for call, _ in work.pairs)
            if not known and work.budget.calls.left > 0:
                call_id = f"{work.turn.turn_id}_{len(work.items)}_{CHECK}"
                return Tell((ToolCall(call_id, "python", text),))
    return None


def _improve(work: Work, tried: tuple[Tried, ...]) -> Step | None:
    """Repair the newest candidate while none is sound, or ask for another one, while that is
    worth it and paid for."""
    if settled(tried, adaptive=work.row.candidates > 2):
        return None
    newest, first = tried[-1], tried[0].candidate
    need = max(LEAST, len(first.code) // CHARACTERS)
    if work.budget.thinking.left < need or work.budget.calls.left == 0:
        return None
    broken = all(one.failures for one in tried)
    if broken and work.repairs < work.row.repairs and not _stuck(tried):
        return _repair(work, newest)
    if work.candidates < work.row.candidates:
        return _another(work, first)
    return None


def _stuck(tried: tuple[Tried, ...]) -> bool:
    """Whether the newest candidate is the one before it again."""
    return len(tried) > 1 and tried[-1].candidate.code == tried[-2].candidate.code


def _repair(work: Work, one: Tried) -> Step:
    """Send the newest candidate back with what is wrong with it."""
    edited = bool(one.candidate.made)
    wish = BLOCKS_AGAIN if edited else AGAIN
    objection = Message("user", "\n".join(["This fails:", *one.failures, wish]))
    said = Message("assistant", one.candidate.text)
    asked = _question(work, _wish(work, by_blocks=edited))
    return _think(work, (asked, said, objection), "repair", LONGEST_CODE)


def _another(work: Work, first: Candidate) -> Step:
    """A candidate from scratch; the whole file where blocks did not do."""
    originals, signature = edits.files(work.turn), _signature(first.code)
    if originals:
        wish = WHOLE_FILE.format(name=originals[0].name)
    elif signature:
        wish = f"Begin from this:\n```python\n{signature}\n```\n{ONLY_CODE}"
    else:
        wish = ONLY_CODE
    return _think(work, (_question(work, wish),), "candidate", LONGEST_CODE)


def _release(work: Work) -> Release:
    """The best candidate, and what was checked of it."""
    tried = _tried(work)
    chosen = best(tried)
    one = chosen.candidate
    spent = "" if work.budget.calls.left else "the budget of tool calls is used up"
    parts = [_text(one, edits.files(work.turn)), report(chosen, work.out_of or spent)]
    if work.out_of:
        parts.append(f"This is the best so far: {work.out_of}.")
    cut = work.draft_cut and chosen == tried[0]
    reason: EndReason = "limit" if work.out_of else "length" if cut else "answered"
    transcript = (*work.turn.items, *work.items)
    return answer.release(work, "\n\n".join(parts), transcript, reason)


def _text(one: Candidate, originals: tuple[File, ...]) -> str:
    """The candidate's reply; edits as blocks under their files' names."""
    if one.made:
        return edits.shown(one.made, originals)
    return closed(one.text.strip())
