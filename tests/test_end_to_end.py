"""The command a user types, on the real weights: three questions, a death, an interrupt."""

import asyncio
import json
import os
import select
import signal
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from openai import AsyncOpenAI
from pydantic import BaseModel

pytestmark = [pytest.mark.weights, pytest.mark.timeout(300)]

LONG = (
    "A train leaves at 14:37 and arrives at 09:12 the next day. It stopped 4 times for 17 minutes. "
    "How long was it moving?"
)


@pytest.fixture(autouse=True)
def _installed(qwen: Path, sandbox_libraries: Path) -> None:
    """Nothing is fetched in the middle of a test."""


async def start(*arguments: str, stdin: int | None = asyncio.subprocess.DEVNULL) -> Any:
    environment = {k: v for k, v in os.environ.items() if k != "PELLUCID_MODEL"}
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "pellucid",
        *arguments,
        stdin=stdin,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=environment,
        start_new_session=True,
    )


async def ask(*arguments: str, piped: bytes | None = None) -> dict[str, Any]:
    """The record of `pellucid ask --json`."""
    stdin = asyncio.subprocess.DEVNULL if piped is None else asyncio.subprocess.PIPE
    process = await start("ask", "--json", *arguments, stdin=stdin)
    out, err = await process.communicate(piped)
    assert process.returncode == 0, err.decode()
    record: dict[str, Any] = json.loads(out)
    return record


def verdicts(record: dict[str, Any]) -> dict[str, str]:
    return {c["text"]: c["verdict"] for i in record["items"] for c in i.get("claims", ())}


def children(pid: int) -> list[int]:
    """The live descendants of a process."""
    found: list[int] = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(fields[1]) == pid and fields[0] != "Z":
            child = int(stat.parent.name)
            found += [child, *children(child)]
    return found


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"


def engine_of(pid: int) -> int:
    """The engine's process among the descendants of `pid`."""
    for child in children(pid):
        if "pellucid.engine.host" in Path(f"/proc/{child}/cmdline").read_text():
            return child
    raise AssertionError("no engine process")


async def until_gone(pids: list[int], seconds: float) -> float:
    """How long it takes until none of the processes is left, at most `seconds`."""
    began = time.monotonic()
    for pid in pids:
        left = max(0.0, began + seconds - time.monotonic())
        try:
            descriptor = os.pidfd_open(pid)
        except ProcessLookupError:
            continue
        try:
            await asyncio.to_thread(select.select, [descriptor], [], [], left)
        finally:
            os.close(descriptor)
    return time.monotonic() - began


async def finished(process: Any) -> bytes:
    """What an ended process wrote to standard error; its pipes are closed."""
    error: bytes = await process.stderr.read()
    await asyncio.wait_for(process.wait(), 10)
    process._transport.close()
    return error


async def writing(process: Any) -> None:
    """Wait until the model is in the middle of a program: its first lines were shown."""
    line = b""
    while b"=" not in line:
        line = await asyncio.wait_for(process.stdout.readline(), 120)
        assert line, (await process.stderr.read()).decode()


async def test_a_subtraction_is_computed_and_marked() -> None:
    record = await ask("What is 48271964 - 19384756?")
    assert "28,887,208" in record["answer"]
    assert verdicts(record)["28,887,208"] == "computed"
    codes = [i["execution"]["code"] for i in record["items"] if i.get("execution")]
    assert any("48271964" in code and "19384756" in code for code in codes)


async def test_a_word_problem_is_computed() -> None:
    record = await ask(
        "A shop sells pens at 3 dollars each. Tom buys 14 pens and pays with 50. "
        "How much change does he get?"
    )
    assert verdicts(record).get("8") == "computed"


async def test_a_piped_table_is_computed_with() -> None:
    rows = "\n".join(f"item{i},{i},{i * i}" for i in range(1, 101))
    record = await ask(
        "What is the average of the column price?", piped=f"name,count,price\n{rows}\n".encode()
    )
    assert "3,383.5" in record["answer"].replace("3383.5", "3,383.5")


async def test_the_engine_dies_and_the_next_question_works() -> None:
    process = await start("chat", stdin=asyncio.subprocess.PIPE)
    process.stdin.write(f"{LONG}\n".encode())
    await process.stdin.drain()
    await writing(process)
    os.kill(engine_of(process.pid), signal.SIGKILL)
    process.stdin.write(b"What is 1234 * 5678?\n")
    process.stdin.close()
    out, err = await asyncio.gather(process.stdout.read(), process.stderr.read())
    await asyncio.wait_for(process.wait(), 10)
    assert "engine" in err.decode()
    assert "7,006,652" in out.decode()
    assert b"Traceback" not in out + err


@pytest.mark.parametrize("signal_number", [signal.SIGINT, signal.SIGTERM])
async def test_an_interrupt_ends_everything_within_a_second(signal_number: signal.Signals) -> None:
    process = await start("ask", LONG)
    await writing(process)
    everyone = [process.pid, *children(process.pid)]
    process.send_signal(signal_number)
    assert await until_gone(everyone, 5) < 1.0
    assert not any(map(alive, everyone))
    assert b"Traceback" not in await finished(process)


async def test_a_closed_pipe_ends_everything_within_a_second() -> None:
    process = await start("ask", LONG)
    await writing(process)
    everyone = [process.pid, *children(process.pid)]
    process._transport.get_pipe_transport(1).close()
    assert await until_gone(everyone, 5) < 1.0
    assert not any(map(alive, everyone))
    assert b"Traceback" not in await finished(process)


class City(BaseModel):
    name: str
    country: str


async def test_openais_client_gets_structured_outputs_and_calls_of_functions() -> None:
    weather: Any = {
        "type": "function",
        "name": "get_weather",
        "description": "Current weather of a city",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string"}},
            "required": ["city"],
            "additionalProperties": False,
        },
    }
    os.environ["PELLUCID_API_KEY"] = "a-key-for-tests"
    try:
        process = await start("serve", "--port", "0")
    finally:
        del os.environ["PELLUCID_API_KEY"]
    try:
        url = ""
        while not url:
            line = (await process.stderr.readline()).decode()
            url = line.partition("listening on ")[2].strip()
        async with AsyncOpenAI(base_url=url, api_key="a-key-for-tests", timeout=200) as client:
            parsed = await client.responses.parse(
                model="pellucid-mini",
                input="Which city is the capital of France, and of which country is it?",
                text_format=City,
            )
            assert parsed.output_parsed is not None
            assert parsed.output_parsed.name == "Paris"
            called = await client.responses.create(
                model="pellucid-mini", input="How is the weather in Oslo?", tools=[weather]
            )
            (call,) = called.output
            assert call.type == "function_call"
            assert json.loads(call.arguments) == {"city": "Oslo"}
    finally:
        process.send_signal(signal.SIGTERM)
        await process.communicate()
    assert process.returncode == 0
