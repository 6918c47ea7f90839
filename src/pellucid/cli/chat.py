"""`pellucid chat`: several turns, the conversation kept in memory.

While somebody types, nothing else runs in this process (engine and sandbox have their
own), so the line is read without a thread and Ctrl-C means what the prompt says.
"""

import asyncio
import secrets
import sys
from collections.abc import Sequence
from contextlib import AsyncExitStack, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from pellucid.cli import lifetime
from pellucid.cli.ask import Desk, Options, close, play
from pellucid.cli.exits import Exit, exit_of
from pellucid.cli.guard import complain
from pellucid.cli.input import Asked
from pellucid.cli.lifetime import Life
from pellucid.cli.lines import piped, typed
from pellucid.cli.record import answer
from pellucid.cli.transcript import save
from pellucid.core.effort import EFFORTS
from pellucid.core.errors import BadRequest, PellucidError, UnknownName
from pellucid.core.fold import Record
from pellucid.core.items import Item, Message
from pellucid.tools.reader.ingest import decoded

if TYPE_CHECKING:
    from pellucid.assembly import Application

TOOLS = ("python", "none")
HELP = f"""\
/effort LEVEL   how much an answer may cost: {", ".join(EFFORTS)}
/tools NAME     what may be used: {", ".join(TOOLS)}
/save FILE      the conversation as markdown or, where FILE ends in .json, as JSON
/new            forget the conversation
/help           this text
/quit           leave; so does Ctrl-D. Ctrl-C stops an answer"""

Name = TypeVar("Name", bound=str)


class Talk:
    """The conversation so far, and how the next question will be asked."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.forget()

    def forget(self) -> None:
        """Begin again, with a Python session of its own."""
        self.items: tuple[Item, ...] = ()
        self.conversation = f"conv_{secrets.token_hex(12)}"

    def add(self, asked: Asked, record: Record) -> None:
        """Keep a turn that has an answer; one without would only confuse the next."""
        if answer(record).strip():
            self.items = (*self.items, Message("user", asked.question), *record.items)


@dataclass(frozen=True, slots=True)
class Room:
    """What a chat needs besides the conversation."""

    life: Life
    desk: Desk
    application: "Application"


def chat(options: Options) -> int:
    """Talk until the input ends; the exit code."""
    return lifetime.run(lambda life: _chat(life, options))


async def _chat(life: Life, options: Options) -> int:
    desk, talk, ending = Desk.set_up(), Talk(options), Exit.OK
    by_hand = sys.stdin.isatty() and sys.stdout.isatty()
    lines = (
        typed(life, desk.settings.home / "chat_history") if by_hand else nullcontext(piped(life))
    )
    async with (
        desk.progress.moving(),
        desk.application() as application,
        AsyncExitStack() as kept,
    ):
        room = Room(life, desk, application)
        with lines as next_line:
            if by_hand:
                await _ready(desk, application, kept)
                desk.screen.line("Ask anything; /help lists what else can be typed.")
            while (line := next_line()) is not None and line.strip() not in (b"/quit", b"/exit"):
                ending = await _heed(room, talk, line) or ending
                desk.progress.clear()
    return Exit.OK if by_hand else ending


async def _ready(desk: Desk, application: "Application", kept: AsyncExitStack) -> None:
    """Load before the first prompt: what is missing should be known before one types. The
    engine is kept to the end, however long that takes."""
    if desk.settings.model != "scripted":
        await kept.enter_async_context(application.engine())
    desk.progress.clear()


async def _heed(room: Room, talk: Talk, line: bytes) -> Exit:
    """A command or a question; what is wrong with it is one line, and the chat goes on."""
    try:
        text = decoded(line, "the line").strip()
        if text.startswith("/"):
            room.desk.screen.line(command(talk, text))
        elif text:
            return await _turn(room, talk, Asked(text))
    except PellucidError as error:
        room.desk.progress.clear()
        complain(str(error), error)
        return exit_of(error)
    return Exit.OK


async def _turn(room: Room, talk: Talk, asked: Asked) -> Exit:
    """One question and its answer, or as much of it as Ctrl-C allows."""
    desk = room.desk
    turn = talk.options.turn(talk.items, asked, talk.conversation)
    task = asyncio.create_task(play(desk, room.application, turn, shown=True))
    try:
        with room.life.on_interrupt(task.cancel):
            record = await task
    except asyncio.CancelledError:
        if room.life.code is not None:
            raise
        desk.progress.clear()
        desk.screen.line("stopped")
        return Exit.INTERRUPTED
    talk.add(asked, record)
    ending = close(desk, turn, record, json=False)
    desk.screen.line()
    return ending


def command(talk: Talk, text: str) -> str:
    """Do what a line that starts with a slash says; what to tell about it."""
    name, _, argument = text.partition(" ")
    argument = argument.strip()
    match name:
        case "/effort":
            talk.options = replace(talk.options, effort=_one_of(argument, EFFORTS, "effort"))
            return f"effort: {argument}"
        case "/tools":
            talk.options = replace(talk.options, tools=_one_of(argument, TOOLS, "tool"))
            return f"tools: {argument}"
        case "/save":
            if not argument:
                raise BadRequest("/save needs a file name, such as talk.md or talk.json")
            return f"saved: {save(Path(argument).expanduser(), talk.items)}"
        case "/new":
            talk.forget()
            return "a new conversation"
        case "/help":
            return HELP
        case _:
            raise BadRequest(f"there is no {name}; /help lists the commands")


def _one_of(word: str, known: Sequence[Name], what: str) -> Name:
    """The name that was typed; UnknownName lists those there are."""
    for name in known:
        if name == word:
            return name
    raise UnknownName(f"there is no {what} {word!r}; there are {', '.join(known)}")
