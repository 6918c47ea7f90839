"""What the routes work with: the door turns go through, and where what came of them is kept."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from pellucid.api.collections import Collections
from pellucid.api.enclosures import Enclosures, sent
from pellucid.api.rooms import Rooms
from pellucid.api.wire import completions, containers, responses, responses_request
from pellucid.api.wire.chat_request import MOST_CHOICES, ChatRequest
from pellucid.api.wire.enclosed import Enclosed
from pellucid.api.wire.errors import WireError, sentence
from pellucid.api.wire.file_search import Searching
from pellucid.api.wire.input_items import items_of
from pellucid.api.wire.responses_request import Asked, ResponsesRequest
from pellucid.api.wire.sealed import INCLUDE, REASONING, Restored, Sealed, restored
from pellucid.core.errors import BadRequest
from pellucid.core.events import Event
from pellucid.core.items import Item
from pellucid.core.turn import Turn, named_once
from pellucid.store import receipts
from pellucid.store.completions import Completion, Completions
from pellucid.store.conversations import Conversation, Conversations
from pellucid.store.enclosed import Sent
from pellucid.store.remembered import RememberedTurns
from pellucid.store.replies import Replies, Reply
from pellucid.store.seals import Seals

Json = dict[str, Any]


class Runs(Protocol):
    """The one door."""

    def run(self, turn: Turn) -> AsyncGenerator[Event, None]:
        """The events of a turn."""
        ...

    async def count(self, turn: Turn) -> int:
        """The tokens of its conversation."""
        ...


@dataclass(frozen=True, slots=True)
class Keeper:
    """Replies, conversations and chat completions, as requests go on from them and leave them,
    what clients carry of them instead, where files of programs are, vector stores and the files in
    messages; `remembered` is what equal turns are answered from, `receipts` the folder
    of these."""

    replies: Replies
    conversations: Conversations
    seals: Seals
    completions: Completions
    rooms: Rooms
    collections: Collections
    remembered: RememberedTurns | None = None
    receipts: Path | None = None

    @property
    def enclosures(self) -> Enclosures:
        """The files in messages."""
        return self.collections.enclosures

    async def before(self, asked: Asked, owner: str) -> tuple[Item, ...]:
        """The conversation that a request goes on from."""
        reply_id, name = responses_request.goes_on_from(asked)
        if reply_id is not None:
            return (await self._previous(reply_id, owner)).items
        if name is None:
            return ()
        await self.conversation(name, owner)
        items = await self.conversations.items(name)
        return items_of(items, self.restored(items, owner, "conversation.items"))

    def sealed(self, asked: Asked, owner: str) -> Sealed:
        """What a request brings sealed, and how its reply is sealed where that is asked for."""
        close = partial(self.seals.close, REASONING, owner=owner)
        listed = asked.input if isinstance(asked.input, list) else []
        wanted = INCLUDE in (asked.include or ())
        return Sealed(self.restored(listed, owner), close if wanted else None)

    def restored(self, listed: Sequence[Json], owner: str, where: str = "input") -> Restored:
        """What the sealed items of a list hold; WireError for one that is not of this owner."""
        return restored(listed, partial(self.seals.open, owner=owner), where)

    async def attached(
        self, request: ResponsesRequest, given: Sequence[Enclosed], *, make: bool = True
    ) -> ResponsesRequest:
        """A request with the files of its conversation, and of the stores that it may have looked
        up in, as what its turn can read; those `given`
        with it are kept with its reply, if that is. WireError for one that cannot be read."""
        keep = make and (request.store or request.conversation is not None)
        turn = await self.enclosures.attached(request.turn, given, keep=keep)
        if request.searching is not None:
            request, turn = await self._searching(request, request.searching, turn)
        return replace(request, turn=turn, enclosed=tuple(given))

    async def _searching(
        self, request: ResponsesRequest, asked: Searching, turn: Turn
    ) -> tuple[ResponsesRequest, Turn]:
        """A request and its turn with the files of the stores that they may look up in."""
        own, (library, noted) = turn.attachments, await self.collections.library(asked, turn.owner)
        files = named_once((*own, *library))
        own, library = files[: len(own)], files[len(own) :]
        turn = replace(turn, attachments=own, library=library, least_score=asked.least)
        return replace(request, searching=replace(asked, noted=noted)), turn

    async def attached_to_chat(
        self, request: ChatRequest, given: Sequence[Enclosed]
    ) -> ChatRequest:
        """The same for a chat completion."""
        turn = await self.enclosures.attached(request.turn, given, keep=request.store)
        return replace(request, turn=turn, enclosed=tuple(given))

    async def placed(
        self, request: ResponsesRequest, asked: Asked, *, make: bool = True
    ) -> ResponsesRequest:
        """A request with the container that its programs use, filled as it asks; unless that shall
        be made, as it would be. WireError for one that there is not, or that is full."""
        wanted, turn = containers.asked(asked.tools), request.turn
        if wanted is None:
            return request
        listed = asked.input if isinstance(asked.input, list) else []
        if request.conversation:
            listed = [*await self.conversations.items(request.conversation), *listed]
        before = containers.before(listed, request.talk)
        try:
            place = await self.rooms.place(wanted, turn.owner, turn.turn_id, before, make=make)
        except BadRequest as error:
            raise WireError(400, sentence(str(error)), None, "tools") from None
        return replace(request, turn=replace(turn, container=place.container, files=place.files))

    async def _previous(self, reply_id: str, owner: str) -> Reply:
        found = await self.replies.find(reply_id, owner)
        if found is None or found.request is not None:
            told = f"Previous response with id '{reply_id}' not found"
            told += "." if found is None else ": it is still being made."
            code = "previous_response_not_found"
            raise WireError(400, told, code, "previous_response_id")
        return found

    async def conversation(self, name: str, owner: str) -> Conversation:
        """A conversation of this owner; WireError 404 where there is none."""
        found = await self.conversations.find(name, owner)
        if found is None:
            told = f"Conversation with id '{name}' not found."
            raise WireError(404, told, "not_found", "conversation")
        return found

    async def keep(self, asked: ResponsesRequest, renderer: responses.Renderer) -> None:
        """Keep what came of a request, unless it says not to, and its items in its conversation;
        never one without the other."""
        items, files = (*asked.asked, *renderer.output), _sent(asked)
        if asked.store:
            await self.replies.save(_reply(asked, renderer), asked.conversation, items, files)
        elif asked.conversation is not None:
            await self.conversations.append(asked.conversation, items, files)

    async def begin(self, asked: ResponsesRequest, queued: Json, body: Json) -> None:
        """Keep what a response that nobody waits for is made of."""
        turn = asked.turn
        head = (turn.turn_id, turn.owner, turn.created_at)
        reply = Reply(*head, asked.before, asked.asked, queued, (), body)
        await self.replies.save(reply, sent=_sent(asked))

    async def forget(self, reply_id: str, owner: str) -> bool:
        """Forget a reply, with its receipt, also for equal turns; whether there was one."""
        if await self.replies.find(reply_id, owner) is None:
            return False
        await self._forget_turns(reply_id)
        return await self.replies.delete(reply_id, owner)

    async def forget_completion(self, completion: Completion) -> None:
        """Forget a completion in the same way, with all of its choices."""
        others = (f"{completion.id}-{number}" for number in range(1, MOST_CHOICES))
        await self._forget_turns(completion.id, *others)
        await self.completions.delete(completion.id, completion.owner)

    async def forget_file(self, file_id: str, owner: str) -> bool:
        """Forget a file, with the receipts of turns that had it; whether there was one."""
        file = await self.enclosures.files.find(file_id, owner)
        if file is None:
            return False
        if self.receipts is not None:
            had = await asyncio.to_thread(receipts.naming, self.receipts, file_id, file.created_at)
            await self._forget_turns(*had)
        return await self.enclosures.files.delete(file_id, owner)

    async def _forget_turns(self, *turn_ids: str) -> None:
        """Forget what equal turns would be answered from, and receipts."""
        if self.remembered is not None:
            await self.remembered.forget(turn_ids)
        if self.receipts is not None:
            receipts.forget(self.receipts, turn_ids)

    async def keep_completion(self, asked: ChatRequest, body: Json) -> None:
        """Keep what was sent for a request, if it says so."""
        if asked.store:
            turn, metadata = asked.turn, asked.metadata or {}
            given = completions.messages(asked.messages, turn.turn_id)
            head = (turn.turn_id, turn.owner, turn.created_at, asked.model, metadata)
            files = sent(asked.enclosed, turn.owner, turn.created_at)
            await self.completions.save(Completion(*head, given, body), files)


def _sent(asked: ResponsesRequest) -> tuple[Sent, ...]:
    return sent(asked.enclosed, asked.turn.owner, asked.turn.created_at)


def _reply(asked: ResponsesRequest, renderer: responses.Renderer) -> Reply:
    """A reply that has ended, as it is kept."""
    turn, talk = asked.turn, (*asked.talk, *renderer.record.items)
    body, told = renderer.response(), tuple(renderer.told)
    return Reply(turn.turn_id, turn.owner, turn.created_at, talk, asked.asked, body, told)
