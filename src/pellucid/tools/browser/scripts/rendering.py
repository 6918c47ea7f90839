"""A page as it is shown after its scripts have run: the scripts run in Chromium, what they need is
fetched here, by the one guarded fetcher, and nothing else comes to them.

Only what is read by GET is fetched: the page, its scripts and sheets, and what they ask for as
data. Pictures, fonts, films, frames, sockets, workers, beacons and what is fetched ahead are not.
"""

import asyncio
import base64
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from pellucid.core.errors import FetchError, FetchRefused
from pellucid.tools.browser.fetch import Fetched, checked
from pellucid.tools.browser.page import WEB
from pellucid.tools.browser.scripts.chromium import Chromium, Gone, Tab, Told
from pellucid.tools.browser.scripts.shown import LOOK, SNAPSHOT, WORDS

Part = Callable[[str, str, int], Awaitable[Fetched]]
"""What an address leads to that a page needs, asked for by a script of an origin (RFC 6454; ""
where servers need not know), in at most so many bytes; FetchRefused, FetchError as for pages."""

KINDS = ("Document", "Stylesheet", "Script", "XHR", "Fetch")
"""What is fetched for a page, as the DevTools protocol calls it (Network.ResourceType)."""

POLICY = (
    "sandbox allow-scripts allow-same-origin; frame-src 'none'; object-src 'none'; "
    "worker-src 'none'; img-src 'none'; media-src 'none'; font-src 'none'; form-action 'none'"
)
"""What a page may not do, told to Chromium in its own words (CSP 3): open windows, ask questions,
start downloads, send forms, load what is not read."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one page may take: seconds until it must have answered, and until it is read as it is
    where it does not come to rest; requests, at the same time and in all; bytes of all answers;
    other pages that it leads to; elements, and characters of them."""

    seconds: float = 10.0
    patience: float = 5.0
    at_once: int = 6
    requests: int = 200
    most_bytes: int = 20_000_000
    pages: int = 5
    elements: int = 150_000
    characters: int = 5_000_000


QUIET, SLOW, ENOUGH, LOOKS = 0.25, 0.75, 250, 0.04
"""Seconds without a change after which a page is ready, and one that shows less than so many
characters; seconds between two looks at it."""


async def rendered(
    chromium: Chromium, fetched: Fetched, part: Part, bounds: Bounds | None = None
) -> Fetched:
    """A page that was fetched, as it is shown after its scripts have run; FetchError says why it
    is not. `way` holds all addresses that it came from. Leaving closes it."""
    within = bounds or Bounds()
    if why := chromium.missing:
        raise FetchError(f"{fetched.url} shows nothing without scripts, which are not run: {why}")
    try:
        async with chromium.tab() as tab:
            visit = _Visit(tab, fetched, part, within)
            try:
                async with asyncio.timeout(within.seconds):
                    return await visit.shown()
            finally:
                visit.leave()
    except TimeoutError:
        raise FetchError(
            f"{fetched.url} was still busy with its scripts after {within.seconds:g} seconds"
        ) from None
    except Gone:
        raise FetchError(
            f"{fetched.url} ended while its scripts ran: they took too much memory, or failed"
        ) from None


async def switched_off(fetched: Fetched, part: Part) -> Fetched:
    """The same where the owner wants no scripts to be run."""
    raise FetchError(
        f"{fetched.url} shows nothing without scripts, which are not run (PELLUCID_WEB_SCRIPTS)"
    )


class _Visit:
    """One page and all that it asks for."""

    def __init__(self, tab: Tab, fetched: Fetched, part: Part, bounds: Bounds) -> None:
        self._tab, self._first, self._part, self._bounds = tab, fetched, part, bounds
        self._url, self._main, self._failed = fetched.url, "", ""
        self._arrived = {_bare(fetched.url): fetched}
        self._way = dict.fromkeys(fetched.way or (fetched.url,))
        self._free = asyncio.Semaphore(bounds.at_once)
        self._asked = self._bytes = self._pages = 0
        self._tasks = set[asyncio.Task[None]]()

    def leave(self) -> None:
        """Give up what is still being fetched."""
        for task in self._tasks:
            task.cancel()

    async def shown(self) -> Fetched:
        """The page once it has come to rest, or as it is when patience ends."""
        work = asyncio.ensure_future(self._shown())
        ended = asyncio.ensure_future(self._tab.ended.wait())
        try:
            await asyncio.wait({work, ended}, return_when=asyncio.FIRST_COMPLETED)
            if not work.done():
                raise Gone
            return work.result()
        finally:
            work.cancel()
            ended.cancel()
            await asyncio.wait({work, ended})

    async def _shown(self) -> Fetched:
        tree = await self._tab.send("Page.getFrameTree")
        self._main = tree["frameTree"]["frame"]["id"]
        self._tab.on("Fetch.requestPaused", lambda asked: self._begin(self._answer(asked)))
        await self._tab.send("Fetch.enable", patterns=[{"urlPattern": "*"}])
        await self._tab.send("Page.navigate", url=self._url)
        rested, bounds = await self._rest(), self._bounds
        told = await self._value(f"{SNAPSHOT}({bounds.elements}, {bounds.characters})")
        if "html" not in told:
            raise FetchError(f"{self._url} {told['error']}")
        if not (await self._value(WORDS))["characters"]:
            if self._failed:
                raise FetchError(self._failed)
            still = "" if rested else f": it was still loading after {bounds.patience:g} seconds"
            raise FetchError(f"{self._url} shows no text, with its scripts neither{still}")
        content = str(told["html"]).encode("utf-8", "replace")
        return replace(
            self._first,
            url=self._url,
            type=WEB[0],
            content=content,
            charset="utf-8",
            way=tuple(self._way),
        )

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _rest(self) -> bool:
        """Wait until nothing has changed for a while and nothing is on its way; whether that came
        before patience ended."""
        now = asyncio.get_running_loop().time
        end = now() + self._bounds.patience
        before, since = "", now()
        while now() < end:
            try:
                seen = await self._value(LOOK)
                if seen["elements"] > self._bounds.elements:
                    return False
                if seen["state"] != before or self._tasks:
                    before, since = seen["state"], now()
                elif before.startswith("complete") and await self._still(now() - since):
                    return True
            except Gone:  # it leads elsewhere just now
                before = ""
                if self._tab.ended.is_set():
                    raise
            await asyncio.sleep(LOOKS)
        return False

    async def _still(self, seconds: float) -> bool:
        """Whether a page is ready that has not changed for so long; one that shows little may only
        wait for something."""
        if not QUIET <= seconds < SLOW:
            return seconds >= SLOW
        return int((await self._value(WORDS))["characters"]) >= ENOUGH

    async def _value(self, script: str) -> Told:
        """What a script of ours gives, in a world that those of the page cannot change."""
        world = await self._tab.send(
            "Page.createIsolatedWorld", frameId=self._main, worldName="pellucid"
        )
        told = await self._tab.send(
            "Runtime.evaluate",
            expression=script,
            contextId=world["executionContextId"],
            returnByValue=True,
        )
        if "value" not in told["result"] or "exceptionDetails" in told:
            raise Gone(str(told.get("exceptionDetails", "")))
        value: Told = told["result"]["value"]
        return value

    async def _answer(self, asked: Told) -> None:
        """Answer a request of the page, or refuse it."""
        name = asked["requestId"]
        try:
            reply = await self._reply(asked)
        except FetchError:  # a page that may not lead elsewhere stays as it is
            reason = "Aborted" if asked["resourceType"] == "Document" else "BlockedByClient"
            method, reply = "Fetch.failRequest", {"errorReason": reason}
        else:
            method = "Fetch.fulfillRequest"
        with suppress(Gone):  # nobody waits for it any more
            await self._tab.send(method, requestId=name, **reply)

    async def _reply(self, asked: Told) -> Told:
        request, kind = asked["request"], asked["resourceType"]
        headers = {name.lower(): value for name, value in request["headers"].items()}
        if headers.get("access-control-request-method") == "GET":
            return _leave(headers)
        main = kind == "Document" and asked.get("frameId") == self._main
        if request["method"] != "GET" or kind not in KINDS or (kind == "Document" and not main):
            raise FetchRefused(f"{request['url'][:200]} is not fetched for a page")
        if main:
            return await self._document(request["url"])
        found = await self._found(request["url"], headers.get("origin", ""))
        return self._moved(request["url"], found) or _fulfilled(found)

    async def _document(self, url: str) -> Told:
        """The page itself, or where it leads to."""
        self._pages += 1
        try:
            if self._pages > self._bounds.pages:
                raise FetchError(f"{self._first.url} leads from page to page without an end")
            found = await self._found(url)
            if found.type and found.type not in WEB:
                raise FetchError(f"{found.url} is {found.type}, to which {self._first.url} leads")
        except FetchError as error:
            self._failed = str(error)
            raise
        if moved := self._moved(url, found):
            return moved
        self._url = found.url
        return _fulfilled(found, ("Content-Security-Policy", POLICY))

    def _moved(self, url: str, found: Fetched) -> Told:
        """An answer that leads to where it came from; {} where it came from there."""
        if _bare(url) == _bare(found.url):
            return {}
        self._arrived[_bare(found.url)] = found
        headers = _headers(("Location", found.url), *_shared(found))
        return {"responseCode": 302, "responseHeaders": headers}

    async def _found(self, url: str, origin: str = "") -> Fetched:
        """What an address leads to, within what is left of the page's bounds."""
        if known := self._arrived.pop(_bare(url), None):
            return known
        self._asked += 1
        left = self._bounds.most_bytes - self._bytes
        if self._asked > self._bounds.requests or left <= 0:
            raise FetchRefused(f"{self._url} asks for too much")
        async with self._free:
            found = await self._part(url, origin if origin.isascii() else "", left)
        self._bytes += len(found.content)
        self._way.update(dict.fromkeys(found.way or (found.url,)))
        return found


def _bare(url: str) -> str:
    """An address in one notation, without the part of the page it names."""
    return str(checked(url)).partition("#")[0]


def _headers(*several: tuple[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in several]


def _shared(found: Fetched) -> list[tuple[str, str]]:
    """Who may read an answer, as its server says (CORS)."""
    return [one for one in found.headers if one[0].startswith("access-control-")]


def _fulfilled(found: Fetched, *more: tuple[str, str]) -> Told:
    charset = f"; charset={found.charset}" if found.charset else ""
    kind = [("Content-Type", (found.type or WEB[0]) + charset)]
    return {
        "responseCode": 200,
        "responseHeaders": _headers(*kind, *_shared(found), *more),
        "body": base64.b64encode(found.content).decode(),
    }


def _leave(headers: dict[str, str]) -> Told:
    """Leave to ask for something with headers of its own: they go no further than here."""
    told = _headers(
        ("Access-Control-Allow-Origin", headers.get("origin", "*")),
        ("Access-Control-Allow-Headers", headers.get("access-control-request-headers", "*")),
    )
    return {"responseCode": 204, "responseHeaders": told}
