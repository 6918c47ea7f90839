"""Grammars of custom tools, compiled before a turn begins: a complaint names the parameter."""

import asyncio
from collections.abc import Sequence
from typing import Any

from pellucid.api.wire.custom_tools import grammars, not_enforceable
from pellucid.core.errors import BadConstraint
from pellucid.model.constraint import compiled

Json = dict[str, Any]


async def check(tools: Sequence[Json] | None, *, nested: bool = False) -> None:
    """WireError for the first of the tools, which were understood, whose grammar cannot be
    enforced; in Chat they are `nested`."""
    for param, grammar in grammars(tools or (), nested=nested):
        try:
            await asyncio.to_thread(compiled, grammar)
        except BadConstraint as error:
            raise not_enforceable(str(error), param) from None
