"""The routing benchmark: what it reads and how it counts."""

import json
from pathlib import Path

from routing import Decided, by_rule, confusion, labelled, rates, wrong

ROWS = [
    {"id": "sum", "prompt": "What is 6 * 7?", "category": "arithmetic", "route": "program"},
    {
        "id": "file",
        "prompt": "total per person",
        "attachment": {"name": "hours.csv", "text": "who,hours\nAnn,3\nBen,4\n"},
        "category": "tables",
        "route": "program",
    },
    {"id": "hello", "prompt": "Hello!", "category": "small_talk", "route": "answer"},
]


def decided(expected: str, got: str | None) -> Decided:
    return Decided(f"{expected}-{got}", "any", expected, got, "test", 0.0, got is None)  # type: ignore[arg-type]


def test_rows_are_read_and_routed(tmp_path: Path) -> None:
    file = tmp_path / "rows.jsonl"
    file.write_text("\n".join(map(json.dumps, ROWS)) + "\n")
    found = [by_rule(row) for row in labelled(file)]
    assert [one.got for one in found] == ["program", "program", "answer"]
    assert list(wrong(found)) == []


def test_needless_and_missed_are_counted_apart() -> None:
    found = rates(
        "f",
        "answer",
        [
            decided("answer", "answer"),
            decided("answer", "program"),
            decided("answer", "code"),
            decided("program", "answer"),
            decided("program", "code"),
            decided("code", "code"),
            decided("code", None),
        ],
    )
    assert (found.needless, found.words) == (2, 3)
    assert (found.missed, found.tools) == (1, 4)
    assert (found.other_tool, found.silent) == (2, 1)


def test_what_goes_elsewhere_is_listed_and_tabled() -> None:
    found = [decided("answer", "program"), decided("program", None), decided("code", "code")]
    assert [line.split(":")[0] for line in wrong(found)] == ["answer-program", "program-None"]
    assert confusion("f", found).row_count == 3
