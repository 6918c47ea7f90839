"""Puzzles of truth-tellers and liars: begun by rule, and held to whom a sentence names."""

import llguidance
import pytest

from agent.works import work
from pellucid.agent.policy import next_step
from pellucid.agent.puzzles import translated
from pellucid.agent.truth_tellers import CUES, Island, island
from pellucid.agent.work import Think
from pellucid.core.constraint import Lark
from pellucid.model.constraint import compiled
from pellucid.tools.python.sandbox import PythonSandbox

QUESTION = """In a village witches always tell the truth and owls always lie. You meet three
inhabitants: Mia, Tom, and Eve. Mia says: "Tom is an owl". Tom told us that Mia and Eve are both
witches. "If Tom is an owl, then I am a witch", says Eve, and Eve smiles. Who is who?"""
MEANT = (
    "says(Mia, owl(Tom))",
    "says(Tom, And(witch(Mia), witch(Eve)))",
    "says(Eve, Implies(owl(Tom), witch(Eve)))",
)


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
        QUESTION.replace("owl", "sat"),
        QUESTION.replace("owl", "class"),
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
        (program("says(Tom, owl(Tom))", *MEANT[1:]), False),
        (program("says(Mia, witch(Tom))", *MEANT[1:]), False),
        (program("says(Mia, owl(Eve))", *MEANT[1:]), False),
        (program(MEANT[0], "says(Tom, Or(witch(Mia), witch(Eve)))", MEANT[2]), True),
    ],
)
def test_a_line_is_about_whom_its_sentence_names(text: str, allowed: bool) -> None:
    vocabulary = llguidance.LLTokenizer("byte")
    matcher = llguidance.LLMatcher(vocabulary, compiled(there().form))
    tokens = vocabulary.tokenize_str(text)
    assert (matcher.validate_tokens(tokens) == len(tokens)) == allowed


@pytest.mark.parametrize(
    ("sentence", "claims"),
    [
        ('Mia says: "Tom is an owl".', ["owl(Tom)"]),
        ('"Tom is an owl or Eve is a witch," says Mia.', ["Or(owl(Tom), witch(Eve))"]),
        (
            "Mia says that Tom is an owl if Eve is a witch.",
            ["Implies(owl(Tom), witch(Eve))", "Implies(witch(Eve), owl(Tom))"],
        ),
        (
            "Mia says that Tom is an owl if and only if Eve is a witch.",
            ["Iff(owl(Tom), witch(Eve))"],
        ),
        ("Mia says that Tom is not an owl.", ["owl(Tom)", "witch(Tom)", "And(owl(Tom), owl(Mia))"]),
        ('"Tom and Eve are the same", says Mia.', ["Iff(owl(Tom), owl(Eve))", "witch(Mia)"]),
    ],
)
def test_a_sentence_leaves_open_only_what_its_words_do(sentence: str, claims: list[str]) -> None:
    form = Island(("Mia", "Tom", "Eve"), "witch", "owl", (sentence,)).form
    every = [f"{kind}({name})" for kind in ("witch", "owl") for name in ("Mia", "Tom", "Eve")]
    joined = [f"{how}({a}, {b})" for how in CUES for a in every for b in every if a != b]
    taken = [claim for claim in (*every, *joined) if matches(form, sentence, claim)]
    assert set(claims) <= set(taken)
    if "not" not in sentence and "same" not in sentence:
        assert sorted(taken) == sorted(claims)


def matches(form: Lark, sentence: str, claim: str) -> bool:
    vocabulary = llguidance.LLTokenizer("byte")
    matcher = llguidance.LLMatcher(vocabulary, compiled(form))
    tokens = vocabulary.tokenize_str(f"# {sentence}\nsays(Mia, {claim})\n\nprint(told())\n")
    return bool(matcher.validate_tokens(tokens) == len(tokens))


@pytest.mark.parametrize(
    ("lines", "outcome"),
    [
        (MEANT, "Mia is a witch, Tom is an owl and Eve is an owl."),
        (("says(Mia, owl(Mia))", *MEANT[1:]), "nobody can have said"),
        (
            ("says(Mia, witch(Mia))", "says(Tom, witch(Tom))", "says(Eve, Iff(Eve, Eve))"),
            "several answers",
        ),
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
