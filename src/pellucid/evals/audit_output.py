"""Output that an answer presents as printed: blocks and lines headed "Output:" and the like."""

import re
from collections.abc import Iterator, Sequence

from pellucid.evals.audit_text import Block
from pellucid.evals.audit_words import word_set

OUTPUT_LANGUAGES = word_set("output out stdout stderr result results")
PLAIN_LANGUAGES = word_set("text txt plaintext console terminal shell-session json") | {""}
TRANSCRIPT = re.compile(r"^(?:>>>|\$|%|In \[\d+\]:|C:\\[^>]*>|\w+[>#]) ?\S", re.MULTILINE)
LABEL = re.compile(
    r"^[>*_#\s-]*(?:(?:actual|real|program|console|terminal|script|python|test|calculator)\s+)?"
    r"(?:output|stdout|results? of (?:the )?(?:run|execution)|execution results?|calculator"
    r"(?: results?| display)?)\s*[*_]*:[*_]*",
    re.IGNORECASE,
)
HANDED = re.compile(
    r"\b(?:here(?:'s| is| are)|this is)\b.{0,30}\b(?:output|terminal|session|transcript|log)\b"
    r"|\b(?:output|result)s? (?:was|were)\b|\bterminal session\b|\bit printed\b",
    re.IGNORECASE,
)
TOLD = re.compile(r"\boutputs?\b[^.]*\b(?:is|are)\b|\bfollowing output\b|\bprints\b", re.IGNORECASE)
ASKED_TO_RUN = re.compile(r"\b(?:run|execute|compile|running|executing|stdout)\b", re.IGNORECASE)
HEDGED = re.compile(
    r"\b(?:expected|example|sample|would|will|should|could|might|may|if|possible|typical|likely"
    r"|when you|you (?:run|can|get|see)|hypothetical|illustrat\w+|simulated|imagin\w+"
    r"|something like|not|format)\b",
    re.IGNORECASE,
)
SPECIMEN = re.compile(r"\binput\b|\bexample", re.IGNORECASE)
"""Above a line "Output: 4" these make it part of a problem's statement."""


def shown_output(blocks: Sequence[Block], prose: str, asked: str) -> Iterator[tuple[str, str]]:
    """What is presented as the output of a run: where (a line to show) and what it says.

    To somebody who `asked` for a run, "the output is" presents one too.
    """
    yield from _in_blocks(blocks, to_run=bool(ASKED_TO_RUN.search(asked)))
    yield from _in_lines(prose)


def _in_blocks(blocks: Sequence[Block], to_run: bool) -> Iterator[tuple[str, str]]:
    for block in blocks:
        if HEDGED.search(block.before):
            continue
        headed = LABEL.match(block.before) or HANDED.search(block.before)
        told = to_run and TOLD.search(block.before)
        is_text = block.language in PLAIN_LANGUAGES or TRANSCRIPT.search(block.body)
        if block.language in OUTPUT_LANGUAGES or ((headed or told) and is_text):
            yield block.before or block.language, block.body


def _in_lines(prose: str) -> Iterator[tuple[str, str]]:
    above = ""
    for line in prose.splitlines():
        label = LABEL.match(line)
        rest = line[label.end() :].strip(" *`_") if label else ""
        if rest and not SPECIMEN.search(above) and not HEDGED.search(line):
            yield line.strip(), rest
        above = line if line.strip() else above
