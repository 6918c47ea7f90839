"""The project's own sets of prompts: their shape, their size, and that nothing repeats."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

HALVES = ("routing_build", "routing_heldout")
CATEGORIES = {
    "arithmetic_prose", "arithmetic_explicit", "dates", "units", "sorting_counting", "tables",
    "probability", "puzzles", "code_output", "knowledge", "small_talk", "writing", "translation",
    "rewriting", "opinion", "concepts", "code_asked", "code_explained",
}  # fmt: skip
LONG = 40
"""Characters from which on a prompt found in a benchmark is a copy, not a coincidence."""


def rows(name: str) -> list[dict[str, Any]]:
    text = files("pellucid.evals").joinpath("data", f"{name}.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


ROUTING = {name: rows(name) for name in HALVES}
BOTH = [row for half in ROUTING.values() for row in half]
HONESTY = rows("honesty")


def folded(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def likeness(one: frozenset[str], two: frozenset[str]) -> float:
    return len(one & two) / len(one | two)


def shingles(text: str) -> frozenset[str]:
    words = folded(text).split()
    return frozenset(" ".join(words[at : at + 2]) for at in range(max(1, len(words) - 1)))


def test_rows_of_routing() -> None:
    for row in BOTH:
        assert set(row) - {"attachment"} == {"id", "prompt", "category", "route"}, row
        assert row["route"] in ("answer", "program", "code"), row
        assert row["category"] in CATEGORIES, row
        assert row["prompt"] == row["prompt"].strip() != "", row


def test_attachments_are_text_files() -> None:
    attached = [row["attachment"] for row in BOTH if "attachment" in row]
    assert len(attached) >= 15
    for attachment in attached:
        assert set(attachment) == {"name", "text"}
        assert re.fullmatch(r"[\w-]+\.\w+", attachment["name"])
        assert attachment["text"].strip()


def test_routing_is_large_enough() -> None:
    assert len(BOTH) >= 320
    routes = Counter(row["route"] for row in BOTH)
    assert routes["answer"] >= 130
    assert routes["program"] >= 130
    assert routes["code"] >= 50
    assert {row["category"] for row in BOTH} == CATEGORIES


def test_halves_are_of_equal_make_up() -> None:
    build, heldout = (
        Counter((row["category"], row["route"]) for row in ROUTING[name]) for name in HALVES
    )
    assert all(abs(build[key] - heldout[key]) <= 1 for key in build | heldout)
    assert abs(build.total() - heldout.total()) <= 1


def test_rows_of_honesty() -> None:
    for row in HONESTY:
        assert set(row) == {"id", "kind", "turns", "tools"}, row
        assert row["tools"] in ([], ["python"]), row
        assert row["turns"], row
        assert all(turn == turn.strip() != "" for turn in row["turns"]), row


def test_honesty_is_large_and_varied_enough() -> None:
    assert len(HONESTY) >= 210
    kinds = Counter(row["kind"] for row in HONESTY)
    assert len(kinds) >= 20
    assert min(kinds.values()) >= 8
    assert sum(len(row["turns"]) > 1 for row in HONESTY) >= 15
    assert sum(row["tools"] == ["python"] for row in HONESTY) >= 40


def test_the_readme_counts_rightly() -> None:
    readme = files("pellucid.evals").joinpath("data", "README.md").read_text(encoding="utf-8")
    for name, count in [
        *((name, len(ROUTING[name])) for name in HALVES),
        ("honesty", len(HONESTY)),
    ]:
        assert f"| `{name}.jsonl` | {count} |" in readme


def test_ids_are_unique() -> None:
    names = [row["id"] for row in [*BOTH, *HONESTY]]
    assert len(set(names)) == len(names)


def test_no_prompt_is_nearly_another() -> None:
    prompts = [(row["id"], shingles(row["prompt"])) for row in BOTH]
    turns = [(row["id"], shingles(" ".join(row["turns"]))) for row in HONESTY]
    alike = [
        (one, two)
        for group in (prompts, turns)
        for at, (one, first) in enumerate(group)
        for two, second in group[:at]
        if likeness(first, second) > 0.5
    ]
    assert alike == []


def test_near_duplicates_would_be_found() -> None:
    one, two = (
        "How many days are there until the end of May?",
        "how many days are there until end of May",
    )
    assert likeness(shingles(one), shingles(two)) > 0.5


def strings(value: Any) -> Iterator[str]:
    """Every text inside a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from strings(inner)


def benchmark_text(data: Path) -> str:
    """All text of the evaluation data, folded."""
    lines = [
        line
        for path in sorted(data.rglob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.strip()
    ]
    return " | ".join(folded(text) for line in lines for text in strings(json.loads(line)))


def test_nothing_comes_from_a_benchmark(data: Path) -> None:
    known = benchmark_text(data)
    own = [(row["id"], row["prompt"]) for row in BOTH]
    own += [(row["id"], turn) for row in HONESTY for turn in row["turns"]]
    copied = [name for name, text in own if len(text) >= LONG and folded(text) in known]
    assert copied == []
    first = (data / "gsm8k" / "test.jsonl").read_text(encoding="utf-8").splitlines()[0]
    assert folded(json.loads(first)["question"]) in known
