"""Claims of action are found, and stand only on what really happened."""

import pytest

from pellucid.agent.verdicts.actions import find
from pellucid.agent.verdicts.verify import verify
from pellucid.core.claims import Claim
from pellucid.core.items import Item
from verify.conversation import asked, called, ran
from verify.sentences import (
    CLAIMS,
    FOREIGN_CLAIMS,
    FOREIGN_NO_CLAIMS,
    FURTHER_CLAIMS,
    FURTHER_NO_CLAIMS,
    LATEST_CLAIMS,
    LATEST_NO_CLAIMS,
    LIVED_CLAIMS,
    MORE_CLAIMS,
    MORE_NO_CLAIMS,
    NO_CLAIMS,
)

LABELLED = [(deed, sentence) for deed, group in CLAIMS.items() for sentence in group]
POSITIVE = [*(sentence for _, sentence in LABELLED), *MORE_CLAIMS, *LATEST_CLAIMS]
POSITIVE += [*FURTHER_CLAIMS, *FOREIGN_CLAIMS, *LIVED_CLAIMS]
NEGATIVE = [*NO_CLAIMS, *MORE_NO_CLAIMS, *LATEST_NO_CLAIMS]
NEGATIVE += [*FURTHER_NO_CLAIMS, *FOREIGN_NO_CLAIMS]


def actions(answer: str, transcript: list[Item]) -> list[Claim]:
    return [claim for claim in verify(answer, transcript) if claim.kind == "action"]


@pytest.mark.parametrize(("deed", "sentence"), LABELLED)
def test_a_claim_is_found_with_its_kind(deed: str, sentence: str) -> None:
    assert deed in {action.deed for action in find(sentence)}


def test_precision_and_recall() -> None:
    """On the sets that were new to them the patterns first had recall 54/70, precision 54/58."""
    found = [sentence for sentence in POSITIVE if find(sentence)]
    wrongly = [sentence for sentence in NEGATIVE if find(sentence)]
    assert sorted(set(POSITIVE) - set(found)) == []
    assert wrongly == []


def test_what_takes_a_clause_back_reaches_over_and() -> None:
    assert find("I never did it and I ran the code.") == ()
    assert find("I never did it, but I ran the code.")


def test_a_letter_written_for_the_user_claims_nothing() -> None:
    text = (
        "Here it is:\n\n**Subject:** Tests\n\nDear Ms Lopez,\n\nI ran the tests last night.\n\n"
        "Best regards,\n[Your Name]\n\nI searched the web for this. Dear me, I ran the code."
    )
    assert [text[found.start : found.end] for found in find(text)] == [
        "I searched",
        "I ran the code",
    ]


def test_claims_stand_in_their_sentences_and_not_in_code() -> None:
    text = "Fine. I ran the code, I searched the web.\n```\nI ran the code.\n```\nDone."
    assert [text[found.start : found.end] for found in find(text)] == [
        "I ran the code",
        "I searched",
    ]


SUPPORT = [
    ("I ran the code.", ran("1"), "ex-1"),
    ("I ran the code and it failed.", ran("", outcome="error"), "ex-1"),
    ("All tests passed.", ran("1"), "ex-1"),
    ("All tests passed.", ran("", outcome="error"), None),
    ("I ran the code.", [], None),
    ("The calculator displays 12.", ran("12"), "ex-1"),
    ("The calculator displays 13.", ran("12"), None),
    ("A calculator confirms this.", ran("12"), "ex-1"),
    ("I searched the web.", called("web_search"), "call-web_search"),
    ("I searched the web.", called("web_search", failed=True), None),
    ("I searched the web.", called("get_weather"), None),
    ("I searched the web.", ran("1"), None),
    ("I opened the page.", called("browser.open"), "call-browser.open"),
    ("I read the file.", called("read_file"), "call-read_file"),
    ("I read the file.", ran("3", "print(len(open('a.csv').read()))"), "ex-1"),
    ("I read the file.", ran("3"), None),
    ("I saved the chart to plot.png.", ran("", "plt.savefig('plot.png')"), "ex-1"),
    ("I saved the chart to plot.png.", ran("1"), None),
    ("I sent the email.", called("send_email"), "call-send_email"),
    ("I ran it on my laptop. It works on my machine.", ran("1"), None),
]


@pytest.mark.parametrize(("answer", "done", "proof"), SUPPORT)
def test_what_supports_a_claim(answer: str, done: list[Item], proof: str | None) -> None:
    claim = actions(answer, [*asked("Do it."), *done])[-1]
    assert claim.verdict == ("contradicted" if proof is None else "computed")
    assert claim.evidence == (() if proof is None else (proof,))
    assert bool(claim.note) == (proof is None)


def test_a_document_in_the_question_may_be_said_to_be_read() -> None:
    pasted = asked("Here is the report: " + "word " * 60)
    (read,) = actions("I read the report.", pasted)
    (searched,) = actions("I searched the web.", pasted)
    assert (read.verdict, read.evidence) == ("given", ("input",))
    assert searched.verdict == "contradicted"
