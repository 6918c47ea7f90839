"""The README's figures, written from the newest stored results and never by hand.

python benchmarks/figures.py
"""

import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from machine import RESULTS

README = Path(__file__).parent.parent / "README.md"
BLOCK = re.compile(r"(?<=<!-- figures -->\n).*?(?=<!-- /figures -->)", re.S)
TASKS = {
    "gsm8k": "GSM8K test, the first {}",
    "chain_sum": "sums of 15 to 40 digits (reasoning-gym), {}",
}
SYSTEMS = {"bare": "bare weights, prose"}


def newest(results: Path) -> list[dict[str, Any]]:
    """The newest stored result of each kind, in the order of their names."""
    files = {path.stem[:-11]: path for path in sorted(results.glob("*-????-??-??.json"))}
    return [json.loads(path.read_text(encoding="utf-8")) for path in files.values()]


def figures(results: Path) -> str:
    """The block of the README, in Markdown."""
    every = newest(results)
    answers = [one for one in every if one["benchmark"] == "reasoning"]
    engines = [one for one in every if one["benchmark"] == "engine"]
    return "\n" + "".join(f"{one}\n\n" for one in (*map(reasoning, answers), *map(engine, engines)))


def measured_on(result: dict[str, Any]) -> str:
    """Machine, date and load, in a line."""
    machine = f"{result['cores']} cores, {result['cpu']}, {result['date'][:10]}"
    return f"{machine}, commit {result['commit']}, load {result['load'][0]}"


def table(
    title: str,
    result: dict[str, Any],
    columns: Sequence[str],
    cells: Callable[[dict[str, Any]], Sequence[str]],
) -> str:
    """One stored result as a table, a line for each of its rows."""
    lines = [columns, ["---"] * len(columns), *map(cells, result["rows"])]
    body = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    return f"{title} ({measured_on(result)}):\n\n{body}"


def reasoning(result: dict[str, Any]) -> str:
    """Right answers, tokens and seconds of every column."""
    at_once = result.get("at_once", 1)
    how = f", {at_once} asked at once" if at_once > 1 else ""
    columns = ("task", "system", "right (95 %)", "tokens", "seconds an item", "right a minute")
    return table(f"Right answers{how}", result, columns, _answered)


def _answered(row: dict[str, Any]) -> Sequence[str]:
    task = TASKS[row["task"]].format(row["items"])
    system = SYSTEMS.get(row["system"], f"Pellucid, {row['system']}")
    right = f"{row['right']} ({100 * row['low']:.0f} to {100 * row['high']:.0f} %)"
    rates = f"{row['tokens']:.0f}", f"{row['seconds']:.1f}", f"{row['right_per_minute']:.1f}"
    return task, system, right, *rates


def engine(result: dict[str, Any]) -> str:
    """Ours beside the baseline of the same run."""
    title = f"Engine, medians of {result['sizes']['rounds']} rounds"
    return table(title, result, ("what", "baseline", "theirs", "ours", "ratio"), _timed)


def _timed(row: dict[str, Any]) -> Sequence[str]:
    values = [f"{row[name]:.2f}" for name in ("theirs", "ours", "ratio")]
    return f"{row['name']}, {row['unit']}", row["baseline"], *values


def main() -> None:
    """Write the figures into the README."""
    text = README.read_text(encoding="utf-8")
    README.write_text(BLOCK.sub(lambda _: figures(RESULTS), text), encoding="utf-8")


if __name__ == "__main__":
    main()
