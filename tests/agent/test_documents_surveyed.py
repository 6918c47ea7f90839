"""Surveys: what is asked of the reader, what of the model, and what is told in the end."""

import json
from dataclasses import replace

import pytest

from agent.works import work
from pellucid.agent.judge import TOLD
from pellucid.agent.policy import next_step
from pellucid.agent.survey import chosen, points
from pellucid.agent.verdicts.verify import verify
from pellucid.agent.work import Act, Judge, Release, Tell, Think, Work
from pellucid.core.constraint import JsonSchema
from pellucid.core.effort import EffortName
from pellucid.core.items import Item, Reasoning, ToolCall, ToolResult, Verdicts
from pellucid.core.reading import Found

QUESTION = "What are the two main recommendations of this document?"
ROPE, SAIL, PAINT = "Never lock wet ropes in.", "Always dry a sail first.", "Paint it all white."
RESULT = (
    f"90 pages\n\n[1] guide.pdf, page 3\n{ROPE}\n\n[2] guide.pdf, page 41\n{SAIL}\n\n"
    f"[2] guide.pdf, page 40\n{PAINT}"
)


def surveying(
    *items: Item, question: str = QUESTION, effort: EffortName = "medium", **changes: object
) -> Work:
    return work(*items, question=question, route="read", effort=effort, **changes)


def judged(text: str, percent: int) -> Reasoning:
    return Reasoning(TOLD.format(value=text, percent=percent))


CALL = ToolCall("t_reader_0", "reader", "{}")
FOUND = (CALL, ToolResult("t_reader_0", RESULT))


@pytest.mark.parametrize(
    ("question", "effort", "asked"),
    [
        (QUESTION, "medium", 2),
        ("List the top 12 findings.", "low", 12),
        ("Summarize it in three points", "low", 3),
        ("Give me 99 key ideas", "low", 25),
        ("Summarise the report", "low", 5),
        ("TL;DR", "high", 12),
    ],
)
def test_how_many_points_there_are(question: str, effort: EffortName, asked: int) -> None:
    assert points(question, effort) == asked


@pytest.mark.parametrize(
    ("question", "surveyed"),
    [
        (QUESTION, True),
        ("What is this document about?", True),
        ("Give me an overview of the book.", True),
        ("Which key bindings move to the end of the line?", False),
        ("What is the main program called?", False),
        ("What does the document say about anchors?", False),
    ],
)
def test_what_is_surveyed_and_what_is_looked_up(question: str, surveyed: bool) -> None:
    step = next_step(surveying(question=question))
    assert isinstance(step, Tell)
    assert isinstance(step.items[0], ToolCall)
    assert ("survey" in json.loads(step.items[0].text)) == surveyed


def test_more_parts_are_read_than_points_are_told_where_the_effort_allows() -> None:
    step = next_step(surveying())
    assert isinstance(step, Tell)
    assert json.loads(step.items[0].text) == {"survey": QUESTION, "parts": 3, "each": 3}
    assert next_step(surveying(CALL)) == Act(CALL)


def test_the_sentences_of_a_part_are_judged_together() -> None:
    first = next_step(surveying(*FOUND))
    assert isinstance(first, Judge)
    assert first.values == (ROPE,)
    second = next_step(surveying(*FOUND, judged(ROPE, 90)))
    assert isinstance(second, Judge)
    assert second.values == (SAIL, PAINT)
    assert SAIL in second.prompts[0].items[-1].text


def test_points_are_words_of_the_document_with_their_places() -> None:
    sure = (judged(ROPE, 90), judged(SAIL, 60), judged(PAINT, 50))
    step = next_step(surveying(*FOUND, *sure))
    assert isinstance(step, Release)
    text = step.items[0].text
    assert text.startswith(f"1. guide.pdf, page 3\n> {ROPE}\n\n2. guide.pdf, page 41\n> {SAIL}\n\n")
    assert "all 90 pages were compared" in text
    assert text.endswith("stand here: guide.pdf, pages 3, 40, 41.")
    verdicts = step.items[1]
    assert isinstance(verdicts, Verdicts)
    assert [(one.kind, one.verdict) for one in verdicts.claims] == [
        ("quotation", "read"),
        ("quotation", "read"),
        ("number", "read"),
    ]
    assert step.reason == "answered"


def test_reader_and_model_choose_together() -> None:
    a, b, c = (Found("f, page 1", text, number) for text, number in (("a", 1), ("b", 1), ("c", 2)))
    assert chosen([a, b, c], {}, 9) == [a, c]
    assert chosen([a, b, c], {"a": 0.2, "b": 0.9, "c": 0.5}, 1) == [c]
    assert chosen([a, b, c], {"a": 0.9, "b": 0.2, "c": 0.5}, 1) == [a]


def test_a_limit_ends_with_what_was_found() -> None:
    step = next_step(surveying(*FOUND, out_of="the turn ran into its deadline"))
    assert isinstance(step, Release)
    assert ROPE in step.items[0].text
    assert step.items[0].text.endswith("the turn ran into its deadline.")
    assert step.reason == "limit"
    early = next_step(surveying(out_of="the turn ran into its deadline"))
    assert isinstance(early, Release)
    none = surveying(CALL)
    none.budget.calls.spend(none.budget.calls.left or 0)
    assert isinstance(next_step(none), Release)


def test_where_no_sentence_stands_alone_the_question_is_looked_up() -> None:
    step = next_step(surveying(CALL, ToolResult("t_reader_0", "Nothing.", failed=True)))
    assert isinstance(step, Tell)
    assert isinstance(step.items[0], ToolCall)
    assert "search" in json.loads(step.items[0].text)


def test_an_answer_in_a_form_is_written_from_the_sentences() -> None:
    stage = surveying(*FOUND)
    stage = replace(stage, turn=replace(stage.turn, form=JsonSchema('{"type": "object"}')))
    step = next_step(stage)
    assert isinstance(step, Think)
    assert step.purpose == "answer"


def test_cited_places_are_no_claims_but_unknown_ones_are() -> None:
    transcript = (CALL, ToolResult("t_reader_0", RESULT))
    known = "Read: guide.pdf, pages 3, 41; and guide.pdf, page 40."
    assert verify(known, transcript) == ()
    numbers = [(c.text, c.verdict) for c in verify("See guide.pdf, pages 3, 77.", transcript)]
    assert ("77", "stated") in numbers
