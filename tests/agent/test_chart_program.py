"""Questions about charts: the program that a rule writes, and what it answers."""

import contextlib
import io
from dataclasses import replace
from pathlib import Path

import pytest

from agent.works import broke, ran, work
from pellucid.agent.chart_program import program
from pellucid.agent.effort import TABLE
from pellucid.agent.policy import next_step
from pellucid.agent.route_rules import route
from pellucid.agent.work import Act, Release, Tell, Think, Work
from pellucid.core.charts import PRINTED, Chart, Column
from pellucid.core.constraint import JsonSchema
from pellucid.core.items import LOADER, Message, ToolCall, Verdicts
from pellucid.core.turn import Attachment, Turn


def chart(kind: str, header: str, rows: str, *columns: Column, log: bool = False) -> Chart:
    table = tuple(tuple(row.split(",")) for row in rows.split())
    return Chart(kind, tuple(header.split(",")), table, columns, log)


SHEEP = chart(
    "bars",
    "farm,sheep sold",
    "Ash,40.2 Birch,71.4 OK,55 Elm,12.1",
    Column("sheep sold", "± 0.8"),
)
RAIN = chart(
    "lines",
    "month,north hill,south hill",
    "Jan,10,30 Feb,20,25.2 Mar,31,25 Apr,42,",
    Column("north hill", "± 0.5", "blue line"),
    Column("south hill", "± 2 %", "red line"),
)
STACK = chart(
    "stacked bars",
    "month,wool,milk",
    "2001-01,10,30 2001-02,20,25 2001-03,31,5",
    Column("wool", "± 0.5", "blue bars"),
    Column("milk", "± 0.5", "orange bars"),
)
GRID = chart(
    "a grid of printed numbers",
    "row,Skerrow,Ardle",
    "oats,3.5,4.25 barley,6,1",
    Column("Skerrow", PRINTED),
    Column("Ardle", PRINTED),
)
YEARS = chart(
    "lines",
    "year,price",
    "2000.02,5 2000.9,9 2002.01,7",
    Column("price", "± 0.2"),
)
WHOLE = chart("lines", "year,price", "2000,5 2010,9 2020,7", Column("price", "± 0.2"))
DOTS = chart(
    "dots",
    "series,weight,speed",
    "ewes,50,10 ewes,60,12 rams,95,11",
    Column("weight", "± 1"),
    Column("speed", "± 0.1"),
)
BINS = chart(
    "histogram", "weight from,weight to,sheep", "10,15,4 15,20,9 20,25,7", Column("sheep", "± 0.2")
)
PATH = chart(
    "a path", "label,miles per gallon", "2001,5 ,9 2002,7", Column("miles per gallon", "± 0.1")
)
PIE = chart(
    "a pie",
    "label,value,percent",
    "Ash,51,51 Elm,49,49",
    Column("value", PRINTED),
    Column("percent", "± 0.4"),
)
LOG = chart("bars", "drug,dose", "one,0.1 two,100", Column("dose", "± 3 %"), log=True)


def turn(question: str, what: Chart, *others: Attachment) -> Turn:
    table = Attachment("sheep-chart.csv", what.csv, seen=what.seen)
    picture = Attachment("sheep.png", "Sheep sold", seen="read from a picture, confidence 0.99")
    return Turn("t", (Message("user", question),), attachments=(picture, table, *others))


def answered(question: str, what: Chart, folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    code = program(turn(question, what))
    assert code, "no rule reads this"
    (folder / "sheep-chart.csv").write_text(what.csv, encoding="utf-8")
    monkeypatch.chdir(folder)
    with contextlib.redirect_stdout(io.StringIO()) as out:
        exec(compile(code, "chart", "exec"), {})
    return out.getvalue().strip()


ANSWERS = [
    (SHEEP, "How many sheep did Birch sell?", "About 71.4 ± 0.8 (sheep sold, Birch), read off the"),
    (SHEEP, "About how many sheep were sold by OK?", "About 55 ± 0.8 (sheep sold, OK)"),
    (SHEEP, "Which farm sold the most sheep?", "Birch (sheep sold: about 71.4 ± 0.8"),
    (SHEEP, "Which farm has the smallest bar?", "Elm (sheep sold: about 12.1"),
    (SHEEP, "What is the highest value?", "About 71.4 ± 0.8 (sheep sold, Birch)"),
    (SHEEP, "What is the difference between Birch and Ash?", "About 31.2 ± 1.6 (Birch: about 71.4"),
    (
        SHEEP,
        "How many more sheep did Ash sell than Birch?",
        "About 31.2 ± 1.6 (Ash: about 40.2 ± 0",
    ),
    (SHEEP, "Did Ash or Elm sell more?", "Ash (Ash: about 40.2 ± 0.8; Elm: about 12.1 ± 0.8, read"),
    (SHEEP, "Who sold fewer sheep, Ash or Elm?", "Elm (Ash: "),
    (SHEEP, "How many sheep did Ash and Elm sell together?", "About 52.3 ± 1.1 in all (Ash, Elm),"),
    (
        SHEEP,
        "How many sheep were sold in total?",
        "About 178.7 ± 1.6 in all (sheep sold), read off",
    ),
    (
        SHEEP,
        "What is the average number of sheep sold?",
        "About 44.675 ± 0.8, the mean of 4 values",
    ),
    (SHEEP, "How many farms sold more than 50 sheep?", "2 (Birch, OK), read off the picture."),
    (
        SHEEP,
        "Which farms sold less than 12.5 sheep?",
        "Elm (sheep sold), read off the picture. Too",
    ),
    (SHEEP, "Which farms sold over 90 sheep?", "None (sheep sold), read off the picture."),
    (
        SHEEP,
        "How many sheep were sold at that farm?",
        "About 71.4 ± 0.8 (sheep sold, Birch), read ",
    ),
    (SHEEP, "What kind of scale has the axis?", "The vertical axis has a linear scale"),
    (LOG, "Is the vertical axis logarithmic?", "The vertical axis has a logarithmic scale"),
    (LOG, "What is the dose of two?", "About 100 ± 3 (dose, two)"),
    (RAIN, "What was the rain on the north hill in February?", "About 20 ± 0.5 (north hill, Feb)"),
    (RAIN, "What does the red line show in April?", "Nothing of south hill is seen at Apr."),
    (
        RAIN,
        "When did the north hill first exceed the south hill?",
        "Mar (north hill about 31 ± 0.5,",
    ),
    (
        RAIN,
        "When was the south hill first below the north hill?",
        "Mar (south hill about 25 ± 0.5,",
    ),
    (
        RAIN,
        "In which month was south hill higher than north hill?",
        "Jan, Feb, read off the picture",
    ),
    (
        RAIN,
        "Is south hill above north hill throughout?",
        "No: south hill is not above north hill at",
    ),
    (
        RAIN,
        "Which hill had the highest value in March?",
        "north hill (Mar: about 31",
    ),
    (
        RAIN,
        "Which hill's line ends highest in January?",
        "south hill (Jan: about 30",
    ),
    (RAIN, "Which month has the lowest north hill value?", "Jan (north hill: about 10 ± 0.5"),
    (RAIN, "In which month is the lowest value?", "Jan (north hill: about 10"),
    (RAIN, "Which hill has the largest total?", "north hill (in all about 103 ± 1"),
    (RAIN, "Which line starts earliest?", "north hill (from Jan on"),
    (RAIN, "Which line begins last?", "north hill (from Jan on"),
    (RAIN, "What is the value at the end of the red line?", "About 25 ± 0.5 (south hill, Mar)"),
    (RAIN, "Where does the blue line start?", "About 10 ± 0.5 (north hill, Jan)"),
    (
        RAIN,
        "How much did the south hill change from January to March?",
        "About 5 ± 1.1 (Jan, south",
    ),
    (RAIN, "By how much did April exceed March on the south hill?", "One of the two is not seen"),
    (
        RAIN,
        "Was January or April wetter on the south hill?",
        "One of the two is not seen",
    ),
    (
        RAIN,
        "Was the north hill or the south hill wetter in January?",
        "south hill (Jan, north hill",
    ),
    (
        STACK,
        "How much wool was there in that month?",
        "About 20 ± 0.5 (wool, 2001-02), read off the",
    ),
    (STACK, "In which month was most made?", "2001-02 (in all about 45 ± 0.71"),
    (STACK, "Which product is most important?", "wool (in all about 61 ± 0.87"),
    (
        GRID,
        "Which crop and place have the largest number?",
        "barley at Skerrow (value: 6, printed in",
    ),
    (GRID, "Which place has the smallest number?", "barley at Ardle (value: 1, printed in the"),
    (GRID, "What is printed for oats at Ardle?", "4.25 (Ardle, oats), printed in the picture."),
    (YEARS, "In which year was the price highest?", "2000 (price: about 9 ± 0.2"),
    (WHOLE, "What was the price in 2011?", "About 9 ± 0.2 (price, 2010)"),
    (BINS, "How many sheep weigh 17 kg?", "About 9 ± 0.2 (sheep, 15-20)"),
    (RAIN, "For March, which is the lowest?", "south hill (Mar: about 25 ± 0.5"),
    (RAIN, "How much did the north hill rise from January to March?", "About 21 ± 1 (Jan, north h"),
    (SHEEP, "How many sheep of Ash are there?", "About 40.2 ± 0.8 (sheep sold, Ash)"),
    (RAIN, "How many lines are there?", "2 (north hill, south hill)."),
    (RAIN, "How many months are shown?", "4, as far as the picture shows."),
    (SHEEP, "How many bars are drawn?", "4, as far as the picture shows."),
    (DOTS, "How many dots are there?", "3, as far as"),
    (
        RAIN,
        "When is the difference of south hill and north hill greatest?",
        "Jan (a difference of ab",
    ),
    (
        RAIN,
        "Where is the gap between south hill and north hill smallest?",
        "Feb (a difference of abo",
    ),
    (RAIN, "Which hill is highest at the end?", "north hill (Apr: about 42"),
    (RAIN, "Which line is lowest at the beginning?", "north hill (Jan: about 10"),
    (PIE, "How large is the slice of Ash?", "51 (value, Ash), printed in the picture."),
    (PIE, "What percentage is Elm?", "About 49 ± 0.4 (percent, Elm), read off the picture."),
    (
        PATH,
        "At which label was the mpg highest?",
        "a point without a label (miles per gallon: about 9",
    ),
    (DOTS, "What is the greatest weight?", "About 95 ± 1 (weight, rams)"),
    (DOTS, "Which animals have the point with the greatest speed?", "ewes (speed: about 12 ± 0.1"),
]


@pytest.mark.parametrize(("what", "question", "answer"), ANSWERS, ids=[one[1] for one in ANSWERS])
def test_answers(
    what: Chart, question: str, answer: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert answered(question, what, tmp_path, monkeypatch).startswith(answer)


@pytest.mark.parametrize(
    ("question", "what"),
    [
        ("Why did Birch sell so many?", GRID),
        ("Is the north hill higher than the south hill?", RAIN),
        ("Do the north hill and the south hill look nice?", RAIN),
        ("North hill or south hill?", RAIN),
        ("What do you think of Ash and Elm?", SHEEP),
        ("What about oats?", GRID),
        ("Tell me a joke about sheep", SHEEP),
        ("What is the price of hay in 1950?", WHOLE),
        ("What was it like in 1950 and in 2035?", WHOLE),
        ("Compare the hills", RAIN),
        ("Where is the north hill highest, and the south hill?", RAIN),
        ("Which farm has the largest difference?", SHEEP),
        ("How many goats are there?", SHEEP),
        ("Which place has the largest total?", GRID),
        ("How many bars are there?", RAIN),
        ("How many percent more did Birch sell than Ash?", SHEEP),
        ("Which farm sold the second most sheep?", SHEEP),
        ("How much was it in 2000?", replace(WHOLE, rows=WHOLE.rows[1:2])),
        ("Which is nicest? " + "Think well. " * 40, SHEEP),
    ],
)
def test_what_no_rule_reads_is_left_to_the_model(question: str, what: Chart) -> None:
    assert program(turn(question, what)) == ""


def test_only_one_chart_and_no_form() -> None:
    asked = turn("Which farm sold the most sheep?", SHEEP)
    assert program(asked)
    other = Attachment("other-chart.csv", RAIN.csv, seen=RAIN.seen)
    assert program(turn("Which farm sold the most sheep?", SHEEP, other)) == ""
    assert program(replace(asked, form=JsonSchema('{"type": "object"}'))) == ""
    assert program(Turn("t", asked.items)) == ""


@pytest.mark.parametrize(
    ("answer", "begins"),
    [("OK (sheep sold: about 55 ± 0.8, read off Birch)", "cell(2, 0)"), ("I do not know.", "")],
)
def test_that_farm_is_the_one_of_the_answer_before(answer: str, begins: str) -> None:
    asked = turn("How many sheep were sold at that farm?", SHEEP)
    before = (Message("user", "Which farm?"), Message("assistant", answer))
    code = program(replace(asked, items=(*before, *asked.items)))
    assert code.endswith(f"print({begins})\n") if begins else not code


def test_what_was_not_read_is_said_below(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    noted = replace(SHEEP, notes=("several plots are in the picture",))
    said = answered("Which farm sold the most sheep?", noted, tmp_path, monkeypatch)
    assert said.endswith("\nNote: several plots are in the picture.")


def loaded(what: Chart, question: str) -> Work:
    """The work once the table lies where programs find it."""
    stage = work(*ran("open('sheep-chart.csv', 'w')", "", f"t_{LOADER}"), question=question)
    return replace(stage, turn=turn(question, what))


def test_the_program_of_a_rule_is_run_once_and_its_result_is_the_answer() -> None:
    question = "How many sheep did Birch sell?"
    assert route(turn(question, SHEEP), TABLE["medium"]).why == "a chart asked about"
    stage = loaded(SHEEP, question)
    step = next_step(stage)
    assert isinstance(step, Tell)
    (call,) = step.items
    assert isinstance(call, ToolCall)
    assert "csv.reader" in call.text
    assert "def cell(" in call.text
    assert "def widest(" not in call.text  # what is not needed is not shown
    assert next_step(stage.saw(call)) == Act(call)
    said = "About 71.4 ± 0.8 (sheep sold, Birch), read off the picture."
    result = ran(call.text, said, call.call_id)[1]
    released = next_step(stage.saw(call).saw(result))
    assert isinstance(released, Release)
    assert released.items[0].text == said
    assert isinstance(released.items[1], Verdicts)
    assert {claim.verdict for claim in released.items[1].claims} == {"computed"}
    after = next_step(stage.saw(call).saw(broke(call.text, "Traceback", call.call_id)[1]))
    assert isinstance(after, Think)
    assert after.purpose == "candidate"


def test_what_no_rule_reads_is_a_program_of_the_model() -> None:
    question = "Would a farmer be glad of these numbers?"
    assert route(turn(question, SHEEP), TABLE["medium"]).name == "program"
    step = next_step(loaded(SHEEP, question))
    assert isinstance(step, Think)
    assert step.purpose == "candidate"
