"""Pictures become text with RapidOCR; whatever they are, they can do no harm."""

import struct
import subprocess
import sys
import zlib
from pathlib import Path

import pytest

from pellucid.core.errors import BadRequest
from pellucid.tools.eyes import layout, pictures
from pellucid.tools.eyes.pictures import Seen
from pellucid.tools.reader import ingest
from pellucid.tools.reader.cache import Cache
from pictures.drawn import Image, page, saved

SIGN = ("Ferry to Skerrow", "Departs 05:52 daily", "Adult fare 12.40")
PAGE = page(*SIGN)


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, data: bytes) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    ends = chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + ends


def sideways() -> bytes:
    """A photograph whose camera noted that it lay on its side."""
    exif = Image.Exif()
    exif[0x0112] = 6
    return saved(PAGE.transpose(Image.Transpose.ROTATE_90), "JPEG", exif=exif, quality=90)


def clear() -> bytes:
    """Black words on nothing."""
    alpha = PAGE.convert("L").point(lambda value: 255 - value)
    picture = Image.new("RGBA", PAGE.size, "black")
    picture.putalpha(alpha)
    return saved(picture)


READ = {
    "png": saved(PAGE),
    "gif": saved(PAGE, "GIF"),
    "webp": saved(PAGE, "WEBP", quality=90),
    "16 bits": saved(PAGE.convert("L").convert("I").point(lambda v: v * 256).convert("I;16")),
    "clear": clear(),
    "exif": sideways(),
    "upside down": saved(PAGE.transpose(Image.Transpose.ROTATE_180)),
    "on its side": saved(PAGE.transpose(Image.Transpose.ROTATE_270)),
}
REFUSED = {
    "huge": (png(30_000, 30_000, b""), "has 30,000 x 30,000 pixels; 120,000,000 in all are"),
    "long": (png(60_000, 2, b"\0" * 120_004), "has 60,000 x 2 pixels"),
    "cut": (saved(PAGE)[:900], "is no picture, or a broken one"),
    "short of data": (png(400, 400, b"\0" * 50), "is no picture, or a broken one"),
    "header only": (b"\x89PNG\r\n\x1a\n", "is no picture, or a broken one"),
}


@pytest.fixture(scope="module")
def seen() -> dict[str, Seen]:
    """All pictures, and a last one without words, given to one process."""
    raws = [*READ.values(), *(raw for raw, _ in REFUSED.values()), saved(page())]
    return dict(zip([*READ, *REFUSED, "blank"], pictures.look("all", raws), strict=True))


@pytest.mark.parametrize("kind", READ)
def test_words_are_read_from_every_kind_of_file_whichever_way_up(
    kind: str, seen: dict[str, Seen]
) -> None:
    assert layout.text(seen[kind].lines).splitlines() == list(SIGN)
    assert layout.confidence(seen[kind].lines) > 0.9


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_wrong_with_a_picture_is_named_and_the_next_is_read(
    kind: str, seen: dict[str, Seen]
) -> None:
    assert seen[kind].error.startswith(REFUSED[kind][1])
    assert seen["blank"] == Seen()


def test_a_file_becomes_text_with_its_confidence() -> None:
    (file,) = ingest.read("sign.png", READ["png"])
    assert file.text.splitlines() == list(SIGN)
    assert file.seen.startswith("read from a picture, confidence 0.9")


def test_a_picture_is_looked_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = ingest.read("sign.png", READ["png"], Cache(tmp_path))
    monkeypatch.setattr(pictures, "EACH", 0.0)
    monkeypatch.setattr(pictures, "PATIENCE", 0.0)  # no process could answer in time
    assert ingest.read("sign.png", READ["png"], Cache(tmp_path)) == first
    with pytest.raises(BadRequest, match="takes more than 0 seconds"):
        ingest.read("other.png", READ["png"] + b"\0", Cache(tmp_path))


def test_a_picture_without_words_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "look", lambda *_, **__: [Seen()])
    with pytest.raises(BadRequest, match="blank is a picture without readable text"):
        ingest.read("blank", saved(page()))


SCRIPT = """
import socket, sys
from pictures.drawn import page
from pellucid.tools.eyes import child
reader = child.Reader()
child.restrict()
for way in (lambda: open("/etc/hostname"), lambda: open("/dev/null"), socket.socket):
    try:
        way()
    except OSError as error:
        print(error.errno)
print(len(reader.read(page("Words"))))
"""


def test_a_picture_can_open_nothing() -> None:
    """Once a picture is looked at no descriptor is to be had, and reading needs none."""
    tests = str(Path(__file__).parent.parent)
    script = f"import sys; sys.path.insert(0, {tests!r})\n{SCRIPT}"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.stdout.split() == ["24", "24", "24", "1"], done.stderr
