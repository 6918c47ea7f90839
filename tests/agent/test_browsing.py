"""Looking something up on the web: which calls are made, and what their results become."""

import json
from dataclasses import replace
from typing import Any

import pytest

from agent.works import work
from pellucid.agent.asking.web_cues import detail
from pellucid.agent.browse import DETAIL, MANUAL, PAGES, query, spread
from pellucid.agent.budget import Scope
from pellucid.agent.effort import TABLE
from pellucid.agent.judge import TOLD
from pellucid.agent.policy import next_step
from pellucid.agent.route import BROWSED, FACT
from pellucid.agent.route_rules import route
from pellucid.agent.telling import UNSURE, UNTOLD, only
from pellucid.agent.work import Act, Judge, Release, Tell, Think, Work
from pellucid.core.browsing import FIND, OPEN, SEARCH, Hit, written_hits, written_page
from pellucid.core.constraint import Choice
from pellucid.core.items import Item, Message, Reasoning, ToolCall, ToolResult, Verdicts
from pellucid.core.pages import Page
from pellucid.core.reading import Found, written
from pellucid.core.turn import Attachment, Turn

QUESTION = "When does the ferry to Skerrow leave?"
FERRY, MARKET = "https://skerrow.example/ferry", "https://skerrow.example/market"
HITS = [Hit(FERRY, "Ferry", "The ferry to Skerrow leaves daily"), Hit(MARKET, "Market", "")]
TEXT = "The harbour is small. The ferry to Skerrow leaves at 05:52. Bring a coat."
PASSAGE = Found(f"{FERRY}, lines 1-3", TEXT)
REPLY = "It leaves at 05:52."


def sure(percent: int) -> Reasoning:
    """What the weights said of whether it is a detail."""
    return Reasoning(TOLD.format(value=DETAIL, percent=percent))


def browsing(*items: Item, question: str = QUESTION, why: Any = FACT, **changes: Any) -> Work:
    stage = work(*(items or (sure(90),)), question=question, **changes)
    return replace(stage, route=why)


def asked(stage: Work) -> ToolCall:
    """The call that comes next."""
    step = next_step(stage)
    assert isinstance(step, Tell), step
    call = step.items[0]
    assert isinstance(call, ToolCall)
    return call


def told(stage: Work, text: str, failed: bool = False, page: Page | None = None) -> Work:
    """The stage after the next call has this result."""
    call = asked(stage)
    assert next_step(stage.saw(call)) == Act(call)
    return stage.saw(call).saw(ToolResult(call.call_id, text, failed, page=page))


def opened(stage: Work, url: str) -> Work:
    assert json.loads(asked(stage).text) == {"url": url}
    page = Page(url, "A page", TEXT)
    return told(stage, written_page(page), page=page)


def said(stage: Work) -> str:
    step = next_step(stage)
    assert isinstance(step, Release), step
    return step.items[0].text


SEARCHED = told(browsing(), written_hits(HITS))
LOOKED = opened(opened(SEARCHED, FERRY), MARKET)
RESULT = written("2 pages", f"{FERRY} is dated 2031-04-02.", [PASSAGE])


def test_search_open_find_copy_and_answer() -> None:
    assert asked(browsing()).name == SEARCH
    assert json.loads(asked(browsing()).text) == {"query": QUESTION, "most": 2 * PAGES["medium"]}
    find = asked(LOOKED)
    assert (find.name, json.loads(find.text)) == (
        FIND, {"question": QUESTION, "characters": 2_500},
    )  # fmt: skip
    found = told(LOOKED, RESULT)
    step = next_step(found)
    assert isinstance(step, Think)
    assert TEXT in step.prompt.items[0].text
    answer = next_step(found.begun(step).saw(Reasoning(REPLY)))
    assert isinstance(answer, Release)
    message, verdicts = answer.items
    assert message.text == (
        "It leaves at 05:52.\n\n> The ferry to Skerrow leaves at 05:52.\n\n"
        f"({FERRY}, lines 1-3)\n\nRead: {FERRY}, lines 1-3 (of 2 pages).\n\n"
        f"{FERRY} is dated 2031-04-02."
    )
    assert isinstance(verdicts, Verdicts)
    assert {one.verdict for one in verdicts.claims if one.kind != "link"} == {"read"}
    assert {one.verdict for one in verdicts.claims if one.kind == "link"} == {"given"}


def answered(stage: Work, reply: str) -> str:
    """What is said where the model says this of the passages."""
    step = next_step(stage)
    assert isinstance(step, Think), step
    return said(stage.begun(step).saw(Reasoning(reply)))


def test_words_that_no_page_has_are_no_answer() -> None:
    stage = told(LOOKED, written("2 pages", "", [Found(f"{MARKET}, lines 1-1", "Apples.")]))
    assert answered(stage, "It leaves at noon.").startswith(UNTOLD)


def test_effort_decides_how_many_pages_are_read() -> None:
    hits = written_hits([Hit(f"{FERRY}/{number}", "Ferry to Skerrow") for number in range(9)])
    for effort in ("low", "medium", "high"):
        stage = told(browsing(effort=effort), hits)
        while (call := asked(stage)).name == OPEN:
            stage = opened(stage, json.loads(call.text)["url"])
        pages = [one for one, _ in stage.pairs if one.name == OPEN]
        assert len(pages) == min(PAGES[effort], 9)
        assert TABLE[effort].tool_calls >= len(stage.pairs) + 1


def test_a_page_that_cannot_be_opened_is_replaced_by_the_next() -> None:
    stage = opened(told(SEARCHED, "no such host.", failed=True), MARKET)
    assert asked(stage).name == FIND
    neither = told(told(SEARCHED, "no such host.", failed=True), "robots.txt forbids it.", True)
    assert said(neither) == "I found no page that says it. robots.txt forbids it."


def test_both_sides_of_a_comparison_are_opened() -> None:
    told_of = ["ducks swim and fly", "ducks swim", "ducks", "the pond", "sheep walk"]
    there = [Hit(f"{FERRY}/{number}", "", one) for number, one in enumerate(told_of)]
    assert spread("Where do ducks swim?", there) == there
    compared = spread("Which are larger, ducks or sheep?", there)
    assert compared == [*there[:2], there[4], *there[2:4]]


def test_the_last_call_is_kept_for_looking_into_the_pages() -> None:
    stage = opened(SEARCHED, FERRY)
    one, none = Scope("tool calls", 1), Scope("tool calls", 0)
    last = replace(stage, budget=replace(stage.budget, calls=one))
    call = asked(last)
    assert call.name == FIND
    spent = replace(stage, budget=replace(stage.budget, calls=none))
    assert isinstance(next_step(spent.saw(call)), Release)


def test_common_knowledge_is_not_looked_up() -> None:
    unasked = replace(work(question=QUESTION), route=FACT)
    step = next_step(unasked)
    assert isinstance(step, Judge)
    assert (step.values, step.yes) == ((DETAIL,), MANUAL)
    assert QUESTION in step.prompts[0].items[-1].text
    assert isinstance(next_step(unasked.saw(sure(60))), Think)
    assert isinstance(next_step(unasked.saw(sure(90))), Tell)
    spent = replace(unasked.budget, thinking=Scope("thinking tokens", 0))
    assert isinstance(next_step(replace(unasked, budget=spent)), Think)
    for question in ("What is work_mem?", "What does tar --zstd do?", "Who wrote zsh 5.9.1?"):
        assert isinstance(next_step(replace(work(question=question), route=FACT)), Tell)


@pytest.mark.parametrize(
    ("question", "is_one"),
    [
        ("Which option turns the bell off?", True),
        ("What is the price of a ticket?", True),
        ("What does tar's -k do?", True),
        ("How large is a macaddr8?", True),
        ("How many columns may a view of Postgres have?", True),
        ("In which file does WAL end?", True),
        ("What is pg_hba.conf for?", True),
        ("How many bytes does a tuple take?", True),
        ("How does a hash table work?", False),
        ("What is the capital of Portugal?", False),
        ("Who was the first president of the USA?", False),
        ("What is the difference between TCP and UDP?", False),
        ("How many legs does a spider have?", False),
    ],
)
def test_what_is_a_detail_of_manuals_versions_and_prices(question: str, is_one: bool) -> None:
    assert detail(question) == is_one


def test_addresses_of_the_question_are_opened_without_a_search() -> None:
    stage = browsing(question=f"What does {FERRY} say of the ferry?", why=BROWSED)
    assert (asked(stage).name, json.loads(asked(stage).text)) == (OPEN, {"url": FERRY})
    bare = browsing(question="Summarise www.skerrow.example, please.", why=BROWSED)
    assert json.loads(asked(bare).text) == {"url": "https://www.skerrow.example"}


def test_a_fact_is_answered_without_the_web_where_no_page_is_about_it() -> None:
    elsewhere = told(browsing(), written_hits([Hit(MARKET, "Market", "Apples and pears")]))
    assert isinstance(next_step(elsewhere), Think)
    nothing = told(browsing(), "A search found nothing.", failed=True)
    assert isinstance(next_step(nothing), Think)


def test_who_asks_for_the_web_is_told_when_there_is_none() -> None:
    why = "Web search is not available here."
    assert said(told(browsing(why=BROWSED), why, failed=True)).endswith(why)
    assert asked(told(browsing(why=BROWSED), written_hits([Hit(MARKET, "Market")]))).name == OPEN
    found = told(
        opened(told(browsing(why=BROWSED), written_hits(HITS[1:])), MARKET), "Nothing.", True
    )
    assert said(found) == "I found no page that says it. Nothing."


def test_words_of_hits_are_no_evidence() -> None:
    """What a search tells of a page is not what the page says."""
    hits = told(browsing(), written_hits([Hit(FERRY, "Ferry to Skerrow leaves", "at 07:31")]))
    stage = opened(hits, FERRY)
    passage = Found(f"{FERRY}, lines 1-3", "The ferry to Skerrow leaves daily.")
    found = told(stage, written("1 page", "", [passage]))
    assert answered(found, "It leaves at 07:31.").startswith(UNSURE)


@pytest.mark.parametrize(
    ("answer", "holds"),
    [
        ("It leaves at 05:52.", True),
        ("The ferry leaves at 5.52.", False),
        ("It leaves at 05:52 and 1,000 more.", False),
        ("Sail with the royal mail steamer from Castle Bay.", False),
    ],
)
def test_what_is_said_stands_in_the_passage(answer: str, holds: bool) -> None:
    """Else the words of the passage are told, and that they may be no answer."""
    assert answered(told(LOOKED, RESULT), answer).startswith(answer if holds else UNSURE)


def test_a_passage_is_read_below_what_it_is_of() -> None:
    text = "Ferries\n\nSkerrow boat\n\nIt leaves at 05:52."
    page = Page(FERRY, "Timetable", text)
    hits = told(browsing(), written_hits(HITS[:1]))
    stage = told(hits, written_page(page), page=page)
    stage = told(
        stage, written("1 page", "", [Found(f"{FERRY}, lines 5-5", "It leaves at 05:52.")])
    )
    step = next_step(stage)
    assert isinstance(step, Think)
    assert "Timetable\nSkerrow boat\nIt leaves at 05:52." in step.prompt.items[0].text


def test_a_passage_of_no_opened_page_bears_nothing_out() -> None:
    stage = told(LOOKED, written("2 pages", "", [Found("https://other.example/, lines 1-3", TEXT)]))
    assert answered(stage, REPLY).startswith(UNTOLD)


def test_only_numerals_of_the_passages_can_be_said() -> None:
    none, some = only([]), only(["16", "8.5", "16"])
    assert "NUMERAL" not in none.grammar
    assert some.grammar.endswith('NUMERAL: "16" | "8.5"')


def test_who_asks_for_a_number_is_not_left_without_one() -> None:
    """Small weights say the question again; the second time one of the numerals is needed."""
    question = "How long does the ferry to Skerrow take?"
    stage = told(browsing(question=question), written_hits(HITS[:1]))
    page = Page(FERRY, "A page", "The ferry to Skerrow takes 40 minutes.")
    stage = told(stage, written_page(page), page=page)
    stage = told(stage, written("1 page", "", [Found(f"{FERRY}, lines 1-1", page.text)]))
    first = next_step(stage)
    assert isinstance(first, Think)
    again = stage.begun(first).saw(Reasoning("The ferry takes long."))
    second = next_step(again)
    assert isinstance(second, Think)
    assert second.prompt.items == first.prompt.items
    assert second.prompt.constraint == only(["40"], needed=True) != first.prompt.constraint
    assert said(again.begun(second).saw(Reasoning("It takes 40 minutes."))).startswith("It takes")
    assert said(again.begun(second).saw(Reasoning("It swims."))).startswith(UNSURE)


def test_an_answer_in_a_form_is_drafted_from_the_passages() -> None:
    form = Choice(("05:52", "07:31"))
    stage = told(LOOKED, RESULT)
    step = next_step(replace(stage, turn=replace(stage.turn, form=form)))
    assert isinstance(step, Think)
    assert step.prompt.constraint == form


def test_passages_are_left_where_no_thought_is() -> None:
    stage = told(LOOKED, RESULT)
    spent = replace(stage.budget, thinking=Scope("thinking tokens", 0))
    assert isinstance(next_step(replace(stage, budget=spent)), Release)


def test_a_detail_that_no_hit_is_about_is_said_to_be_nowhere() -> None:
    """Small weights would make it up."""
    elsewhere = written_hits([Hit(MARKET, "Market", "Apples and pears")])
    question = "Which option of zsh turns the bell off?"
    assert said(told(browsing(question=question), elsewhere)) == "I found no page that says it."
    nothing = told(browsing(question=question), "A search found nothing.", failed=True)
    assert said(nothing).endswith("A search found nothing.")


@pytest.mark.parametrize(
    ("question", "searched"),
    [
        ("Search the web for the ferry to Skerrow", "ferry to Skerrow"),
        ("Please look up online: who runs the ferry?", "who runs the ferry?"),
        ("Can you google the Skerrow ferry", "the Skerrow ferry"),
        ("Who runs the ferry on the web?", "Who runs the ferry?"),
        (QUESTION, QUESTION),
        ("google", "google"),
    ],
)
def test_what_is_searched_for(question: str, searched: str) -> None:
    assert query(question) == searched


def turn(question: str, *files: Attachment, tools: tuple[str, ...] = ("python", "web")) -> Turn:
    return Turn("t", (Message("user", question),), tools=frozenset(tools), attachments=files)


@pytest.mark.parametrize(
    ("question", "why"),
    [
        ("Search the web for the ferry to Skerrow.", BROWSED),
        (f"What does {FERRY} say?", BROWSED),
        ("What is the latest version of the harbour rules?", BROWSED),
        (QUESTION, FACT),
        ("What does the letter C stand for in git status --short?", FACT),
        ("How many letters long may a label be?", FACT),
        ("Does to_char count from 0 or 1?", FACT),
        ("Which option of the tool turns colours off?", FACT),
    ],
)
def test_what_the_web_is_used_for(question: str, why: object) -> None:
    assert route(turn(question), TABLE["medium"]) == why
    assert route(turn(question, tools=("python",)), TABLE["medium"]).name != "browse"
    assert route(turn(question), TABLE["none"]).name == "answer"


@pytest.mark.parametrize(
    "question",
    [
        "What is 17 * 23?",
        "How many letters are in the word harbour?",
        "What does DNA stand for?",
        "Sort these versions: 1.2.3, 1.10.0, 1.9.1",
        "Which is larger, 3.11 or 3.9?",
        "Translate 'good morning' into German.",
        "Write a function that reverses a list.",
        "What do you think of me?",
        "A box holds 12 eggs. How many eggs are in 7 boxes?",
        "Hello!",
        "Write a short poem about the sea.",
    ],
)
def test_what_it_is_not_used_for(question: str) -> None:
    assert route(turn(question), TABLE["medium"]).name != "browse"


def test_a_fact_asked_of_a_file_is_looked_for_there() -> None:
    asked_of = turn(QUESTION, Attachment("notes.txt", "The ferry leaves at 05:52."))
    assert route(asked_of, TABLE["medium"]).name != "browse"
