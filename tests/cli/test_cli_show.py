"""A turn on a screen, from real events: a plain stream and a terminal."""

import io

import pytest
from cli_samples import ANSWER, CLAIMS, CODE, RUN, SPENT, SUBTRACTION, USAGE, failed, turn
from inline_snapshot import snapshot
from rich.text import Text

from pellucid.cli.progress import Progress
from pellucid.cli.screen import Screen
from pellucid.cli.show import LONGEST_LINE, MOST_LINES, Show
from pellucid.core.events import Event, ItemClosed, TurnFinished
from pellucid.core.executions import Execution
from pellucid.core.items import Message, ToolCall, ToolResult, Verdicts


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


def shown(events: list[Event], out: io.StringIO | None = None) -> tuple[str, str]:
    out, err = out or io.StringIO(), io.StringIO()
    screen = Screen(out, err)
    show = Show(screen, Progress(screen, lambda: 0.0))
    for event in events:
        show.feed(event)
    return out.getvalue(), err.getvalue()


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.delenv("NO_COLOR", raising=False)
    return Terminal()


def test_a_plain_stream_gets_everything_and_no_control_codes() -> None:
    out, err = shown(SUBTRACTION)
    assert err == ""
    assert out == snapshot(
        '''\
thinking
  I should compute this.
program 1
  a = 48271964
  b = 19384756
  # the """difference"""
  print(f"{a - b:,}")
run 1 (4 ms)
  28,887,208

48271964[given] - 19384756[given] is 28,887,208[computed], which is about half of 48271964[given].

Pi is 3.14[stated].

28,887,208 computed (run 1) · 48271964, 19384756 given · 3.14 stated (no evidence)
removed, because nothing supports it: The calculator displays 29.
'''
    )


def test_a_terminal_gets_the_same_words_in_colour(terminal: Terminal) -> None:
    out, _ = shown(SUBTRACTION, terminal)
    words = Text.from_ansi(out).plain
    assert "\x1b[" in out
    assert '  print(f"{a - b:,}")' in words
    assert "19384756ᵍ is 28,887,208ᶜ" in words
    assert "28,887,208ᶜ computed (run 1)" in words


def test_no_color_leaves_the_marks(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    out, _ = shown(SUBTRACTION, terminal)
    assert "28,887,208ᶜ computed (run 1)" in Text.from_ansi(out).plain
    for colour in range(30, 38):
        assert f"\x1b[{colour}m" not in out


def test_a_terminal_without_the_letters_gets_words(terminal: Terminal) -> None:
    terminal.encoding = "iso-8859-1"
    out, _ = shown(SUBTRACTION, terminal)
    assert "28,887,208[computed]" in Text.from_ansi(out).plain


def test_a_program_is_shown_line_by_line_while_it_is_written() -> None:
    opened = [e for e in SUBTRACTION if not isinstance(e, ItemClosed | TurnFinished)]
    upto = next(i for i, e in enumerate(opened) if "diffe" in getattr(e, "text", ""))
    out, _ = shown(opened[:upto])
    assert out.endswith("  a = 48271964\n  b = 19384756\n")


def test_the_answer_waits_for_its_verdicts() -> None:
    before = [e for e in SUBTRACTION if not _is_verdicts(e)]
    upto = next(
        i for i, e in enumerate(before) if isinstance(e, ItemClosed) and _says(e.item, ANSWER)
    )
    assert ANSWER[:20] not in shown(before[: upto + 1])[0]
    assert ANSWER in shown(before)[0], "an answer without verdicts is shown at the end"


def test_an_answer_cut_off_by_an_error_is_still_shown() -> None:
    out, _ = shown(failed(Message("assistant", "Half an answer")))
    assert "Half an answer" in out


def test_a_failed_run_shows_its_error_and_how_it_ended() -> None:
    run = Execution("e", "1/0", "error", error="ZeroDivisionError: division by zero", seconds=0.1)
    late = Execution("f", "while 1: pass", "timeout", output="a\n", seconds=10.0, dropped=7)
    results = [
        ToolResult("c1", "…", failed=True, execution=run),
        ToolResult("c2", "…", failed=True, execution=late),
        ToolResult("c3", "Not run: 7 is not a number of the question.", failed=True),
    ]
    out, _ = shown(turn(*results))
    assert out == snapshot(
        """\
run 1 (failed, 100 ms)
  ZeroDivisionError: division by zero
run 2 (out of time, 10.0 s)
  a
  … 7 characters more were not kept
failed
  Not run: 7 is not a number of the question.
"""
    )


def test_long_output_is_cut_on_a_terminal_only(terminal: Terminal) -> None:
    output = "".join(f"{n}\n" for n in range(MOST_LINES + 5))
    events = turn(ToolResult("c", output, execution=Execution("e", "", "ok", output=output)))
    out, _ = shown(events, terminal)
    words = Text.from_ansi(out).plain
    assert f"  {MOST_LINES - 1}\n  … 5 more lines, all in the receipt" in words
    assert f"  {MOST_LINES + 4}\n" in shown(events)[0]


def test_a_long_program_is_cut_on_a_terminal_only(terminal: Terminal) -> None:
    program = "".join(f"x = {n}\n" for n in range(MOST_LINES + 5))
    events = turn(ToolCall("c", "python", program))
    words = Text.from_ansi(shown(events, terminal)[0]).plain
    assert f"  x = {MOST_LINES - 1}\n  … 5 more lines, all in the receipt" in words
    assert f"x = {MOST_LINES + 4}\n" in shown(events)[0]


def test_a_very_long_line_is_cut() -> None:
    out, _ = shown(turn(ToolCall("c", "python", "x = '" + "a" * 5_000 + "'\n")))
    assert len(out) < LONGEST_LINE + 100
    assert "… (4,006 more characters, all in the receipt)" in out


@pytest.mark.parametrize(
    ("reason", "told"),
    [("length", "cut: the limit on output tokens"), ("limit", "best answer so far")],
)
def test_an_answer_that_ends_early_says_so(reason: str, told: str) -> None:
    events = [*turn(Message("assistant", "It is"))[:-1], TurnFinished(reason, USAGE, SPENT)]  # type: ignore[arg-type]
    assert told in shown(events)[0].splitlines()[-1]


def test_hostile_output_does_not_reach_the_terminal(terminal: Terminal) -> None:
    run = Execution("e", "", "ok", output="\x1b]0;owned\x07\x1b[2Jhi\u202e\r\n")
    out, _ = shown(turn(ToolResult("c", "", execution=run)), terminal)
    assert "␛]0;owned␇␛[2Jhi\ufffd" in out
    assert "\x1b]" not in out
    assert "\x1b[2J" not in out


def test_samples_tell_the_same_story() -> None:
    """The events above are one turn: code, run and claims fit each other."""
    assert RUN.code == CODE
    assert all(ANSWER[c.start : c.end] == c.text for c in CLAIMS)


def _is_verdicts(event: Event) -> bool:
    return isinstance(getattr(event, "item", None), Verdicts)


def _says(item: object, text: str) -> bool:
    return isinstance(item, Message) and item.text == text
