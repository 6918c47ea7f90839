"""The conversation of a chat: what is kept, and what a line with a slash does."""

import json
from pathlib import Path

import pytest
from cli_samples import SUBTRACTION, failed

from pellucid.cli.ask import Options
from pellucid.cli.chat import Talk, command
from pellucid.cli.input import Asked
from pellucid.core.effort import EFFORTS
from pellucid.core.errors import BadRequest, UnknownName
from pellucid.core.fold import fold
from pellucid.core.items import Message, ToolCall
from pellucid.core.turn import Attachment


@pytest.fixture
def talk() -> Talk:
    return Talk(Options())


def test_a_turn_with_an_answer_is_kept_with_its_tool_work(talk: Talk) -> None:
    talk.add(Asked("What is it?"), fold(SUBTRACTION))
    talk.add(Asked("And then?"), fold(failed()))
    assert [i.text for i in talk.items if isinstance(i, Message) and i.role == "user"] == [
        "What is it?"
    ]
    assert any(isinstance(i, ToolCall) for i in talk.items)


def test_the_next_question_comes_after_the_conversation(talk: Talk) -> None:
    talk.add(Asked("What is it?"), fold(SUBTRACTION))
    turn = talk.options.turn(talk.items, Asked("And then?"), talk.conversation)
    assert turn.items == (*talk.items, Message("user", "And then?"))
    assert turn.conversation == talk.conversation


def test_new_forgets_the_conversation_and_its_session(talk: Talk) -> None:
    talk.add(Asked("What is it?"), fold(SUBTRACTION))
    before = talk.conversation
    assert command(talk, "/new") == "a new conversation"
    assert talk.items == ()
    assert talk.conversation != before


def test_effort_and_tools_count_for_the_next_turn(talk: Talk) -> None:
    for effort in EFFORTS:
        assert command(talk, f"/effort  {effort} ") == f"effort: {effort}"
        assert talk.options.turn((), Asked("q")).effort == effort
    assert command(talk, "/tools none") == "tools: none"
    assert talk.options.turn((), Asked("q")).tools == frozenset()
    command(talk, "/tools python")
    assert talk.options.turn((), Asked("q")).tools == frozenset({"python"})


@pytest.mark.parametrize("line", ["/effort", "/effort huge", "/tools", "/tools web"])
def test_unknown_levels_and_tools_list_what_there_is(talk: Talk, line: str) -> None:
    with pytest.raises(UnknownName, match=r"there are (none, minimal, low|python, none)"):
        command(talk, line)
    assert talk.options == Options()


@pytest.mark.parametrize("line", ["/nope", "/", "/Effort low"])
def test_an_unknown_command_is_one_line(talk: Talk, line: str) -> None:
    with pytest.raises(BadRequest, match=r"^there is no /.*; /help lists the commands$"):
        command(talk, line)


def test_help_names_every_command(talk: Talk) -> None:
    words = command(talk, "/help")
    for name in ("/effort", "/tools", "/save", "/new", "/help", "/quit", *EFFORTS):
        assert name in words


def test_saving(talk: Talk, tmp_path: Path) -> None:
    talk.add(Asked("What is it?"), fold(SUBTRACTION))
    path = tmp_path / "a talk.json"
    assert command(talk, f"/save {path}") == f"saved: {path}"
    assert json.loads(path.read_text())["items"][0]["text"] == "What is it?"
    with pytest.raises(BadRequest, match="needs a file name"):
        command(talk, "/save")


def test_options_become_a_turn() -> None:
    options = Options("pellucid-mini-alto", None, "python", 7, 100, 2.5)
    asked = Asked("q", (Attachment("a.csv", "1"),))
    turn = options.turn((), asked)
    assert (turn.model, turn.effort, turn.seed) == ("pellucid-mini-alto", "high", 7)
    assert (turn.max_output_tokens, turn.seconds) == (100, 2.5)
    assert turn.attachments == asked.attachments
    assert turn.turn_id != options.turn((), asked).turn_id
    assert Options().turn((), asked).effort == "medium"
