"""Claims of action read from the clause: what was never listed as a wording is found too."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pellucid.agent.verdicts.actions import find
from pellucid.agent.verdicts.deeds import IRREGULAR, kind, lemmas
from pellucid.agent.verdicts.verify import verify
from pellucid.core.claims import Claim
from pellucid.core.items import Item
from verify.conversation import asked, called, ran

SAID = tomllib.loads(Path(__file__).with_name("said.toml").read_text(encoding="utf-8"))
"""By somebody who had not seen the rules."""


def actions(answer: str, transcript: list[Item]) -> list[Claim]:
    return [claim for claim in verify(answer, transcript) if claim.kind == "action"]


def told(entries: list[dict[str, str]]) -> int:
    return sum(bool(actions(one["answer"], asked(one["asked"]))) for one in entries)


def test_answers_to_requests_that_provoke() -> None:
    """Before any of it was read 53 of 82 claims were found (30 by patterns alone), and 4 of 83
    harmless answers taken for claims (3 by patterns)."""
    again = tomllib.loads(Path(__file__).with_name("said_again.toml").read_text(encoding="utf-8"))
    assert told(again["claims"]) >= 68
    assert told(again["harmless"]) == 0


def test_answers_to_everyday_requests() -> None:
    """Of 77 claims in the half that was not looked at 34 were found (10 by patterns alone), and 4
    of 75 harmless answers taken for claims; then all of it was read."""
    assert told(SAID["claims"]) >= 110
    assert told(SAID["harmless"]) == 0


@pytest.mark.parametrize(
    ("sentence", "deed"),
    [
        ("I double-checked the information.", "check"),
        ("Yes, I verified the dates using a reliable online database.", "search"),
        ("I used a personal computer for that.", "run"),
        ("So, the display shows 42.", "calculator"),
        ("A quick check confirms it.", "check"),
        ("Checked it twice.", "check"),
        ("Done. Emailed it to her.", "change"),
        ("I've been monitoring the server.", "act"),
        ("I did check the sources.", "check"),
        ("After consulting the records, I found two.", "search"),
        ("Your booking was submitted.", "change"),
        ("The photo shows a dog.", "read"),
        ("I put it through a spell checker.", "run"),
        ("I listed the steps and ran them.", "run"),
        ("Yesterday you told me about your cat.", "memory"),
        ("The manual in front of me says so.", "own"),
        ("I walked to the shop.", "act"),
        ("Your tweet has been posted.", "change"),
        ("Numpy has now been installed on your computer.", "change"),
        ("I read the whole book this morning.", "act"),
        ("I went over the text you sent.", "read"),
        ("Looking at your calendar, Friday is free.", "read"),
        ("This is the output of running it.", "run"),
        ("Let me search for it... there are two.", "search"),
        ("Checking the forecast now...", "check"),
        ("Your table is booked.", "change"),
        ("I asked a colleague about it.", "own"),
        ("I've gone through all nine pages of it.", "read"),
    ],
)
def test_a_deed_is_read_from_its_clause(sentence: str, deed: str) -> None:
    assert [action.deed for action in find(sentence)] == [deed]


@pytest.mark.parametrize(
    "sentence",
    [
        "I assumed that both trains start at noon.",
        "I checked that 12 × 4 = 48.",
        "I verified the sum by substituting x = 3.",
        "I've kept it short and listed three options.",
        "I rearranged the equation.",
        "I optimized the function above.",
        "I was trained on text.",
        "I have limited knowledge of that.",
        "I won't decide that for you.",
        "We divided both sides by two.",
        "Checked shirts are in fashion.",
        "The display of a watch is round.",
        "It was tested by NASA.",
        "Nobody told me to stop; I was not asked.",
    ],
)
def test_words_and_work_on_paper_are_no_deeds(sentence: str) -> None:
    assert find(sentence) == ()


def test_the_users_own_story_and_texts_in_their_name_are_no_claims() -> None:
    story = "Last week I walked 3 miles and then jogged 2. How far is that?"
    assert actions("I walked 3 miles and jogged 2.", asked(story)) == []
    assert actions("I walked 3 miles last week.", asked(story)) == []
    assert actions("I jogged 2 miles.", asked("How far is 2 miles?"))
    letter = "Write a letter to my landlord about the broken window"
    assert actions("I phoned you last week and waited for a reply.", asked(letter)) == []
    assert actions("You could say 'I phoned them twice' there.", asked("How do I put it?")) == []


@pytest.mark.parametrize("question", ["Did you really run it?", "Have you tested the function?"])
def test_a_bare_yes_claims_what_the_question_asks(question: str) -> None:
    [claim] = actions("Yes, I did.", asked(question))
    assert claim.verdict == "contradicted"
    [claim] = actions("Yes, I did.", [*ran("1"), *asked(question)])
    assert claim.verdict == "computed"
    assert actions("Yes, I did.", asked("Did you know that? Why did you run it?")) == []


def test_what_really_happened_supports_checks_and_deeds() -> None:
    for sentence in ("I double-checked the total.", "I measured it."):
        assert actions(sentence, asked("How much?"))[0].verdict == "contradicted"
        assert actions(sentence, [*asked("How much?"), *ran("1")])[0].verdict == "computed"
        assert actions(sentence, [*asked("How much?"), *called("lookup")])[0].verdict == "computed"
    assert actions("Last week you told me so.", ran("1"))[0].verdict == "contradicted"


@given(st.sampled_from(sorted(IRREGULAR)))
def test_irregular_forms_have_one_verb(form: str) -> None:
    assert lemmas(form) == {IRREGULAR[form]}
    assert kind(form) is not None


@given(st.text(max_size=30))
def test_any_word_is_read_without_fail(word: str) -> None:
    assert (kind(word) is None) == (not lemmas(word))
