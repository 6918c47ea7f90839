"""Which arguments are words of the question and which are options."""

import pytest

from pellucid.cli import commands


@pytest.mark.parametrize(
    ("typed", "question", "effort"),
    [
        (["48271964", "-", "19384756"], "48271964 - 19384756", None),
        (["-5", "+", "3"], "-5 + 3", None),
        (["2", "-(3+4)", "--effort", "low", "?"], "2 -(3+4) ?", "low"),
        (["-5%", "of", "7", "---"], "-5% of 7 ---", None),
        (["--effort=low", "--", "--effort", "high?"], "--effort high?", "low"),
        (["--", "-", "--", "x"], "- -- x", None),
    ],
)
def test_words_and_options(
    monkeypatch: pytest.MonkeyPatch, typed: list[str], question: str, effort: str | None
) -> None:
    seen: list[tuple[str, str | None]] = []

    def ask(words, files, options, *, as_json) -> int:  # type: ignore[no-untyped-def]  # noqa: ANN001
        seen.append((" ".join(words), options.effort))
        return 0

    monkeypatch.setattr("pellucid.cli.ask.ask", ask)
    assert commands.dispatch(["ask", *typed]) == 0
    assert seen == [(question, effort)]
