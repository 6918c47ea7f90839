"""The choices of a chat completion (`n`): a turn each, told together.

A reply of several choices has what Pellucid says beside OpenAI's fields in each of them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from pellucid.api.wire import chat
from pellucid.api.wire.chat_request import ChatRequest
from pellucid.api.wire.common import chat_usage, extension
from pellucid.core.events import Event
from pellucid.core.fold import Record
from pellucid.core.turn import Turn
from pellucid.core.usage import Usage

Json = dict[str, Any]
FREELY = 0.7
"""The temperature of every choice behind the first: the likeliest words would be the same again."""


def turns(request: ChatRequest) -> tuple[Turn, ...]:
    """The turn of each choice; the first is what a request for one choice gets."""
    first = request.turn
    others = (
        replace(
            first,
            turn_id=f"{first.turn_id}-{number}",
            seed=first.seed + number,
            temperature=FREELY,
        )
        for number in range(1, request.count)
    )
    return (first, *others)


def collect(records: Sequence[Record], request: ChatRequest) -> Json:
    """The whole reply of turns that ended well."""
    first, choices = records[0], list[Json]()
    for number, record in enumerate(records):
        choices.append({"index": number, **chat.choice(record, request)})
        if request.verdicts and request.count > 1:
            choices[-1]["pellucid"] = extension(record, request.turn, request.ignored)
    reply: Json = {
        "id": request.turn.turn_id,
        "object": "chat.completion",
        "created": first.created_at,
        "model": request.model,
        "choices": choices,
        "usage": chat_usage(_summed([record.usage for record in records])),
        "service_tier": "default",
    }
    if request.metadata is not None:
        reply["metadata"] = request.metadata
    if request.verdicts and request.count == 1:
        reply["pellucid"] = extension(first, request.turn, request.ignored)
    return reply


def _summed(usages: Sequence[Usage]) -> Usage:
    """All that was written, and the longest input: what all of them read counts once."""
    longest = max(usages, key=lambda one: one.prompt)
    return replace(
        longest,
        reasoning=sum(one.reasoning for one in usages),
        completion=sum(one.completion for one in usages),
    )


class Renderer:
    """Events of the turns in, chunks of one completion out."""

    def __init__(self, request: ChatRequest) -> None:
        self.request = request
        self._choices = [chat.Renderer(request, number) for number in range(request.count)]

    @property
    def failed(self) -> bool:
        """Whether one of the turns failed: then there is no completion."""
        return any(one.record.error for one in self._choices)

    @property
    def ended(self) -> bool:
        """Whether all of them ended well."""
        return all(one.record.reason for one in self._choices)

    def whole(self) -> Json:
        """The reply that a request without a stream gets."""
        return collect([one.record for one in self._choices], self.request)

    def feed(self, number: int, event: Event) -> Iterator[Json]:
        """The chunks of one event of a choice; a failed turn's is an error."""
        yield from self._choices[number].feed(event)
        if self.ended and self.request.include_usage:
            yield {**self._choices[0].head(), "choices": [], "usage": self.whole()["usage"]}
