"""The verdict on each number: what supports it, or what it contradicts."""

import pytest

from pellucid.agent.verdicts.verify import correct, findings, summary, verify
from pellucid.core.claims import Claim
from pellucid.core.items import Item, Message, Reasoning, ToolCall, ToolResult
from verify.conversation import asked, called, ran

SUBTRACT = "What is 48271964 - 19384756?"
TRAIN = (
    "A train leaves at 14:37 and arrives at 09:12 the next day. It stopped 4 times for "
    "seventeen minutes. How long was it moving?"
)


def numbers(answer: str, transcript: list[Item]) -> list[Claim]:
    return [claim for claim in verify(answer, transcript) if claim.kind == "number"]


CASES = [
    # given
    ("It stopped 4 times.", asked(TRAIN), "given"),
    ("It stopped for 17 minutes.", asked(TRAIN), "given"),
    ("It leaves at 2:37 PM.", asked(TRAIN), "given"),
    ("That is 12,000.", [Message("system", "Mind 12000.")], "given"),
    ("It has 23 degrees.", [*asked("How warm?"), *called("get_weather", "23 °C")], "given"),
    ("That is 0.125.", asked("Take 12.5% off."), "given"),
    ("About 5.", asked("Take 5."), "given"),
    # computed
    ("It is 28,887,208.", [*asked(SUBTRACT), *ran("28887208\n")], "computed"),
    ("It is 3.14.", [*asked("pi?"), *ran("3.14159265")], "computed"),
    ("It is 3.142.", [*asked("pi?"), *ran("3.14159265")], "computed"),
    ("It is 2.5.", [*asked("?"), *ran("2.45")], "computed"),
    ("It is 2.4.", [*asked("?"), *ran("2.45")], "computed"),
    ("It is 3.141...", [*asked("?"), *ran("3.14159265")], "computed"),
    ("It is 28.9 million.", [*asked("?"), *ran("28887208")], "computed"),
    ("It is 12.3%.", [*asked("?"), *ran("0.12345")], "computed"),
    ("It is 0.125.", [*asked("?"), *ran("12.5%")], "computed"),
    ("It is 3/4.", [*asked("?"), *ran("0.75")], "computed"),
    ("It took 18 hours 35 minutes.", [*asked("?"), *ran("18:35:00")], "computed"),
    ("It took 18 hours 35 minutes.", [*asked("?"), *ran("1115 minutes")], "computed"),
    ("It took 18 hours 35 minutes.", [*asked("?"), *ran("1115")], "computed"),
    ("It took 18 hours 35 minutes.", [*asked("?"), *ran("18 h 35 min")], "computed"),
    ("It took 18 hours 35 minutes.", [*asked("?"), *ran("18.583333")], "computed"),
    ("It took 18 hours 35 minutes.", [*asked("?"), *ran("hours: 18, minutes: 35")], "computed"),
    ("It took 1115 minutes.", [*asked("?"), *ran("18:35:00")], "computed"),
    ("On 23 November 2026.", [*asked("?"), *ran("2026-11-23")], "computed"),
    ("It is `42`.", [*asked("?"), *ran("42")], "computed"),
    ("It is approximately 3.14.", [*asked("?"), *ran("3.14159")], "computed"),
    ("About 75 million.", [*asked("Of about 300 million?"), *ran("75000000")], "computed"),
    ("Roughly 785.", [*asked("?"), *ran("785", "print(round(random() * 1000))")], "computed"),
    # derived
    ("4 × 17 = 68", asked(TRAIN), "derived"),
    ("4 × 17 = 68 and 68 + 4 = 72", asked(TRAIN), "derived"),
    ("Half: 1/2 × 10 = 5", asked("Half of 10?"), "derived"),
    ("With 10 and 3 you have 13.", asked("10 and 3?"), "derived"),
    ("From 10 take 3, leaving 7.", asked("10 and 3?"), "derived"),
    ("With 10 times 3 it is 30.", asked("10 and 3?"), "derived"),
    ("Of 30 in 10 rows, each has 3.", asked("30 in 10 rows?"), "derived"),
    ("With 10 and 4, it is 2.5.", asked("10 and 4?"), "derived"),
    ("From 2.5 and 4 we get 10.", asked("2.5 and 4?"), "derived"),
    ("That is 18.6 hours.", [*asked("?"), *ran("1115")], "derived"),
    ("That is 90 minutes.", [*asked("?"), *ran("1.5")], "derived"),
    ("It took 18 hours 35 minutes.", asked(TRAIN), "derived"),
    ("The answer is 28,887,208.", asked(SUBTRACT), "derived"),
    ("It is 67656720.", asked("Add 48271964 to 19384756."), "derived"),
    ("It is 67656721.", asked("Add 48271964 to 19384756 and then 1."), "derived"),
    ("It is 117943927.", asked("Numbers: 11111111; 48271964; 58560852."), "derived"),
    ("It is 48271963.", asked("From 40000000 and 18271963 take 10000000."), "derived"),
    ("3/4 of them.", asked("Of 4, take 3."), "derived"),
    ("So 10 = 1 + 9.", asked("x + 1 = 10?"), "derived"),
    # stated
    ("There are 50 states.", asked("How many?"), "stated"),
    ("So 13 + 9 = 22", asked("?"), "stated"),
    ("It took 3 hours 20 minutes.", asked(TRAIN), "stated"),
    ("It took 3 hours 20 minutes.", asked("?"), "stated"),
    ("It takes 5 hours.", [*asked("?"), *ran("300 km")], "stated"),
    ("It is 41.", [*asked("?"), *ran("41", outcome="error")], "stated"),
    ("It is 7.", [*asked("?"), Reasoning("7"), Message("assistant", "7")], "stated"),
    ("The next is 1234568.", asked("After 1234567?"), "stated"),
    ("It is 28887209.", [*asked("?"), *ran("28887209", "print(28887209)")], "stated"),
    ("It is 0.", [*asked("?"), *ran("0.2")], "stated"),
    ("2/7 of them.", asked("Of 4, take 3."), "stated"),
    ("It took 3 hours 20 minutes.", [*asked("?"), *ran("5")], "stated"),
    ("With 0 and 5 there are 9.", asked("0 and 5?"), "stated"),
    ("It is 7777777, yes, 7777777.", asked("3/4 of it?"), "stated"),
    ("½ of it.", asked("?"), "stated"),
    ("It is 0 hours.", asked("?"), "stated"),
    # contradicted
    ("It is 28,887,209.", [*asked("?"), *ran("28887208")], "contradicted"),
    ("It is 28,878,208.", [*asked("?"), *ran("28887208")], "contradicted"),
    ("It is 2,887,208.", [*asked("?"), *ran("28887208")], "contradicted"),
    ("It is 28,887,209.", asked(SUBTRACT), "contradicted"),
    ("You asked about 48217964.", asked(SUBTRACT), "contradicted"),
    ("It is -28887209.", [*asked("?"), *ran("-28887208")], "contradicted"),
    ("It is 3.141693.", [*asked("?"), *ran("3.141692")], "contradicted"),
    ("It is about 28887208.", [*asked("?"), *ran("28887208")], "contradicted"),
    ("It is approximately $12.50.", [*asked("?"), *ran("12.5")], "contradicted"),
    ("≈ 42", [*asked("?"), *ran("42")], "contradicted"),
    ("4 × 17 = 69", asked(TRAIN), "contradicted"),
    ("4 × 17 = 69, so it stood 69 minutes", asked(TRAIN), "contradicted"),
]


@pytest.mark.parametrize(("answer", "transcript", "verdict"), CASES)
def test_the_last_number(answer: str, transcript: list[Item], verdict: str) -> None:
    claim = numbers(answer, transcript)[-1]
    assert claim.verdict == verdict, claim
    if verdict in ("given", "computed", "derived", "stated"):
        assert bool(claim.evidence) == (verdict != "stated")
    assert bool(claim.correction) == (verdict == "contradicted")


@pytest.mark.parametrize(
    ("answer", "texts"),
    [
        ("1. First\n2. Second\n\n42. That is all.", ["42"]),
        ("Step 1: add 5. See Figure 2 and Python 3.", ["5"]),
        ("Call `f(2)` or `x86` to get `3.5`.", ["3.5"]),
        ("See https://example.com/7 for 8.", ["8"]),
        ("```\n5\n```\n6", ["6"]),
        ("`see https://example.com/7` 8", ["8"]),
        ("Half of one, first.", []),
        ("7. Seventh\n8. Eighth\n\n42. That is all.", ["42"]),
        ("## 2.1 Sums\n**Day 2:** rest. On day 5 it is 9.", ["5", "9"]),
        ("(1) here, (2) there, (3) nowhere; (7) aside", ["7"]),
        ("Figures 2, 3 and 4, lines 3-5, Eq. (6), § 12: 8", ["8"]),
        ("Windows 11, ISO 8601, HTTP/2, UTF-8 and 12 more", ["12"]),
        ("ISBN 978-3-16-148410-0, call +49 30 901820 or (555) 123-4567, #42", []),
        ("See [3], as told.[2] The values are [5]", ["5"]),
        ("x_1, x^2, H<sub>2</sub>O, 1\ufe0f\u20e3 and localhost:8000", []),
        ("| 1 | 30 |\n| 2 | 40 |\n| 7 | 50 |", ["30", "40", "7", "50"]),
        ("At 2024-05-12T10:30:00Z", ["2024-05-12", "10:30:00"]),
        (
            "1.234,56 € and 12 345,67 and 3,5 km and €12,50 but 1,2,3",
            ["1.234,56", "12 345,67", "3,5", "12,50", "1", "2", "3"],
        ),
    ],
)
def test_what_counts_as_a_number(answer: str, texts: list[str]) -> None:
    assert [claim.text for claim in numbers(answer, [])] == texts


def test_spaces_group_the_digits_of_a_known_number_only() -> None:
    transcript = [*asked("?"), *ran("1234567")]
    assert [c.text for c in numbers("It is 1 234 567.", transcript)] == ["1 234 567"]
    assert [c.text for c in numbers("It is 1 234 568.", transcript)] == ["1", "234", "568"]


def test_a_number_proven_in_one_equation_is_not_refuted_by_another() -> None:
    claims = numbers("4 × 17 = 68 and 4 × 18 = 68", asked(TRAIN))
    assert [c.verdict for c in claims if c.text == "68"] == ["derived", "derived"]


def test_a_miscopied_operand_condemns_its_equation() -> None:
    answer = "48217964 - 19384756 = 28833208"
    claims = verify(answer, asked(SUBTRACT))
    (equation,) = [claim for claim in claims if claim.kind == "equation"]
    assert equation.verdict == "contradicted"
    assert equation.correction == "48271964 - 19384756 = 28887208"


def test_two_equally_near_numbers_settle_nothing() -> None:
    (claim,) = numbers("It is 1000001.", [*asked("?"), *ran("1000011 1000031")])
    assert claim.verdict == "stated"


def test_a_table_of_numbers_is_looked_at_as_far_as_is_reasonable() -> None:
    transcript = [*asked("?"), *ran("28887208")]
    table = " ".join(str(500_000_000 + 1003 * n) for n in range(250))
    assert numbers("28887209", transcript)[-1].verdict == "contradicted"
    assert numbers(f"{table} 28887209", transcript)[-1].verdict == "stated"


def test_long_data_in_the_question_is_no_sum() -> None:
    data = "5 + 6 " + "x " * 20_000
    assert numbers("It is 11.", asked(data))[0].verdict == "stated"
    assert numbers("It is 11.", asked("5 + 6"))[0].verdict == "derived"


@pytest.mark.parametrize(
    ("question", "answer", "verdict"),
    [
        (
            "What is 5,318 × 7,742?",
            "The result of this multiplication is 40,000,006.",
            "contradicted",
        ),
        ("What is 5,318 × 7,742?", "The product is 41,171,956.", "derived"),
        ("What is 5,318 × 7,742?", "A larger one is 40,000,006.", "stated"),
        ("What is 5,318 × 7,742 in 3 years?", "The result is 40,000,006.", "stated"),
        ("What is 53 × 77 and 12 × 11?", "The result is 40,000,006.", "stated"),
    ],
)
def test_what_is_called_the_result_of_the_only_sum_is_held_to_it(
    question: str, answer: str, verdict: str
) -> None:
    claim = [one for one in verify(answer, asked(question)) if one.kind == "number"][-1]
    assert claim.verdict == verdict
    assert claim.correction == ("41,171,956" if verdict == "contradicted" else "")


def test_findings_name_what_is_wrong_once() -> None:
    answer = (
        "4 × 17 = 69. The calculator displays 69. I searched. I searched.\n"
        'You wrote "this is not what I wrote". See https://x.example.\n```python\n(\n```'
    )
    said = findings(verify(answer, asked(TRAIN)))
    assert len(said) == len(set(said)) == 7
    for part in ("4 × 17 = 68", "calculator displays", "I searched", "this is not", "x.example"):
        assert any(part in line for line in said)
    assert findings(verify("Fine.", asked(TRAIN))) == ()


def test_the_summary_is_one_line() -> None:
    transcript = [*asked("Take 5."), *ran("7\n9")]
    assert summary(verify("7, 9 and 5", transcript)) == "3 numbers: 2 computed, 1 given"
    assert summary(verify("5\n```\nx\n```", transcript)) == (
        "1 number: 1 given; 1 code block: 1 stated"
    )
    assert summary(()) == ""


def test_a_true_quotation_keeps_what_its_source_has_wrong() -> None:
    """Whose page says 2 + 2 = 5 is quoted so; in words of its own the answer may not say it."""
    line = "We know that 2 + 2 = 5, and I ran the code for it."
    call = ToolCall("c", "reader", "{}")
    transcript = [call, ToolResult("c", f"3 pages\n\n[1] a.pdf, page 3\n{line}")]
    quoted = f"It says so.\n\n> {line}\n\n(a.pdf, page 3)"
    claims = verify(quoted, transcript)
    assert {claim.verdict for claim in claims} == {"read"}
    assert correct(quoted, claims, transcript).text == quoted
    false = "So 2 + 2 = 5, and I ran the code for it."
    assert "contradicted" in {claim.verdict for claim in verify(false, transcript)}
    made_up = "> You said that 2 + 2 = 5, and that the sea is green and cold."
    assert "contradicted" in {claim.verdict for claim in verify(made_up, transcript)}


def test_a_conversion_that_is_said_twice_is_derived_twice() -> None:
    told = [*asked("How long is it?"), *called("get_film", "1115 seconds")]
    claims = numbers("That is 18.58 minutes; yes, 18.58 minutes.", told)
    assert [claim.verdict for claim in claims] == ["derived", "derived"]
