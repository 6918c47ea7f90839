"""Pictures drawn for tests, in the font that Pillow has with it."""

from io import BytesIO

import pytest

pytest.importorskip("rapidocr", reason="pictures are read with pellucid[eyes]")
pytest.importorskip("onnxruntime", reason="pictures are read with pellucid[eyes]")

from PIL import Image, ImageDraw, ImageFont


def page(*lines: str, size: tuple[int, int] = (700, 300)) -> Image.Image:
    """Black words on white."""
    picture = Image.new("RGB", size, "white")
    pencil = ImageDraw.Draw(picture)
    for number, line in enumerate(lines):
        pencil.text((40, 30 + 60 * number), line, "black", ImageFont.load_default(36))
    return picture


def saved(picture: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    """The bytes of a file."""
    file = BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()
