"""Numbers are found where they stand, with their exact value."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pellucid.agent.reading.numbers import digits_of, extract, plain, whole
from pellucid.agent.reading.style import denoised, grouped, restyled, rounded

VALUES = [
    ("1,234,567", ["1234567"]),
    ("1 234 567".replace(" ", "\u202f"), ["1234567"]),
    ("1'234 and 1’234 and 1_234", ["1234", "1234", "1234"]),
    ("1{,}234 and 1\\,234 and 1,\\!234", ["1234", "1234", "1234"]),
    ("1.234.567", ["1234567"]),
    ("12,34,567.5", ["1234567.5"]),
    ("1, 2, 3", ["1", "2", "3"]),
    ("2020,2021", ["2020", "2021"]),
    ("3.14 and .5 and 007", ["3.14", "0.5", "7"]),
    ("It is 42.", ["42"]),
    ("...42", ["42"]),
    ("-5, (-3) =-2, \u22127", ["-5", "-3", "-2", "-7"]),
    ("-$5 $-6 US$7 €8 9 USD", ["-5", "-6", "7", "8", "9"]),
    ("3-4 and 10 - 5 and 10 -5", ["3", "4", "10", "5", "10", "5"]),
    ("12% 12\\% 12 percent 12 per cent", ["12%"] * 4),
    ("1.5e3 2E-2 1.5 × 10^3 2x10⁶ 2 \\times 10^{3}", ["1500", "0.02", "1500", "2000000", "2000"]),
    ("10^6 10⁶ 10^{-2}", ["1000000", "1000000", "0.01"]),
    ("3 × 10^6", ["3000000"]),
    ("3/4 \\frac{1}{2} 1 1/2 ½ 1½", ["0.75", "0.5", "1.5", "0.5", "1.5"]),
    ("3/0", ["3", "0"]),
    ("3 million, 2.5k, 7bn, 5 hundred", ["3000000", "2500", "7000000000", "500"]),
    ("three twenty-one two hundred and five", ["3", "21", "205"]),
    ("one hundred thousand and seventy-six", ["100076"]),
    ("twelve hundred, a hundred, two dozen", ["1200", "100", "24"]),
    ("five six, twenty thirty, one two three", ["5", "6", "20", "30", "1", "2", "3"]),
    ("two and three, zero, two zero", ["2", "3", "0", "2", "0"]),
    ("nineteen ninety, hundred million", ["19", "90", "100000000"]),
    ("two million three thousand", ["2003000"]),
    ("3rd and 21st", ["3", "21"]),
    ("5km 5 km 100ms", ["5", "5", "100"]),
    ("14:37 2:37 PM 9 am 18:35:00.5", ["14:37:00", "14:37:00", "9:00:00", "18:35:00.5"]),
    ("12 am and 12:30 a.m.", ["0:00:00", "0:30:00"]),
    ("18 hours 35 minutes", ["18:35:00"]),
    ("18h35m and 1 hour and 5 minutes and 2 min 3 sec", ["18:35:00", "1:05:00", "0:02:03"]),
    ("1 day, 2:03:04 and -1 day, 18:35:00", ["26:03:04", "-5:25:00"]),
    ("2026-11-23 23 November 2026 Nov 23rd, 2026 11/23/2026 23.11.2026", ["2026-11-23"] * 5),
    ("5 May 6", ["--05-05", "6"]),
    ("two thousand million", ["2000", "1000000"]),
    ("23 November, May 5", ["--11-23", "--05-05"]),
    ("30 February 2026", ["30", "2026"]),
    ("x86_64 H2O GPT-4 file_12.txt 3.11.2 192.168.100.1 0x1F a.5 2ab", []),
    ("half twice one first", ["0.5", "2", "1", "1"]),
    ("three quarters", ["0.75"]),
    ("1e99999 and 2 × 10^99999", []),
    ("2⁻ and 10⁻ and 10⁻⁻", ["2", "10", "10"]),
    ("共42个", ["42"]),
    ("\\cdot4", ["4"]),
    ("3.333...", ["3.333"]),
]


@pytest.mark.parametrize(("text", "expected"), VALUES, ids=[text for text, _ in VALUES])
def test_values(text: str, expected: list[str]) -> None:
    assert [number.normal for number in extract(text)] == expected


def test_words_that_speak_of_numbers_in_passing_are_soft() -> None:
    forms = {number.text: number.form for number in extract("one of the two took half a dozen")}
    assert forms == {"one": "soft", "two": "word", "half": "soft", "dozen": "soft"}


def test_precision_units_and_dots() -> None:
    pi, price, share, big = extract("3.14 and $5 and 12 % and 28.9 million")
    assert (pi.step, price.unit, share.unit, big.step) == (Fraction(1, 100), "$", "%", 100_000)
    assert extract("3.33...")[0].cut
    assert not extract("3.33")[0].cut


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("12.5%", "0.125"),
        ("1115 minutes", "18 hours 35 minutes"),
        ("1 day, 2:00:00", "26 hours 0 minutes"),
        ("3/4", "0.75"),
        ("5K", "5"),
        ("23 November 2026", "23 November"),
        ("2026-11-23", "2026"),
        ("10 -5", "-5"),
        ("14:37", "37"),
    ],
)
def test_a_number_supplies_its_other_readings(one: str, other: str) -> None:
    supplied = {key for number in extract(one) for key in number.supplies()}
    assert set(extract(other)[0].asserts()) & supplied


def test_a_full_date_is_not_supported_by_a_day() -> None:
    (full,), (day,) = extract("2026-11-23"), extract("23 November")
    assert not set(full.asserts()) & day.supplies()


SEPARATORS = ["", ",", "'", "’", "_", "\u00a0", "\u2009", "\u202f", "{,}", "\\,"]


@given(st.integers(min_value=0, max_value=10**60), st.sampled_from(SEPARATORS))
def test_an_integer_is_read_back_in_any_style(value: int, separator: str) -> None:
    text = f"It is {grouped(str(value), separator)} in all."
    (number,) = extract(text)
    assert number.value == value
    assert text[number.start : number.end] == number.text


@settings(max_examples=10, deadline=None)
@given(st.integers(min_value=4000, max_value=20_000), st.integers(min_value=1, max_value=9))
@example(4001, 1)
@example(13_000, 7)
def test_integers_of_any_length(length: int, digit: int) -> None:
    text = str(digit) * length
    (number,) = extract(text)
    assert number.value == whole(text)
    assert digits_of(int(number.value)) == text


@given(
    st.decimals(
        allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**9
    )
)
def test_decimals_are_read_back(value: object) -> None:
    (number,) = extract(f"({value:f})")
    assert number.value == Fraction(str(value))


@given(st.dates())
def test_dates_are_read_back(day: date) -> None:
    for text in (
        day.isoformat(),
        f"{day.day} {day:%B} {day.year:04d}",
        f"{day:%b} {day.day}, {day.year:04d}",
    ):
        (number,) = extract(text)
        assert number.normal == day.isoformat()


@given(st.integers(min_value=0, max_value=10**6 - 1))
def test_number_words_are_read_back(value: int) -> None:
    (number,) = extract(in_words(value))
    assert number.value == value


def in_words(value: int) -> str:
    small = [
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
    ]
    tens = ["-", "-", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
    if value < 20:
        return small[value]
    if value < 100:
        return tens[value // 10] + (f"-{small[value % 10]}" if value % 10 else "")
    if value < 1000:
        rest = f" and {in_words(value % 100)}" if value % 100 else ""
        return f"{small[value // 100]} hundred{rest}"
    rest = f" {in_words(value % 1000)}" if value % 1000 else ""
    return f"{in_words(value // 1000)} thousand{rest}"


WORDS = ["million", " and ", "hours", "\\frac{", "two", "hundred", "half", "May", "2026", "-11-"]
PIECES = st.sampled_from(
    [*"0123456789.,:/-+*^%$€ '’_()[]{}\n\\kMex×\u202f⁻²½…", *WORDS, " am", "10^"]
)


@settings(max_examples=300)
@given(st.one_of(st.text(), st.lists(PIECES).map("".join)))
def test_any_text_is_read_and_spans_are_exact(text: str) -> None:
    end = 0
    for number in extract(text):
        assert end <= number.start < number.end <= len(text)
        assert text[number.start : number.end] == number.text
        assert number.normal
        end = number.end


@given(st.fractions())
def test_plain_is_exact(value: Fraction) -> None:
    assert Fraction(plain(value)) == value


def test_plain_writes_integers_of_any_length() -> None:
    assert plain(Fraction(-(10**5_000))) == "-1" + "0" * 5_000


@pytest.mark.parametrize(
    ("value", "like", "expected"),
    [
        ("28887208", "28,887,209", "28,887,208"),
        ("28887208", "28 887 209".replace(" ", "\u202f"), "28\u202f887\u202f208"),
        ("999", "1,000", "999"),
        ("-1234", "9,999", "-1,234"),
        ("10/3", "3.3", "3.3"),
        ("10/3", "3", "3.33"),
        ("1/3000", "0", "0.000333"),
        ("1/4", "0.5", "0.25"),
        ("7000000", "8 million", "7000000"),
        ("2", "2.5", "2"),
        ("12.5", "12", "12.5"),
        ("1/7", "0.142", "0.143"),
        ("1999999999/1000000000", "2.0", "2.0"),
    ],
)
def test_a_number_is_written_like_another(value: str, like: str, expected: str) -> None:
    assert restyled(Fraction(value), extract(like)[0]) == expected


def test_tiny_values_are_rounded_to_what_fits() -> None:
    assert rounded(Fraction(1, 3 * 10**15)) == "0.000000000000"


@pytest.mark.parametrize(
    ("numeral", "expected"),
    [
        ("0.30000000000000004", "0.3"),
        ("-9415.860499999999", "-9415.8605"),
        ("1.0000000000000002e-05", "0.00001"),
        ("0.3333333333333333", "0.3333333333333333"),
        ("3.141592653589793", "3.141592653589793"),
        ("0.1234567890123456", "0.1234567890123456"),
        ("99999999999999.99", "99999999999999.99"),
        ("123456789012345678", "123456789012345678"),
        ("1.5", "1.5"),
        ("284.0", "284"),
        ("0.22000000000000242", "0.22"),
        ("-7.0", "-7"),
        ("7.00", "7.00"),
    ],
)
def test_floats_are_said_without_their_noise(numeral: str, expected: str) -> None:
    assert denoised(numeral) == expected


@given(st.integers(0, 10**9), st.integers(0, 10**9), st.integers(1, 6))
def test_a_sum_of_short_decimals_is_said_exactly(one: int, other: int, places: int) -> None:
    exact = plain(Fraction(one + other, 10**places))
    said = denoised(repr(one / 10**places + other / 10**places))
    assert Fraction(said) == Fraction(exact) or len(said.lstrip("-").replace(".", "")) < 15
