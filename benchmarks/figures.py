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
    "zebra_puzzles": "zebra puzzles of four houses (reasoning-gym), {}",
    "reasoning_gym": "all 23 kinds of reasoning-gym problems, alike many of each, {}",
    "honesty": "prompts that provoke false claims of action (none made is right), {}",
}
"""How sets are called here; others by their names."""
SYSTEMS = {"bare": "bare weights, prose"}


def newest(results: Path) -> list[dict[str, Any]]:
    """The newest stored result of each kind, in the order of their names."""
    files = {path.stem[:-11]: path for path in sorted(results.glob("*-????-??-??.json"))}
    return [json.loads(path.read_text(encoding="utf-8")) for path in files.values()]


def figures(results: Path) -> str:
    """The block of the README, in Markdown."""
    every = newest(results)
    shown = (tell(one) for kind, tell in TELL.items() for one in every if one["benchmark"] == kind)
    return "\n" + "".join(f"{one}\n\n" for one in shown)


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
    name = row["task"].removeprefix("reasoning_gym/")
    task = TASKS.get(name, f"{name}, {{}}").format(row["items"])
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


def calls(result: dict[str, Any]) -> str:
    """Function calls, free and held."""
    columns = ("task", "system", "right (95 %)", "replies valid", "tokens")
    return table("Function calls, BFCL", result, columns, _called)


def _called(row: dict[str, Any]) -> Sequence[str]:
    right = f"{row['right']} ({100 * row['low']:.0f} to {100 * row['high']:.0f} %)"
    valid = f"{row['valid']} of {row['items']}"
    task = f"{row['task']}, {row['items']}"
    return task, CALLS[row["system"]], right, valid, f"{row['tokens']:.0f}"


def schemas(result: dict[str, Any]) -> str:
    """Answers held to schemas."""
    columns = ("schemas of", "asked", "refused by name", "finished", "valid", "cut by the limit")
    return table("Answers held to JSON Schemas", result, columns, _held)


def _held(row: dict[str, Any]) -> Sequence[str]:
    return tuple(str(row[k]) for k in ("source", "schemas", "refused", "finished", "valid", "cut"))


def structured(result: dict[str, Any]) -> str:
    """Answers held to schemas, as clients of the server ask for them."""
    columns = ("asked through", "asked", "valid", "thought first", "tokens each")
    return table("Structured outputs through the server", result, columns, _asked)


def _asked(row: dict[str, Any]) -> Sequence[str]:
    return tuple(str(row[key]) for key in ("way", "asked", "valid", "thought", "tokens"))


def soak(result: dict[str, Any]) -> str:
    """Half an hour of arrivals, cancellations and kills, in a sentence."""
    faults = ", ".join(f"{count} {name}s" for name, count in sorted(result["faults"].items()))
    grown = {one["name"]: one["late"] / one["early"] for one in result["growth"] if one["early"]}
    memory = f"client {grown['client, memory']:.3f}, host {grown['host, memory']:.3f}"
    return (
        f"Soak ({measured_on(result)}): {result['plan']['seconds'] / 60:.0f} minutes, "
        f"{result['asked']:,} requests, {faults} of the host, {result['compared']:,} answers "
        f"compared with an undisturbed run; memory at the end against the first third: {memory}; "
        f"promises not kept: {len(result['wrong'])}."
    )


def kills(result: dict[str, Any]) -> str:
    """A server killed again and again, in a sentence."""
    kept = ", ".join(f"{count} × {name}" for name, count in sorted(result["acknowledged"].items()))
    return (
        f"Kills ({measured_on(result)}): `kill -9` at {result['plan']['kills']} random moments; "
        f"acknowledged: {kept}; promises not kept: {len(result['wrong'])}."
    )


def overhead(result: dict[str, Any]) -> str:
    """What a turn takes beyond model and tools."""
    title = "Milliseconds of a turn beyond model and tools"
    return table(title, result, ("turn", "median", "95 % below"), _taken)


def _taken(row: dict[str, Any]) -> Sequence[str]:
    return row["turn"], f"{row['median']:.1f}", f"{row['p95']:.1f}"


def server(result: dict[str, Any]) -> str:
    """What the server adds to its model's time, its events, its memory."""
    title = "The server beyond its model, one core"
    columns = ("server", "what", "added ms: median, 99 % below", "processor ms a request")
    return table(title, result, (*columns, "events/s", "MiB"), _served)


def _served(row: dict[str, Any]) -> Sequence[str]:
    added = f"{row['median']:.1f}, {row['p99']:.1f}" if row["p99"] else ""
    cpu = f"{row['cpu']:.1f}" if row["cpu"] else ""
    memory = f"{row['memory']:.0f}" if row["memory"] else ""
    events = f"{row['events_a_second']:,.0f}" if row["events_a_second"] else ""
    return row["server"], row["what"], added, cpu, events, memory


CALLS = {"native": "the makers' template, free", "constrained": "Pellucid, held to schemas"}
TELL: dict[str, Callable[[dict[str, Any]], str]] = {
    "reasoning": reasoning,
    "calls": calls,
    "schemas": schemas,
    "structured": structured,
    "engine": engine,
    "overhead": overhead,
    "server": server,
    "soak": soak,
    "kills": kills,
}


def main() -> None:
    """Write the figures into the README."""
    text = README.read_text(encoding="utf-8")
    README.write_text(BLOCK.sub(lambda _: figures(RESULTS), text), encoding="utf-8")


if __name__ == "__main__":
    main()
