"""Where a command writes: what was asked for on stdout, progress on stderr.

A terminal gets colour and one moving line at the bottom; anything else gets plain text
without control codes and nothing that moves.
"""

from typing import TextIO

from rich.console import Console
from rich.control import Control
from rich.segment import ControlType
from rich.text import Text


class Screen:
    """Both streams; the moving line is wiped before anything is written above it."""

    def __init__(self, out: TextIO, err: TextIO) -> None:
        self._out, self._err = _console(out), _console(err)
        self.rich = _capable(self._out)
        self.lively = _capable(self._err)
        self._moving = False

    @property
    def letters(self) -> bool:
        """Whether superscript letters can be shown."""
        return self.rich and self._out.encoding.lower().replace("-", "") == "utf8"

    @property
    def width(self) -> int:
        """Columns of the terminal that progress is shown on."""
        return self._err.width

    def line(self, text: Text | str = "", *, wrap: bool = True) -> None:
        """A line (or several) on stdout; `wrap` breaks between words on a terminal."""
        self.wipe()
        whole = Text(text) if isinstance(text, str) else text
        if self.rich:
            self._out.print(whole, soft_wrap=not wrap)
        else:
            self._out.file.write(whole.plain + "\n")
        self._out.file.flush()

    def say(self, message: str) -> None:
        """A line on stderr; one that cannot be written is nobody's loss."""
        self.wipe()
        try:
            self._err.file.write(message + "\n")
            self._err.file.flush()
        except OSError:
            self.lively = False

    def move(self, text: Text) -> None:
        """Replace the moving line, cut to the terminal's width."""
        if not self.lively:
            return
        text.truncate(max(1, self._err.width - 1), overflow="ellipsis")
        self._wipe_line()
        self._err.print(text, end="", soft_wrap=True)
        self._err.file.flush()
        self._moving = True

    def wipe(self) -> None:
        """Take the moving line away."""
        if self._moving:
            self._wipe_line()
            self._err.file.flush()
            self._moving = False

    def _wipe_line(self) -> None:
        self._err.control(Control(ControlType.CARRIAGE_RETURN, (ControlType.ERASE_IN_LINE, 2)))


def _console(stream: TextIO) -> Console:
    """Only a real terminal counts as one, whatever the environment claims; NO_COLOR is heeded."""
    return Console(
        file=stream, force_terminal=stream.isatty(), markup=False, emoji=False, highlight=False
    )


def _capable(console: Console) -> bool:
    return console.is_terminal and not console.is_dumb_terminal
