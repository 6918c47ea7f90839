"""Puzzles of arrangement: begun by rule, and held to what each clue mentions."""

import re

import llguidance
import pytest

from agent.works import broke, work
from pellucid.agent.arrangements import Puzzle, mentioned, puzzle
from pellucid.agent.policy import next_step
from pellucid.agent.work import Explore, Think
from pellucid.core.items import Reasoning, ToolCall
from pellucid.model.constraint import compiled
from pellucid.tools.python.sandbox import PythonSandbox

QUESTION = """Three neighbours live in a row of houses, numbered 1 to 3 from the left.
- Each has a name: Ann, Ben, Cy
- Everybody keeps one pet: cat, white dog, fish
- Their favourite drink: tea, coffee, cy

1. Ann lives directly left of the owner of the white dog.
2. Cy does not live in the first house.
3. The tea drinker keeps the fish.
4. The person whose drink is Cy lives in house 2.
5. Ben lives in the first house.

Who keeps the fish?"""
MEANT = """directly_left_of(name_ann, pet_white_dog)
not_at(name_cy, 1)
same(drink_tea, pet_fish)
at(drink_cy, 2)
at(name_ben, 1)
"""


def there(question: str = QUESTION) -> Puzzle:
    found = puzzle(question)
    assert found is not None
    return found


def program(lines: str, last: str) -> str:
    said = [
        f"# {clue}\n{line}\n" for clue, line in zip(there().clues, lines.splitlines(), strict=True)
    ]
    return "".join([*said, f"\n# {there().asked}\n{last}\n"])


def test_a_puzzle_is_read() -> None:
    assert [kind.word for kind in there().kinds] == ["name", "pet", "drink"]
    assert there().kinds[1].names == ("pet_cat", "pet_white_dog", "pet_fish")
    assert there().clues[3] == "4. The person whose drink is Cy lives in house 2."
    assert there().asked == "Who keeps the fish?"


@pytest.mark.parametrize(
    "question",
    [
        "Who keeps the fish?",
        "Sort these: b, a, c\nand these: d, f, e\nWhich is first?",
        QUESTION.replace("tea, coffee", "tea, milk, coffee"),
        QUESTION.replace("drink: tea, coffee, cy", "pet: fish, coffee, cy"),
        QUESTION.replace("tea, coffee, cy", "&, %, cy"),
        QUESTION.replace("drink:", "drink, number 2:"),
        QUESTION.replace("?", "."),
        re.sub(r"\d\. ", "", QUESTION),
    ],
)
def test_other_questions_are_none(question: str) -> None:
    assert puzzle(question) is None


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("Ann keeps the fishes", ["name_ann", "pet_fish"]),
        ("The white dog's owner", ["pet_white_dog"]),
        ("Cy is happy", ["name_cy", "drink_cy"]),
        ("Whoever drinks Cy is happy", ["drink_cy"]),
        ("The dog barks", []),
    ],
)
def test_things_are_found_by_their_words(said: str, names: list[str]) -> None:
    assert [name for name, _ in mentioned(there().kinds, said)] == names


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        (program(MEANT, "print(who(name, pet_fish))"), True),
        (program(MEANT, "print(place_of(pet_fish))"), True),
        (program(MEANT.replace("name_ann", "name_ben"), "print(who(name, pet_fish))"), False),
        (program(MEANT.replace("same(drink_tea", "same(pet_fish"), "print(who(name, 1))"), False),
        (program(MEANT.replace("pet_fish)", "1)"), "print(who(name, 1))"), False),
        (program(MEANT.replace("directly_left_of", "same"), "print(who(name, 1))"), False),
        (program(MEANT.replace("ann, pet_white_dog", "white_dog, name_ann"), "print()"), False),
        (program(MEANT.replace("not_at", "at"), "print(who(name, 1))"), False),
    ],
)
def test_a_line_is_about_what_its_clue_mentions(text: str, allowed: bool) -> None:
    grammar = compiled(there().form)
    vocabulary = llguidance.LLTokenizer("byte")
    matcher = llguidance.LLMatcher(vocabulary, grammar)
    tokens = vocabulary.tokenize_str(text)
    assert (matcher.validate_tokens(tokens) == len(tokens)) == allowed


@pytest.mark.parametrize(
    ("lines", "last", "outcome"),
    [
        (MEANT, "print(who(name, pet_fish))", "ben"),
        (MEANT, "print(place_of(pet_fish))", "1"),
        (MEANT, "print(who(pet, 3))", "white dog"),
        (MEANT.replace("not_at(name_cy", "at(name_cy"), "print(who(pet, 1))", "no arrangement"),
        (MEANT.replace("at(name_ben, 1)", "at(name_ben, 2)"), "print(who(pet, 1))", "several"),
    ],
)
async def test_a_program_tells_the_one_arrangement_or_fails(
    sandbox: PythonSandbox, lines: str, last: str, outcome: str
) -> None:
    code = there().beginning + program(lines, last)
    run = await sandbox.run("s", code, seconds=30, seed=0)
    assert outcome in (run.output or run.error)


@pytest.mark.parametrize(
    ("clue", "line"),
    [
        ("1. Ann and the cat are next to each other.", "next_to(pet_cat, name_ann)"),
        ("1. Ann is somewhere to the right of the cat.", "right_of(name_ann, pet_cat)"),
        (
            "1. Ann lives immediately to the right of the cat.",
            "directly_right_of(name_ann, pet_cat)",
        ),
        ("1. Ann does not keep the cat.", "different(name_ann, pet_cat)"),
        ("1. Either Ann or Ben keeps the cat.", "next_to(name_ann, name_ben)"),
    ],
)
def test_the_words_of_a_clue_say_its_relation(clue: str, line: str) -> None:
    single = Puzzle(there().kinds, (clue,), "Who?")
    vocabulary = llguidance.LLTokenizer("byte")
    matcher = llguidance.LLMatcher(vocabulary, compiled(single.form))
    tokens = vocabulary.tokenize_str(f"# {clue}\n{line}\n\n# Who?\nprint(who(name, 1))\n")
    assert matcher.validate_tokens(tokens) == len(tokens)
    wrong = vocabulary.tokenize_str(f"# {clue}\nat(")
    assert matcher.validate_tokens(wrong) < len(wrong)


def test_the_first_program_is_begun_and_held_to_a_form() -> None:
    step = next_step(work(question=QUESTION))
    assert isinstance(step, Think)
    assert step.prompt.begun == there().beginning
    assert step.prompt.constraint == there().form


def test_what_cannot_be_arranged_is_translated_again_and_not_repaired() -> None:
    failed = broke("same(a, b)", "ValueError: no arrangement meets all clues as they are written")
    step = next_step(work(*failed, question=QUESTION, candidates=1))
    assert isinstance(step, Think)
    assert (step.purpose, step.prompt.constraint) == ("candidate", there().form)
    assert step.prompt.temperature > 0


def test_at_high_effort_every_program_of_a_batch_is_one() -> None:
    failed = broke("same(a, b)", "ValueError: no arrangement meets all clues as they are written")
    step = next_step(work(*failed, question=QUESTION, effort="high", candidates=1))
    assert isinstance(step, Explore)
    for prompt in step.prompts:
        begun = "" if isinstance(prompt.into, Reasoning) else there().beginning
        assert prompt.begun == begun
        assert (prompt.constraint is not None) == isinstance(prompt.into, ToolCall)
