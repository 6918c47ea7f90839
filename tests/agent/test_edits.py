"""Search-and-replace blocks: read from any text, applied exactly or not at all."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pellucid.agent.coding.edits import Edit, File, applied, by_blocks, edits, files, shown
from pellucid.core.items import Message
from pellucid.core.turn import Attachment, Turn

LINES = st.lists(
    st.sampled_from(["a", "b", "    c", "", "<<<", "=", "é```"]), min_size=1, max_size=8
)


def text(lines: list[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


@given(st.lists(st.tuples(LINES, LINES), min_size=1, max_size=3))
def test_what_is_shown_is_read_again(pairs: list[tuple[list[str], list[str]]]) -> None:
    wanted = tuple(Edit("a.py", text(old), text(new)) for old, new in pairs)
    assert edits(shown(wanted, (File("a.py", ""),))) == wanted


@given(st.text(max_size=200))
def test_any_text_is_read(words: str) -> None:
    for edit in edits(words):
        assert edit.search in words


@given(LINES, LINES, LINES, LINES)
def test_an_edit_is_made_exactly_where_it_stands_once(
    before: list[str], old: list[str], new: list[str], after: list[str]
) -> None:
    whole = text(before) + text(old) + text(after)
    done = applied((File("a.py", whole),), (Edit("a.py", text(old), text(new)),))
    if text(old).strip() and whole.count(text(old)) == 1:
        assert done.findings == ()
        assert done.files[0].text == whole.replace(text(old), text(new))
    else:
        assert len(done.findings) == 1
        assert done.files[0].text == whole


BLOCK = "<<<<<<< SEARCH\n{}\n=======\n{}\n>>>>>>> REPLACE"


@pytest.mark.parametrize(
    ("reply", "name"),
    [
        (f"src/a.py\n{BLOCK}", "src/a.py"),
        (f"**a.py**\n```python\n{BLOCK}\n```", "a.py"),
        (f"Change this:\n\n```\n{BLOCK}\n```", ""),
        (BLOCK, ""),
    ],
)
def test_the_file_of_a_block(reply: str, name: str) -> None:
    assert edits(reply.format("x", "y")) == (Edit(name, "x\n", "y\n"),)


def test_a_name_holds_for_the_blocks_that_follow() -> None:
    reply = f"a.py\n{BLOCK}\n\n{BLOCK}".format("x", "y", "v", "w")
    assert [edit.name for edit in edits(reply)] == ["a.py", "a.py"]


TWO = (File("src/a.py", "x = 1\nx = 1\ny = 2\n"), File("b.py", "z\n"))


@pytest.mark.parametrize(
    ("edit", "finding"),
    [
        (Edit("src/a.py", "x = 1\n", "w"), "occurs 2 times in src/a.py"),
        (Edit("a.py", "nothing\n", "w"), "does not occur in src/a.py"),
        (Edit("a.py", "\n", "w"), "does not occur in src/a.py"),
        (Edit("c.py", "z\n", "w"), "no file 'c.py'"),
        (Edit("", "z\n", "w"), "no file 'named'"),
    ],
)
def test_what_does_not_fit_is_told_and_not_done(edit: Edit, finding: str) -> None:
    done = applied(TWO, (edit,))
    assert finding in done.findings[0]
    assert done.files == TWO


def test_edits_follow_each_other() -> None:
    done = applied((File("a.py", "x\n"),), (Edit("", "x\n", "y\n"), Edit("other.py", "y\n", "z\n")))
    assert done.findings == ()
    assert done.files == (File("a.py", "z\n"),)


def turn(question: str, *attached: Attachment) -> Turn:
    return Turn("t", (Message("user", question),), attachments=attached)


FENCED = "```python\ndef f(x):\n    return x\n```"


@pytest.mark.parametrize(
    ("question", "attached", "names"),
    [
        (f"Fix this:\n{FENCED}", (), ["answer.py"]),
        (f"app.py\n{FENCED}\nRename f to g.", (), ["app.py"]),
        (f"What does this do?\n{FENCED}", (), []),
        ("Fix this:\n```python\nprint(1)\n```", (), []),
        ("Fix this:\n```js\nf(\n```", (), []),
        ("Add a docstring to f", (Attachment("a.py", "def f(): pass\n"),), ["a.py"]),
        ("Add the second column", (Attachment("a.csv", "1,2\n"),), []),
        ("What does it do?", (Attachment("a.py", "def f(): pass\n"),), []),
        ("Add up the prices", (Attachment("a.json", "[1, 2]\n"),), []),
        ("What is f if you add a docstring?", (Attachment("a.py", "def f(): pass\n"),), []),
        ("Change the port", (Attachment("a.toml", "port = 1\n"),), ["a.toml"]),
    ],
)
def test_files_to_change(question: str, attached: tuple[Attachment, ...], names: list[str]) -> None:
    assert [file.name for file in files(turn(question, *attached))] == names


def test_the_code_of_the_answer_before_is_changed() -> None:
    said = Message("assistant", f"Here:\n{FENCED}")
    asked = Message("user", "Please rename f to g")
    assert [f.name for f in files(Turn("t", (Message("user", "?"), said, asked)))] == ["answer.py"]
    table = Turn("t", (said, Message("user", "Add up column 2")))
    assert files(table) != ()
    assert files(replace(table, attachments=(Attachment("a.csv", "1,2\n"),))) == ()
    other = Message("user", f"Rename f to g:\napp.py\n{FENCED}")
    assert [f.name for f in files(Turn("t", (said, other)))] == ["app.py"]


def test_long_files_are_changed_by_blocks() -> None:
    assert by_blocks((File("a.py", "x\n" * 120),))
    assert not by_blocks((File("a.py", "x\n" * 4),))
    assert not by_blocks(())
