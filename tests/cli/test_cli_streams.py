"""Odd streams and missing parts: one line and an exit code, whatever happens."""

import asyncio
import sys
from pathlib import Path

import pytest
from cli_process import Ended, environment, pellucid

SHELL = f'{sys.executable} -m pellucid ask "What is 2 + 3?" '


async def shell(home: Path, redirections: str, **settings: str) -> Ended:
    """The command with redirections that only a shell can make."""
    process = await asyncio.create_subprocess_shell(
        SHELL + redirections,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=environment(home, settings),
    )
    out, err = await process.communicate()
    return Ended(process.returncode or 0, out.decode(), err.decode())


async def test_a_full_disk_is_one_line(equipped: Path) -> None:
    ended = await shell(equipped, ">/dev/full")
    assert (ended.code, ended.err) == (1, "pellucid: error: No space left on device\n")


@pytest.mark.parametrize("closed", ["<&-", "2>&-", "2>/dev/full"])
async def test_streams_that_are_not_needed_may_be_missing(equipped: Path, closed: str) -> None:
    ended = await shell(equipped, closed)
    assert ended.code == 0
    assert "5[computed]" in ended.out
    assert ended.err == ""


async def test_without_any_stream_the_exit_code_remains(equipped: Path) -> None:
    assert await shell(equipped, "<&- >&- 2>&-") == Ended(0, "", "")


async def test_what_the_encoding_lacks_is_escaped(equipped: Path) -> None:
    ended = await shell(equipped, "", PYTHONIOENCODING="ascii")
    assert ended.code == 0
    assert "first token" in ended.out
    assert "\\xb7" in ended.out


@pytest.mark.parametrize(
    ("model", "code", "problem"),
    [
        ("gpt-9", 2, "there are no weights named 'gpt-9'; there are qwen2.5-coder-1.5b"),
        ("/no/such/file.gguf", 3, "/no/such/file.gguf is not a file"),
    ],
)
async def test_weights_that_are_not_there_are_named(
    equipped: Path, model: str, code: int, problem: str
) -> None:
    ended = await pellucid(equipped, "ask", "hi", PELLUCID_MODEL=model)
    assert (ended.code, ended.out) == (code, "")
    assert ended.err.startswith(f"pellucid: error: {problem}")
    assert ended.err.count("\n") == 1
