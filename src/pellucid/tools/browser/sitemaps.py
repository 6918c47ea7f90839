"""Which pages a site says it has: its sitemap, or those that a sitemap index names.

Sitemaps are read as https://www.sitemaps.org/protocol.html has them; of what they list, only
addresses of their own host count.
"""

import asyncio
import zlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from pellucid.core.errors import BadRequest
from pellucid.tools.browser.crawl import Missed, host, split
from pellucid.tools.reader.opening import parsed

Fetch = Callable[[str], Awaitable[bytes]]
"""The bytes behind an address; BadRequest (as which FetchError comes, too) says why there are
none."""

MOST_BYTES = 50_000_000
"""Of a sitemap, by its protocol."""

MOST_SITEMAPS = 1_000
"""Of one index."""

GZIP = b"\x1f\x8b"


@dataclass(slots=True)
class Listed:
    """Pages that a site lists, in order, and sitemaps that could not be read."""

    pages: list[str] = field(default_factory=list)
    missed: list[Missed] = field(default_factory=list)


def is_sitemap(url: str) -> bool:
    """Whether an address is taken for one of a sitemap: it ends in .xml or .xml.gz."""
    place = split(url)
    return place is not None and place.path.lower().endswith((".xml", ".xml.gz"))


async def listed(url: str, fetch: Fetch, most: int) -> Listed:
    """What a sitemap lists; of one of sitemaps, no more of them are read than it takes for `most`
    pages. BadRequest where the sitemap itself cannot be read."""
    told = await _read(url, fetch)
    found = Listed(_of_host(url, told["pages"]))
    for one in _of_host(url, told["sitemaps"])[:MOST_SITEMAPS]:
        if len(found.pages) > most:
            break
        try:
            found.pages += _of_host(url, (await _read(one, fetch))["pages"])
        except BadRequest as error:
            found.missed.append(Missed(one, str(error)))
    return found


async def _read(url: str, fetch: Fetch) -> dict[str, list[str]]:
    raw = await fetch(url)
    if raw.startswith(GZIP):
        raw = _unzipped(url, raw)
    (told,) = await asyncio.to_thread(parsed, "sitemap", url, raw)
    return told


def _unzipped(url: str, raw: bytes) -> bytes:
    unzip = zlib.decompressobj(wbits=31)
    try:
        content = unzip.decompress(raw, MOST_BYTES + 1)
    except zlib.error:
        raise BadRequest(f"{url} is not compressed as it says") from None
    if len(content) > MOST_BYTES:
        raise BadRequest(f"{url} has more than {MOST_BYTES:,} bytes")
    return content


def _of_host(url: str, others: list[str]) -> list[str]:
    """Those addresses that are on the host of the first one."""
    place = split(url)
    own = host(place) if place else ""
    return [one for one in others if (there := split(one)) and host(there) == own]
