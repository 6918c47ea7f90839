"""IFEval's instructions: what follows each, and what does not."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from answers import said
from hypothesis import given
from hypothesis import strategies as st

from pellucid.core.errors import BadRequest
from pellucid.evals import tasks
from pellucid.evals.instructions import CHECKERS, followed, follows, sentences
from pellucid.evals.task import Question

CASES: list[tuple[str, Mapping[str, Any], str, str]] = [
    ("change_case:capital_word_frequency", {"capital_relation": "at least", "capital_frequency": 2},
     "We MUST go NOW.", "We MUST go."),
    ("combination:repeat_prompt", {"prompt_to_repeat": "Say hi."}, " say HI. Hi!", "Hi! Say hi."),
    ("combination:two_responses", {}, "One.\n******\nTwo.", "One.\n******\nOne."),
    ("combination:two_responses", {}, "a******b******", "a******b******c"),
    ("detectable_content:number_placeholders", {"num_placeholders": 2}, "[name] of [place]", "[x]"),
    ("detectable_content:postscript", {"postscript_marker": "P.P.S"}, "Hi.\nP. P.S. Bye", "P.S."),
    ("detectable_content:postscript", {"postscript_marker": "P.S."}, "Hi.\nP.S. Bye", "Hi."),
    ("detectable_format:constrained_response", {}, "My answer is no.", "No."),
    ("detectable_format:json_format", {}, '```JSON\n{"a": 1}\n```', '{"a": 1'),
    ("detectable_format:multiple_sections", {"section_spliter": "Part", "num_sections": 2},
     "Part 1\na\nPart 2\nb", "Part one, Part 2"),
    ("detectable_format:number_bullet_lists", {"num_bullets": 2}, "* a\n- b", "* a\n* b\n* c"),
    ("detectable_format:number_highlighted_sections", {"num_highlights": 2}, "*a* *b*", "*a* **"),
    ("detectable_format:title", {}, "<<A poem>>\nx", "<<>> <A poem>"),
    ("keywords:existence", {"keywords": ["sun", "moon"]}, "Sun and MOON", "sunny day"),
    ("keywords:forbidden_words", {"forbidden_words": ["rock"]}, "rocks", "The Rock!"),
    ("keywords:frequency", {"relation": "at least", "keyword": "war", "frequency": 2},
     "War. Postwar.", "war"),
    ("keywords:letter_frequency", {"let_relation": "less than", "letter": "T", "let_frequency": 2},
     "one t", "Two of it"),
    ("length_constraints:nth_paragraph_first_word",
     {"num_paragraphs": 2, "nth_paragraph": 2, "first_word": "Then"}, "A.\n\n'Then", "Then\n\nB"),
    ("length_constraints:nth_paragraph_first_word",
     {"num_paragraphs": 1, "nth_paragraph": 1, "first_word": "so"}, "So it is", "So.\n\nso"),
    ("length_constraints:number_paragraphs", {"num_paragraphs": 2}, "a\n***\nb\n***", "a\n\nb"),
    ("length_constraints:number_paragraphs", {"num_paragraphs": 2}, "a *** b", "a *** *** b"),
    ("length_constraints:number_sentences", {"relation": "less than", "num_sentences": 3},
     "Mr. A went. He left.", "A. B went! He left? It is 3."),
    ("length_constraints:number_words", {"relation": "at least", "num_words": 3}, "a b-c", "a, b"),
    ("punctuation:no_comma", {}, "a b", "a, b"),
    ("startend:end_checker", {"end_phrase": " The end. "}, 'So: "the END."', "The end. Really."),
    ("startend:quotation", {}, ' "a" ', '"a" b'),
]  # fmt: skip
LANGUAGES: list[tuple[str, Mapping[str, Any], str, str]] = [
    ("change_case:english_capital", {}, "THIS IS WRITTEN IN CAPITAL LETTERS", "This is not so"),
    ("change_case:english_lowercase", {}, "all of this is written small", "It is not so"),
    ("change_case:english_lowercase", {}, "the weather is nice today", "heute ist es wieder schön"),
    ("language:response_language", {"language": "ru"}, "Сегодня хорошая погода.", "Fine weather."),
]  # fmt: skip


@pytest.mark.parametrize(("name", "given", "right", "wrong"), CASES)
def test_an_instruction(name: str, given: Mapping[str, Any], right: str, wrong: str) -> None:
    assert follows(name, given, right)
    assert not follows(name, given, wrong)
    assert not follows(name, given, "  ")


@pytest.mark.parametrize(("name", "given", "right", "wrong"), LANGUAGES)
def test_a_language(name: str, given: Mapping[str, Any], right: str, wrong: str) -> None:
    pytest.importorskip("py3langid")
    assert follows(name, given, right)
    assert not follows(name, given, wrong)


def test_every_checker_is_tested() -> None:
    assert {name for name, *_ in [*CASES, *LANGUAGES]} == set(CHECKERS)


def test_all_instructions_must_be_followed() -> None:
    row = {
        "instruction_id_list": ["punctuation:no_comma", "startend:quotation"],
        "kwargs": [{}, {}],
    }
    question = Question("q", ("?",), row=row)
    good = followed(question, said('"fine"'))
    assert (good.right, good.counts) == (True, {"instructions": 2, "followed": 2})
    bad = followed(question, said("fine"))
    assert (bad.right, bad.counts["followed"]) == (False, 1)
    assert bad.note == "not followed: startend:quotation"


def test_an_instruction_nobody_knows() -> None:
    with pytest.raises(BadRequest, match="no checker for x:y"):
        follows("x:y", {}, "a")


def test_the_set_asks_for_nothing_unknown(data: Path) -> None:
    for question in tasks.questions("ifeval", data, None):
        assert set(question.row["instruction_id_list"]) <= set(CHECKERS)


@given(st.lists(st.sampled_from(("It rains.", "Is it so?", "Go!", "He has 3 cats.")), min_size=1))
def test_sentences_are_found_one_by_one(told: list[str]) -> None:
    assert sentences(" ".join(told)) == told
