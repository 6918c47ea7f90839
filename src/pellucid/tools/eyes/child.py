"""The process that looks at pictures: they come in one after the other, and for each a line of
JSON goes out, with its words, where they stand and how sure they are.

It belongs to one document, and then it ends. Once the models are loaded it gives up opening
anything (no descriptor is left to be had), so neither a file nor a connection is within a
picture's reach; memory is bounded, and processor time for each picture.
"""

import json
import os
import resource
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

import cv2
import numpy as np
import numpy.ma  # np.median loads it, too late
import rapidocr
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont, ImageOps
from rapidocr.utils.process_img import get_rotate_crop_image

from pellucid.tools.eyes.charts.look import look
from pellucid.tools.eyes.layout import Line

MEMORY, SECONDS = 4_000_000_000, 90
MOST_PIXELS, LONGEST = 120_000_000, 20_000
"""Pixels of a picture, and of one of its sides; more are not decoded."""

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "PPM")
SIDE = 3_000
"""The longest side that letters are looked at in."""

DETECTED = 1_200_000
"""Pixels in which lines are looked for; small pictures are enlarged up to four times."""

DOUBTFUL, SAMPLE = 0.8, 5
"""Confidence below which a picture may be upside down, and the lines that tell."""

TALL = 1.5
"""Height over width from which on a line of text runs up or down."""

LONG, NARROWED = 15.0, 0.8
"""Width over height of lines that are narrowed before they are read, and to how much of it: that
takes a fifth less time, and printed pages are read with no more errors."""

CHARTS = "charts"
"""The argument that asks for charts, too."""

CHART_SIDE = 1_600
"""The longest side that charts are looked for in."""

LENGTH = 8
"""Bytes that tell the size of a picture, the highest first."""

Pixels = NDArray[np.uint8]
Corners = NDArray[np.float64]


class Refused(Exception):
    """A picture that is not looked at; the message says why."""


class Reader:
    """RapidOCR's models, each line of a picture read by one of a few threads."""

    def __init__(self) -> None:
        """Load them, and make the libraries load what they need: a first picture does."""
        folder = Path(rapidocr.__file__).parent / "models"
        self._ocr = rapidocr.RapidOCR(
            params={
                "Global.log_level": "critical",
                "Global.use_preprocess_img": False,
                "Global.return_word_box": True,
                "Det.model_path": str(next(folder.glob("*_det_*.onnx"))),
                "Det.limit_type": "max",
                "Det.limit_side_len": 100_000,
                "Rec.model_path": str(next(folder.glob("*_rec_*.onnx"))),
                "Rec.rec_batch_num": 1,
                "EngineConfig.onnxruntime.intra_op_num_threads": 1,
                "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            }
        )
        self._pool = ThreadPoolExecutor(min(4, len(os.sched_getaffinity(0))))
        self.read(_first())

    def read(self, picture: Image.Image) -> list[dict[str, object]]:
        """The lines of a picture, upright or turned by quarters."""
        boxes = self._boxes(picture)
        tall = [_tall(box) for box in boxes]
        if sum(tall) * 2 > len(tall):
            picture = picture.transpose(Image.Transpose.ROTATE_90)
            boxes = self._boxes(picture)
        pixels = np.asarray(picture)[:, :, ::-1]
        crops = [get_rotate_crop_image(pixels, box.astype(np.float32)) for box in boxes]
        lines = list(self._pool.map(self._line, crops, map(_tall, boxes)))
        if self._upside_down(crops, lines):
            lines = list(self._pool.map(self._words, [np.rot90(one, 2) for one in crops]))
            boxes = [np.roll((picture.width, picture.height) - box, 2, axis=0) for box in boxes]
        return [
            {"box": [[float(x), float(y)] for x, y in box], "words": words}
            for box, words in zip(boxes, lines, strict=True)
            if words
        ]

    def _boxes(self, picture: Image.Image) -> list[Corners]:
        """Where lines are: four corners each, the upper left first."""
        scale = min(4.0, (DETECTED / (picture.width * picture.height)) ** 0.5)
        size = [max(32, round(side * scale)) for side in picture.size]
        small = np.asarray(picture.resize(size, Image.Resampling.BICUBIC))[:, :, ::-1]
        found = self._ocr(small, use_det=True, use_cls=False, use_rec=False).boxes
        ratio = np.array(picture.size) / size
        return [] if found is None else [box * ratio for box in found]

    def _words(self, crop: Pixels) -> list[tuple[str, float]]:
        """The words of a line, each as sure as its least sure letter."""
        if min(crop.shape[:2]) < 2:
            return []
        high, wide = crop.shape[:2]
        if wide > LONG * high:
            size = (round(NARROWED * wide), high)
            crop = cv2.resize(crop, size, interpolation=cv2.INTER_AREA)
        found = self._ocr.recognize_txt([np.ascontiguousarray(crop)])
        words, at = list[tuple[str, float]](), 0
        text = found.txts[0]
        for word in text.split():
            at = text.index(word, at)
            words.append((word, min(found.word_results[0].confs[at : at + len(word)])))
            at += len(word)
        return words

    def _line(self, crop: Pixels, tall: bool) -> list[tuple[str, float]]:
        """The words of a line; those of one that runs up or down, read the surer way."""
        words = self._words(crop)
        other = self._words(np.rot90(crop, 2)) if tall else []
        return max(words, other, key=_sure)

    def _upside_down(self, crops: list[Pixels], lines: list[list[tuple[str, float]]]) -> bool:
        """Whether the longest lines are surer the other way round."""
        longest = sorted(range(len(crops)), key=lambda at: -crops[at].shape[1])[:SAMPLE]
        before = [_sure(lines[at]) for at in longest]
        if sum(before) >= DOUBTFUL * len(before):
            return False
        after = self._pool.map(self._words, [np.rot90(crops[at], 2) for at in longest])
        return sum(map(_sure, after)) > sum(before)


def _tall(box: Corners) -> bool:
    width, height = np.linalg.norm(box[0] - box[1]), np.linalg.norm(box[0] - box[3])
    return bool(height > TALL * width)


def _sure(words: list[tuple[str, float]]) -> float:
    return sum(sure for _, sure in words) / len(words) if words else 0.0


def _first() -> Image.Image:
    """A picture that makes every library load what it needs."""
    Image.init()
    drawn = Image.new("RGB", (400, 100), "white")
    ImageDraw.Draw(drawn).text((20, 20), "Words 12", "black", ImageFont.load_default(40))
    saved = BytesIO()
    for kind in FORMATS:
        saved = BytesIO()
        drawn.save(saved, kind)
        opened(saved.getvalue())
    return drawn


def opened(raw: bytes) -> Image.Image:
    """A picture upright by what its camera noted, on white, no larger than is looked at.

    Refused tells of too many pixels before any is decoded; OSError and others of broken files.
    """
    with Image.open(BytesIO(raw), formats=FORMATS) as found:
        width, height = found.size
        if width * height > MOST_PIXELS or max(width, height) > LONGEST:
            raise Refused(
                f"has {width:,} x {height:,} pixels; {MOST_PIXELS:,} in all are the most, and"
                f" {LONGEST:,} on a side"
            )
        found.draft(None, (SIDE, SIDE))  # JPEG files are decoded no larger than needed
        found.load()
        picture = ImageOps.exif_transpose(found)
        picture.thumbnail((SIDE, SIDE))
        if picture.mode.startswith("I"):  # 16 bits for each pixel
            picture = picture.point(lambda value: value / 256, "L")
        if picture.has_transparency_data:
            picture = picture.convert("RGBA")
            white = Image.new("RGBA", picture.size, "white")
            picture = Image.alpha_composite(white, picture)
        return picture.convert("RGB")


def told(reader: Reader, raw: bytes, charts: bool) -> dict[str, object]:
    """The lines of a picture, and the chart that it may be, or what is wrong with it."""
    try:
        picture = opened(raw)
        lines = reader.read(picture)
        return {"lines": lines, "chart": _chart(picture, lines) if charts else None}
    except Refused as refused:
        return {"error": str(refused)}
    except MemoryError:
        return {"error": "needs too much memory"}
    except (OSError, ValueError, SyntaxError, IndexError, KeyError, TypeError, ArithmeticError):
        return {"error": "is no picture, or a broken one"}


def _chart(picture: Image.Image, lines: list[dict[str, Any]]) -> dict[str, object] | None:
    """What a chart tells; None where there is none, or it cannot be made sense of."""
    scale = min(1.0, CHART_SIDE / max(picture.size))
    size = [max(1, round(side * scale)) for side in picture.size]
    small = picture if scale == 1 else picture.resize(size, Image.Resampling.BOX)
    there = [
        Line(tuple((x * scale, y * scale) for x, y in one["box"]), tuple(one["words"]))
        for one in lines
    ]
    try:
        found = look(np.asarray(small), there)
    except (ArithmeticError, LookupError, MemoryError, OSError, TypeError, ValueError, cv2.error):
        return None
    return asdict(found) if found else None


def pictures(stream: BinaryIO) -> Iterator[bytes]:
    """The pictures that come in, each behind its length."""
    while size := stream.read(LENGTH):
        yield stream.read(int.from_bytes(size))


def restrict() -> None:
    """Open nothing more."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def _seconds(more: int) -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + more
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def main() -> None:
    """Answer each picture on standard output."""
    cv2.setNumThreads(1)
    Image.MAX_IMAGE_PIXELS = None  # `opened` has limits of its own
    reader = Reader()
    restrict()
    for raw in pictures(sys.stdin.buffer):
        _seconds(SECONDS)
        print(json.dumps(told(reader, raw, CHARTS in sys.argv)), flush=True)


if __name__ == "__main__":
    main()
