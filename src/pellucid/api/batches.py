"""Routes of batches."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pellucid.api.batching import Batching
from pellucid.api.files import Shelf, no_file
from pellucid.api.replies import JsonReply
from pellucid.api.wire import batches as wire
from pellucid.api.wire import lists
from pellucid.api.wire.bodies import read
from pellucid.api.wire.errors import WireError
from pellucid.core.usage import Usage
from pellucid.store.batches import Batch

Json = dict[str, Any]
PATH = "/v1/batches"
SHARE = Decimal("0.5")
"""What a request costs in a batch, as a share of what it costs alone."""


@dataclass(frozen=True, slots=True)
class BatchRoutes:
    """One method for each route; `price` is what tokens cost in dollars."""

    shelf: Shelf
    batching: Batching
    price: Callable[[Usage], Decimal]
    clock: Callable[[], float]
    new_id: Callable[[str], str]

    def routes(self) -> list[Route]:
        """All of them."""
        return [
            Route(PATH, self.create, methods=["POST"]),
            Route(PATH, self.list_batches, methods=["GET"]),
            Route(f"{PATH}/{{id}}", self.find, methods=["GET"]),
            Route(f"{PATH}/{{id}}/cancel", self.cancel, methods=["POST"]),
        ]

    async def create(self, request: Request) -> Response:
        """A new batch, of a file that was handed in before."""
        asked, owner = wire.asked(read(await request.body())), request.scope["owner"]
        file = await self.shelf.files.find(asked.input, owner)
        if file is None:
            raise no_file(asked.input, "input_file_id")
        if file.purpose != "batch" or file.bytes > wire.MOST_BYTES:
            told = "has the purpose 'batch'" if file.purpose != "batch" else "has at most 200 MB"
            raise WireError(400, f"The input of a batch {told}.", "invalid_value", "input_file_id")
        now = int(self.clock())
        batch = Batch(
            self.new_id("batch"),
            owner,
            now,
            asked.endpoint,
            file.id,
            self.new_id("file"),
            self.new_id("file"),
            now + wire.WINDOW,
            asked.lifetime,
            metadata=asked.metadata,
        )
        await self.batching.start(batch)
        return JsonReply(await self._told(batch))

    async def list_batches(self, request: Request) -> Response:
        """A page of the owner's batches, the newest first."""
        batches = {one.id: one for one in await self.shelf.batches.of(request.scope["owner"])}
        found = lists.page([{"id": name} for name in batches], lists.asked(request.query_params))
        found["data"] = [await self._told(batches[one["id"]]) for one in found["data"]]
        return JsonReply(found)

    async def find(self, request: Request) -> Response:
        """How far a batch is."""
        return JsonReply(await self._told(await self._found(request)))

    async def cancel(self, request: Request) -> Response:
        """Stop a batch; what is there by then can be read."""
        await self.batching.cancel(await self._found(request))
        return JsonReply(await self._told(await self._found(request)))

    async def _found(self, request: Request) -> Batch:
        batch_id = request.path_params["id"]
        found = await self.shelf.batches.find(batch_id, request.scope["owner"])
        if found is None:
            raise WireError(404, f"No batch found with id '{batch_id}'.", "not_found", "id")
        return found

    async def _told(self, batch: Batch) -> Json:
        """A batch as the API shows it: its files once there is something in them."""
        progress = await self.shelf.batches.progress(batch)
        cost = self.price(progress.usage)
        complaints = {"object": "list", "data": list(batch.complaints)}
        told: Json = {
            "id": batch.id,
            "endpoint": batch.endpoint,
            "model": batch.model,
            "input_file_id": batch.input,
            "output_file_id": batch.output if progress.ended > progress.failed else None,
            "error_file_id": batch.errors if progress.failed else None,
            "status": batch.status,
            "errors": complaints if batch.complaints else None,
            "created_at": batch.created_at,
            "expires_at": batch.expires_at,
            "metadata": batch.metadata,
        }
        told |= {f"{status}_at": time for status, time in batch.times.items()}
        shown = wire.Shown(
            batch.total,
            progress.ended,
            progress.failed,
            progress.usage,
            f"{cost:f}",
            f"{SHARE * cost:f}",
        )
        return wire.told(told, shown)
