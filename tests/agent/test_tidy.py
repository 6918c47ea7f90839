"""Slips of the pen."""

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pellucid.agent.tidy import tidied


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("t = time(09, 12)\n", "t = time(9, 12)\n"),
        ("a = 007 + 010\nb = '09:12'\n", "a = 7 + 10\nb = '09:12'\n"),
        ("d = date(2024, 01, 02)", "d = date(2024, 1, 2)"),
    ],
)
def test_zeros_before_integers_go(written: str, meant: str) -> None:
    assert tidied(written) == meant


@pytest.mark.parametrize(
    "code", ["x = 0\n", "x = 00\n", "x = 0.5 + 0x0f\n", "def f(:\n", "'", "x = 09 +"]
)
def test_what_parses_or_cannot_be_mended_is_left_alone(code: str) -> None:
    assert tidied(code) == code


@given(st.text(max_size=40))
def test_any_text_is_survived(code: str) -> None:
    assert tidied(code) == code or ast.parse(tidied(code))
