"""Reading results out of answers: numbers, labels, options, code."""

import math

import pytest
from answers import claim, said
from hypothesis import assume, example, given
from hypothesis import strategies as st

from pellucid.evals.reading import (
    blocks,
    boxed,
    code,
    defined,
    last_label,
    last_number,
    number,
    option,
    same_number,
)

WORDS = st.text(alphabet="abc ABC.,;:!?()'\"\n", max_size=30)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("She has 12 apples and 7 pears.", "7"),
        ("In all $1,234.50.", "1234.50"),
        ("That is \\boxed{42}, not 43.", "42"),
        ("\\boxed{\\frac{1}{2}}", "2"),
        ("He came 21st of 30 on the 3rd.", "30"),
        ("It is -5.", "-5"),
        ("It is −5 degrees.", "-5"),
        ("From 10-15", "15"),
        ("about 1.5e6 tons", "1.5e6"),
        ("$3.2 \\times 10^{5}$ people", "3.2e5"),
        ("$10{,}080$", "10080"),
        ("1,2,3", "3"),
        ("$.75 each", ".75"),
        ("none at all", ""),
    ],
)
def test_the_last_number(text: str, found: str) -> None:
    assert last_number(text) == found


@given(st.integers(), WORDS)
@example(0, ".")
def test_a_number_is_read_however_it_is_written(value: int, words: str) -> None:
    assume(not words[:1].isalpha())
    for written in (str(value), f"{value:,}", f"${value}", f"{value}."):
        read = last_number(f"There were 3 before; now it is {written} {words}")
        assert int(read.rstrip(".")) == abs(value) or int(read) == value
    assert int(last_number(f"the total is {value:,} {words}")) == value


@given(st.floats(min_value=-1e9, max_value=1e9), WORDS)
def test_a_decimal_is_read_to_its_last_digit(value: float, words: str) -> None:
    assert float(last_number(f"It is {value:.4f}, {words}")) == pytest.approx(value, abs=1e-4)


def test_a_computed_number_comes_before_the_last_one() -> None:
    text = "In all $64 for 16 glasses."
    assert number(said(text)) == "16"
    assert number(said(text, claim(text, "64"), claim(text, "16", "given"))) == "64"


@pytest.mark.parametrize(
    ("mine", "right", "relative", "same"),
    [
        ("18", "18", 0, True),
        ("18.0", "18", 0, True),
        ("18", "18.00", 0, True),
        ("18.5", "18", 0, False),
        ("123456789012345678901234567890", "123456789012345678901234567891", 0, False),
        ("0.33333", "0.333333", 0, True),
        ("0.333", "0.3343", 0, False),
        ("1000", "1000.9", 1e-3, True),
        ("1000", "1002", 1e-3, False),
        ("-1000", "1000", 1e-3, False),
        ("", "1", 0, False),
        ("1e400", "2", 0, False),
    ],
)
def test_numerals_that_mean_the_same(mine: str, right: str, relative: float, same: bool) -> None:
    assert same_number(mine, right, relative) is same


@given(st.integers())
def test_a_whole_number_is_the_same_only_as_itself(value: int) -> None:
    assume(math.isfinite(value))
    assert same_number(str(value), str(value))
    assert not same_number(str(value), str(value + 1))


@pytest.mark.parametrize(
    ("text", "labels", "found"),
    [
        ("It is true. No: it is False!", ("True", "False"), "False"),
        ("not invalid but valid", ("valid", "invalid"), "valid"),
        ("the argument is INVALID.", ("valid", "invalid"), "invalid"),
        ("falsehood", ("True", "False"), ""),
        ("his mother-in-law", ("mother", "mother-in-law"), "mother-in-law"),
    ],
)
def test_the_last_label(text: str, labels: tuple[str, ...], found: str) -> None:
    assert last_label(text, labels) == found


@given(WORDS, st.sampled_from(("Yes", "No")), WORDS)
def test_a_label_behind_anything_is_found(before: str, label: str, after: str) -> None:
    assert last_label(f"{before} {label.lower()}, {after}", ("Yes", "No")) == label


@pytest.mark.parametrize(
    ("text", "letter"),
    [
        ("Not (A). The answer is (B) green.", "B"),
        ("**Answer: C**", "C"),
        ("the answer is B", "B"),
        ("A red one was mine, so it is\nB.", "B"),
        ("It must be the green one", "B"),
        ("It is A bit hard to say", ""),
    ],
)
def test_the_option_chosen(text: str, letter: str) -> None:
    assert option(text, {"A": "red", "B": "green", "C": "blue"}) == letter


def test_the_box_may_hold_braces() -> None:
    assert boxed("so \\boxed{1} or \\boxed{\\frac{a}{b^{2}}}") == "\\frac{a}{b^{2}}"
    assert boxed("no box") == ""


REPLY = """Here it is:

```python
import math
def area(r):
    return math.pi * r * r
```

Use it like this:

```python
print(area(2))
```

```text
12.56
```
"""


def test_the_block_that_defines_what_was_asked_for_is_the_program() -> None:
    assert code(REPLY, "area") == "import math\ndef area(r):\n    return math.pi * r * r\n"
    assert "print(area(2))" in code(REPLY)
    assert "12.56" not in code(REPLY)
    assert code("def f(): pass", "f") == "def f(): pass"


def test_blocks_know_their_language_and_what_stands_above() -> None:
    found = blocks(
        "main.py:\n\n```Python\nx\n```\n\n1. so:\n   ```\n   a\n     b\n   ```\nopen\n```sh\nls"
    )
    assert [(one.language, one.before, one.code) for one in found] == [
        ("python", "main.py:", "x\n"),
        ("", "1. so:", "a\n  b\n"),
        ("sh", "open", "ls"),
    ]


@given(st.lists(st.sampled_from(("a = 1", "def f():", "  return 2", "", "# ```not")), min_size=1))
def test_code_goes_through_fences_unchanged(lines: list[str]) -> None:
    body = "\n".join(lines) + "\n"
    assume(body.strip() and not all(line.startswith("  ") or not line for line in lines))
    (block,) = blocks(f"Look:\n```python\n{body}```\nThat is all.")
    assert block.code == body


@given(st.text())
def test_no_text_breaks_a_reader(text: str) -> None:
    assert isinstance(last_number(text) + boxed(text) + code(text, "f"), str)
    assert last_label(text, ("Yes", "No")) in ("", "Yes", "No")
    assert option(text, {"A": "x", "B": "y"}) in ("", "A", "B")


def test_what_a_program_defines() -> None:
    assert defined("class A: pass\nasync def b(): pass\nc = 1") == {"A", "b"}
    assert defined("def (") == frozenset()
