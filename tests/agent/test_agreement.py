"""Choosing among candidates, and when to stop asking for more."""

from pellucid.agent.coding.agreement import Tried, best, settled
from pellucid.agent.coding.candidates import Candidate
from pellucid.agent.coding.checks import Checked, Plan, Result
from pellucid.agent.coding.examples import Example


def tried(
    values: str, examples: str = "", *, text: str = "", loaded: bool = True, kind: str = ""
) -> Tried:
    """A candidate that gives these values in its tests (a capital one is right), and that
    meets (+) or misses (-) these examples."""
    origins = ["request"] * len(examples) + ["model"] * len(values)
    held = tuple(Example(o, "value", f"f({n})", "1") for n, o in enumerate(origins))  # type: ignore[arg-type]
    results = [Result(sign == "+", "1") for sign in examples]
    results += [Result(value.isupper(), value) for value in values]
    plan = Plan((("answer.py", ""),), "answer.py", "answer", held)
    check = Checked(plan, "e", loaded, kind=kind, results=tuple(results))
    return Tried(Candidate(text or values, "python", values, plan), check)


def test_the_examples_of_the_request_count_first() -> None:
    right, wrong = tried("aaaa", "++"), tried("ABCD", "+-")
    assert best([wrong, wrong, right]) is right
    less, more = tried("ABCD", "+--"), tried("abcd", "++-")
    assert best([less, more]) is more


def test_a_group_counts_for_its_size_times_what_it_passes() -> None:
    alone, small, large = tried("ABCd"), tried("ABcd"), tried("AbcD")
    assert best([alone, small, large, large]) is large
    assert best([small, alone]) is alone


def test_candidates_that_give_other_wrong_values_are_no_group() -> None:
    x, y, z = tried("Abcd"), tried("Abce"), tried("Abcf")
    pair = tried("Axyz")
    assert best([x, y, z, pair, pair]) is pair


def test_the_earliest_of_equals_is_delivered() -> None:
    first, second = tried("AB", text="1"), tried("AB", text="2")
    assert best([first, second]) is first


def test_what_was_not_checked_is_the_last_choice() -> None:
    unchecked = Tried(Candidate("x"), None)
    assert best([unchecked, tried("ab")]).candidate.text == "ab"
    assert (unchecked.examples, unchecked.tests, unchecked.behaviour) == (0, (0, 0), ())
    early = tried("AB", loaded=False, kind="EOFError")
    assert best([early, tried("ab")]).candidate.text == "ab"


def test_one_sound_candidate_settles_it_where_nothing_compares() -> None:
    assert settled([tried("")], adaptive=True)
    assert not settled([tried("", "-")], adaptive=True)
    assert not settled([], adaptive=False)


def test_half_of_the_tests_settle_it_at_medium_effort() -> None:
    assert settled([tried("ABcd")], adaptive=False)
    assert not settled([tried("Abcd")], adaptive=False)


def test_sampling_stops_when_agreement_is_clear() -> None:
    a, b = tried("ABCD"), tried("ABCx")
    assert not settled([a, a], adaptive=True)
    assert settled([a, a, a], adaptive=True)
    assert not settled([a, a, a, b, b], adaptive=True)
    assert settled([a, a, a, a, b, b], adaptive=True)
    met = tried("ABCD", "+")
    assert settled([met, met], adaptive=True)
    assert not settled([met], adaptive=True)
