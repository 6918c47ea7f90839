"""Grammars on the fake vocabulary: what is allowed, what is forced, what is refused."""

import json
import re
from functools import reduce

import jsonschema
import pytest
from engine_runs import Driven, alone, limits, request
from hypothesis import given
from hypothesis import strategies as st
from llguidance import LLMatcher

from pellucid.engine import fake
from pellucid.engine.backend import Sampled, Work
from pellucid.engine.grammar import (
    ALIKE,
    LOOPED,
    MOST_BYTES,
    PHRASE,
    SAME,
    GrammarError,
    Grammars,
    Guide,
    looping,
    repeating,
)
from pellucid.engine.sequence import Sampling

PERSON = LLMatcher.grammar_from_json_schema(
    {
        "type": "object",
        "properties": {"name": {"enum": ["Ann", "Anton"]}, "age": {"type": "integer"}},
        "required": ["name", "age"],
        "additionalProperties": False,
    },
    overrides={"whitespace_flexible": False},
)
MANY = {"anyOf": [{"properties": {f"a{n}": {"type": "integer"}}} for n in range(6)]}
RUN = LLMatcher.grammar_from_regex("x{40}(a|b)")


def grammars() -> Grammars:
    return Grammars(fake.for_grammars, fake.VOCABULARY)


def letters(tokens: tuple[int, ...]) -> str:
    return bytes(tokens).decode()


def test_what_is_allowed_and_what_is_forced() -> None:
    guide = grammars().guide(PERSON)
    assert guide.allowed().nonzero()[0].tolist() == [ord("{")]
    drawn = guide.follow(Sampled(0, ord("{")), force=True)
    assert letters(drawn.forced) == '"name":"An'
    assert not drawn.complete
    assert sorted(map(chr, guide.allowed().nonzero()[0])) == ["n", "t"]
    assert letters(guide.follow(Sampled(0, ord("t")), force=True).forced) == 'on","age":'
    guide.follow(Sampled(0, ord("7")), force=True)
    last = guide.follow(Sampled(0, ord("}")), force=True)
    assert (last.forced, last.complete, last.error) == ((), True, "")


def test_nothing_is_forced_where_that_is_not_wanted() -> None:
    guide = grammars().guide(PERSON)
    assert guide.follow(Sampled(0, ord("{")), force=False).forced == ()
    assert guide.allowed().nonzero()[0].tolist() == [ord('"')]


def test_a_guide_says_when_its_grammar_cannot_go_on() -> None:
    drawn = grammars().guide(PERSON).follow(Sampled(0, ord("x")), force=True)
    assert drawn.error.startswith("the grammar: ")
    assert not drawn.complete


@pytest.mark.parametrize(
    ("grammar", "complaint"),
    [
        ("start: (", "Expected token"),
        (LLMatcher.grammar_from_json_schema({"not": {}}), "Unimplemented keys"),
        ("x" * (MOST_BYTES + 1), "over 1,000,000"),
        (LLMatcher.grammar_from_json_schema({"allOf": [MANY] * 6}), "too large"),
    ],
)
def test_what_cannot_be_followed_is_refused_every_time(grammar: str, complaint: str) -> None:
    ours = grammars()
    ours.prepare(grammar)
    for _ in range(2):
        with pytest.raises(GrammarError, match=complaint):
            ours.guide(grammar)


def test_a_grammar_is_compiled_once_and_its_guides_are_apart() -> None:
    made: list[int] = []

    def tokenizer() -> object:
        made.append(1)
        return fake.for_grammars()

    ours = Grammars(tokenizer, fake.VOCABULARY)  # type: ignore[arg-type]
    ours.prepare(PERSON)
    first, second = ours.guide(PERSON), ours.guide(PERSON)
    first.follow(Sampled(0, ord("{")), force=True)
    assert second.allowed().nonzero()[0].tolist() == [ord("{")]
    assert made == [1]


NUMBER = LLMatcher.grammar_from_json_schema({"type": "number"})
LIST = LLMatcher.grammar_from_json_schema({"type": "array", "items": {"type": "number"}})
TEXT = LLMatcher.grammar_from_json_schema({"type": "string"})


@pytest.mark.parametrize(
    ("grammar", "written", "digits", "then"),
    [
        (NUMBER, "0.", 40, "eE"),
        (NUMBER, "-7.", 40, "eE"),
        (NUMBER, "1" * 300, 100, ".eE"),
        (LIST, "[1.", 40, "\t\n\r ,Ee]"),
        (LIST, "[2.5, 0.0", 39, "\t\n\r ,Ee]"),
        (LIST, "[1.0" + "0" * 39 + ", ", 400, "\t\n\r ,.Ee]"),
    ],
)
def test_a_number_of_json_ends(grammar: str, written: str, digits: int, then: str) -> None:
    guide = grammars().guide(grammar)
    for letter in written.encode() + b"3" * digits:
        assert guide.allowed()[letter]
        guide.follow(Sampled(0, letter), force=False)
    left = guide.allowed()
    assert sorted(then.encode()) == [token for token in left.nonzero()[0] if token < 128]
    guide.follow(Sampled(0, ord("e")), force=False)
    assert guide.allowed()[ord("7")]


@pytest.mark.parametrize(
    ("grammar", "written"),
    [(TEXT, '"3.' + "1" * 500), (LLMatcher.grammar_from_regex(r"0\.0+"), "0." + "0" * 60)],
)
def test_a_text_may_hold_any_digits(grammar: str, written: str) -> None:
    guide = grammars().guide(grammar)
    for letter in written.encode():
        assert guide.allowed()[letter]
        guide.follow(Sampled(0, letter), force=False)


def written(guide: Guide, text: str) -> None:
    for letter in text.encode():
        assert guide.allowed()[letter]
        guide.follow(Sampled(0, letter), force=False)


def test_a_text_of_json_ends_where_it_only_repeats_itself() -> None:
    phrase = "The loan was paid back within the year, and with interest. "
    guide = grammars().guide(TEXT)
    written(guide, '"' + (phrase * 7)[:LOOPED])
    assert guide.allowed().nonzero()[0].tolist() == [ord('"')]
    guide.follow(Sampled(0, ord('"')), force=False)
    free = grammars().guide(LLMatcher.grammar_from_regex("[^x]*"))
    written(free, phrase * 9)
    assert free.allowed()[ord("a")]


NAMES = LLMatcher.grammar_from_json_schema({"type": "array", "items": {"type": "string"}})
PAIRS = LLMatcher.grammar_from_json_schema({"type": "array", "items": {"type": "object"}})
LONG = LLMatcher.grammar_from_json_schema(
    {"type": "array", "items": {"type": "string"}, "minItems": SAME + 4}
)


@pytest.mark.parametrize(
    ("grammar", "item", "times"),
    [
        (NAMES, '"court_updates"', SAME),
        (NAMES, '""', SAME),
        (NAMES, '"The loan was paid back."', ALIKE),
        (PAIRS, '{"name": "court", "n": 1}', ALIKE),
        (LONG, '"a"', SAME + 2),
    ],
)
def test_a_list_of_json_ends_where_it_only_repeats_itself(
    grammar: str, item: str, times: int
) -> None:
    guide = grammars().guide(grammar)
    listed = ", ".join(["", *[item] * times])
    written(guide, '["x"' if item.startswith('"') else '[{"a": 1}')
    written(guide, listed)
    allowed = guide.allowed().nonzero()[0].tolist()
    if grammar is LONG:
        assert ord("]") not in allowed
        written(guide, f", {item}")
        allowed = guide.allowed().nonzero()[0].tolist()
    assert allowed == [ord("]")]


def test_a_list_may_have_the_same_number_as_often_as_it_likes() -> None:
    guide = grammars().guide(LIST)
    written(guide, "[" + "0, " * 300 + "0")
    assert guide.allowed()[ord(",")]
    few = grammars().guide(NAMES)
    written(few, '["x"' + ', "a"' * (SAME - 1))
    assert few.allowed()[ord(",")]
    assert not repeating(b"")


@given(st.binary(min_size=PHRASE, max_size=300).map(lambda text: text.replace(b"#", b"-")))
def test_a_loop_is_a_phrase_said_three_times(said: bytes) -> None:
    phrase = b"#" + said
    needed = max(3, -(-LOOPED // len(phrase)))
    assert looping(phrase * needed)
    assert looping(b"First. " + phrase * needed)
    assert not looping(phrase * 2)
    assert not looping(phrase * needed + b"!")


def test_words_may_come_as_often_as_they_like() -> None:
    assert not looping(b"")
    assert not looping(b"ha" * 900)
    assert not looping(bytes(range(256)) * 2)


HARD = {
    "regex": LLMatcher.grammar_from_regex("[ab]*a[ab]{200}"),
    "ambiguous": 'start: x\nx: x x | "a" | ""',
    "nested": LLMatcher.grammar_from_json_schema(
        json.dumps(reduce(lambda a, _: {"type": "array", "items": a}, range(100), {"type": "null"}))
    ),
    "large": LLMatcher.grammar_from_regex("(a{1000}){1000}"),
    "long": LLMatcher.grammar_from_json_schema({"type": "string", "minLength": 100_000}),
    "wide": LLMatcher.grammar_from_json_schema(
        {"properties": {f"p{n}": {"type": "string"} for n in range(3000)}}
    ),
}


@pytest.mark.parametrize("name", HARD)
@pytest.mark.timeout(20)
def test_no_grammar_holds_the_engine_up(name: str) -> None:
    """Each is refused, ends in an error, or goes on to its token limit; none hangs."""
    driven = Driven(fake.Backend(length=10**9))
    driven.submit(request("r", "p", 30, sampling=Sampling(grammar=HARD[name])))
    driven.finish()
    assert driven.end("r").reason in ("error", "length", "stop")


def test_forced_tokens_are_computed_together_and_come_with_the_drawn_one() -> None:
    driven = Driven(limits=limits(step_tokens=64))
    driven.submit(request("r", "p", 60, sampling=Sampling(grammar=RUN, logprobs=True)))
    driven.step()
    assert letters(driven.answer("r")) == "x" * 40
    assert driven.step() == [Work(0, tuple(b"x" * 40), 1, sample=True)]
    driven.finish()
    assert re.fullmatch("x{40}[ab]", letters(driven.answer("r")))
    assert (driven.end("r").reason, driven.end("r").completion) == ("stop", 41)


def test_forced_tokens_keep_to_the_step_and_let_others_write() -> None:
    driven = Driven(fake.Backend(length=10**9), limits(step_tokens=16))
    driven.submit(request("other", "q", 60))
    driven.step()
    driven.submit(request("r", "p", 60, sampling=Sampling(grammar=RUN)))
    driven.step()
    before = len(driven.answer("other"))
    sizes = [[len(one.tokens) for one in driven.step()] for _ in range(3)]
    assert sizes == [[1, 15], [1, 15], [1, 10]]
    assert len(driven.answer("other")) == before + 3


@pytest.mark.parametrize(("most", "reason"), [(40, "length"), (41, "stop"), (10, "length")])
def test_the_token_limit_holds_for_forced_tokens_too(most: int, reason: str) -> None:
    driven = Driven()
    driven.submit(request("r", "p", most, sampling=Sampling(grammar=RUN)))
    driven.finish()
    assert (driven.end("r").reason, driven.end("r").completion) == (reason, most)


def test_a_stop_string_inside_forced_tokens_ends_the_answer_there() -> None:
    driven = Driven()
    driven.submit(request("r", "p", 60, sampling=Sampling(grammar=RUN), stop=(b"xxx",)))
    driven.finish()
    assert letters(driven.answer("r")) == "xxx"


def test_a_request_whose_grammar_is_wrong_ends_with_the_reason() -> None:
    driven = Driven()
    driven.submit(request("r", "p", sampling=Sampling(grammar="start: (")))
    driven.finish()
    assert driven.end("r").reason == "error"
    assert "Expected token" in driven.end("r").message


def test_a_grammar_that_fails_on_the_way_ends_the_answer_as_an_error() -> None:
    class Broken(fake.Backend):
        def _draw(self, seq: int) -> Sampled:
            return Sampled(seq, ord("x"), error="the grammar: a limit")

    driven = Driven(Broken())
    driven.submit(request("r", "p"))
    driven.finish()
    assert (driven.end("r").reason, driven.end("r").message) == ("error", "the grammar: a limit")
    assert driven.answer("r") == ()


SCHEMAS = st.recursive(
    st.sampled_from(
        [
            {"type": "string", "maxLength": 4},
            {"type": "integer", "minimum": -5, "maximum": 1000},
            {"enum": ["a", 1, None, True]},
            {"type": "boolean"},
        ]
    ),
    lambda inner: st.one_of(
        st.fixed_dictionaries({"type": st.just("array"), "items": inner, "maxItems": st.just(3)}),
        st.dictionaries(st.sampled_from(["z", "y", "x"]), inner, max_size=3).map(
            lambda properties: {
                "type": "object",
                "properties": properties,
                "required": sorted(properties),
                "additionalProperties": False,
            }
        ),
    ),
    max_leaves=5,
)


@given(SCHEMAS, st.integers(0, 3))
def test_finished_answers_are_valid_in_the_schemas_order_and_as_if_drawn_one_by_one(
    schema: dict[str, object], seed: int
) -> None:
    sampling = Sampling(1.0, seed=seed, grammar=LLMatcher.grammar_from_json_schema(schema))
    driven = Driven()
    asked = request("r", "p", 200, sampling=sampling)
    driven.submit(asked)
    driven.finish()
    assert (driven.answer("r"), driven.end("r").reason) == alone(asked)
    if driven.end("r").reason == "stop":
        value = json.loads(letters(driven.answer("r")))
        jsonschema.validate(value, schema)
        if isinstance(value, dict):
            assert list(value) == list(schema["properties"])  # type: ignore[call-overload]
