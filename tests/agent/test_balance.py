"""Brackets of code in languages nothing here can parse."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pellucid.agent.coding.balance import KNOWN, unbalanced


@pytest.mark.parametrize(
    ("code", "language"),
    [
        ('int main() { printf("(\\"("); /* ( */ return 0; } // (\n', "c"),
        ("char c = '(';", "c++"),
        ("const a = `(${b}`; const r = /[(]\\(/.test('('); // (", "javascript"),
        ("function f() { return /\\(/.test(a / b / (c)); }", "typescript"),
        ("fn f<'a>(x: &'a str) -> char { '(' }", "rust"),
        ("s := `(`\nf(s)", "go"),
        ('let s = """\n(\n"""', "swift"),
        ("a { color: red } /* { */", "css"),
        ("x = [1, 2] # (\n", "ruby"),
    ],
)
def test_balanced(code: str, language: str) -> None:
    assert unbalanced(code, language) == ""


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("f(\n[1, 2\n", "line 2: '[' is never closed"),
        ("f()\n)", "line 2: ')' closes nothing"),
        ("/* (\n*/ f(]", "line 2: ']' closes nothing"),
    ],
)
def test_unbalanced(code: str, told: str) -> None:
    assert unbalanced(code, "c") == told


NESTED = st.recursive(
    st.sampled_from(["", "x", " ", '"("', "/* ] */", "\n"]),
    lambda inner: st.tuples(st.sampled_from(["()", "[]", "{}"]), inner, inner).map(
        lambda parts: f"{parts[0][0]}{parts[1]}{parts[0][1]}{parts[2]}"
    ),
)


@given(NESTED, st.sampled_from(sorted(KNOWN - {"ruby"})))
def test_nested_brackets_balance_until_one_is_taken_away(code: str, language: str) -> None:
    assert unbalanced(code, language) == ""
    assert unbalanced(f"({code}", language)
    assert unbalanced(f"{code})", language)
