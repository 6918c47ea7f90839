"""What is left of a turn: the last line, the JSON record, the saved conversation."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from cli_samples import ANSWER, CODE, SUBTRACTION, USAGE, failed
from inline_snapshot import snapshot

from pellucid.cli.record import as_json
from pellucid.cli.summary import cost, summary
from pellucid.cli.transcript import markdown, save
from pellucid.core.effort import Spent
from pellucid.core.errors import BadRequest
from pellucid.core.fold import fold
from pellucid.core.items import Message, ToolResult
from pellucid.core.usage import Usage

PRICE = cost(USAGE, Decimal("1.10"), Decimal("0.275"), Decimal("4.40"))


def test_cached_input_has_its_own_price() -> None:
    usage = Usage(prompt=3_000_000, cached=1_000_000, reasoning=500_000, completion=1_000_000)
    assert cost(usage, Decimal("1.10"), Decimal("0.275"), Decimal("4.40")) == Decimal("6.875")


def test_the_last_line() -> None:
    spent = Spent("medium", "medium")
    assert summary(USAGE, PRICE, spent, Path("/r/turn_1.json")).split(" · ") == snapshot(
        [
            "tokens: in 312, cached 40, thinking 57, out 83",
            "first token 1.9 s, in all 5.4 s",
            "$0.000675 at list price",
            "receipt /r/turn_1.json",
        ]
    )


def test_the_last_line_tells_another_effort_and_stays_one_line() -> None:
    spent = Spent("high", "medium", note="not\nthere", thinking_tokens=57)
    line = summary(USAGE, None, spent, Path("/odd\nname"))
    assert "effort: high asked, medium granted, 57 thinking tokens used" in line
    assert "\n" not in line


def test_the_record_holds_everything() -> None:
    value = json.loads(as_json(fold(SUBTRACTION), PRICE, Path("/r/turn_1.json")))
    assert value["turn_id"] == "turn_1"
    assert value["answer"] == ANSWER
    kinds = ["reasoning", "tool_call", "tool_result", "message", "verdicts"]
    assert [item["kind"] for item in value["items"]] == kinds
    assert value["items"][1]["text"] == CODE
    assert value["items"][2]["execution"]["output"] == "28,887,208\n"
    claims = value["items"][4]["claims"]
    assert [c["verdict"] for c in claims] == ["given", "given", "computed", "given", "stated"]
    assert (value["reason"], value["error"]) == ("answered", None)
    assert value["usage"]["completion"] == 83
    assert value["spent"]["granted"] == "medium"
    assert value["cost_usd"] == "0.0006754"
    assert value["receipt"] == "/r/turn_1.json"


def test_the_record_of_a_failed_turn_names_the_error() -> None:
    value = json.loads(as_json(fold(failed()), None, None))
    assert value["error"] == {"code": "engine_died", "message": "gone", "retryable": False}
    assert (value["reason"], value["answer"], value["cost_usd"]) == (None, "", None)


ITEMS = (Message("user", "What is it?"), *fold(SUBTRACTION).items)


def test_a_saved_conversation_reads_well() -> None:
    assert markdown(ITEMS) == snapshot('''\
## Question

What is it?

Thinking:

```
I should compute this.
```

Program:

```python
a = 48271964
b = 19384756
# the """difference"""
print(f"{a - b:,}")
```

Output:

```
28,887,208
```

## Answer

48271964 - 19384756 is 28,887,208, which is about half of 48271964.

Pi is 3.14.

Verdicts:

- 48271964: given input
- 19384756: given input
- 28,887,208: computed turn_1_e1
- 48271964: given input
- 3.14: stated
- removed: The calculator displays 29.
''')


def test_a_fence_is_longer_than_any_inside() -> None:
    assert markdown([ToolResult("c", "a\n```\nb")]) == "Output:\n\n````\na\n```\nb\n````\n"


def test_saving_as_json(tmp_path: Path) -> None:
    save(tmp_path / "talk.JSON", ITEMS)
    value = json.loads((tmp_path / "talk.JSON").read_text())
    assert [item["kind"] for item in value["items"]][:2] == ["message", "reasoning"]


def test_saving_replaces_the_whole_file(tmp_path: Path) -> None:
    (tmp_path / "talk.md").write_text("x" * 10_000)
    assert save(tmp_path / "talk.md", ITEMS).read_text() == markdown(ITEMS)
    assert [path.name for path in tmp_path.iterdir()] == ["talk.md"]


@pytest.mark.parametrize("name", ["nowhere/talk.md", ""])
def test_what_cannot_be_saved_leaves_nothing(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadRequest, match="cannot save to"):
        save(tmp_path / name, ITEMS)
    assert list(tmp_path.iterdir()) == []
    assert list(tmp_path.parent.glob(".*.part")) == []
