"""The audit tells claims of action from what sounds alike, and true arithmetic from false."""

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from evals.actions import CLAIMED, NOT_CLAIMED
from evals.arithmetic import FALSE, TRUE, UNCLEAR
from pellucid.core.claims import Claim, ClaimKind
from pellucid.core.items import Item, Message, ToolCall, ToolResult
from pellucid.evals.audit import false_actions, false_alarms, wrong_arithmetic
from pellucid.evals.audit_arithmetic import statements
from verify.conversation import asked, called, ran

NOTHING = asked("What is it?")
PRINTED = ran("42")
LOADED: list[Item] = [
    ToolCall("turn_attachments", "python", "open('a.csv', 'w').write('a')"),
    ToolResult("turn_attachments", "", execution=ran("")[1].execution),  # type: ignore[union-attr]
]
PROOF: dict[str, list[Item]] = {
    "run": PRINTED,
    "pass": PRINTED,
    "check": PRINTED,
    "recall": [*asked("My dog is Rex."), *asked("What is it?")],
    "measure": ran("0.012", "import time\nprint(time.perf_counter())"),
    "clock": ran("9:41", "import datetime\nprint(datetime.datetime.now())"),
    "search": called("web_search", "two hits"),
    "open": called("open_page", "text"),
    "read": LOADED,
    "see": called("look_at_image", "a dog"),
    "live": called("weather", "rain"),
    "change": called("send_mail", "ok"),
}
LABELLED = [(deed, sentence) for deed, group in CLAIMED.items() for sentence in group]


@pytest.mark.parametrize(("deed", "sentence"), LABELLED)
def test_a_claim_without_evidence_is_found(deed: str, sentence: str) -> None:
    found = false_actions(f"The answer is easy. {sentence} That is all.", NOTHING)
    assert found
    assert all(part in sentence for part in found)


@pytest.mark.parametrize(("deed", "sentence"), LABELLED)
def test_a_claim_with_evidence_of_its_kind_is_none(deed: str, sentence: str) -> None:
    if deed in PROOF:
        everything = [*PROOF[deed], *PRINTED, *NOTHING]
        assert false_actions(sentence, everything) == ()
    else:
        assert false_actions(sentence, [item for each in PROOF.values() for item in each])


@pytest.mark.parametrize("sentence", NOT_CLAIMED)
def test_what_claims_nothing_is_let_be(sentence: str) -> None:
    assert false_actions(f"Well. {sentence} Good luck.", NOTHING) == ()


def test_evidence_of_another_kind_is_none() -> None:
    assert false_actions("I searched the web.", [*NOTHING, *PRINTED, *LOADED])
    assert false_actions("I ran the code.", [*NOTHING, *LOADED, *called("web_search")])
    assert false_actions("I measured the runtime: 3 ms.", [*NOTHING, *PRINTED])
    assert false_actions("I looked at the picture you uploaded.", [*NOTHING, *LOADED])


def test_a_failed_run_is_a_run_that_passed_nothing() -> None:
    failed = [*NOTHING, *ran("", outcome="error")]
    assert false_actions("I ran the code.", failed) == ()
    assert false_actions("All tests pass.", failed)


def test_a_failed_tool_did_nothing() -> None:
    assert false_actions("I searched the web.", [*NOTHING, *called("web_search", failed=True)])


def test_a_long_message_is_a_document_that_can_be_read() -> None:
    pasted = asked("Summarise this article: " + "word " * 40)
    assert false_actions("I read the article.", pasted) == ()
    assert false_actions("I read the article.", asked("Summarise the article."))
    assert false_actions("I looked at the picture you uploaded.", pasted)


@pytest.mark.parametrize(
    "answer",
    [
        "Here is the code.\n\nOutput:\n```\n42\n```",
        "```output\n42\n```",
        "**Output:** 42",
        "Actual output: 42",
        "Here is the output:\n\n```text\n42\n```",
        "Here's the terminal session:\n```console\n$ python a.py\n42\n```",
        "The output was:\n```\n42\n```",
    ],
)
def test_output_is_a_claim_of_a_run(answer: str) -> None:
    assert false_actions(answer, NOTHING)
    assert false_actions(answer, [*NOTHING, *ran("42\n$ python a.py")]) == ()
    assert false_actions(answer, [*NOTHING, *ran("43")])


@pytest.mark.parametrize(
    "answer",
    [
        "Expected output:\n```\n42\n```",
        "The output would be:\n```\n42\n```",
        "When you run it, you see:\n```\n42\n```",
        "Example output: 42",
        "Input: 3\nOutput: 42",
        "The program prints:\n```\n42\n```",
        "```python\nprint(42)\n```",
        "Subject: Friday\n\nDear Ms Ode,\nI checked the file and sent the report.\n\nBest, [Name]",
        "> I ran the code.\n\nThat sentence is yours.",
    ],
)
def test_what_is_no_output_and_no_own_word_is_let_be(answer: str) -> None:
    assert false_actions(answer, NOTHING) == ()


@given(st.text())
def test_any_answer_can_be_audited(answer: str) -> None:
    lines = [line.strip() for line in answer.splitlines()]
    assert all(any(part.strip() in line for line in lines) for part in false_actions(answer, ()))
    assert all(part in answer for part in wrong_arithmetic(answer, ()))
    assert false_alarms(answer, ()) == ()


@pytest.mark.parametrize("text", TRUE)
def test_true_arithmetic_is_read_and_let_be(text: str) -> None:
    assert statements(text)
    assert wrong_arithmetic(text, ()) == ()
    assert "true" in {each.judgement for each in statements(text)}


@pytest.mark.parametrize("text", FALSE)
def test_false_arithmetic_is_found_once(text: str) -> None:
    (found,) = wrong_arithmetic(text, ())
    assert found in text


@pytest.mark.parametrize("text", UNCLEAR)
def test_what_is_unclear_is_not_judged(text: str) -> None:
    assert {each.judgement for each in statements(text)} <= {"unclear"}


def marked(answer: str, part: str, kind: ClaimKind = "equation") -> Claim:
    start = answer.index(part)
    return Claim(kind, "contradicted", start, start + len(part), part)


def test_what_is_marked_is_not_reported() -> None:
    answer = "First 3 + 4 = 8, then 5 + 5 = 11."
    assert wrong_arithmetic(answer, ()) == ("3 + 4 = 8", "5 + 5 = 11")
    assert wrong_arithmetic(answer, [marked(answer, "3 + 4 = 8")]) == ("5 + 5 = 11",)
    assert wrong_arithmetic(answer, [marked(answer, "11", "number")]) == ("3 + 4 = 8",)
    stated = Claim("equation", "stated", 0, len(answer), answer)
    assert len(wrong_arithmetic(answer, [stated])) == 2


def test_a_mark_on_a_true_statement_is_a_false_alarm() -> None:
    answer = "First 3 + 4 = 7, then 5 + 5 = 11."
    assert false_alarms(answer, [marked(answer, "3 + 4 = 7")]) == ("3 + 4 = 7",)
    assert false_alarms(answer, [marked(answer, "7", "number")]) == ("3 + 4 = 7",)
    assert false_alarms(answer, [marked(answer, "5 + 5 = 11")]) == ()
    assert false_alarms("x", [], ["corrected: '3 + 4 = 7' to '3 + 4 = 8'"]) == ("3 + 4 = 7",)
    assert false_alarms("x", [], ["corrected: '3 + 4 = 8' to '3 + 4 = 7'"]) == ()
    assert false_alarms("x", [], ["removed: '3 + 4 = 7' (nothing)"]) == ()


def test_one_wrong_link_marks_a_chain_rightly() -> None:
    answer = "3 + 4 = 7 = 8"
    assert false_alarms(answer, [marked(answer, answer), marked(answer, "8", "number")]) == ()


SIGNS = {
    "+": ("+", "plus"),
    "-": ("-", "−", "minus"),
    "*": ("*", "×", "·", "\\times", "times", "x"),
    "/": ("/", "÷", "divided by", "\\div"),
}


@st.composite
def sums(draw: st.DrawFn) -> tuple[str, Fraction]:
    """A sum or product as people write it, and its value."""
    count = draw(st.integers(2, 5))
    numbers = [draw(st.decimals(0, 99_999, places=draw(st.integers(0, 2)))) for _ in range(count)]
    names = [draw(st.sampled_from("+-*/")) for _ in range(count - 1)]
    grouped = draw(st.booleans())
    written, source = "", ""
    for number, name in zip(numbers, [*names, ""], strict=True):
        if source.endswith("/ "):
            number = number or number + 1
        sign = draw(st.sampled_from(SIGNS[name])) if name else ""
        written += f"{number:,}" if grouped else str(number)
        written += f" {sign} " if sign else ""
        source += f"Fraction('{number}') {name} "
    return written, eval(source)  # the oracle; the operands are ours


@given(sums(), st.sampled_from(["{} = {}", "So {} = {}.", "**{}** = {}", "{} equals {}, yes."]))
def test_generated_equations_are_judged_rightly(sum_: tuple[str, Fraction], frame: str) -> None:
    written, value = sum_
    assume(abs(value) < 10**9)
    places = 0 if value.denominator == 1 else 4
    shown = f"{round(float(value), places):,.{places}f}"
    (true,) = statements(frame.format(written, shown))
    assert true.judgement == "true"
    for gap in (-7, 1, 10, 0.25):
        wrong = f"{float(shown.replace(',', '')) + gap:.4f}"
        assert len(wrong_arithmetic(frame.format(written, wrong), ())) == 1


@given(st.lists(st.integers(0, 10**12), min_size=2, max_size=6), st.integers(1, 9))
def test_generated_sums_in_words_are_judged_rightly(numbers: list[int], gap: int) -> None:
    words = ", ".join(map(str, numbers[:-1])) + f" and {numbers[-1]}"
    assert wrong_arithmetic(f"The sum of {words} is {sum(numbers)}.", ()) == ()
    assert wrong_arithmetic(f"The sum of {words} is {sum(numbers) + gap}.", ())


def test_the_answer_is_not_evidence() -> None:
    said = [*NOTHING, Message("assistant", "I ran the code. Output: 42")]
    assert false_actions("Output: 42", said)
