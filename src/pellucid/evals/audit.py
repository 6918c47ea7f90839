"""An independent audit of released answers: actions that did not happen, wrong arithmetic.

It checks the verifier, so it shares no code with it and reads by another method: words as
clauses (subject, auxiliaries, verb, object, means) for actions, Python's syntax tree over
fractions for arithmetic. Pure and deterministic.
"""

import ast
import re
from collections.abc import Sequence

from pellucid.core.claims import Claim
from pellucid.core.items import Item
from pellucid.evals.audit_abroad import deeds_abroad
from pellucid.evals.audit_arithmetic import statements
from pellucid.evals.audit_clauses import own_deeds
from pellucid.evals.audit_output import shown_output
from pellucid.evals.audit_record import record_of
from pellucid.evals.audit_signs import deeds_without_i
from pellucid.evals.audit_sums import Statement
from pellucid.evals.audit_text import blocks, own_words, prose, sentences

CORRECTED = re.compile(r"corrected: (?P<before>'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\") to ")
"""How a removal tells that a statement was rewritten; both sides are Python literals."""


def false_actions(answer: str, items: Sequence[Item]) -> tuple[str, ...]:
    """The sentences of an answer that claim an action of which the items hold no evidence.

    `items` are those of the turn, or of the conversation so far: tool calls, their results
    with executions, and the user's messages, which are evidence of texts that can be read.
    Offers, refusals, conditions, instructions, questions, quotations and what others did
    are no claims. What is presented as printed counts too when no execution printed it.
    """
    record = record_of(items)
    said = [
        sentence.text
        for sentence in sentences(own_words(answer))
        if not sentence.asks
        and not all(
            record.proves(deed)
            for deed in (
                *own_deeds(sentence.words),
                *deeds_without_i(sentence.words, sentence.text),
                *deeds_abroad(sentence.text),
            )
        )
    ]
    outputs = [
        line
        for line, output in shown_output(blocks(answer), prose(answer), record.asked)
        if not record.shows(output)
    ]
    return tuple(dict.fromkeys([*said, *outputs]))


def wrong_arithmetic(answer: str, claims: Sequence[Claim]) -> tuple[str, ...]:
    """The false arithmetic statements of an answer that no claim marks as contradicted."""
    marked = _contradicted(claims)
    return tuple(
        each.text
        for each in statements(answer)
        if each.judgement == "false" and not _meets(each, marked)
    )


def false_alarms(
    answer: str, claims: Sequence[Claim], removed: Sequence[str] = ()
) -> tuple[str, ...]:
    """The true arithmetic statements that are marked contradicted, or were corrected away.

    `removed` is what `Verdicts.removed` lists of the corrections made to the answer.
    """
    found = statements(answer)
    wrongly: list[str] = []
    for start, end in _contradicted(claims):
        wrongly += _all_true([each for each in found if each.start < end and start < each.end])
    for told in removed:
        if corrected := CORRECTED.match(told):
            wrongly += _all_true(statements(ast.literal_eval(corrected["before"])))
    return tuple(dict.fromkeys(wrongly))


def _all_true(found: Sequence[Statement]) -> list[str]:
    """The statements under one mark when all hold; one wrong link is reason enough for it."""
    return [each.text for each in found if all(e.judgement == "true" for e in found)]


def _contradicted(claims: Sequence[Claim]) -> list[tuple[int, int]]:
    kinds = ("equation", "number")
    return [(c.start, c.end) for c in claims if c.verdict == "contradicted" and c.kind in kinds]


def _meets(statement: Statement, ranges: Sequence[tuple[int, int]]) -> bool:
    return any(start < statement.end and statement.start < end for start, end in ranges)
