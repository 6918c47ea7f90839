"""`pellucid eval` as it is typed."""

import json
import signal
import sys
from pathlib import Path

import pytest
from cli_process import pellucid, started, until

from pellucid.cli.eval import Meter, Wanted, folder, stem
from pellucid.cli.screen import Screen
from pellucid.evals import machine
from pellucid.evals.runner import Judged
from pellucid.evals.task import Answer, Grade, Question
from pellucid.settings import Settings


@pytest.fixture
def sums(tmp_path: Path) -> Path:
    """A data folder with a small set of our own."""
    rows = [
        {"id": f"sum-{n}", "question": f"What is {n} * 1234?", "answer": str(n * 1234)}
        for n in range(2, 6)
    ]
    folder = tmp_path / "data" / "gsm8k"
    folder.mkdir(parents=True)
    (folder / "test.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return folder.parent


async def test_it_measures_shows_stores_and_goes_on(
    equipped: Path, sums: Path, tmp_path: Path
) -> None:
    arguments = (
        *("eval", "gsm8k", "--limit", "3", "--bare", "--effort", "low", "--effort", "medium"),
        *("--data", str(sums), "--store-in", str(tmp_path / "kept"), "--at-once", "2"),
    )
    ended = await pellucid(equipped, *arguments)
    assert ended.code == 0, ended.err
    *table, last = ended.out.splitlines()
    assert table[0].startswith("gsm8k: 3 questions")
    result = json.loads(last)
    assert [(row["system"], row["right"]) for row in result["rows"]] == [
        ("bare", 0),
        ("low", 3),
        ("medium", 3),
    ]
    assert result["weights"] == "scripted/1"
    (kept,) = (tmp_path / "kept").iterdir()
    assert kept.name.startswith("reasoning-gsm8k-2-at-once-20")
    assert json.loads(kept.read_text())["rows"] == result["rows"]
    assert (equipped / "evals" / "gsm8k.svg").read_text().startswith("<svg")
    records = list((equipped / "evals").rglob("sum-*.json"))
    assert len(records) == 9
    again = await pellucid(equipped, *arguments)
    assert json.loads(again.out.splitlines()[-1])["rows"] == result["rows"]


async def test_ctrl_c_leaves_what_is_done(equipped: Path, sums: Path) -> None:
    path = sums / "gsm8k" / "test.jsonl"
    slow = "What is 1 + 1?\n```python\nwhile True: pass\n```"
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    rows[1] |= {"question": slow}
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    record = None
    async with started(equipped, "eval", "gsm8k", "--data", str(sums)) as process:
        assert process.stderr is not None
        await until(process.stderr, "gsm8k medium: 1 of 4")
        (record,) = (equipped / "evals").rglob("sum-*.json")
        process.send_signal(signal.SIGINT)
        assert await process.wait() == 130
    assert json.loads(record.read_text())["right"]


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["eval"], "name at least one set; there are gsm8k"),
        (["eval", "gsm9k"], "there is no set 'gsm9k'"),
        (["eval", "gsm8k", "--data", "/no/such"], "cannot read /no/such/gsm8k/test.jsonl"),
        (["eval", "gsm8k", "--limit", "0"], "Must be >= 1"),
        (["eval", "gsm8k", "--effort", "huge"], "Choose from"),
        (["eval", "gsm8k", "--at-once", "0"], "Must be >= 1"),
    ],
)
async def test_bad_input_is_one_line(tmp_path: Path, arguments: list[str], problem: str) -> None:
    ended = await pellucid(tmp_path / "home", *arguments)
    assert (ended.code, ended.out) == (2, "")
    assert problem in ended.err
    assert ended.err.count("\n") == 1
    assert not (tmp_path / "home").exists()


def test_the_bar_tells_score_and_time_left(capsys: pytest.CaptureFixture[str]) -> None:
    now = [0.0]
    meter = Meter(Screen(sys.stdout, sys.stderr), "gsm8k medium", 4, lambda: now[0])
    question = Question("q", ("?",))
    now[0] = 30.0
    meter.heard(Judged(question, Answer(), Grade(True)))
    meter.heard(Judged(question, Answer(), Grade(False), kept=True))
    assert meter.told(30.0) == "2 of 4 · 1 right (50 %) · 60.0 s left"
    assert meter.told(0.0).startswith("2 of 4")
    assert capsys.readouterr().err == "gsm8k medium: 1 of 4 · 1 right (100 %) · 90.0 s left\n"


def test_where_summaries_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert folder(False, None) is None
    assert folder(True, tmp_path) == folder(False, tmp_path) == tmp_path
    root = machine.checkout()
    assert root is not None
    assert folder(True, None) == root / "benchmarks" / "results"
    wanted = Wanted((), None, ("low",), False, 0, 1, None, None)
    assert stem("reasoning_gym/chain_sum", wanted) == "reasoning-chain_sum"
    assert stem("bbh/navigate", wanted) == "reasoning-bbh-navigate"


def test_what_it_was_measured_on() -> None:
    told = machine.describe()
    assert {"date", "cpu", "cores", "load", "commit", "llama_cpp_python", "python"} == set(told)
    assert told["commit"] not in ("", "unknown")


def test_nothing_on_disk_is_reused(tmp_path: Path) -> None:
    warm = Settings(home=tmp_path)
    assert warm.engine.prefix_disk > 0
    assert machine.cold(warm).engine.prefix_disk == 0
    assert machine.cold(warm).home == tmp_path
