"""Long numbers in programs come from the conversation, or are caught."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pellucid.agent.reading.nearness import distance, nearest
from pellucid.agent.verdicts.literals import check_literals, fix_literals

LONG = "482719641234567890123456789012"
QUESTION = (
    f"What is {LONG} - 193,847,561,234? Count to 1234567, take 12.3456 %, "
    "and file A55012 of 3.11.55012."
)


@pytest.mark.parametrize(
    "code",
    [
        f"print({LONG} - 193847561234)",
        "x = 193_847_561_234",
        "x = '193,847,561,234'",
        "x = 0.123456 + 12.3456",
        "for i in range(1, 1234568): pass",
        "x = open('A55012.txt')",
        "x = 86400 * 365.25 + 31536000 + 1000000007 + 299792458",
        "x = 3.14159 + 3.1415926536 + 2.71828 + 1.41421",
        "x = 100000 + 99999 + 100001 + 65536 + 65535 + 4294967295",
        "x = 1200000 + 1.5e12",
        "x = 0x1234567 + 12345j",
        "# 55555555\nx = 1",
        "x = [1, 2][0]}",
        "x = '2026-11-23'",
        "x = 1e99999 + 1e9999",
        "x = 55012",
    ],
)
def test_literals_that_are_accounted_for(code: str) -> None:
    assert check_literals(code, QUESTION) == ()


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [
        ("482719641234567890123456798012", LONG),
        ("48271964123456789012345678901", LONG),
        ("4827196412345678901234567890112", LONG),
        ("482719641234567890123456789013", LONG),
        ("193847561243", "193847561234"),
        ("193_847_561_324", "193847561234"),
        ("1234568", "1234567"),
        ("1.23456e6", "1234567"),
        ("55512345", None),
        ("3.14151", None),
        ("98765.4321", None),
    ],
)
def test_literals_that_nothing_accounts_for(wrong: str, meant: str | None) -> None:
    code = f"é = 1\nx = f(é, {wrong}) + 'é {wrong}'  # {wrong}\n"
    findings = check_literals(code, [QUESTION, "an earlier output: 777777"])
    assert [(each.literal, each.line, each.nearest) for each in findings] == [(wrong, 2, meant)] * 2
    for each in findings:
        assert code.splitlines()[each.line - 1][each.col : each.end] == wrong
    fixed = fix_literals(code, findings)
    right = meant or wrong
    assert fixed == f"é = 1\nx = f(é, {right}) + 'é {right}'  # {wrong}\n"


def test_literals_inside_a_long_string_keep_their_places() -> None:
    code = 'x = """a\n  b 193847561243,\n""" + "193847561243"'
    findings = check_literals(code, QUESTION)
    assert [(each.line, each.col) for each in findings] == [(2, 4), (3, 7)]
    assert "1243" not in fix_literals(code, findings)


def test_broken_code_is_judged_as_far_as_it_goes() -> None:
    assert [each.literal for each in check_literals("x = (55512345", "")] == ["55512345"]
    assert check_literals("'''55512345", "") == ()
    assert check_literals("x = 1)\n y = 5\n\tz", "") == ()


SLIPS = st.sampled_from(["change", "drop", "double", "swap"])


@settings(max_examples=200)
@given(st.text("12345678", min_size=20, max_size=40), st.data())
def test_one_slip_in_a_long_number_is_mended(digits: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(min_value=1, max_value=len(digits) - 2))
    match data.draw(SLIPS):
        case "change":
            wrong = digits[:at] + str(9 - int(digits[at])) + digits[at + 1 :]
        case "drop":
            wrong = digits[:at] + digits[at + 1 :]
        case "double":
            wrong = digits[: at + 1] + digits[at:]
        case _:
            wrong = digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :]
    assume(set(wrong) != {"9"})  # a power of ten less one: known to everybody
    findings = check_literals(f"print({wrong})", f"Compute {digits}.")
    fixed = fix_literals(f"print({wrong})", findings)
    assert fixed == f"print({digits})"


@given(st.text("12", max_size=8), st.text("12", max_size=8), st.integers(min_value=0, max_value=9))
def test_distance_against_the_definition(one: str, other: str, most: int) -> None:
    assert distance(one, other, most) == min(reference(one, other), most + 1)


def reference(one: str, other: str) -> int:
    """The optimal string alignment distance as it is defined."""
    if not one or not other:
        return len(one) + len(other)
    best = min(
        reference(one[:-1], other) + 1,
        reference(one, other[:-1]) + 1,
        reference(one[:-1], other[:-1]) + (one[-1] != other[-1]),
    )
    if len(one) > 1 and len(other) > 1 and one[-2:] == other[-1] + other[-2]:
        best = min(best, reference(one[:-2], other[:-2]) + 1)
    return best


def test_nearest_is_unique_or_nothing() -> None:
    assert nearest("123456", ["123457", "999999"]) == "123457"
    assert nearest("123456", ["123457", "123455"]) is None
    assert nearest("123456", ["123466", "123457", "123456"]) == "123456"
    assert nearest("123456", []) is None
