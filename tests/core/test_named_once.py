"""Attachments are told apart by their names."""

from pellucid.core.turn import Attachment, named_once


def test_files_of_equal_names_get_names_of_their_own_and_lose_nothing_else() -> None:
    outline = (("One", 1),)
    given = [
        Attachment("a.pdf", "1"),
        Attachment("a.pdf", "2", outline, "file-2"),
        Attachment("2-a.pdf", "3"),
        Attachment("a.pdf", "4"),
    ]
    named = named_once(given)
    assert [one.name for one in named] == ["a.pdf", "3-a.pdf", "2-a.pdf", "4-a.pdf"]
    assert named[1] == Attachment("3-a.pdf", "2", outline, "file-2")
