"""The vector stores that requests name: found, filled, searched."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from pellucid.api.enclosures import Enclosures
from pellucid.api.files import no_file
from pellucid.api.wire import vector_stores as wire
from pellucid.api.wire.errors import WireError, sentence
from pellucid.api.wire.file_search import Searching
from pellucid.api.wire.vector_stores import fits
from pellucid.core.errors import BadRequest
from pellucid.core.turn import Attachment, named_once
from pellucid.store.files import File
from pellucid.store.vector_stores import Member, VectorStore, VectorStores
from pellucid.tools.reader.library import Library

Json = dict[str, Any]
RESULTS = 10
"""Passages that a search gives where nothing else is said."""


LARGEST = 20_000_000
"""Characters that a turn looks something up in."""


@dataclass(frozen=True, slots=True)
class Collections:
    """All vector stores, and what reads the files that are put into them; a turn looks something up
    in no more than so many characters (`largest`)."""

    stores: VectorStores
    enclosures: Enclosures
    largest: int = LARGEST

    async def find(self, store_id: str, owner: str, param: str = "id") -> VectorStore:
        """A store of this owner; WireError 404 where there is none."""
        found = await self.stores.find(store_id, owner)
        if found is None:
            told = f"Vector store with id '{store_id}' not found."
            raise WireError(404, told, "not_found", param)
        return found

    async def used(self, store_id: str, owner: str, param: str = "id") -> VectorStore:
        """A store that can be used, which it now was; WireError says that it has expired."""
        found = await self.find(store_id, owner, param)
        if self.stores.expired(found):
            told = f"Vector store '{store_id}' is expired: nobody used it for {found.days} days."
            raise WireError(400, told, "vector_store_expired", param)
        return await self.stores.use(found)

    async def file(self, file_id: str, owner: str, param: str) -> File:
        """A file of this owner; WireError 404 where there is none."""
        found = await self.enclosures.files.find(file_id, owner)
        if found is None:
            raise no_file(file_id, param)
        return found

    async def put(self, store: VectorStore, file: File, attributes: Json) -> Member:
        """Put a file into a store, as it is read; one that cannot be is there, and says why."""
        asked = Member(store.id, file.id, store.last_active_at, attributes)
        member, read = await self.read(asked, file)
        await self.stores.put(member, read)
        return member

    async def read(self, member: Member, file: File) -> tuple[Member, Attachment | None]:
        """What a file of a store has in it, or why it cannot be read; BadRequest where there is no
        space for it."""
        try:
            read = await self.enclosures.document(file)
        except BadRequest as error:
            return replace(member, error=sentence(f"the file {error}")), None
        known = replace(member, bytes=len(read.text.encode()))
        await self.enclosures.files.room(known.bytes)
        return known, read

    async def library(
        self, asked: Searching, owner: str
    ) -> tuple[tuple[Attachment, ...], dict[str, Json]]:
        """The files of some stores, as what can be looked up in, each once, and what is noted
        about each by its id."""
        found, noted = dict[str, Attachment](), dict[str, Json]()
        for store_id in asked.stores:
            store = await self.used(store_id, owner, "tools")
            for member, read in await self.stores.contents(store.id):
                if fits(asked.filters, member.attributes):
                    found[member.file] = replace(read, file_id=member.file)
                    noted[member.file] = member.attributes
        size = sum(len(one.text) for one in found.values())
        if size > self.largest:
            told = f"The files to search have {size:,} characters; {self.largest:,} are the most."
            raise WireError(400, told, "file_too_large", "tools")
        return tuple(found.values()), noted

    async def search(self, store: VectorStore, asked: wire.Search) -> Json:
        """The passages of a store that are most about a query."""
        queries = [asked.query] if isinstance(asked.query, str) else asked.query
        fits(asked.filters, {})  # what is no filter is none for an empty store either
        chosen = [
            (member, read)
            for member, read in await self.stores.contents(store.id)
            if fits(asked.filters, member.attributes)
        ]
        most = asked.max_num_results or RESULTS
        found = await asyncio.to_thread(_found, chosen, " ".join(queries), most)
        least = asked.ranking_options.score_threshold if asked.ranking_options else None
        return wire.results(queries, [one for one in found if one["score"] >= (least or 0)])


def _found(chosen: Sequence[tuple[Member, Attachment]], query: str, most: int) -> list[Json]:
    """Passages as the API shows them, the best first."""
    files = named_once([read for _, read in chosen])
    known = {file.name: (member, read) for file, (member, read) in zip(files, chosen, strict=True)}
    told = list[Json]()
    for passage, score in Library(files).ranked(query, most):
        member, read = known[passage.file]
        text = {"type": "text", "text": passage.text}
        file = {"file_id": member.file, "filename": read.name, "attributes": member.attributes}
        told.append({**file, "score": round(score, 4), "content": [text]})
    return told
