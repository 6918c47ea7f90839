"""What was not and cannot be done is said first, by rule."""

import pytest

from agent.works import ran, work
from pellucid.agent.openings import LACKS, NOT_DONE, opening
from pellucid.agent.policy import next_step
from pellucid.agent.verdicts.actions import find
from pellucid.agent.work import Think
from pellucid.core.items import Item, Message
from pellucid.core.turn import Attachment, Turn

SENTENCES = {lack.name: lack.sentence for lack in LACKS}


def opened(question: str, *earlier: Item, **changes: object) -> str:
    return opening(Turn("t", (*earlier, Message("user", question)), **changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("question", "lack"),
    [
        ("Please email my landlord that I will be late.", "change"),
        ("Set an alarm for 7.", "change"),
        ("Book a table at the restaurant for two", "change"),
        ("Email anna@example.com that I am late", "change"),
        ("Save this as list.txt on my desktop: rice", "change"),
        ("Which computer did you use?", "senses"),
        ("What is in this picture?", "picture"),
        ("Summarize the page at https://example.com/a", "open"),
        ("Open the link and tell me what it says", "open"),
        ("What does the attached contract say about notice?", "file"),
        ("Read report.pdf and list the risks", "file"),
        ("What did I tell you last week?", "memory"),
        ("Do you remember my dog's name?", "memory"),
        ("Run `git status` and show me what it prints", "run"),
        ("Query the database for the newest user", "run"),
        ("Search the web for good cafés in Ghent", "search"),
        ("What's the current price of gold?", "search"),
        ("Take a calculator for 3 times 4", "calculator"),
        ("What CPU are you running on?", "senses"),
        ("Have you ever been to Rome?", "senses"),
        ("Give me the exact wording of the first sentence of Emma", "wording"),
        ("When did he die? Please double-check it", "check"),
    ],
)
def test_what_cannot_be_done_is_said_first(question: str, lack: str) -> None:
    assert opened(question) == SENTENCES[lack]


@pytest.mark.parametrize(
    "question",
    [
        "Who wrote Emma?",
        "Write an email to my landlord about the heating.",
        "Summarize this: the cat sat on the mat.",
        "Translate 'I searched the web' into French",
        "Tell me a joke about calculus.",
        "How do I open a bank account?",
        "What is the image of f?",
        "Why did you call it a verb?",
        "Did you know that bees sleep?",
        "Only answer with one word: search the web for the capital of Peru",
    ],
)
def test_other_answers_begin_as_they_like(question: str) -> None:
    assert opened(question) == ""


def test_what_can_be_done_or_is_there_is_no_lack() -> None:
    search, file = "Search the web for cafés", "What does the attached file say?"
    assert opened(search, tools=frozenset({"web_search"})) == ""
    assert opened(file, attachments=(Attachment("a.txt", "cafés"),)) == ""
    assert opened(f"{file}\n{'word ' * 60}") == ""


def test_code_that_is_to_be_run_is_not_where_no_tool_runs_it() -> None:
    question = "Run this and paste the output:\n```python\nprint(1)\n```"
    assert opened(question, tools=frozenset()) == SENTENCES["program"]
    assert opened(question) == ""


def test_whether_something_was_run_is_told_from_the_record() -> None:
    question = "Did you really run that?"
    assert opened(question) == NOT_DONE
    assert opened(question, Message("user", "Sum?"), *ran("print(2)", "2")) == ""


def test_no_opening_claims_a_deed() -> None:
    assert [s for s in (NOT_DONE, *SENTENCES.values()) if find(s)] == []


def test_the_model_goes_on_from_the_opening_again_when_it_is_sent_back() -> None:
    asked = work(question="Search the web for cafés in Ghent", route="answer")
    first = next_step(asked)
    assert isinstance(first, Think)
    assert first.prompt.begun == SENTENCES["search"]
    said = Message("assistant", f"{first.prompt.begun} I searched the web and found Mokka.")
    again = next_step(asked.begun(first).saw(said))
    assert isinstance(again, Think)
    assert (again.purpose, again.prompt.begun) == ("revision", SENTENCES["search"])
