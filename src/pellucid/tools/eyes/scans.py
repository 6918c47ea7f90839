"""Documents whose pages are pictures, all or some of them: what is written there becomes text."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from pellucid.core.errors import BadRequest
from pellucid.core.turn import Attachment
from pellucid.tools.eyes import layout, pictures
from pellucid.tools.reader.cache import Cache

PAGE = "\f"


def with_pictures(
    file: Attachment,
    drawn: Mapping[int, bytes],
    undrawn: Sequence[int],
    *,
    needed: bool,
    cache: Cache | None = None,
) -> Attachment:
    """The document with the text of the pages that were drawn (by number, from 0), and what of
    it was not read; BadRequest where there is nothing else and pictures cannot be read here."""
    if not drawn:
        return file
    if not pictures.installed():
        if needed:
            raise BadRequest(
                f"{file.name} has pictures of pages and next to no text; {pictures.INSTALL}"
            )
        return replace(file, seen=_unread([*drawn, *undrawn]))
    looked = pictures.look(file.name, list(drawn.values()), cache)
    seen = dict(zip(drawn, looked, strict=True))
    pages = file.text.split(PAGE)
    for number, one in seen.items():
        pages[number] = layout.text(one.lines) or pages[number]
    lines = [line for one in seen.values() for line in one.lines]
    if needed and not lines:
        raise BadRequest(f"{file.name} has pictures of pages without readable text")
    read = [number for number, one in seen.items() if not one.error]
    failed = [number for number, one in seen.items() if one.error]
    told = [f"{named(read)} read from pictures, {pictures.sureness(lines)}"] if lines else []
    left = [*failed, *undrawn]
    return replace(
        file, text=PAGE.join(pages), seen="; ".join([*told, *([_unread(left)] if left else [])])
    )


def _unread(numbers: Sequence[int]) -> str:
    return f"{named(numbers)} not read, because they are pictures"


def named(numbers: Sequence[int]) -> str:
    """Pages by their numbers from 0 as people count them: "page 3", "pages 1-4, 9"."""
    return f"page{'s' if len(numbers) > 1 else ''} {', '.join(_spans(sorted(numbers)))}"


def _spans(numbers: Sequence[int]) -> Iterator[str]:
    for _, group in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0]):
        span = [number + 1 for _, number in group]
        yield f"{span[0]}-{span[-1]}" if len(span) > 1 else str(span[0])
