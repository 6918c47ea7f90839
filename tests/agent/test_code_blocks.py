"""Fenced code with language and file name, and code that was left out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pellucid.agent.coding.code_blocks import (
    blocks,
    closed,
    defined,
    parsed,
    placeholders,
    syntax_error,
)
from pellucid.agent.reading.prose import fences

PIECES = ["```", "````", "~~~", "```python\n", "\n", " ", "x = 1\n", "app.py", "# a.py\n", "é", "'"]
TEXTS = st.one_of(
    st.text(max_size=200), st.lists(st.sampled_from(PIECES), max_size=30).map("".join)
)


@given(TEXTS)
def test_blocks_of_any_text_are_apart_and_in_order(text: str) -> None:
    end = 0
    for block in blocks(text):
        assert end <= block.start < block.end <= len(text)
        end = block.end
    assert [(b.start, b.end) for b in blocks(text)] == [(f.start, f.end) for f in fences(text)]


@given(TEXTS)
def test_a_closed_text_keeps_its_blocks_and_takes_words_behind_them(text: str) -> None:
    """A sentence put behind an answer is never inside of its code."""
    whole = f"{closed(text)}\n\nThe end."
    assert len(blocks(whole)) == len(blocks(f"{text}\n"))
    assert all(block.end <= len(whole) - len("The end.") for block in blocks(whole))


CODE = st.lists(st.sampled_from(["x = 1", "    y", "", "print('`')", "``", "# z"]), max_size=8)


@given(
    CODE, st.sampled_from(["```", "````", "~~~", "~~~~~"]), st.sampled_from(["", "python", "js"])
)
def test_what_is_fenced_comes_out(lines: list[str], mark: str, language: str) -> None:
    code = "".join(f"{line}\n" for line in ["a", *lines])
    (block,) = blocks(f"Words.\n{mark}{language}\n{code}{mark}\nMore.")
    assert block.code == code
    assert block.language == {"": "", "python": "python", "js": "javascript"}[language]


@pytest.mark.parametrize(
    ("text", "language", "name"),
    [
        ("```python\nx\n```", "python", ""),
        ("```Py\nx\n```", "python", ""),
        ("```{.rust}\nx\n```", "rust", ""),
        ("```mermaid\nx\n```", "mermaid", ""),
        ("```\nx\n```", "", ""),
        ('```python title="src/app.py"\nx\n```', "python", "src/app.py"),
        ("```python:app.py\nx\n```", "python", "app.py"),
        ("```app.js\nx\n```", "javascript", "app.js"),
        ("**app.py**:\n```\nx\n```", "python", "app.py"),
        ("1. `lib/util.py`\n\n```python\nx\n```", "python", "lib/util.py"),
        ("File: util.py\n```python\nx\n```", "python", "util.py"),
        ("```python\n# main.py\nx\n```", "python", "main.py"),
        ("```css\n/* style.css */\nx\n```", "css", "style.css"),
        ("Put it into app.py if you like:\n```python\nx\n```", "python", ""),
        ("```python\n# see ../main.py\nx\n```", "python", ""),
        ("/etc/passwd.py\n```python\nx\n```", "python", "etc/passwd.py"),
        ("../x.py\n```python\nx\n```", "python", "x.py"),
    ],
)
def test_language_and_name(text: str, language: str, name: str) -> None:
    (block,) = blocks(text)
    assert (block.language, block.name) == (language, name)


def test_a_block_in_a_list_is_taken_out_of_its_indentation() -> None:
    (block,) = blocks("- so:\n  ```python\n  def f():\n      return 1\n  ```\n")
    assert block.code == "def f():\n    return 1\n"


@pytest.mark.parametrize(
    ("code", "language"),
    [
        ("def f():\n    # rest of the code here\n    return 1\n", "python"),
        ("x = 1\n# ... existing code ...\n", "python"),
        ("def f():\n    # Your code here\n    return\n", "python"),
        ("def f():\n    ...\n", "python"),
        ("def f():\n    '''Adds.'''\n    pass\n", "python"),
        ("def f():\n    '''Adds.'''\n", "python"),
        ("def f():\n    raise NotImplementedError\n", "python"),
        ("def f():\n    raise NotImplementedError('later')\n", "python"),
        ("x = 1  # TO" + "DO: implement\n", "python"),
        ("function f() {\n  // implement this\n}", "javascript"),
        ("function f() {\n  ...\n}", "javascript"),
        ("function f() {\n  // ...\n}", "javascript"),
        ("body { }\n/* rest of your code */", "css"),
        ("# same as before\n(", "python"),
    ],
)
def test_what_was_left_out_is_found(code: str, language: str) -> None:
    assert placeholders(code, language)


@pytest.mark.parametrize(
    ("code", "language"),
    [
        ("class A(Exception):\n    pass\n", "python"),
        ("class A:\n    def f(self):\n        raise NotImplementedError\n", "python"),
        ("@overload\ndef f(x: int) -> int: ...\n", "python"),
        ("def f():\n    raise ValueError('no')\n", "python"),
        ("def f(x):\n    # the rest of the list is sorted\n    return x[...]\n", "python"),
        ("def f():\n    raise error\n", "python"),
        ("const f = (...rest) => rest\n", "javascript"),
        ("# Check your input here\nx = 1\n", "python"),
    ],
)
def test_whole_code_is_whole(code: str, language: str) -> None:
    assert placeholders(code, language) == ()


def test_placeholders_are_told_as_their_lines() -> None:
    assert placeholders("x = 1\n\n  # your code here\n", "python") == ("# your code here",)


@given(st.text(max_size=80))
def test_code_parses_or_the_reason_is_told(code: str) -> None:
    assert (parsed(code) is None) == bool(syntax_error(code))


def test_why_code_is_no_python() -> None:
    assert syntax_error("x = 1\ny = (\n").startswith("line 2: ")
    assert syntax_error("x = '\0'")
    assert syntax_error("x = '\ud800'")
    assert syntax_error("print('\\d')") == ""


def test_defined_names_are_public_and_not_main() -> None:
    tree = parsed(
        "def f(): pass\ndef _g(): pass\nclass A: pass\nasync def h(): pass\ndef main(): 1"
    )
    assert tree is not None
    assert defined(tree) == ("f", "A", "h")
