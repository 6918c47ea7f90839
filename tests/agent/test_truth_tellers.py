"""Puzzles of truth-tellers and liars: begun by rule, and held to whom a sentence names."""

import llguidance
import pytest

from agent.works import work
from pellucid.agent.policy import next_step
from pellucid.agent.puzzles import translated
from pellucid.agent.truth_tellers import Island, island
from pellucid.agent.work import Think
from pellucid.model.constraint import compiled
from pellucid.tools.python.sandbox import PythonSandbox

QUESTION = """In a village witches always tell the truth and owls always lie. You meet three
inhabitants: Mia, Tom, and Eve. Mia says: "Tom is an owl". Tom told us that Mia and Eve are both
witches. "If Tom is an owl, then I am a witch", says Eve, and Eve smiles. Who is who?"""
MEANT = ("says(Mia, Not(Tom))", "says(Tom, And(Mia, Eve))", "says(Eve, Implies(Not(Tom), Eve))")


def there() -> Island:
    found = island(QUESTION)
    assert found is not None
    return found


def program(*lines: str) -> str:
    said = [f"# {one}\n{line}\n" for one, line in zip(there().said, lines, strict=True)]
    return "".join([*said, "\nprint(told())\n"])


def test_a_puzzle_is_read() -> None:
    assert there().names == ("Mia", "Tom", "Eve")
    assert (there().truthful, there().lying) == ("witch", "owl")
    assert there().said[0] == 'Mia says: "Tom is an owl".'
    assert len(there().said) == 3
    assert translated(QUESTION) == there()
    assert translated(QUESTION + " " * 6_000) is None


@pytest.mark.parametrize(
    "question",
    [
        "Who lies?",
        QUESTION.replace("always lie", "sleep"),
        QUESTION.replace(", Tom, and Eve", ""),
        QUESTION.replace("Tom", "And"),
        QUESTION.replace("Tom, and Eve", "Mia, and Mia"),
        QUESTION.partition("Tom told")[0],
    ],
)
def test_other_questions_are_none(question: str) -> None:
    assert island(question) is None


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        (program(*MEANT), True),
        (program("says(Mia, Tom == Mia)", *MEANT[1:]), True),
        (program("says(Tom, Not(Tom))", *MEANT[1:]), False),
        (program("says(Mia, Not(Eve))", *MEANT[1:]), False),
    ],
)
def test_a_line_is_about_whom_its_sentence_names(text: str, allowed: bool) -> None:
    vocabulary = llguidance.LLTokenizer("byte")
    matcher = llguidance.LLMatcher(vocabulary, compiled(there().form))
    tokens = vocabulary.tokenize_str(text)
    assert (matcher.validate_tokens(tokens) == len(tokens)) == allowed


@pytest.mark.parametrize(
    ("lines", "outcome"),
    [
        (MEANT, "Mia is a witch, Tom is an owl and Eve is an owl."),
        (("says(Mia, Not(Mia))", *MEANT[1:]), "nobody can have said"),
        (("says(Mia, Mia)", "says(Tom, Tom)", "says(Eve, Eve)"), "several answers"),
    ],
)
async def test_a_program_tells_the_one_answer_or_fails(
    sandbox: PythonSandbox, lines: tuple[str, ...], outcome: str
) -> None:
    code = there().beginning + program(*lines)
    run = await sandbox.run("s", code, seconds=30, seed=0)
    assert outcome in (run.output or run.error)


def test_the_first_program_is_begun_and_held_to_a_form() -> None:
    step = next_step(work(question=QUESTION))
    assert isinstance(step, Think)
    assert step.prompt.begun == there().beginning
    assert step.prompt.constraint == there().form
