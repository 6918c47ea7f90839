"""Whole turns through the real command: scripted model, real sandbox, real signals."""

import asyncio
import json
import re
import signal
import time
from pathlib import Path

import pytest
from cli_process import alive, children, pellucid, started, until

QUESTION = "What is 48271964 - 19384756?"
ENDLESS = "Compute 1 + 1.\n```python\nprint('begun', flush=True)\nwhile True: pass\n```"
SECONDS = 2.0
"""Within which a command that is told to stop has stopped, and its children with it: one,
and another for a busy machine."""

LAST_LINE = (
    r"tokens: in [\d,]+, cached [\d,]+, thinking [\d,]+, out [\d,]+ · "
    r"first token [\d.]+ s, in all [\d.]+ s · \$0\.\d{6} at list price · receipt (/.+\.json)"
)


async def test_ask_shows_program_output_answer_and_verdicts(equipped: Path) -> None:
    ended = await pellucid(equipped, "ask", *QUESTION.split())
    assert ended.code == 0, ended.err
    assert "program 1\n  print(48271964 - 19384756)\n" in ended.out
    assert re.search(r"run 1 \(.+ m?s\)\n  28887208\n", ended.out)
    assert "28,887,208[computed]" in ended.out
    assert "28,887,208 computed (run 1)" in ended.out
    assert "\x1b" not in ended.out + ended.err
    last = re.fullmatch(LAST_LINE, ended.out.splitlines()[-1])
    assert last, ended.out
    assert Path(last[1]).is_file()


async def test_json_is_one_object_with_the_whole_record(equipped: Path) -> None:
    ended = await pellucid(equipped, "ask", "--json", "--effort", "high", QUESTION)
    assert ended.code == 0, ended.err
    assert ended.out.count("\n") == 1
    value = json.loads(ended.out)
    assert "28,887,208" in value["answer"]
    assert [i["kind"] for i in value["items"]][-2:] == ["message", "verdicts"]
    results = [i for i in value["items"] if i["kind"] == "tool_result"]
    runs = [i["execution"] for i in results if i["execution"]]  # a third repeat is not run
    assert runs[-1]["output"] == "28887208\n"
    claims = {c["text"]: c["verdict"] for c in value["items"][-1]["claims"]}
    assert claims["28,887,208"] == "computed"
    assert (value["spent"]["asked"], value["spent"]["granted"]) == ("high", "high")
    assert Path(value["receipt"]).is_file()
    assert float(value["cost_usd"]) > 0


async def test_a_piped_table_can_be_computed_with(equipped: Path) -> None:
    question = "```python\nrows = open('input.csv').read().split()\nprint(len(rows) * 111)\n```"
    ended = await pellucid(equipped, "ask", question, given=b"a,b\n1,2\n3,4\n")
    assert ended.code == 0, ended.err
    assert "333[computed]" in ended.out


async def test_a_question_over_the_window_is_one_line_with_counts(equipped: Path) -> None:
    for options in ([], ["--json"]):
        ended = await pellucid(equipped, "ask", *options, given=b"Why? " * 60_000)
        assert (ended.code, ended.out) == (2, "")
        assert re.fullmatch(
            r"pellucid: error: the question has [\d,]+ tokens; the window holds .+\n", ended.err
        )


async def test_a_deadline_without_an_answer_has_its_own_exit_code(equipped: Path) -> None:
    ended = await pellucid(equipped, "ask", "--timeout", "2", ENDLESS)
    assert ended.code == 124, ended.out + ended.err
    assert "the time for this answer is used up" in ended.out + ended.err


@pytest.mark.parametrize(
    ("sign", "code"),
    [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129), (None, 141)],
    ids=["interrupt", "terminate", "hang up", "closed pipe"],
)
async def test_stopping_is_quick_and_leaves_no_child(
    equipped: Path, sign: signal.Signals | None, code: int
) -> None:
    """Also while the sandbox is still starting, as here."""
    async with started(equipped, "ask", ENDLESS) as process:
        assert process.stdout is not None
        await until(process.stdout, "while True")
        await stops(process, sign, code)


async def test_a_running_program_is_stopped_too(equipped: Path) -> None:
    async with started(equipped, "chat", stdin=asyncio.subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        process.stdin.write(b"What is 2 + 3?\nWhat is 9**9**9?\n")
        await until(process.stdout, "5[computed]")
        await until(process.stdout, "print(9**9**9)")
        await stops(process, None, 141)


async def stops(
    process: asyncio.subprocess.Process, sign: signal.Signals | None, code: int
) -> None:
    """Ask a command to stop (None: close its output) and see that it does."""
    family = children(process.pid)
    assert family, "the sandbox should be there"
    asked = time.monotonic()
    if sign is None:
        process.stdout._transport.close()  # type: ignore[union-attr]
    else:
        process.send_signal(sign)
    assert await process.wait() == code
    assert time.monotonic() - asked < SECONDS
    assert [pid for pid in family if alive(pid)] == []
    assert process.stderr is not None
    assert (await process.stderr.read()).decode() == ""


async def test_replay_tells_same_from_different(equipped: Path) -> None:
    constant = await pellucid(equipped, "ask", "--json", QUESTION)
    receipt = json.loads(constant.out)["receipt"]
    ended = await pellucid(equipped, "replay", receipt)
    assert ended.code == 0, ended.err
    assert re.search(r"^run 1 +same +\S+ +", ended.out)
    assert ended.out.endswith("1 execution: 1 same, 0 differ\n")

    clock = "Compute 1 + 1.\n```python\nimport time\nprint(time.time_ns())\n```"
    moving = await pellucid(equipped, "ask", "--json", clock)
    receipt = json.loads(moving.out)["receipt"]
    ended = await pellucid(equipped, "replay", "--json", receipt)
    assert ended.code == 1, ended.err
    value = json.loads(ended.out)
    assert value["same"] is False
    assert "output" in value["executions"][0]["detail"]


async def test_a_receipt_that_was_changed_is_refused(equipped: Path) -> None:
    asked = await pellucid(equipped, "ask", "--json", QUESTION)
    receipt = Path(json.loads(asked.out)["receipt"])
    receipt.write_text(receipt.read_text().replace("48271964", "48271965"))
    ended = await pellucid(equipped, "replay", str(receipt))
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.count("\n") == 1


async def test_chat_through_a_pipe(equipped: Path, tmp_path: Path) -> None:
    saved = tmp_path / "talk.json"
    lines = ["What is 2 + 3?", "/effort low", "", "What is 7 * 7?", f"/save {saved}", "/quit", "x"]
    ended = await pellucid(equipped, "chat", given="\n".join(lines).encode())
    assert ended.code == 0, ended.err
    assert "5[computed]" in ended.out
    assert "49[computed]" in ended.out
    assert "effort: low" in ended.out
    texts = [i["text"] for i in json.loads(saved.read_text())["items"] if i.get("role") == "user"]
    assert texts == ["What is 2 + 3?", "What is 7 * 7?"]


async def test_a_chat_goes_on_after_what_is_wrong(equipped: Path) -> None:
    ended = await pellucid(equipped, "chat", given=b"/nope\ncaf\xe9\n/tools web\nWhat is 2 + 3?\n")
    assert ended.code == 2
    assert ended.err.splitlines()[:3] == [
        "pellucid: error: there is no /nope; /help lists the commands",
        "pellucid: error: the line is not valid UTF-8: byte 0xe9 at offset 3",
        "pellucid: error: there is no tool 'web'; there are python, none",
    ]
    assert "5[computed]" in ended.out


async def test_doctor_tells_what_is_there(equipped: Path) -> None:
    ended = await pellucid(equipped, "doctor", "--json")
    value = json.loads(ended.out)
    states = {check["name"]: check["state"] for check in value["checks"]}
    assert states.keys() >= {"pellucid", "engine", "home", "weights", "libraries", "isolation"}
    assert states["battery"] == "ok"
    assert value["ok"] is (ended.code == 0) is ("bad" not in states.values())


async def test_doctor_names_the_command_that_helps(tmp_path: Path) -> None:
    ended = await pellucid(tmp_path / "home", "doctor", PELLUCID_MODEL="smollm2-135m")
    assert ended.code == 1
    assert "→ pellucid pull smollm2-135m\n" in ended.out
    assert "→ pellucid pull sandbox\n" in ended.out
    assert ended.err == ""
