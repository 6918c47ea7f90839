"""Routes of stored chat completions."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pellucid.api.keeping import Keeper
from pellucid.api.replies import JsonReply
from pellucid.api.wire import completions as wire
from pellucid.api.wire import lists
from pellucid.api.wire.bodies import parsed, read
from pellucid.api.wire.common import Offer
from pellucid.api.wire.errors import WireError
from pellucid.store.completions import Completion, Search

PATH = "/v1/chat/completions"


class CompletionRoutes:
    """One method for each route."""

    def __init__(self, keeper: Keeper, offer: Offer) -> None:
        self._keeper, self._completions, self._offer = keeper, keeper.completions, offer

    def routes(self) -> list[Route]:
        """All of them."""
        one = f"{PATH}/{{id}}"
        return [
            Route(PATH, self.search, methods=["GET"]),
            Route(one, self.find, methods=["GET"]),
            Route(one, self.rename, methods=["POST"]),
            Route(one, self.delete, methods=["DELETE"]),
            Route(f"{one}/messages", self.messages, methods=["GET"]),
        ]

    async def search(self, request: Request) -> Response:
        """A page of the completions that were kept, also under another name of their model."""
        asked, owner = wire.listed(request.query_params), request.scope["owner"]
        model = self._offer.aliases.get(asked.model, asked.model) if asked.model else None
        after = await self._after(asked.after, owner) if asked.after is not None else None
        wanted = Search(asked.limit + 1, asked.order == "desc", after, model, asked.metadata)
        found = await self._completions.search(owner, wanted)
        return JsonReply(wire.page([_told(one) for one in found], asked.limit))

    async def find(self, request: Request) -> Response:
        """One of them."""
        return JsonReply(_told(await self._found(request)))

    async def rename(self, request: Request) -> Response:
        """Give it other metadata."""
        found, metadata = await self._found(request), wire.renamed(read(await request.body()))
        await self._completions.rename(found.id, metadata)
        return JsonReply(wire.told(found.body, metadata))

    async def delete(self, request: Request) -> Response:
        """Forget it."""
        found = await self._found(request)
        await self._keeper.forget_completion(found)
        gone = {"id": found.id, "object": "chat.completion.deleted", "deleted": True}
        return JsonReply(gone)

    async def messages(self, request: Request) -> Response:
        """A page of the messages it was asked with."""
        found = await self._found(request)
        wanted = parsed(wire.Messages, dict(request.query_params))
        return JsonReply(lists.page(found.messages, wanted))

    async def _found(self, request: Request) -> Completion:
        completion_id = request.path_params["id"]
        found = await self._completions.find(completion_id, request.scope["owner"])
        if found is None:
            raise _no_completion(completion_id)
        return found

    async def _after(self, completion_id: str, owner: str) -> Completion:
        found = await self._completions.find(completion_id, owner)
        if found is None:
            raise lists.no_item(completion_id)
        return found


def _told(found: Completion) -> wire.Json:
    return wire.told(found.body, found.metadata)


def _no_completion(completion_id: str) -> WireError:
    told = f"Chat completion with id '{completion_id}' not found."
    return WireError(404, told, "not_found", "id")
