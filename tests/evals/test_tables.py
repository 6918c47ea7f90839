"""Questions about tables of reports: how they are asked, and what counts as told."""

import pytest
from answers import said

from pellucid.evals import tables
from pellucid.evals.task import Question

ROW = {
    "id": "one",
    "table": [["", "2019", "2018"], ["Wool, raw", "$1,310", "(77)"]],
    "paragraphs": ["All in thousands.", "Wool was dear."],
    "question": "What is the change in wool?",
    "answer": -19.24,
    "answer_type": "arithmetic",
    "scale": "percent",
}


def asked(answer: object, kind: str = "arithmetic", scale: str = "") -> Question:
    return tables.question({**ROW, "answer": answer, "answer_type": kind, "scale": scale})


def test_the_table_and_the_paragraphs_come_as_files() -> None:
    question = tables.question(ROW)
    assert [one.name for one in question.attachments] == ["table.csv", "text.txt"]
    assert question.attachments[0].text == ',2019,2018\n"Wool, raw","$1,310",(77)\n'
    assert question.attachments[1].text == "All in thousands.\n\nWool was dear."
    assert question.expected == "-19.24 percent"
    assert len(tables.question({**ROW, "paragraphs": []}).attachments) == 1


@pytest.mark.parametrize(
    ("answer", "scale", "text", "right"),
    [
        (-19.24, "percent", "It changed by -19.24%.", True),
        (-19.24, "percent", "It decreased by 19.24 %.", True),
        (-19.24, "percent", "It rose by 19.24 %.", False),
        (17.7, "percent", "The share is 17.697%.", True),
        (17.7, "percent", "The share is 17.6%.", False),
        (208093, "thousand", "The total is $208,093.", True),
        (208093, "thousand", "The total is 208.093 million.", True),
        (208093, "thousand", "The total is 208,093 million.", False),
        (208.093, "million", "The total is 208,093 K", True),
        ("3", "", "There are 3.", True),
        ("3", "", "There are none.", False),
    ],
)
def test_numbers(answer: object, scale: str, text: str, right: bool) -> None:
    assert tables.told(asked(answer, scale=scale), said(text)).right is right


@pytest.mark.parametrize(
    ("answer", "text", "right"),
    [
        (["948,578"], "Total assets were $948,578 in 2019.", True),
        (["948,578"], "Total assets were $948,579.", False),
        (["948,578"], "There are 948,578 and 2.\n\nSo it is 2.", False),
        (["(85,743)"], "It was (85,743).", True),
        (["$3.8 million"], "By $3.8 million.", True),
        (["the acquisition of Thermocoax"], "They exclude acquisition of Thermocoax.", True),
        (["2019 and 2018", "2018 and 2017"], "2019 and 2018; 2018 and 2017", True),
        (["2019 and 2018", "2018 and 2017"], "2019 and 2018", False),
        (["due to a lower revenue and product mix."], "Due to lower revenue and mix.", True),
        (["due to lower revenue and product mix."], "", False),
    ],
)
def test_words(answer: list[str], text: str, right: bool) -> None:
    kind = "span" if len(answer) == 1 else "multi-span"
    assert tables.told(asked(answer, kind), said(text)).right is right
