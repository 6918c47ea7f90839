"""The answer: drafted from the evidence, checked, and released only when it stands."""

import re
from collections.abc import Sequence
from dataclasses import replace

from pellucid.agent.budget import ANSWER_RESERVE, SMALLEST_ANSWER
from pellucid.agent.context import shown
from pellucid.agent.left_files import names, with_files
from pellucid.agent.openings import opening
from pellucid.agent.plausible import doubt
from pellucid.agent.reading.style import denoised
from pellucid.agent.select import compared
from pellucid.agent.sheets.form import SHEET
from pellucid.agent.verdicts import numerals
from pellucid.agent.verdicts.verify import correct, findings, summary, verify
from pellucid.agent.wording import sentence, whole_answer, worded
from pellucid.agent.work import RULED, Purpose, Release, Step, Think, Work
from pellucid.core.claims import Claim
from pellucid.core.events import EndReason
from pellucid.core.items import Item, Message, ToolCall, ToolResult, Verdicts
from pellucid.core.ports import Prompt

SENTENCE = 96
"""Tokens an answer may take that only words a program's result."""

LAST_RESORT = 3
"""Rounds a row must grant for the last of them to be held to numerals from evidence."""

NOTHING = "No answer was reached."

_DIGITS = re.compile(r"(?<![\w.,])\d{5,}(?![\w,]|\.\d)")
_FLOATS = re.compile(
    r"\bfloat|\bdouble|\bbinary|\bIEEE|\bpython|\bprecision|\bprints?\b|\bdecimal|\bround", re.I
)
_WORD = re.compile(r"[^\W_]+")
_JOINING = frozenset({"and", "or", "und", "oder", "et", "ou", "y", "o"})
_TRUTH = frozenset({"true", "false", "none", "yes", "no"})


def draft(work: Work, thought: tuple[Item, ...] = ()) -> Step:
    """Answer in words, without a program; from what was thought in words, if anything was."""
    tokens = work.budget.output.left
    begun = opening(work.turn) if work.turn.form is None else ""
    return _ask(work, shown(work.turn, thought), "answer", tokens, begun)


def conclude(work: Work) -> Step:
    """Answer with the best result; in words alone when no program gave one."""
    chosen = best(work)
    if chosen is None:
        return draft(work)
    if work.budget.output.left < SMALLEST_ANSWER:
        return best_so_far(work)
    if work.turn.form is None and (text := spoken(work, *chosen)):
        return release(work, text, (*work.turn.items, *work.items), "answered")
    tokens = SENTENCE if work.turn.form is None else work.budget.output.left
    return _ask(work, shown(work.turn, chosen), "answer", tokens)


def spoken(work: Work, call: ToolCall, result: ToolResult) -> str:
    """The answer where no token has to be spent on wording it, else ""."""
    output = result.text
    if call.call_id.endswith(SHEET):
        return output.strip()
    bare = work.route.why == "arithmetic" and len(output.split()) == 1
    if bare or whole_answer(output) or call.call_id.endswith(RULED):
        return worded(work.question, output)
    return sentence(work.question, output)


def best(work: Work) -> tuple[ToolCall, ToolResult] | None:
    """The result to answer with: the likeliest of many, the newest no check doubts of a few,
    else the first there is."""
    if work.explored:
        likeliest = (group.run for group in compared(work))
        return next((run for run in likeliest if run is not None), None)
    sound = [(c, r) for c, r in work.solved if not doubt(work.question, r.text)]
    if sound:
        return sound[-1]
    return work.solved[0] if work.solved else None


def _ask(
    work: Work, items: tuple[Item, ...], purpose: Purpose, tokens: int, begun: str = ""
) -> Think:
    reserve = min(tokens, max(work.budget.output.left, SMALLEST_ANSWER))
    prompt = Prompt(
        items,
        max_tokens=reserve,
        temperature=work.turn.temperature,
        seed=work.turn.seed,
        owner=work.turn.owner,
        constraint=work.turn.form,
        begun=begun,
        top_logprobs=work.turn.top_logprobs,
    )
    return Think(prompt, purpose)


def review(work: Work, message: Message) -> Step:
    """Send a draft with a contradicted claim back while rounds last; else correct it by rule."""
    transcript = (*work.turn.items, *work.items)
    text = message.text.strip()
    if echoed := _echoed(work, text, transcript):
        return release(work, echoed, transcript, "answered")
    claims = verify(text, transcript)
    if findings(claims) and work.rounds < work.row.rounds and not work.out_of:
        return _revise(work, text, claims)
    stated = (text if work.turn.form else with_result(work, text, claims)) or NOTHING
    known = claims if stated == text else None
    return release(work, stated, transcript, "length" if work.draft_cut else "answered", known)


def _before_stop(text: str, stops: Sequence[str]) -> str:
    """The text up to the first of some texts that it shall end before."""
    ends = [at for at in (text.find(stop) for stop in stops) if at >= 0]
    return text[: min(ends)] if ends else text


def _echoed(work: Work, text: str, transcript: tuple[Item, ...]) -> str:
    """The draft before a revision that only says again what was wrong with it, else ""."""
    if not work.rounds or len(work.replies) < 2:
        return ""
    before = work.replies[-2].text.strip()
    told = findings(verify(before, transcript))
    return before if any(line in text for line in told) else ""


def _revise(work: Work, text: str, claims: Sequence[Claim]) -> Step:
    """Ask again; in the last of many rounds, a number that no evidence holds cannot be written."""
    chosen, wrong = best(work), findings(claims)
    objection = Message("user", "\n".join([*wrong, "Write the answer again without this."]))
    items = shown(work.turn, (*(chosen or ()), Message("assistant", text), objection))
    begun = "" if chosen or work.turn.form else opening(work.turn)
    asked = _ask(work, items, "revision", ANSWER_RESERVE, begun)
    last = LAST_RESORT <= work.row.rounds == work.rounds + 1
    if last and work.turn.form is None and numerals.needed(claims):
        form = numerals.supported(claims, (*work.turn.items, *work.items))
        return Think(replace(asked.prompt, constraint=form), "revision")
    return asked


def release(
    work: Work,
    text: str,
    transcript: tuple[Item, ...],
    reason: EndReason,
    claims: tuple[Claim, ...] | None = None,
) -> Release:
    """The answer with what no evidence supports corrected or removed, and its verdicts; `claims`
    are those of the text, where they are known already.

    It ends before the turn's stops. What is held to a form is left as it is: a sentence taken out
    would break it.
    """
    if work.turn.form is None and (named := with_files(work, text)) != text:
        text, claims = named, None
    stopped = _before_stop(text, work.turn.stop)
    if stopped != text:
        text, claims = stopped.strip() or NOTHING, None
    claims = verify(text, transcript) if claims is None else claims
    removed = tuple[str, ...]()
    if work.turn.form:
        return Release((Message("assistant", text), Verdicts(claims, (), summary(claims))), reason)
    if findings(claims):
        corrected = correct(text, claims, transcript)
        text, removed = corrected.text, corrected.removed
        claims = verify(text, transcript)
    final = styled(text, claims, work.question)
    if any(name in text and name not in final for name in names(work)):
        final = text  # a number was the name of a file
    if final != text:
        claims = verify(final, transcript)
    verdicts = Verdicts(claims, removed, summary(claims))
    return Release((Message("assistant", final), verdicts), reason)


def copied(work: Work, text: str, transcript: tuple[Item, ...]) -> Release:
    """The answer where it is words of a source: whatever they claim they are left as they are, and
    only what stands in the source has a verdict. It ends before the turn's stops."""
    text = _before_stop(text, work.turn.stop).strip() or NOTHING
    claims = tuple(claim for claim in verify(text, transcript) if claim.verdict == "read")
    return Release((Message("assistant", text), Verdicts(claims, (), summary(claims))), "answered")


def with_result(work: Work, text: str, claims: Sequence[Claim]) -> str:
    """The draft, or the program's own output where the draft does not state its result."""
    chosen = best(work)
    if chosen is None:
        return text
    output = chosen[1].text
    computed = any(claim.verdict == "computed" for claim in claims)
    told = computed if re.search(r"\d", output) else _told(output, text)
    return text if text and told else worded(work.question, output)


def _told(output: str, text: str) -> bool:
    """Whether a text says what a program printed in one line of words; of more lines, and of
    yes and no, which have many wordings, it is taken for granted."""
    words, said = (
        [word for word in _WORD.findall(one.casefold()) if word not in _JOINING]
        for one in (output, text)
    )
    if "\n" in output.strip() or _TRUTH.issuperset(words):
        return True
    return f" {' '.join(words)} " in f" {' '.join(said)} "


def best_so_far(work: Work) -> Release:
    """What can be said when a budget ends the work: never nothing."""
    chosen = best(work)
    why = work.out_of or "the budget for thinking is used up"
    said = worded(work.question, chosen[1].text) if chosen else NOTHING
    text = f"{said}\n\nThis is the best so far: {why}."
    return release(work, text, (*work.turn.items, *work.items), "limit")


def styled(text: str, claims: tuple[Claim, ...], question: str) -> str:
    """Computed numbers as people write them: whole ones of five and more digits in groups of
    three, decimals without the noise of floating point unless floats are what is asked about."""
    floats = _FLOATS.search(question)
    for claim in reversed(claims):
        if claim.kind == "number" and claim.verdict == "computed":
            shape = _DIGITS.sub(lambda m: f"{int(m[0]):,}", claim.text)
            shape = shape if floats else denoised(shape)
            text = text[: claim.start] + shape + text[claim.end :]
    return text
