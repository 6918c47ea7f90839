"""What is left of a draft when its false claims are gone."""

import gc
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pellucid.agent.verdicts.corrections import NOTHING_LEFT, OUTPUT_GONE
from pellucid.agent.verdicts.verify import correct, verify
from pellucid.core.items import Item
from verify.conversation import asked, called, ran
from verify.sentences import NO_CLAIMS, POSITIVE_EXAMPLES

SUBTRACT = asked("What is 48271964 - 19384756?")
COMPUTED = [*SUBTRACT, *ran("28887208\n", "print(48271964 - 19384756)")]


def corrected(answer: str, transcript: list[Item]) -> str:
    return correct(answer, verify(answer, transcript), transcript).text


CASES = [
    (
        "The difference is 28,887,209. The calculator displays 28,887,209.",
        SUBTRACT,
        "The difference is 28,887,208.",
    ),
    ("The calculator displays 28,887,209.", SUBTRACT, "Recomputed: 28,887,208."),
    ("The calculator displays 77.", SUBTRACT, "The draft of this answer gave 77 without evidence."),
    ("I searched the web.", SUBTRACT, NOTHING_LEFT),
    ("I ran the code and the result is 28,887,208.", SUBTRACT, "The result is 28,887,208."),
    ("I ran the code, so I used a calculator.", SUBTRACT, NOTHING_LEFT),
    ("I ran the code: The calculator displays 9.", SUBTRACT,
     "The draft of this answer gave 9 without evidence."),
    ("It is about 28,887,208.", COMPUTED, "It is 28,887,208."),
    ("It is 28,878,208.", COMPUTED, "It is 28,887,208."),
    ("48271964 - 19384756 = 28,887,209, so 28,887,209.", SUBTRACT,
     "48271964 - 19384756 = 28,887,208, so 28,887,208."),
    ("48217964 - 19384756 = 28833208.", SUBTRACT, "48271964 - 19384756 = 28887208."),
    ("See [the docs](https://a.b/c) or [https://d.e](https://d.e), or https://f.g.", SUBTRACT,
     "See the docs or , or [link removed]."),
    ('Yes. You wrote "what is the sum of all". So.', SUBTRACT, "Yes. So."),
    ("Done:\n```python\n(\n```\nEnd.", SUBTRACT, "Done:\n```text\n(\n```\nEnd."),
    ("Fine.\n\n- I ran the code.\n- I like it.\n\n1. I searched the web.\n\nEnd.", SUBTRACT,
     "Fine.\n\n- I like it.\n\nEnd."),
    ("Yes. I ran the code. No.", SUBTRACT, "Yes. No."),
    ("Nothing to see.", SUBTRACT, "Nothing to see."),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "transcript", "expected"), CASES)
def test_corrections(answer: str, transcript: list[Item], expected: str) -> None:
    correction = correct(answer, verify(answer, transcript))
    assert correction.text == expected
    assert bool(correction.removed) == (answer != expected)
    assert all(claim.verdict != "contradicted" for claim in verify(expected, transcript))


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ('You wrote "nobody wrote these words". ```python\n(\n```', NOTHING_LEFT),
        ("28887209 + 1 = 28887210.It works on my machine.", "Recomputed: 28887208."),
        ("It is 28887209. About 28887208 and I searched. Fine.", "It is 28887208. Fine."),
    ],
)
def test_what_one_pass_brings_to_light_is_corrected_too(answer: str, expected: str) -> None:
    assert corrected(answer, COMPUTED) == expected


def test_made_up_output_never_reaches_the_reader() -> None:
    code = "```python\nprint(4, 6)\n```"
    answer = f"Let us check:\n{code}\n\n```output\n4 6\n```\n\nIt fits."
    assert corrected(answer, asked("Check it")) == (
        f"Let us check:\n{code}\n\n{OUTPUT_GONE}\n\nIt fits."
    )
    assert corrected(answer, [*asked("Check it"), *ran("4 6\n", "print(4, 6)")]) == answer


def test_code_blocks_keep_their_layout() -> None:
    block = "```python\nx = 1    # one\n\n\n\n#\ny = 2\n```"
    assert corrected(f"I ran the code.\n{block}\nEnd.", SUBTRACT) == f"{block}\nEnd."


def test_what_was_removed_is_told_once() -> None:
    answer = "I ran the code. It is 28,887,209, yes 28,887,209."
    removed = correct(answer, verify(answer, COMPUTED[:1])).removed
    assert len(removed) == 2
    assert removed[0].startswith("removed: 'I ran the code.'")
    assert removed[1] == "corrected: '28,887,209' to '28,887,208'"


SENTENCES = st.sampled_from(
    [
        *POSITIVE_EXAMPLES,
        *NO_CLAIMS[::4],
        "The difference is 28,887,209.",
        "It is approximately 28887208.",
        "48271964 - 19384756 = 28887209 = 28887209.",
        "48217964 + 2 = 48217966.",
        "28887209 + 1 = 28887210.",
        "4 × 17 = 69, so 69.",
        "10 / 3 = 3 and 3 < 2.",
        "See [this](https://a.b/c) or https://d.e/f.",
        'The document says "nobody has ever written this".',
        "- one",
        "1. two",
        "```python\n(\n```",
        "```python\nprint(1)\n```",
        "# Heading",
        "\n\n",
        "50 % of 48,271,964 is 24,135,983",
        "Roughly 12.5",
    ]
)
TRANSCRIPTS = st.sampled_from(
    [SUBTRACT, COMPUTED, [*COMPUTED, *called("web_search", "https://a.b/c 28887210")]]
)


@settings(max_examples=200)
@given(
    st.lists(SENTENCES, min_size=1, max_size=8), st.sampled_from([" ", "\n", ", ", ""]), TRANSCRIPTS
)
def test_a_corrected_answer_stands(parts: list[str], glue: str, transcript: list[Item]) -> None:
    answer = glue.join(parts)
    text = corrected(answer, transcript)
    assert correct(answer, verify(answer, transcript)).text.strip() or not answer.strip()
    left = [claim for claim in verify(text, transcript) if claim.verdict == "contradicted"]
    assert left == [], (answer, text)
    assert text.strip() or not answer.strip()
    assert corrected(text, transcript) == text


@given(st.text())
def test_any_text_is_corrected(answer: str) -> None:
    corrected(answer, COMPUTED)


@pytest.mark.speed
def test_a_long_answer_takes_as_long_as_its_parts() -> None:
    """Ten times the text, at most some twenty times the work; squared would be a hundred."""
    prose = (
        "The total is 3 × 4 = 12, and 28,887,209 less 7 is about 5% of it; see the second table. "
        "I ran the code on 23 November 2026 at 14:37, as the log in the appendix shows in full. "
    )

    def seconds(answer: str) -> float:
        started = time.process_time()
        verify(answer, COMPUTED)
        return time.process_time() - started

    long = (prose * 200)[:20_000]
    seconds(long)
    assert min(seconds(long) for _ in range(3)) < 20 * min(seconds(long[:2000]) for _ in range(9))


HOSTILE = [
    *["9", "1 + ", "(", "1 = ", "2^9999 * ", "twenty ", "I used ", '"a b c d ', "the small ", "-"],
    *["1,", "\\frac{1}{2} = ", "1 hour ", "http://a", "`", "1/2 ", "1:23 ", "\n", " ", "x "],
    *["my calculator ", "I found it ", "9**", "[a](", "1 day, ", "a hundred and ", "≈", "!"],
    *["according to your ", "\u2003", "1e9", "0.", "I ran the ", "_1", "1' ", "(1)"],
]


@pytest.mark.speed
@pytest.mark.parametrize("piece", HOSTILE)
def test_hostile_texts_take_no_longer_than_their_length_asks(piece: str) -> None:
    """Four times the text, at most some ten times the work (squared would be sixteen), and 20,000
    characters in a second; the best of four tries, for what else the machine does."""

    def seconds(size: int) -> float:
        answer = (piece * size)[:size]
        started = time.process_time()
        verify(answer, COMPUTED)
        return time.process_time() - started

    small = min(seconds(5_000) for _ in range(2))
    gc.freeze()  # what other tests left in memory is not the verifier's to look through
    try:
        large = min(seconds(20_000) for _ in range(4))
    finally:
        gc.unfreeze()
    assert large < 10 * small + 0.05
    assert large < 1.0
