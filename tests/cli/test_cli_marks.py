"""Answers with verdicts: readable with and without colour."""

from cli_samples import ANSWER, CLAIMS, claim
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from pellucid.cli.marks import LETTERS, STYLES, innermost, legend, marked
from pellucid.core.claims import Claim


def test_every_number_is_marked_in_words() -> None:
    assert marked(ANSWER, CLAIMS, letters=False).plain == snapshot(
        """\
48271964[given] - 19384756[given] is 28,887,208[computed], which is about half of 48271964[given].

Pi is 3.14[stated].\
"""
    )


def test_every_number_is_marked_with_a_letter_where_there_are_letters() -> None:
    assert marked(ANSWER, CLAIMS, letters=True).plain == snapshot(
        """\
48271964ᵍ - 19384756ᵍ is 28,887,208ᶜ, which is about half of 48271964ᵍ.

Pi is 3.14ˢ.\
"""
    )


def test_marks_carry_the_colour_of_their_verdict() -> None:
    text = marked("28 apples", (claim("28", "computed", answer="28 apples"),), letters=True)
    assert [(text.plain[s.start : s.end], s.style) for s in text.spans] == [
        ("28", "green"),
        ("ᶜ", "green not bold"),
    ]


def test_an_equation_is_marked_by_its_numbers() -> None:
    answer = "So 17 * 4 = 68."
    equation = claim("17 * 4 = 68", "derived", "17 * 4", answer=answer)
    numbers = [claim(n, "given", answer=answer) for n in ("17", "4")]
    shown = marked(answer, [equation, *numbers], letters=False).plain
    assert shown == "So 17[given] * 4[given] = 68."
    assert marked(answer, [equation], letters=False).plain == "So 17 * 4 = 68[derived]."


def test_the_legend_names_each_claim_once_with_its_evidence() -> None:
    shown = legend(CLAIMS, ["turn_1_e1"], letters=False).plain
    assert shown == snapshot(
        "28,887,208 computed (run 1) · 48271964, 19384756 given · 3.14 stated (no evidence)"
    )


def test_the_legend_says_why_something_is_contradicted() -> None:
    wrong = Claim("number", "contradicted", 0, 1, "5", note="17 + 4 is 21")
    assert legend([wrong], [], letters=False).plain == "5 contradicted (17 + 4 is 21)"


def test_there_is_a_style_and_a_distinct_letter_for_every_verdict() -> None:
    assert STYLES.keys() == LETTERS.keys()
    assert len(set(LETTERS.values())) == len(LETTERS)


def test_control_characters_of_an_answer_do_not_reach_the_terminal() -> None:
    answer = "It is \x1b[2J7\x9b."
    shown = marked(answer, [claim("7", "stated", answer=answer)], letters=False).plain
    assert shown == "It is ␛[2J7[stated]\ufffd."


spans = st.lists(
    st.tuples(st.integers(0, 30), st.integers(1, 10)).map(
        lambda one: Claim("number", "given", one[0], min(one[0] + one[1], 31), "")
    ),
    max_size=8,
)


@given(spans)
def test_marking_only_adds_marks(claims: list[Claim]) -> None:
    answer = "0123456789012345678901234567890"
    shown = marked(answer, claims, letters=False).plain
    assert shown.replace("[given]", "") == answer
    assert shown.count("[given]") == len(innermost(claims))
