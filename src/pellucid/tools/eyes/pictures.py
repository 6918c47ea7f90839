"""Pictures as documents, and charts as tables: read in a process of their own, so that none can
harm this one."""

import json
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import PurePosixPath
from typing import Any

from pellucid.core import charts
from pellucid.core.charts import Chart, Column
from pellucid.core.errors import BadRequest
from pellucid.core.turn import Attachment
from pellucid.tools.eyes import layout
from pellucid.tools.eyes.layout import Line
from pellucid.tools.reader.cache import Cache

LARGEST = 50_000_000
"""Bytes of a picture."""

PATIENCE, EACH = 30.0, 60.0
"""Seconds that reading may take: for loading, and for each picture."""

MOST_SURE = 0.99
"""No reading of a picture is told as certain."""

LONGEST_NAME = 80
"""Characters of the name of a chart's table before its suffix."""

_UNSAFE = re.compile(r"[^\w.-]+")
NEEDED = ("rapidocr", "onnxruntime", "PIL")
INSTALL = "reading pictures needs RapidOCR: pip install 'pellucid[eyes]'"
_LENGTH = 8
_GAVE_UP = "cannot be read: the libraries for pictures gave up on it"

_BEGINNINGS = (
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff",
    b"GIF87a",
    b"GIF89a",
    b"II*\0",
    b"MM\0*",
)


@dataclass(frozen=True, slots=True)
class Seen:
    """What was read from a picture; `error` says what is wrong with one that was not."""

    lines: tuple[Line, ...] = ()
    error: str = ""
    chart: Chart | None = None


def is_picture(beginning: bytes) -> bool:
    """Whether a file that begins so is a PNG, JPEG, GIF, TIFF, WebP or BMP picture."""
    webp = beginning[:4] == b"RIFF" and beginning[8:12] == b"WEBP"
    bmp = beginning[:2] == b"BM" and beginning[6:10] == bytes(4) and beginning[14:18] in _HEADERS
    return beginning.startswith(_BEGINNINGS) or webp or bmp


_HEADERS = {size.to_bytes(4, "little") for size in (12, 40, 52, 56, 64, 108, 124)}
"""Sizes of a BMP file's second header, which tell it from a text that begins with "BM"."""


def installed() -> bool:
    """Whether pictures can be read here."""
    return all(find_spec(name) is not None for name in NEEDED)


def read(name: str, raw: bytes, cache: Cache | None = None) -> tuple[Attachment, ...]:
    """The text of a picture, in reading order, and the table of the chart that it may be.

    Takes seconds: call it aside from an event loop. BadRequest names what is wrong with the file,
    and says so where there is no text.
    """
    if len(raw) > LARGEST:
        raise BadRequest(f"{name} has more than {LARGEST:,} bytes")
    if not installed():
        raise BadRequest(f"{name} is a picture; {INSTALL}")
    (seen,) = look(name, [raw], cache, charts_too=True)
    if seen.error:
        raise BadRequest(f"{name} {seen.error}")
    if not seen.lines:
        raise BadRequest(f"{name} is a picture without readable text; only text is read")
    told = f"read from a picture, {sureness(seen.lines)}"
    if seen.chart is None:
        return (Attachment(name, layout.text(seen.lines), seen=told),)
    if not seen.chart.rows:
        told = "; ".join([told, *seen.chart.notes])
        return (Attachment(name, layout.text(seen.lines), seen=told),)
    called = f"{_UNSAFE.sub('_', PurePosixPath(name).stem)[:LONGEST_NAME]}{charts.SUFFIX}"
    table = Attachment(called, seen.chart.csv, seen=seen.chart.seen)
    return Attachment(name, layout.text(seen.lines), seen=told), table


def sureness(lines: Sequence[Line]) -> str:
    """How sure the letters are, and what marks those that are not: "confidence 0.93"."""
    unsure = any(layout.MARK in layout.text([line]) for line in lines)
    marks = f", words marked {layout.MARK} are not sure" if unsure else ""
    sure = min(MOST_SURE, layout.confidence(lines))
    return f"confidence {sure:.2f}{marks}"


def look(
    name: str,
    pictures: Sequence[bytes],
    cache: Cache | None = None,
    *,
    charts_too: bool = False,
) -> list[Seen]:
    """What is written in each picture of a document, or was when it was looked at before, and
    what the charts among them tell; BadRequest where it takes too long."""
    sent = b"".join(len(one).to_bytes(_LENGTH) + one for one in pictures)
    key = cache.key("charts" if charts_too else "eyes", sent) if cache else ""
    if cache and (known := cache.get(key)) is not None:
        return [_seen(one["answer"].encode()) for one in known]
    answers = _looked(name, sent, len(pictures), charts_too)
    seen = [_seen(answer) for answer in answers]
    if cache and all(one.error != _GAVE_UP for one in seen):
        cache.put(key, [{"answer": answer.decode()} for answer in answers])
    return seen


def _looked(name: str, sent: bytes, count: int, charts_too: bool) -> list[bytes]:
    """The answer of the process that looks to each of so many pictures, empty where it has none."""
    patience = PATIENCE + EACH * count
    command = [sys.executable, "-m", "pellucid.tools.eyes.child"]
    command += ["charts"] if charts_too else []
    try:
        done = subprocess.run(  # noqa: S603 - our own module
            command, input=sent, capture_output=True, timeout=patience, check=False
        )
    except subprocess.TimeoutExpired:
        raise BadRequest(f"{name} takes more than {patience:g} seconds to read") from None
    answers = done.stdout.splitlines()[:count]
    return answers + [b""] * (count - len(answers))


def _seen(answer: bytes) -> Seen:
    try:
        told = json.loads(answer)
        lines = [
            Line(
                tuple((float(x), float(y)) for x, y in line["box"]),
                tuple((str(word), float(sure)) for word, sure in line["words"]),
            )
            for line in told.get("lines", [])
        ]
        return Seen(tuple(lines), str(told.get("error", "")), _chart(told.get("chart")))
    except (ValueError, TypeError, KeyError, AttributeError):
        return Seen(error=_GAVE_UP)


def _chart(told: Any) -> Chart | None:  # noqa: ANN401 - JSON of any shape
    """The chart that a process told of; KeyError and others where it is none."""
    if not told:
        return None
    return Chart(
        str(told["kind"]),
        tuple(map(str, told["header"])),
        tuple(tuple(map(str, row)) for row in told["rows"]),
        tuple(
            Column(str(one["name"]), str(one["off"]), str(one["looks"])) for one in told["columns"]
        ),
        bool(told["logarithmic"]),
        tuple(map(str, told["notes"])),
    )
