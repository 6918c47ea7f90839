"""Quotations, links and code blocks of an answer, matched with the conversation."""

import ast
import re
import textwrap
import warnings
from collections.abc import Iterable
from urllib.parse import urlsplit

from pellucid.agent.checks import Checked, checked
from pellucid.agent.evidence import Evidence
from pellucid.agent.prose import Fence, fences, sentence_at, sentences, urls, without_code
from pellucid.core.claims import Claim

QUOTE = re.compile(r"\"([^\"\n]{8,2000}?)\"|“([^”]{8,2000}?)”|«([^»]{8,2000}?)»")
SHORTEST_QUOTE = 4
NEARBY = 150
SAID = (
    r"(?:say|says|said|state|states|stated|write|writes|wrote|written|mention|mentions|mentioned|read|reads"
    r"|note|notes|noted|ask|asks|asked|contain|contains|explain|explains|described?|specif(?:y|ies|ied)|put)"
)
THEIRS = (
    r"(?:you|your\s+(?:\w+\s+)?(?:message|question|document|text|file|note|email|data|input|prompt|letter|report)"
    r"|(?:the|this)\s+(?:\w+\s+)?(?:document|file|text|passage|article|page|message|question|report|email|letter"
    r"|paper|contract|source|output|transcript|attachment|log|user|prompt|problem))"
)
ATTRIBUTED = re.compile(
    rf"\b{THEIRS}\b[^.!?\"“]{{0,60}}\b{SAID}\b|\b(?:according\s+to|quoting|in|from|as)\s+{THEIRS}\b"
    rf"|\bin\s+your\s+(?:own\s+)?words\b|\bquote\s+from\b",
    re.IGNORECASE,
)
PYTHON = frozenset({"python", "py", "python3", "py3"})
OUTPUT = frozenset({"output", "out", "stdout", "stderr", "result", "results"})
NO_RUN = "shows the output of a run that did not happen"
PROMPT_LINE = re.compile(r"^(?:>>>|\.\.\.) ?(.*)$", re.MULTILINE)


def quotation_claims(answer: str, evidence: Evidence) -> list[Claim]:
    """A claim for each quotation that is found, and each that the user is wrongly said to have."""
    flat = without_code(answer)
    spans = sentences(flat)
    known = [(source.name, folded(source.text)) for source in (*evidence.given, *evidence.runs)]
    claims = []
    for found in QUOTE.finditer(flat):
        words = next(group for group in found.groups() if group is not None)
        if len(words.split()) < SHORTEST_QUOTE:
            continue
        place = next((name for name, text in known if _within(words, text)), None)
        start, end = found.span()
        if place is not None:
            verdict = "computed" if place in {run.name for run in evidence.runs} else "given"
            claims.append(
                Claim("quotation", verdict, start, end, answer[start:end], evidence=(place,))  # type: ignore[arg-type]
            )
        elif _attributed(flat, sentence_at(spans, start), start, end):
            note = "these words are not in the conversation"
            claims.append(
                Claim("quotation", "contradicted", start, end, answer[start:end], note=note)
            )
    return claims


def folded(text: str) -> str:
    """Text with case, white space, hyphenation, quote style and dashes evened out."""
    text = re.sub(r"[-\u00ad‐]\s*\n\s*", "", text.casefold())
    text = re.sub(r"[“”«»„]", '"', text)
    text = re.sub(r"[‘’‚]", "'", text)
    text = re.sub(r"[‐‑‒–—−-]", "-", text)
    return re.sub(r"\s+", " ", text.replace("\u00ad", "")).strip()


def _within(quote: str, text: str) -> bool:
    """Whether the quotation's parts stand in a folded text, in order, dots leaving words out."""
    at = 0
    for part in re.split(r"\s*(?:\[?\.\.\.\]?|\[?…\]?)\s*", quote):
        words = folded(part).rstrip(".,;:!?")
        place = text.find(words, at)
        if place < 0:
            return False
        at = place + len(words)
    return True


def _attributed(text: str, sentence: tuple[int, int], start: int, end: int) -> bool:
    """Whether the sentence gives the words to the user or to something the user provided."""
    low, high = max(sentence[0], start - NEARBY), min(sentence[1], end + NEARBY)
    return bool(ATTRIBUTED.search(f"{text[low:start]} … {text[end : max(high, end)]}"))


def link_claims(answer: str, evidence: Evidence) -> list[Claim]:
    """A claim for each address: given when the user or a tool named it, else contradicted."""
    known = {bare_address(evidence.linked[slice(*span)]) for span in urls(evidence.linked)}
    claims = []
    for start, end in urls(without_code(answer)):
        text = answer[start:end]
        if bare_address(text) in known:
            claims.append(Claim("link", "given", start, end, text, evidence=("input",)))
        else:
            note = "this address does not come from the conversation"
            claims.append(Claim("link", "contradicted", start, end, text, note=note))
    return claims


def bare_address(address: str) -> str:
    """An address without scheme, "www.", fragment and closing slash, its host in lower case."""
    if "//" not in address:
        address = "http://" + address
    try:
        parts = urlsplit(address)
    except ValueError:  # a broken IPv6 host
        return address
    query = f"?{parts.query}" if parts.query else ""
    return parts.netloc.lower().removeprefix("www.") + parts.path.rstrip("/") + query


def code_claims(answer: str, evidence: Evidence) -> list[Claim]:
    """A claim for each code block: run in this conversation, not run, or not even code; and
    for each block of output: printed by a run, the caller's, or made up."""
    told = [(run, checked(run)) for run in evidence.executions]
    checks = [check for _, check in told if check]
    others = [run for run, check in told if not check]
    runs = {normal_code(run.code): run.execution_id for run in reversed(others)}
    return [
        _output_claim(answer, fence, evidence)
        if fence.language in OUTPUT
        else _code_claim(answer, fence, runs, checks)
        for fence in fences(answer)
    ]


def _output_claim(answer: str, fence: Fence, evidence: Evidence) -> Claim:
    start, end, shown = fence.start, fence.end, _lines(fence.code)
    text = answer[start:end]
    for run in evidence.executions:
        if shown in _lines(f"{run.output}\n{run.result}\n{run.error}"):
            return Claim(
                "code", "computed", start, end, text, evidence=(run.execution_id,), note="printed"
            )
    if shown in _lines(evidence.asked):
        return Claim("code", "given", start, end, text, note="the caller's")
    return Claim("code", "contradicted", start, end, text, note=NO_RUN)


def _lines(text: str) -> str:
    """The lines that hold anything, evenly spaced, each between line breaks: one such text
    is part of another only by whole lines, so that 4 is no part of 14."""
    kept = [" ".join(line.split()) for line in text.splitlines()]
    return "\n" + "".join(f"{line}\n" for line in kept if line)


def _code_claim(
    answer: str, fence: Fence, runs: dict[str | None, str], checks: list[Checked]
) -> Claim:
    start, end = fence.start, fence.end
    text = answer[start:end]
    normal = normal_code(fence.code)
    if normal is None and fence.language in PYTHON:
        return Claim("code", "contradicted", start, end, text, note="does not parse")
    if normal is not None and (run := runs.get(normal)):
        return Claim("code", "computed", start, end, text, evidence=(run,), note="run")
    of_this = [check for check in checks if _holds(check, fence.code, normal)]
    ran = [check.execution_id for check in of_this if check.ran]
    if ran:
        return Claim("code", "computed", start, end, text, evidence=(ran[-1],), note="run")
    note = "not run"
    if of_this:
        note = "parsed, not run" if of_this[-1].loaded else "its run failed"
    return Claim("code", "stated", start, end, text, note=note)


def _holds(check: Checked, code: str, normal: str | None) -> bool:
    """Whether what was checked has the block: the whole text, or its statements in a row."""
    texts = dict(check.plan.files)
    reached = [texts[name] for name in check.plan.reached]
    if check.plan.language != "python" or normal is None:
        return any(_lines(code) == _lines(text) for text in reached)
    wanted = f"\n{normal}\n"
    return bool(normal) and any(wanted in f"\n{normal_code(text)}\n" for text in reached)


def normal_code(code: str) -> str | None:
    """Python code without comments, layout and shell lines; None when it does not parse."""
    if PROMPT_LINE.match(code.lstrip()):
        code = "\n".join(PROMPT_LINE.findall(code))
    lines: Iterable[str] = textwrap.dedent(code).replace("\0", "\ufffd").splitlines()
    code = "\n".join(line for line in lines if not re.match(r"\s*[!%]", line))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # odd escapes in somebody else's strings
            return ast.unparse(ast.parse(code))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
