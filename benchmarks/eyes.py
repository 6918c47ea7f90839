"""Reading pictures: errors of letters on scanned pages, photographs and whiteboards, and seconds.

    python benchmarks/eyes.py [--limit 5] [--store]

Of `PELLUCID_DATA/ocr_small`, `pdf_page_images` and `whiteboards`: the edit distance to the true
text over its length, white space evened, as the sets ask for it. Beside it RapidOCR as it comes,
with its defaults, its order of lines and its way of turning them.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from machine import describe, stored
from rich.console import Console
from rich.table import Table

from pellucid.tools.eyes import layout, pictures

SETS = {"ocr_small": "ocr", "pdf_page_images": "pages", "whiteboards": "boards"}


@dataclass(frozen=True, slots=True)
class Row:
    """All pictures of a set, read one way: errors over letters, in all and of the usual picture."""

    name: str
    system: str
    pictures: int
    errors: float
    usual: float
    confidence: float | None
    seconds: float


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read from a picture; seconds are of the picture alone."""

    text: str
    confidence: float | None
    seconds: float


Reader = Callable[[Sequence[bytes]], Iterator[Reading]]


def ours(raws: Sequence[bytes]) -> Iterator[Reading]:
    """All in one process; the time of an empty one, which is loading, is taken off."""
    began = time.perf_counter()
    pictures.look("nothing", [])
    loaded = time.perf_counter()
    seen = pictures.look("all", raws)
    took = (time.perf_counter() - loaded - (loaded - began)) / len(raws)
    for one in seen:
        read = layout.text(one.lines, marked=False)
        yield Reading(read, layout.confidence(one.lines), took)


def as_it_comes(raws: Sequence[bytes]) -> Iterator[Reading]:
    """RapidOCR with its defaults, lines in its order."""
    from PIL import Image
    from rapidocr import RapidOCR

    reader = RapidOCR(params={"Global.log_level": "critical"})
    for raw in raws:
        pixels = np.asarray(Image.open(BytesIO(raw)).convert("RGB"))[:, :, ::-1]
        began = time.perf_counter()
        found = reader(pixels)
        yield Reading("\n".join(found.txts or ()), None, time.perf_counter() - began)


def distance(one: str, other: str) -> int:
    """Letters to insert, delete or replace (Levenshtein)."""
    before = list(range(len(other) + 1))
    for at, letter in enumerate(one, start=1):
        now = [at]
        for along, there in enumerate(other, start=1):
            now.append(min(before[along] + 1, now[-1] + 1, before[along - 1] + (letter != there)))
        before = now
    return before[-1]


def even(text: str) -> str:
    """White space as the sets have it evened."""
    return " ".join(text.split())


def measured(folder: Path, system: str, reader: Reader, limit: int | None) -> Row:
    """One set, read one way."""
    source = folder / f"{SETS[folder.name]}.jsonl"
    items = [json.loads(line) for line in source.open(encoding="utf-8")][:limit]
    read = list(reader([(folder / one["image"]).read_bytes() for one in items]))
    true = [even(one["text"]) for one in items]
    wrong = [distance(even(one.text), text) for one, text in zip(read, true, strict=True)]
    shares = [errors / len(text) for errors, text in zip(wrong, true, strict=True)]
    sure = [one.confidence for one in read if one.confidence is not None]
    return Row(
        folder.name,
        system,
        len(items),
        sum(wrong) / sum(map(len, true)),
        median(shares),
        sum(sure) / len(sure) if sure else None,
        sum(one.seconds for one in read) / len(read),
    )


def table(rows: Sequence[Row]) -> Table:
    """The rows as people read them."""
    shown = Table("set", "read by", "pictures", "errors", "median", "confidence", "seconds each")
    for row in rows:
        sure = "" if row.confidence is None else f"{row.confidence:.2f}"
        errors = f"{row.errors:.1%}", f"{row.usual:.1%}"
        shown.add_row(row.name, row.system, str(row.pictures), *errors, sure, f"{row.seconds:.1f}")
    return shown


def main() -> int:
    """Measure, print a table and one JSON line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--limit", type=int, help="pictures of each set")
    parser.add_argument("--store", action="store_true")
    options = parser.parse_args()
    data = Path(os.environ.get("PELLUCID_DATA", "../shared/data"))
    if not (data / "ocr_small").is_dir():
        raise SystemExit(f"no pictures in {data}: set PELLUCID_DATA")
    systems: dict[str, Reader] = {"Pellucid": ours, "RapidOCR as it comes": as_it_comes}
    rows = [
        measured(data / name, system, reader, options.limit)
        for name in SETS
        for system, reader in systems.items()
    ]
    Console(stderr=True).print(table(rows))
    result: dict[str, Any] = {"benchmark": "eyes", **describe()}
    result["rows"] = [asdict(row) for row in rows]
    if options.store:
        stored("eyes", result)
    print(json.dumps(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
