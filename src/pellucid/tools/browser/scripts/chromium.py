"""Chromium as a process of ours: started when a page needs it, ended when none does for a while."""

import asyncio
import shutil
from collections.abc import AsyncGenerator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from pellucid.core.errors import FetchError
from pellucid.tools.browser.scripts import box

if TYPE_CHECKING:
    from playwright.async_api import Browser, BrowserContext, CDPSession, Page, Playwright

START, GOODBYE, FAREWELL, WATCH = 45.0, 0.7, 3.0, 0.25
"""Seconds in which it must have started, in which a page must have gone before all of it is ended,
in which that must have been, and between two looks at its memory."""

Told = dict[str, Any]
"""A message of the DevTools protocol."""


class Gone(Exception):
    """A page that does not answer: it went elsewhere, or it ended."""


@dataclass(frozen=True, slots=True)
class Tab:
    """A page of its own: nothing of other pages is in it, and nothing of it stays."""

    session: "CDPSession"
    ended: asyncio.Event

    async def send(self, method: str, **told: object) -> Told:
        """What a method of the DevTools protocol answers; Gone where nobody does."""
        from playwright.async_api import Error

        try:
            answer: Told = await self.session.send(method, told)
        except Error as error:
            raise Gone(str(error)) from None
        return answer

    def on(self, event: str, heard: Callable[[Told], None]) -> None:
        """Call for each event of a kind."""
        self.session.on(event, heard)


class Chromium:
    """The browser. `async with` ends it."""

    def __init__(
        self,
        *,
        most: int = 2,
        idle: float = 60.0,
        pages: int = 100,
        memory: int = box.MEMORY,
        programs: Sequence[str] = box.PROGRAMS,
    ) -> None:
        """At most so many pages at once; it is ended after so many seconds without any, or when it
        takes so many bytes, and started anew after so many pages, which keeps its memory small."""
        self._free, self._starting = asyncio.Semaphore(most), asyncio.Lock()
        self._idle, self._pages, self._memory = idle, pages, memory
        self._programs = programs
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None
        self._users = self._opened = 0
        self._later: asyncio.TimerHandle | None = None
        self._watching: asyncio.Task[None] | None = None
        self._ends = set[asyncio.Task[None]]()

    @property
    def missing(self) -> str:
        """Why it cannot be started on this machine, with the way out; "" where it can."""
        return box.missing(self._programs)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None:
        if self._later:
            self._later.cancel()
        await asyncio.gather(*self._ends, return_exceptions=True)
        await self._end()

    @asynccontextmanager
    async def tab(self) -> AsyncGenerator[Tab, None]:
        """A fresh page, which is gone in less than a second after it is left; FetchError says why
        there is none."""
        from playwright.async_api import Error

        async with self._free:
            self._users += 1
            if self._later:
                self._later.cancel()
            context: BrowserContext | None = None
            try:
                try:
                    try:
                        context = await self._context()
                    except Error:  # it has ended since it was used last
                        await self._end(self._alive)
                        context = await self._context()
                    tab = await _tab(context)
                    if self._watching is None or self._watching.done():
                        self._watching = self._task(self._watch())
                except Error as error:
                    raise FetchError(f"Chromium does not run: {_last(error)}") from None
                yield tab
            finally:
                self._users -= 1
                await asyncio.shield(self._task(self._left(context)))

    async def _context(self) -> "BrowserContext":
        """A fresh context: high, so that what shows by scrolling is there at once."""
        browser = await self._started()
        return await browser.new_context(
            accept_downloads=False,
            service_workers="block",
            permissions=[],
            viewport={"width": 1_280, "height": 4_000},
        )

    async def _started(self) -> "Browser":
        from playwright.async_api import async_playwright

        async with self._starting:
            if not self._alive:
                await self._end(False)
            if self._browser is None:
                self._playwright = self._playwright or await async_playwright().start()
                first, *others = box.command(self._programs)
                self._browser = await self._playwright.chromium.launch(
                    executable_path=shutil.which(first),
                    args=others,
                    ignore_default_args=True,
                    env={"PATH": "/usr/bin:/bin:/usr/local/bin"},
                    timeout=START * 1_000,
                    handle_sigint=False,
                    handle_sigterm=False,
                    handle_sighup=False,
                )
                self._opened = 0
            self._opened += 1
            return self._browser

    async def _left(self, context: "BrowserContext | None") -> None:
        """Close what a page was in; where that cannot be, or it is time, the browser."""
        from playwright.async_api import Error

        well = context is None and self._users > 0  # others are at it, and see for themselves
        if context is not None:
            with suppress(TimeoutError, Error):
                async with asyncio.timeout(GOODBYE):
                    await context.close()
                well = True
        if not well or (self._opened >= self._pages and not self._users):
            await self._end(self._alive)
        if self._playwright and not self._users:
            loop = asyncio.get_running_loop()
            self._later = loop.call_later(self._idle, lambda: self._task(self._unused()))

    async def _watch(self) -> None:
        """End the browser when it takes more memory than it may; as long as it is used."""
        while self._users:
            if await asyncio.to_thread(box.memory) > self._memory:
                await self._end()
            await asyncio.sleep(WATCH)

    async def _unused(self) -> None:
        if not self._users:
            await self._end()

    @property
    def _alive(self) -> bool:
        """Whether it has not ended by itself."""
        return self._browser is None or self._browser.is_connected()

    async def _end(self, whole: bool = True) -> None:
        """End the browser, and what drives it, which must not be ended where the browser has ended
        by itself: it still removes what that leaves. The next page starts them anew."""
        from playwright.async_api import Error

        browser, self._browser = self._browser, None
        playwright = self._playwright if whole else None
        if whole:
            self._playwright = None
        with suppress(TimeoutError, Error):  # it had ended, or ends with what drives it
            async with asyncio.timeout(FAREWELL):
                if browser:
                    await browser.close()
        if playwright:
            await playwright.stop()

    def _task(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._ends.add(task)
        task.add_done_callback(self._ends.discard)
        return task


async def _tab(context: "BrowserContext") -> Tab:
    page = await context.new_page()
    ended = asyncio.Event()
    page.on("crash", lambda _: ended.set())
    page.on("close", lambda _: ended.set())
    context.on("page", lambda other: asyncio.ensure_future(_closed(other)))
    return Tab(await context.new_cdp_session(page), ended)


async def _closed(page: "Page") -> None:
    """Close a page that another one opened."""
    from playwright.async_api import Error

    with suppress(Error):  # it is gone with all the others
        await page.close()


def _last(error: Exception) -> str:
    """The line of an error that says what is wrong."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    told = [line for line in lines if "bwrap:" in line or "FATAL" in line or "sandbox" in line]
    return (told or lines or [type(error).__name__])[-1][:300]
