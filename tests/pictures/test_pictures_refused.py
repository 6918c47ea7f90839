"""What needs no models: which files are pictures, and what is said where none can be read."""

import pytest

from pellucid.core.errors import BadRequest
from pellucid.core.turn import Attachment
from pellucid.tools.eyes import layout, pictures, scans
from pellucid.tools.eyes.layout import Line
from pellucid.tools.eyes.pictures import Seen, is_picture
from pellucid.tools.reader import ingest

PNG = b"\x89PNG\r\n\x1a\n" + bytes(30)
LINE = Line(((0, 0), (50, 0), (50, 10), (0, 10)), (("Skerrow", 0.9), ("ferry", 0.5)))


def test_which_files_are_pictures() -> None:
    bmp = b"BM" + bytes(12) + (40).to_bytes(4, "little")
    pictured = (PNG, b"\xff\xd8\xff\xe0", b"GIF89a", b"II*\0", b"RIFF\1\2\3\4WEBPVP8 ", bmp)
    assert all(map(is_picture, pictured))
    texts = (b"BMW sells cars, and more cars.", b"RIFF\1\2\3\4WAVE", b"%PDF-1.7", b"", b"GIF")
    assert not any(map(is_picture, texts))
    assert ingest.largest("a.png", PNG) == pictures.LARGEST


def test_where_nothing_can_read_pictures_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pictures, "NEEDED", ("no_such_library",))
    with pytest.raises(BadRequest, match=r"a\.png is a picture; .* pip install 'pellucid\[eyes\]'"):
        ingest.read("a.png", PNG)
    file = Attachment("a.pdf", "\fPage two has text.")
    with pytest.raises(BadRequest, match=r"a\.pdf has pictures of pages .*pellucid\[eyes\]"):
        scans.with_pictures(file, {0: PNG}, (), needed=True)
    told = scans.with_pictures(file, {0: PNG}, (4, 5), needed=False)
    assert told.seen == "pages 1, 5-6 not read, because they are pictures"
    assert told.text == file.text


def test_large_and_slow_pictures_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "LARGEST", 5)
    with pytest.raises(BadRequest, match="more than 5 bytes"):
        pictures.read("a.png", PNG)
    monkeypatch.setattr(pictures, "PATIENCE", 0.001)
    monkeypatch.setattr(pictures, "EACH", 0.0)
    with pytest.raises(BadRequest, match=r"a\.png takes more than 0\.001 seconds"):
        pictures.look("a.png", [PNG])


def test_scanned_pages_become_text_in_their_place(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [Seen((LINE,)), Seen(error="needs too much memory")]
    monkeypatch.setattr(pictures, "look", lambda name, raws, cache: answers)
    monkeypatch.setattr(pictures, "installed", lambda: True)
    file = scans.with_pictures(
        Attachment("a.pdf", "\fTwo\f\f"), {0: PNG, 2: PNG}, (3,), needed=True
    )
    assert file.text == f"Skerrow ferry{layout.MARK}\fTwo\f\f"
    assert file.seen == (
        "page 1 read from pictures, confidence 0.73, words marked (?) are not sure;"
        " pages 3-4 not read, because they are pictures"
    )
    monkeypatch.setattr(pictures, "look", lambda name, raws, cache: [Seen()])
    with pytest.raises(BadRequest, match="pictures of pages without readable text"):
        scans.with_pictures(Attachment("a.pdf", ""), {0: PNG}, (), needed=True)
    assert scans.with_pictures(Attachment("a.pdf", "x"), {}, (), needed=False).seen == ""


@pytest.mark.parametrize(
    "answer", [b"", b"[]", b'{"lines": [{"box": 3}]}', b'{"lines": [{"box": [], "words": [1]}]}']
)
def test_answers_of_the_process_are_not_trusted(answer: bytes) -> None:
    assert "gave up" in pictures._seen(answer).error
