"""Equal turns get equal answers: the second at once, from what the first one did.

A turn's model is greedy or seeded, so asking the same again of the same weights gives the same;
this saves the time. What another run could answer otherwise is run again: programs that read a
clock, turns with a deadline, sessions that hold more than the turn tells.
"""

import hashlib
import re
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from pathlib import Path

from pellucid.core.effort import Spent
from pellucid.core.errors import PellucidError
from pellucid.core.events import EndReason, Event, ItemClosed, TurnFinished, TurnStarted
from pellucid.core.grammar import checked
from pellucid.core.items import ToolResult
from pellucid.core.serving import USUAL
from pellucid.core.turn import Turn
from pellucid.core.usage import Usage
from pellucid.service.taps import metered, receipted, watched
from pellucid.service.tracing import telling
from pellucid.service.turns import Turns
from pellucid.store.remembered import Remembered, RememberedTurns

WHOLE: tuple[EndReason, ...] = ("answered", "calls", "length")
"""Ends that do not depend on how fast the machine was."""

_CHANGING = re.compile(
    r"\b(?:(?:utc)?now|today|time(?:_ns)?|localtime|gmtime|ctime|asctime|strftime"
    r"|(?:perf_counter|monotonic|process_time)(?:_ns)?)\s*\("
    r"|\b(?:urandom|secrets|SystemRandom|uuid[14]?|getpid)\b"
)
"""Of a program: reads a clock, or chance that no seed fixes. Too much is found rather than too
little; that costs time, no truth."""


@dataclass(frozen=True, slots=True)
class Remembering:
    """Turns, with those that were answered before. `version` names all that answers depend on
    beside the turn and the weights: this program, and its settings."""

    turns: Turns
    kept: RememberedTurns
    version: str

    async def run(self, turn: Turn) -> AsyncGenerator[Event, None]:
        """The events of a turn, those of an equal one where there was one."""
        fingerprint = await self._fingerprint(turn)
        digest = digest_of(turn, f"{fingerprint} {self.version}") if fingerprint else ""
        found = await self.kept.find(digest) if digest else None
        if found:
            await self.kept.use(digest, turn.turn_id)
        stream = self._again(turn, found, fingerprint) if found else self._first(turn, digest)
        async with aclosing(stream) as events:
            async for event in events:
                yield event

    async def count(self, turn: Turn) -> int:
        """The tokens that the model would be shown of a turn's conversation."""
        return await self.turns.count(turn)

    async def _fingerprint(self, turn: Turn) -> str:
        """The fingerprint of the turn's model; "" for a turn that is run in any case."""
        if not may_be_equal(turn):
            return ""
        try:
            async with self.turns.model(turn.serving) as model:
                return model.fingerprint
        except PellucidError:
            return ""  # running the turn tells what is wrong

    async def _first(self, turn: Turn, digest: str) -> AsyncGenerator[Event, None]:
        """A turn that is run, and remembered unless there is no digest for it."""
        seen: list[Event] = []
        async with aclosing(self.turns.run(turn)) as events:
            async for event in events:
                if digest:
                    seen.append(event)
                if digest and isinstance(event, TurnFinished) and _lasting(event, seen):
                    remembered = Remembered(turn.turn_id, tuple(seen), event)
                    await self.kept.save(digest, remembered)
                yield event

    def _again(
        self, turn: Turn, found: Remembered, fingerprint: str
    ) -> AsyncGenerator[Event, None]:
        """What was done before, as this turn, with a receipt of its own."""
        clock = self.turns.clock
        stream = metered(_replayed(turn, found), clock)
        stream = receipted(stream, turn, self.turns.receipts, lambda: fingerprint)
        told = telling(self.turns.trace(turn), self.turns.tell)
        return checked(watched(stream, turn, told, Usage, clock))


async def _replayed(turn: Turn, found: Remembered) -> AsyncGenerator[Event, None]:
    """The prompt counts as input that was cached; nothing was written, and no effort spent."""
    yield TurnStarted(turn.turn_id, turn.model, turn.created_at)
    for event in found.events:
        yield event
    end, prompt = found.end, found.end.usage.prompt
    spent = Spent(end.spent.asked, end.spent.granted, end.spent.note)
    yield TurnFinished(end.reason, Usage(prompt, cached=prompt), spent, found.turn_id)


def may_be_equal(turn: Turn) -> bool:
    """Whether an equal turn's answer may be this one's: not in the background unless that is
    asked for, not with a deadline, not in a session that is kept, not with files that are, not
    from the web, which changes, not where the tokens of the answer are asked for, which are not
    kept."""
    wanted = turn.serving.priority == "interactive" if turn.cache is None else turn.cache
    again = turn.seconds is None and turn.top_logprobs is None
    live = "web" in turn.tools or turn.conversation or turn.container
    return wanted and again and not live


def digest_of(turn: Turn, by: str) -> str:
    """The SHA-256 of what is asked, of whom it is asked and who asks; ids, times and the place in
    the queue make no difference. (A dataclass's `repr` names every type and field.)"""
    same = replace(
        turn,
        turn_id="",
        created_at=0,
        cache=None,
        tools=frozenset(),
        serving=replace(turn.serving, priority=USUAL.priority),
    )
    asked = repr((sorted(turn.tools), same, by))
    return hashlib.sha256(asked.encode("utf-8", "surrogatepass")).hexdigest()


ANSWERING = ("core", "engine", "model", "tools", "agent", "service")
"""The parts of this program that decide what is answered; the others ask and tell."""


def source_of(package: Path, parts: Sequence[str] = ANSWERING) -> str:
    """A digest of the source of some parts of this program, prompts and rules included."""
    sources = " ".join(version_of(package / part, part) for part in parts)
    return hashlib.sha256(sources.encode()).hexdigest()


def version_of(package: Path, settings: str) -> str:
    """A name for this program as it is, prompts and rules included, under some settings."""
    digest = hashlib.sha256(settings.encode())
    for path in sorted(package.rglob("*.py")):
        digest.update(path.relative_to(package).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _lasting(end: TurnFinished, seen: list[Event]) -> bool:
    """Whether running the turn again would come to the same."""
    closed = [event.item for event in seen if isinstance(event, ItemClosed)]
    results = [item.execution for item in closed if isinstance(item, ToolResult)]
    programs = [execution.code for execution in results if execution is not None]
    return end.reason in WHOLE and not any(_CHANGING.search(code) for code in programs)
