"""Routes of conversations."""

from collections.abc import Callable
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pellucid.api.enclosures import sent
from pellucid.api.keeping import Keeper
from pellucid.api.replies import JsonReply
from pellucid.api.wire import conversations as wire
from pellucid.api.wire import enclosed, lists
from pellucid.api.wire.bodies import read
from pellucid.api.wire.errors import WireError
from pellucid.store.conversations import Conversation

Json = dict[str, Any]
PATH = "/v1/conversations"


class ConversationRoutes:
    """One method for each route."""

    def __init__(
        self, keeper: Keeper, clock: Callable[[], float], new_id: Callable[[str], str]
    ) -> None:
        self._keeper, self._clock, self._new_id = keeper, clock, new_id

    def routes(self) -> list[Route]:
        """All of them."""
        one, items = f"{PATH}/{{id}}", f"{PATH}/{{id}}/items"
        return [
            Route(PATH, self.create, methods=["POST"]),
            Route(one, self.find, methods=["GET"]),
            Route(one, self.rename, methods=["POST"]),
            Route(one, self.delete, methods=["DELETE"]),
            Route(items, self.list_items, methods=["GET"]),
            Route(items, self.add_items, methods=["POST"]),
            Route(f"{items}/{{item}}", self.item, methods=["GET"]),
            Route(f"{items}/{{item}}", self.remove_item, methods=["DELETE"]),
        ]

    async def create(self, request: Request) -> Response:
        """A new conversation."""
        body = await request.body()
        owner, created = request.scope["owner"], int(self._clock())
        opened = self._opened(request)
        asked = await self._keeper.enclosures.brought(read(body) if body else {})
        asked, given = enclosed.of_items(asked, owner)
        metadata, items = wire.made(asked, self._new_id, opened)
        await self._keeper.enclosures.read(wire.understood(items, opened), owner, given, keep=True)
        made = Conversation(self._new_id("conv"), owner, created, metadata)
        await self._keeper.conversations.create(made, items, sent(given, owner, created))
        return JsonReply(_told(made))

    async def find(self, request: Request) -> Response:
        """What is known of it."""
        return JsonReply(_told(await self._found(request)))

    async def rename(self, request: Request) -> Response:
        """Give it other metadata."""
        found = await self._found(request)
        await self._keeper.conversations.rename(found.id, wire.renamed(read(await request.body())))
        return JsonReply(_told(await self._found(request)))

    async def delete(self, request: Request) -> Response:
        """Forget it, with all its items."""
        found = await self._found(request)
        await self._keeper.conversations.delete(found.id)
        return JsonReply({"id": found.id, "object": "conversation.deleted", "deleted": True})

    async def list_items(self, request: Request) -> Response:
        """A page of its items."""
        items = await self._keeper.conversations.items((await self._found(request)).id)
        return JsonReply(lists.page(items, lists.asked(request.query_params)))

    async def add_items(self, request: Request) -> Response:
        """Add items."""
        found = await self._found(request)
        owner, opened = request.scope["owner"], self._opened(request)
        body = await self._keeper.enclosures.brought(read(await request.body()))
        body, given = enclosed.of_items(body, owner)
        items = wire.added(body, self._new_id, opened)
        await self._keeper.enclosures.read(wire.understood(items, opened), owner, given, keep=True)
        files = sent(given, owner, int(self._clock()))
        await self._keeper.conversations.append(found.id, items, files)
        return JsonReply(lists.page(items, lists.Wanted(order="asc")))

    async def item(self, request: Request) -> Response:
        """One of its items."""
        found = await self._found(request)
        items = await self._keeper.conversations.items(found.id)
        wanted = request.path_params["item"]
        told = next((one for one in items if one["id"] == wanted), None)
        if told is None:
            raise _no_item(wanted)
        return JsonReply(told)

    async def remove_item(self, request: Request) -> Response:
        """Forget one of its items."""
        found, wanted = await self._found(request), request.path_params["item"]
        if not await self._keeper.conversations.remove(found.id, wanted):
            raise _no_item(wanted)
        return JsonReply(_told(found))

    def _opened(self, request: Request) -> wire.Opened:
        return partial(self._keeper.restored, owner=request.scope["owner"], where="items")

    async def _found(self, request: Request) -> Conversation:
        return await self._keeper.conversation(request.path_params["id"], request.scope["owner"])


def _told(found: Conversation) -> Json:
    return wire.told(found.id, found.created_at, found.metadata)


def _no_item(item_id: str) -> WireError:
    return WireError(404, f"Item with id '{item_id}' not found.", "not_found", "item_id")
