"""A turn on a screen: the program as it is written, its output, the answer with its verdicts."""

from typing import assert_never

from rich.text import Text

from pellucid.cli.marks import legend, marked
from pellucid.cli.progress import Progress
from pellucid.cli.screen import Screen
from pellucid.cli.text import count, plain, shortened
from pellucid.cli.units import duration
from pellucid.core.browsing import FIND, OPEN, SEARCH
from pellucid.core.claims import Claim
from pellucid.core.events import (
    EndReason,
    Event,
    ItemClosed,
    ItemGrew,
    ItemOpened,
    TurnFailed,
    TurnFinished,
    TurnStarted,
)
from pellucid.core.executions import Execution
from pellucid.core.items import Item, Message, Reasoning, ToolCall, ToolResult, Verdicts
from pellucid.core.reading import READER

MOST_LINES = 60
"""Lines of a program or its output shown on a terminal; the receipt has them all."""

LONGEST_LINE = 1_000
"""Characters of a line that are shown: a program that loads a file holds it in one line."""

HEADINGS = {
    READER: "looking into the documents",
    SEARCH: "searching the web",
    OPEN: "opening a page",
    FIND: "looking into the pages",
}
"""What calls of tools are called that are no programs."""

ENDS: dict[EndReason, str] = {
    "answered": "",
    "calls": "the model asked for a tool that only the caller can run",
    "length": "the answer was cut: the limit on output tokens was reached",
    "limit": "a budget ended the work early: this is the best answer so far",
    "cancelled": "stopped",
}


class Show:
    """Feed it the events of a turn in order."""

    def __init__(self, screen: Screen, progress: Progress) -> None:
        self._screen, self._progress = screen, progress
        self._grown = ""  # of the open item
        self._printed = 0  # lines of it on the screen already
        self._open: Item | None = None
        self._answer: str | None = None  # complete, waiting for its verdicts
        self._runs: list[str] = []
        self._programs = 0

    def feed(self, event: Event) -> None:
        """Show what this event adds."""
        match event:
            case TurnStarted():
                self._progress.working("thinking")
            case ItemOpened(item):
                self._begin(item)
            case ItemGrew(text):
                self._grown += text
                if isinstance(self._open, ToolCall | Reasoning):
                    self._lines(self._open, self._grown.rpartition("\n")[0])
            case ItemClosed(item):
                self._end(item)
                self._progress.working("thinking")
            case TurnFinished(reason):
                self._release(())
                self._progress.clear()
                if ENDS[reason]:
                    self._screen.line(Text(f"note: {ENDS[reason]}", style="yellow"))
            case TurnFailed():
                self._release(())
                self._progress.clear()
            case _:
                assert_never(event)

    def _begin(self, item: Item) -> None:
        self._open, self._grown, self._printed = item, "", 0
        if not isinstance(item, Verdicts):
            self._release(())
        match item:
            case ToolCall(name=name):
                self._programs += 1
                self._progress.working("writing a program")
                told = f"program {self._programs}" if name == "python" else HEADINGS.get(name, name)
                self._heading(told)
            case ToolResult():
                self._progress.working("running it")
            case Reasoning():
                self._heading("thinking")
            case Message():
                self._progress.working("writing the answer")
            case Verdicts():
                self._progress.working("checking the answer")
            case _:
                assert_never(item)

    def _end(self, item: Item) -> None:
        match item:
            case ToolCall() | Reasoning():
                self._lines(item, item.text)
                self._hidden(len(_lines_of(item.text)))
            case ToolResult():
                self._result(item)
            case Message():
                self._answer = item.text
            case Verdicts(claims, removed):
                self._release(claims)
                for sentence in removed:
                    told = f"removed, because nothing supports it: {shortened(sentence, 400)}"
                    self._screen.line(Text(told, style="yellow"))
            case _:
                assert_never(item)

    def _lines(self, item: Item, text: str) -> None:
        """The complete lines of an item that are not on the screen yet."""
        is_code = isinstance(item, ToolCall) and item.name == "python"
        lines = _lines_of(text)
        if len(lines) <= self._printed:
            return
        if is_code and self._screen.rich:
            shown = _highlighted(lines)
        else:
            shown = [Text(line, style="dim") for line in lines]
        for line in shown[self._printed : self._most(lines)]:
            self._screen.line(Text("  ").append_text(line), wrap=False)
        self._printed = len(lines)

    def _result(self, item: ToolResult) -> None:
        run = item.execution
        if run is None:
            self._heading("failed" if item.failed else "result")
            self._block(item.text, "red" if item.failed else "")
            return
        self._runs.append(run.execution_id)
        self._heading(f"run {len(self._runs)} ({_how(run)})")
        self._block(run.output, "")
        self._block(run.result, "")
        self._block(run.error, "red")
        if run.dropped:
            self._block(f"… {count(run.dropped, 'character')} more were not kept", "dim")

    def _heading(self, words: str) -> None:
        self._screen.line(Text(words, style="dim"))

    def _block(self, text: str, style: str) -> None:
        lines = _lines_of(text)
        for line in lines[: self._most(lines)]:
            self._screen.line(Text(f"  {line}", style=style), wrap=False)
        self._hidden(len(lines))

    def _most(self, lines: list[str]) -> int:
        """How many of these lines are shown: all of them where nobody has to scroll."""
        return MOST_LINES if self._screen.rich else len(lines)

    def _hidden(self, lines: int) -> None:
        """Tell how many of so many lines were not shown."""
        if self._screen.rich and lines > MOST_LINES:
            note = f"  … {count(lines - MOST_LINES, 'more line')}, all in the receipt"
            self._screen.line(Text(note, style="dim"))

    def _release(self, claims: tuple[Claim, ...]) -> None:
        """Put the waiting answer on the screen, with what is known about its claims."""
        answer, self._answer = self._answer, None
        if answer is None or not answer.strip():
            return
        letters = self._screen.letters
        self._screen.line()
        self._screen.line(marked(answer.rstrip(), claims, letters=letters))
        self._screen.line()
        if claims:
            self._screen.line(legend(claims, self._runs, letters=letters))


def _lines_of(text: str) -> list[str]:
    """The lines of a program or its output as they are shown."""
    if not text.strip():
        return []
    lines = plain(text).rstrip("\n").split("\n")
    return [line if len(line) <= LONGEST_LINE else _cut(line) for line in lines]


def _cut(line: str) -> str:
    hidden = count(len(line) - LONGEST_LINE, "more character")
    return f"{line[:LONGEST_LINE]}… ({hidden}, all in the receipt)"


def _how(run: Execution) -> str:
    """How an execution went, and how long it took."""
    took = duration(run.seconds)
    said = {"ok": took, "error": f"failed, {took}", "timeout": f"out of time, {took}"}
    return said.get(run.outcome, f"stopped: over a limit, {took}")


def _highlighted(lines: list[str]) -> list[Text]:
    """Python in colour, line by line; coloured as a whole, for strings over several lines."""
    from rich.syntax import Syntax

    syntax = Syntax("", "python", theme="ansi_dark", background_color="default")
    coloured = list(syntax.highlight("\n".join(lines)).split("\n"))
    coloured += [Text() for _ in range(len(lines) - len(coloured))]
    return coloured[: len(lines)]
