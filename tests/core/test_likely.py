"""Which tokens a text was written in."""

import pytest

from pellucid.core.likely import Likely, spelling


@pytest.mark.parametrize(
    ("pieces", "text", "found"),
    [
        ([b"Yes", b"."], "Yes.", [b"Yes", b"."]),
        ([b"\n", b" ", b"Yes", b".", b"\n"], "Yes.", [b"Yes", b"."]),
        ([b"Yes", b". No", b"."], "Yes. No", [b"Yes", b". No"]),
        ([b"\xc3", b"\xa9"], "é", [b"\xc3", b"\xa9"]),
        ([b" Yes", b"."], "Yes.", []),  # what was stripped is part of a token
        ([b"Yes", b". No", b"."], "Yes.", []),
        ([b"I said: ", b"Yes"], "Yes", []),
        ([b"Yes", b"."], "No.", []),
        ([b" "], "Yes", []),
        ([], "Yes", []),
    ],
)
def test_tokens_spell_a_text_or_there_are_none(
    pieces: list[bytes], text: str, found: list[bytes]
) -> None:
    tokens = [Likely(piece, -at) for at, piece in enumerate(pieces)]
    assert [one.piece for one in spelling(tokens, text)] == found
