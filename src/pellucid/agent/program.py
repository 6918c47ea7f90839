"""The program path: write, check the literals, run, repair, and only then answer.

A small model guesses badly and computes nothing; larger ones answer better by programs that
are run (PAL, arXiv 2211.10435; PoT, arXiv 2211.12588). What it brings here is in LOG.md.
"""

from dataclasses import replace

from pellucid.agent import answer, chart_program
from pellucid.agent.context import shown
from pellucid.agent.copying import mended
from pellucid.agent.forms import TEMPERATURE, hinted
from pellucid.agent.hints import begun
from pellucid.agent.mending import kept, respelt
from pellucid.agent.plausible import doubt
from pellucid.agent.puzzles import by_rule, translated
from pellucid.agent.sheets import form as sheets
from pellucid.agent.tidy import tidied
from pellucid.agent.verdicts.literals import LiteralFinding, check_literals, fix_literals
from pellucid.agent.work import RULED, Act, Purpose, Step, Tell, Think, Work, usable
from pellucid.core.items import LOADER, Item, Message, ToolCall, ToolResult
from pellucid.core.ports import Prompt
from pellucid.tools.python.config import CODE_CHARS

LONGEST_PROGRAM = 512
"""Tokens after which a program is taken to have gone astray."""

TOO_LONG = (
    "That takes a program, and what is attached is too long to be given to one (a megabyte is the"
    " most), so nothing was computed."
)

INVENTED_DIGITS = 10
"""A literal this long that stands nowhere in the question is not run."""


def step(work: Work) -> Step:
    """The next step on the program path."""
    match work.last:
        case None if work.turn.attachments:
            return _load(work)
        case ToolCall(name="python") as call:
            return check(work, call)
        case ToolCall(call_id=call_id, name=name):
            return Tell((ToolResult(call_id, f"There is no tool {name!r}.", failed=True),))
        case ToolResult(call_id=call_id) as result if call_id.endswith(LOADER):
            return answer.draft(work) if result.failed else _write(work)
        case ToolResult() as result if usable(result):
            return _conclude(work, result)
        case ToolResult():
            return _after_failure(work)
        case _:
            return _write(work)


def _affordable(work: Work) -> bool:
    """Whether another program can be thought of and run."""
    return work.budget.thinking.left > 0 and work.budget.calls.left > 0


def _load(work: Work) -> Step:
    """Put the attachments where programs find them: an execution like any other. What no program
    can be given is not guessed at."""
    lines = [
        f"open({a.name!r}, 'w', encoding='utf-8').write({a.text!r})" for a in work.turn.attachments
    ]
    if about := sheets.asking(work.turn):
        lines.append(f"open({sheets.MODULE!r}, 'w', encoding='utf-8').write({about.module!r})")
    code = "\n".join([*lines, ""])
    if len(code) > CODE_CHARS and work.turn.form is None:
        return answer.release(work, TOO_LONG, (*work.turn.items, *work.items), "answered")
    return Tell((ToolCall(f"{work.turn.turn_id}_{LOADER}", "python", code),))


def _write(work: Work) -> Step:
    """The first program, or one written differently."""
    if not _affordable(work):
        return answer.conclude(work)
    if code := _by_rule(work):
        return Tell((ToolCall(f"{work.turn.turn_id}_{RULED}", "python", code),))
    if not work.candidates and (about := sheets.asking(work.turn)):
        begun_so = Prompt(about.items, begun=sheets.BEGINNING, constraint=about.form)
        return _ask(work, begun_so, "candidate", sheets.SHEET)
    if there := translated(work.question):
        items = shown(work.turn)
        return _ask(work, Prompt(items, begun=there.beginning, constraint=there.form), "candidate")
    items = hinted(shown(work.turn), "restated" if work.candidates else "program")
    return _ask(work, Prompt(items, begun=begun(work.question)), "candidate")


def _by_rule(work: Work) -> str:
    """The program that a rule writes, before any other: for a puzzle, or an attached chart."""
    if not work.pairs:
        return by_rule(work.question)
    loaded = len(work.pairs) == 1 and work.pairs[0][0].call_id.endswith(LOADER)
    return chart_program.program(work.turn) if loaded else ""


def _ask(work: Work, prompt: Prompt, purpose: Purpose, kind: str = "") -> Step:
    """Think of a program, within what is left for thinking; its call's id ends with the `kind`."""
    again = work.candidates + (purpose == "candidate") > 1
    call_id = f"{work.turn.turn_id}_{len(work.items)}{kind and f'_{kind}'}"
    asked = replace(
        prompt,
        into=ToolCall(call_id, "python"),
        max_tokens=min(LONGEST_PROGRAM, work.budget.thinking.left),
        temperature=TEMPERATURE["restated"] if again else 0.0,
        seed=work.turn.seed + work.candidates,
        owner=work.turn.owner,
    )
    return Think(asked, purpose)


def check(work: Work, call: ToolCall) -> Step:
    """Run a program only if the numbers in it are those of the question."""
    if work.budget.calls.left == 0:
        return answer.conclude(work)
    if call.call_id.endswith((LOADER, RULED)):
        return Act(call)
    if (tidy := tidied(call.text)) != call.text:
        refused = ToolResult(call.call_id, "Not run: leading zeros in integers.", failed=True)
        return Tell((refused, replace(call, call_id=f"{call.call_id}_tidy", text=tidy)))
    copied = mended(work.question, call.text)
    if copied.why:
        refused = ToolResult(call.call_id, f"Not run: {copied.why}.", failed=True)
        return Tell((refused, replace(call, call_id=f"{call.call_id}_whole", text=copied.code)))
    given = [i.text for i in work.turn.items if _is_evidence(i)]
    given += [a.text for a in work.turn.attachments]
    given += [file.head for file in work.turn.files]
    given += [r.text for _, r in work.pairs if r.execution is not None]
    found = [f for f in check_literals(call.text, given) if f.nearest or _long(f)]
    if not found:
        return Act(call)
    refused = ToolResult(call.call_id, "Not run: " + " ".join(map(_told, found)), failed=True)
    if all(f.nearest for f in found):
        fixed = ToolCall(f"{call.call_id}_fixed", "python", fix_literals(call.text, found))
        return Tell((refused, fixed))
    return Tell((refused,))


def _is_evidence(item: Item) -> bool:
    """Whether a program may copy numbers from it: the caller's words, and what their functions or
    earlier programs gave."""
    words = isinstance(item, Message) and item.role != "assistant"
    return words or (isinstance(item, ToolResult) and not item.failed)


def _long(finding: LiteralFinding) -> bool:
    return sum(c.isdigit() for c in finding.literal) >= INVENTED_DIGITS


def _told(finding: LiteralFinding) -> str:
    meant = f"; the question has {finding.nearest}" if finding.nearest else ""
    return f"{finding.literal} is not a number of the question{meant}."


def _after_failure(work: Work) -> Step:
    """Repair the program from its traceback, write another, or answer without one."""
    affordable = _affordable(work)
    call, result = work.pairs[-1]
    if (named := respelt(call.text, result.text)) != call.text and work.budget.calls.left > 0:
        return Tell((replace(call, call_id=f"{call.call_id}_named", text=named),))
    sound = kept(call.text, result.text)
    mendable = translated(work.question) is None and not call.call_id.endswith(
        (RULED, sheets.SHEET)
    )
    if affordable and mendable and work.repairs < work.row.repairs and not _stuck(work):
        items = (*shown(work.turn), call, result)
        return _ask(work, Prompt(items, begun=sound), "repair")
    if affordable and work.candidates < work.row.candidates:
        return _write(work)
    return answer.conclude(work)


def _stuck(work: Work) -> bool:
    """Whether the last repair gave the failed program again: so would the next."""
    return len(work.pairs) > 1 and work.pairs[-1][0].text == work.pairs[-2][0].text


def _conclude(work: Work, result: ToolResult) -> Step:
    """Answer with the result, after another program if this one's result is doubtful."""
    ruled = result.call_id.endswith((RULED, sheets.SHEET))
    doubtful = "" if ruled else doubt(work.question, result.text)
    if doubtful and _affordable(work) and work.candidates < work.row.candidates:
        return _write(work)
    return answer.conclude(work)
