"""Files of a container: what the model is told of them, where questions about them go, and what an
answer says of those that came of a turn."""

from dataclasses import replace

import pytest

from agent.works import ran, work
from pellucid.agent.answer import release
from pellucid.agent.context import shown
from pellucid.agent.effort import TABLE
from pellucid.agent.openings import opening
from pellucid.agent.policy import next_step
from pellucid.agent.program import check
from pellucid.agent.route import FILE_ASKED, UNDECIDED
from pellucid.agent.route_rules import route
from pellucid.agent.work import Act, Explore, Release, Tell, Work, usable
from pellucid.core.constraint import JsonSchema
from pellucid.core.executions import FileRecord, Outcome
from pellucid.core.items import Message, ToolCall, ToolResult
from pellucid.core.turn import GivenFile, Turn

HEAD = "month,sold\njan,30217\n"
SALES = GivenFile("sales.csv", len(HEAD), "0", HEAD)
LONG = GivenFile("long.csv", 10_000, "1", "a,b\n1,2\n")
PHOTO = GivenFile("photo.png", 10_000, "2")


def asked(question: str, *files: GivenFile, container: str = "cntr_1") -> Turn:
    return Turn("t", (Message("user", question),), container=container, files=files)


def left(
    *files: FileRecord, outcome: Outcome = "ok", output: str = "", unlisted: int = 0
) -> tuple[ToolCall, ToolResult]:
    """A program that left files in a container."""
    call, result = ran("open('a', 'w')", output)
    assert result.execution is not None
    done = replace(
        result.execution, outcome=outcome, files=files, container="cntr_1", unlisted=unlisted
    )
    return call, replace(result, text=output or "The file is ready.", execution=done)


def kept(name: str) -> FileRecord:
    return FileRecord(name, 1, "0", f"cfile_{name}")


def test_the_model_is_told_which_files_are_there_and_how_texts_begin() -> None:
    message = shown(asked("Add them.", SALES, LONG, PHOTO))[-1].text
    assert message == (
        "Add them."
        "\n\nThese files are in the working directory: 'photo.png'."
        f"\n\nThe file 'sales.csv' is in the working directory; the whole file:\n{HEAD}"
        "\n\nThe file 'long.csv' is in the working directory; how it begins:\na,b\n1,2\n"
    )
    many = [replace(LONG, name=f"{n}.csv") for n in range(6)]
    message = shown(asked("Add them.", *many))[-1].text
    assert "in the working directory: '0.csv', '1.csv'." in message
    assert message.count("how it begins") == 4


@pytest.mark.parametrize(
    ("question", "files", "name"),
    [
        ("Save a haiku about rain as haiku.txt", (), "program"),
        ("Draw the sine curve for me", (), "program"),
        ("Please plot a histogram of the months", (SALES,), "program"),
        ("Write a CSV file of the first ten primes", (), "program"),
        ("Write a Python script that saves a table as a.csv", (), "code"),
        ("Which month is the best in the table?", (SALES,), "program"),
        ("What is in sales.csv?", (SALES,), "program"),
        ("What is 6 * 7?", (SALES,), "program"),
        ("What does notes.txt say?", (), "program"),
        ("When did they do best?", (SALES,), None),
        ("When did they do best?", (), "answer"),
        ("Translate 'the data in a.csv' into German", (SALES,), "answer"),
        ("Explain how rain forms", (SALES,), "answer"),
    ],
)
def test_where_questions_with_a_container_go(
    question: str, files: tuple[GivenFile, ...], name: str | None
) -> None:
    assert route(asked(question, *files), TABLE["medium"]).name == name


def test_without_a_container_nothing_is_different() -> None:
    question = "When did they do best?"
    assert route(asked(question, container=""), TABLE["medium"]).name == "answer"
    assert route(asked(question, SALES), TABLE["medium"]) == UNDECIDED
    drawn = route(asked("Draw the sine curve for me", container=""), TABLE["medium"])
    assert drawn != FILE_ASKED


def test_a_file_that_is_there_can_be_opened() -> None:
    question = "What does the attached file say?"
    assert opening(asked(question))
    assert opening(asked(question, SALES)) == ""


def test_numbers_of_a_file_may_be_copied_into_a_program() -> None:
    call = ToolCall("c", "python", "print(30217 * 2)")
    before = work(call, question="Double it.")
    assert isinstance(check(before, call), Act)
    wrong = replace(call, text="print(30271 * 2)")
    at = replace(before, turn=asked("Double it.", SALES))
    assert isinstance(check(at, call), Act)
    assert isinstance(check(at, wrong), Tell)


def test_a_file_is_something_to_answer_with() -> None:
    assert usable(left(kept("a"))[1])
    assert not usable(left(FileRecord("a", 1, "0"))[1])
    assert not usable(left(kept("a"), outcome="error")[1])


def released(at: Work, text: str = "Done.") -> str:
    step = release(at, text, (*at.turn.items, *at.items), "answered")
    assert isinstance(step, Release)
    return step.items[0].text


@pytest.mark.parametrize(
    ("runs", "told"),
    [
        (left(kept("a.csv"), kept("b.csv")), "Done.\n\nFiles: a.csv, b.csv."),
        (left(kept("a.csv"), FileRecord("b", 9, "0", lost="large")),
         "Done.\n\nFiles: a.csv.\n\nNot kept: b."),
        (left(kept("a.csv"), unlisted=3),
         "Done.\n\nFiles: a.csv.\n\nFurther files were not kept: there are too many."),
        (left(kept("a.csv"), outcome="error"), "Done."),
        (left(), "Done."),
        (ran("1", "1"), "Done."),
    ],
)  # fmt: skip
def test_an_answer_names_the_files_that_came_of_it(
    runs: tuple[ToolCall, ToolResult], told: str
) -> None:
    assert released(work(*runs)) == told


def test_a_file_that_is_named_is_not_named_twice_and_keeps_its_name() -> None:
    at = work(*left(kept("report-20240101.csv"), output="20240101"))
    assert released(at, "See report-20240101.csv.") == "See report-20240101.csv."
    assert "20,240,101" in released(work(*left(kept("a"), output="20240101")), "It is 20240101.")


def test_where_no_file_came_of_it_that_is_said() -> None:
    assert released(work(*left(output="1"), route="program")) == "Done."
    at = replace(work(*left(output="1")), route=FILE_ASKED)
    assert released(at) == "Done.\n\nNo file was written."
    failed = replace(work(*left(kept("a"), outcome="error")), route=FILE_ASKED)
    assert released(failed) == "Done.\n\nNo file was written."


def test_what_a_file_is_asked_for_with_makes_no_difference() -> None:
    asked_for = "Compute 6 * 7 and save it as a.txt"
    assert route(asked(asked_for), TABLE["medium"]) == FILE_ASKED
    assert route(asked(asked_for, container=""), TABLE["medium"]).why == "arithmetic"
    named = route(asked("What is the total of the last column in sales.csv?"), TABLE["medium"])
    assert named.name == "program"
    assert named != FILE_ASKED


def test_a_form_is_left_as_it_is() -> None:
    at = work(*left(kept("a.csv")))
    at = replace(at, turn=replace(at.turn, form=JsonSchema("{}")))
    assert released(at, "{}") == "{}"


def test_a_file_is_made_once_also_at_high_effort() -> None:
    run = left(kept("a.csv"))
    at = replace(work(*run, question="Draw a sine curve.", effort="xhigh"), candidates=1)
    assert isinstance(next_step(at), Explore)
    assert isinstance(next_step(replace(at, route=FILE_ASKED)), Release)
