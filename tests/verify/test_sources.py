"""Quotations, links and code blocks are matched with the conversation."""

import pytest

from pellucid.agent.reading.prose import sentence_at, sentences
from pellucid.agent.verdicts.links import bare_address
from pellucid.agent.verdicts.sources import normal_code
from pellucid.agent.verdicts.verify import verify
from pellucid.core.claims import Claim, ClaimKind
from pellucid.core.items import Item
from verify.conversation import asked, called, ran

LETTER = asked(
    "The contract says: “Either party may end this agree-\nment with   thirty days' notice.”"
)


def of_kind(kind: ClaimKind, answer: str, transcript: list[Item]) -> list[Claim]:
    return [claim for claim in verify(answer, transcript) if claim.kind == kind]


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        ('You wrote "either party may end this agreement".', "given"),
        ("It reads “EITHER PARTY MAY END this agreement with thirty days’ notice”.", "given"),
        ('The contract says "Either party may ... thirty days\' notice."', "given"),
        ('The contract says "either party must stay for ever".', "contradicted"),
        ('"Either party must stay for ever", as the document states.', "contradicted"),
        ('You wrote "notice thirty ... either party may".', "contradicted"),
        ('According to the text, "nobody may ever leave this".', "contradicted"),
    ],
)
def test_quotations(answer: str, verdict: str) -> None:
    (claim,) = of_kind("quotation", answer, LETTER)
    assert claim.verdict == verdict


@pytest.mark.parametrize(
    "answer",
    ['They said "to be or not to be".', 'You wrote "not quoted".', '"All is well that ends well."'],
)
def test_words_that_nobody_is_said_to_have_written_are_no_claim(answer: str) -> None:
    assert of_kind("quotation", answer, LETTER) == []


def test_a_quotation_of_an_output() -> None:
    transcript = [*asked("Run it."), *ran("Error: the value is out of range")]
    (claim,) = of_kind("quotation", 'It printed "the value is out of range".', transcript)
    assert (claim.verdict, claim.evidence) == ("computed", ("ex-1",))


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        ("See https://example.com/a.", "given"),
        ("See http://www.Example.com/a/#top.", "given"),
        ("See [it](https://example.com/a).", "given"),
        ("See www.example.com/a!", "given"),
        ("See https://tool.example/x?q=1", "given"),
        ("See https://example.com/b.", "contradicted"),
    ],
)
def test_links(answer: str, verdict: str) -> None:
    transcript = [*asked("What is on https://example.com/a, please?")]
    transcript += called("browser.open", "more at <https://tool.example/x?q=1>")
    (claim,) = of_kind("link", answer, transcript)
    assert claim.verdict == verdict


def test_links_in_code_are_code() -> None:
    assert of_kind("link", "```\nhttps://example.com/b\n```", asked("Hi")) == []


def test_addresses_that_cannot_be_taken_apart_are_kept() -> None:
    assert bare_address("http://[broken") == "http://[broken"


RUN = "x = 1  # one\nprint(x)"


@pytest.mark.parametrize(
    ("block", "verdict", "note"),
    [
        ("```python\nx=1\n\nprint( x )\n```", "computed", "run"),
        ("~~~py\n>>> x = 1\n>>> print(x)\n~~~", "computed", "run"),
        ("```\nx = 1\nprint(x)\n```", "computed", "run"),
        ("```python\n!pip install x\nprint(2)\n```", "stated", "not run"),
        ("  ```python\n  print(2)\n  ```", "stated", "not run"),
        ("```python\nprint('\\d')\n", "stated", "not run"),
        ("```bash\nls -l\n```", "stated", "not run"),
        ("```\n1 +\n```", "stated", "not run"),
        ("```python\nprint(2\n```", "contradicted", "does not parse"),
        ("```python\nx = '\0'\n```", "stated", "not run"),
        (f"```python\n{'(' * 9000}\n```", "contradicted", "does not parse"),
    ],
)
def test_code_blocks(block: str, verdict: str, note: str) -> None:
    (claim,) = of_kind("code", f"Here:\n{block}", [*asked("Hi"), *ran("1", RUN)])
    assert (claim.verdict, claim.note) == (verdict, note)


@pytest.mark.parametrize(
    ("block", "verdict", "evidence"),
    [
        ("```output\n7\n```", "computed", ("ex-1",)),
        ("```stdout\n(4,  6)\n```", "computed", ("ex-1",)),
        ("```Output\n12 boxes\n```", "given", ()),
        ("```output\n(4, 6, 42)\n```", "contradicted", ()),
        ("```output\n17\n(4, 6)\n```", "contradicted", ()),
        ("```output\n6\n```", "contradicted", ()),
        ("```output\n2 boxes\n```", "contradicted", ()),
        ("```results\n8\n", "contradicted", ()),
    ],
)
def test_blocks_of_output_are_those_of_runs(
    block: str, verdict: str, evidence: tuple[str, ...]
) -> None:
    transcript = [*asked("My log says:\n12 boxes"), *ran("7\n(4, 6)\n", RUN)]
    (claim,) = of_kind("code", f"Here:\n{block}", transcript)
    assert (claim.verdict, claim.evidence) == (verdict, evidence)


def test_code_too_deep_for_python_does_not_parse() -> None:
    assert normal_code("-" * 100_000 + "1") is None


def test_sentences() -> None:
    text = (
        "Dr. No said 3.14, e.g. here. Next!\n- item one\n- item two\n\n"
        "Last (one.) Then\n```\na. b.\n```\nend"
    )
    assert [text[start:end] for start, end in sentences(text)] == [
        "Dr. No said 3.14, e.g. here.",
        "Next!",
        "- item one",
        "- item two",
        "Last (one.)",
        "Then",
        "end",
    ]
    assert sentence_at(sentences(text), text.index("```")) == (text.index("```"),) * 2
    assert sentence_at((), 3) == (3, 3)


STYLES = [
    ("You wrote „either party may end this agreement“.", "given"),
    ("The contract says »either party may end this agreement«.", "given"),
    ("The contract says ‘either party may end this agreement’.", "given"),
    ("The contract says 'either party may end this agreement'.", "given"),
    ("The contract says ‹either party may end this agreement›.", "given"),
    ("The contract says ``either party may end this agreement''.", "given"),
    (
        "The contract says:\n\n> Either party may end this\n> **agreement** with thirty days'",
        "given",
    ),
    ("The contract says:\n\n> Nobody may ever leave this place.\n\nFine.", "contradicted"),
    ("The contract says 'nobody's business is ever to leave'.", "contradicted"),
    ("The contract says “nobody ‘may ever’ leave this place”.", "contradicted"),
    (
        'The contract says:\n\n> "Nobody may ever leave" is what "it says to you" there.',
        "contradicted",
    ),
    ("Im Vertrag steht: „Niemand darf jemals wieder gehen“.", "contradicted"),
    ("Selon votre document, « personne ne peut jamais partir ».", "contradicted"),
    ("Según el contrato, «nadie puede salir de aquí».", "contradicted"),
]


@pytest.mark.parametrize(("answer", "verdict"), STYLES)
def test_quotations_in_every_style(answer: str, verdict: str) -> None:
    (claim,) = of_kind("quotation", answer, LETTER)
    assert claim.verdict == verdict
    assert answer[claim.start : claim.end] == claim.text


def test_a_block_of_ones_own_words_is_no_quotation() -> None:
    assert of_kind("quotation", "> **Note:** be careful with this one.", LETTER) == []


LINKS = [
    ("See https://shop.example.org.", ["given"]),
    ("See [the shop](shop.example.org).", ["given"]),
    ("See [it](other.com/p), [README](README.md), [code](src/main.py).", ["contradicted"]),
    ("See docs.python.org/3/library/re.html.", ["contradicted"]),
    (
        "See <https://example.com/a?x=1&amp;y=2> and\n[1]: https://example.com/a?x=1&y=2",
        ["given"] * 2,
    ),
    ("Open http://localhost:5000/x or http://127.0.0.1:8000.", []),
    ("Try `curl https://api.example.com/v1`.", []),
    ("Try `curl https://api.other.com/v1`.", ["contradicted"]),
    ("Either and/or 3.5 km/h, file.txt/x, user@mail.com/x.", []),
]


@pytest.mark.parametrize(("answer", "verdicts"), LINKS)
def test_links_in_every_form(answer: str, verdicts: list[str]) -> None:
    transcript = asked("Is shop.example.org like https://example.com/a?x=1&y=2 ?")
    assert [claim.verdict for claim in of_kind("link", answer, transcript)] == verdicts


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        ("Here is the output of the code:\n\n```python\n[42, 75]\n```", "contradicted"),
        ("Here's the output:\n```\ntotal 12\n```", "contradicted"),
        ("The output of your program:\n```text\n3 rows\n```", "contradicted"),
        ("Here is what the output would be:\n```\n5\n```", "stated"),
        ("Here is a function that prints the output:\n```python\nprint(1)\n```", "stated"),
        ("The list:\n```\n5\n```", "stated"),
    ],
)
def test_a_block_that_is_said_to_be_output_was_printed_or_is_made_up(
    answer: str, verdict: str
) -> None:
    (claim,) = of_kind("code", answer, asked("Run it"))
    assert claim.verdict == verdict
    if verdict == "contradicted":
        printed = ran("[42, 75]\ntotal 12\n3 rows")
        (claim,) = of_kind("code", answer, printed)
        assert claim.verdict == "computed"
