"""Searching for many patterns: the same is found as by `re`, with fewer searches."""

import json
import re
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pellucid.agent.asking import code_cues, number_cues, text_cues, time_cues
from pellucid.agent.reading.patterns import DIGIT, finder, literals, one_of

CUES = (code_cues, number_cues, text_cues, time_cues)


@pytest.mark.parametrize(
    ("pattern", "needed"),
    [
        ("abc", {"abc"}),
        (r"\babc\b.{0,9}de", {"abc"}),
        ("abc|de", {"abc", "de"}),
        (r"\b(?:week|day)s?\b", {"week", "day"}),
        ("(?:ab)*cde", {"cde"}),
        ("(?:abc)+d?", {"abc"}),
        ("(?:abc)++d?", {"abc"}),
        ("(?>abc)d*", {"abc"}),
        ("(abc)d?", {"abc"}),
        ("(?:abc){0,3}?", set()),
        ("(?:abc)+?", {"abc"}),
        (r"\d+ ?[x*]", {DIGIT}),
        (r"\d|two|three", {DIGIT, "two", "three"}),
        (r"[\dx]", set()),
        ("[ab]", set()),
        ("(?i:abc)", set()),
        ("abc|.", set()),
        ("x y", {"x y"}),
        ("(?<=abc)d", {"d"}),
        (
            "if (?:" + "|".join(f"{letter}day" for letter in "abcdefghijklmnopqrstuvw") + ")",
            {"if "},
        ),
    ],
)
def test_the_literals_that_a_match_must_hold(pattern: str, needed: set[str]) -> None:
    assert literals(pattern) == needed


def patterns() -> list[str]:
    """Those of real rules, and what joins them."""
    texts = [
        value
        for module in CUES
        for name, value in vars(module).items()
        if isinstance(value, str) and name.isupper() and len(value) > 3
    ]
    return [*texts, rf"\bhow (?:many|much)\b.{{0,20}}\d|{one_of('per each for_every')}"]


PIECES = st.sampled_from(
    ["how many", "how much ", "per", "for every", "7", "٣", "day", "x", " ", "each", "noon", "5:30"]
)


@given(st.lists(PIECES).map("".join), st.lists(st.sampled_from(patterns()), max_size=3))
def test_the_same_is_found_as_by_searching_for_each(text: str, some: list[str]) -> None:
    assert finder(*some)(text) == any(re.search(pattern, text) for pattern in some)


@given(st.data(), st.sampled_from(patterns()))
def test_what_matches_is_never_ruled_out(data: st.DataObject, pattern: str) -> None:
    assert finder(pattern)(data.draw(st.from_regex(pattern)))


def test_rules_see_in_prompts_what_re_sees() -> None:
    lines = (files("pellucid.evals") / "data" / "routing_build.jsonl").read_text("utf-8")
    prompts = [json.loads(line)["prompt"].lower() for line in lines.splitlines()]
    for pattern in patterns():
        found = finder(pattern)
        assert list(map(found, prompts)) == [bool(re.search(pattern, one)) for one in prompts]
