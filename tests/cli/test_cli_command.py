"""The command line as it is typed: usage, bad input, help."""

import asyncio
import re
import sys
from pathlib import Path

import pytest
from cli_process import pellucid, started

from pellucid.cli import main


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("PELLUCID_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PELLUCID_MODEL", "scripted")
    return tmp_path / "home"


BAD = [
    (["ask"], "the question is empty"),
    (["ask", " ", "\n"], "the question is empty"),
    (["ask", "a" * 2_000_000], "the question has 2,000,000 bytes"),
    (["ask", "a\0b"], "the question is not text: it has a NUL byte at offset 1"),
    (["ask", "caf\udce9"], "the question is not valid UTF-8: byte 0xe9 at offset 3"),
    (["ask", "--file", "/no/such/file", "q"], "--file /no/such/file: No such file"),
    (["ask", "--file", "/", "q"], "--file /: is a directory"),
    (["ask", "--file", sys.executable, "q"], "is not text: it has a NUL byte"),
    (["ask", "--file", "bad\udcff", "q"], "No such file"),
    (["ask", "--model", "gpt-9", "q"], 'Choose from: "pellucid-mini", "pellucid-mini-alto"'),
    (["ask", "--effort", "huge", "q"], 'Choose from: "none", "minimal", "low", "medium", "high"'),
    (["ask", "--tools", "web", "q"], 'Choose from: "python", "none"'),
    (["ask", "--seed", "-1", "q"], "--seed. Must be >= 0"),
    (["ask", "--seed", "x", "q"], '"x" into int'),
    (["ask", "--timeout", "-1", "q"], "--timeout. Must be > 0"),
    (["ask", "--timeout", "0", "q"], "--timeout. Must be > 0"),
    (["ask", "--timeout", "nan", "q"], "--timeout"),
    (["ask", "--timeout", "inf", "q"], "--timeout"),
    (["ask", "--max-output-tokens", "0", "q"], "Must be >= 1"),
    (["ask", "--colour", "q"], "put -- before a question that starts with a dash"),
    (["ask", "--effort"], "--effort requires an argument"),
    (["tell"], "Available commands: ask, chat, serve, pull, replay, doctor"),
    (["pull", "gpt-9"], "there are qwen2.5-coder-1.5b, smollm2-135m, sandbox"),
    (["replay"], "receipt"),
    (["replay", "/no/such/file"], "cannot read /no/such/file"),
    (["replay", "/"], "cannot read /"),
    (["replay", __file__], "is not a receipt"),
]


@pytest.mark.parametrize(("arguments", "problem"), BAD, ids=lambda one: str(one)[:40])
def test_bad_input_is_one_line_and_leaves_nothing(
    home: Path, capfd: pytest.CaptureFixture[str], arguments: list[str], problem: str
) -> None:
    assert main(arguments) == 2
    out, err = capfd.readouterr()
    assert out == ""
    assert err.startswith("pellucid: error: ")
    assert err.count("\n") == 1
    assert problem.lower() in err.lower()
    assert not home.exists()


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        (b"a" * 2_000_000, "the piped input has more than 1,048,576 bytes"),
        (b"a\0b", "the piped input is not text: it has a NUL byte"),
        (b"caf\xe9", "the piped input is not valid UTF-8"),
        (b"", "the question is empty"),
    ],
)
async def test_a_bad_pipe_is_one_line(tmp_path: Path, given: bytes, problem: str) -> None:
    ended = await pellucid(tmp_path / "home", "ask", given=given)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith(f"pellucid: error: {problem}")
    assert ended.err.count("\n") == 1
    assert not (tmp_path / "home").exists()


async def test_an_adapter_that_nobody_named_is_one_line(tmp_path: Path) -> None:
    ended = await pellucid(tmp_path / "home", "ask", "--adapter", "law", "--tools", "none", "q")
    assert (ended.code, ended.out) == (2, "")
    assert "unknown adapter 'law'" in ended.err
    assert ended.err.count("pellucid: error: ") == 1


async def test_bytes_that_are_not_utf8_come_through_the_shell(tmp_path: Path) -> None:
    ended = await pellucid(tmp_path / "home", "ask", b"caf\xe9")
    assert (ended.code, ended.out) == (2, "")
    assert "byte 0xe9 at offset 3" in ended.err


@pytest.mark.parametrize("value", ["PELLUCID_ENGINE_WINDOW=many", "PELLUCID_TYPO=1"])
async def test_a_setting_that_cannot_be_used_is_one_line(tmp_path: Path, value: str) -> None:
    name, _, setting = value.partition("=")
    ended = await pellucid(tmp_path / "home", "ask", "q", **{name: setting})
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("pellucid: error: " + name[:14])
    assert ended.err.count("\n") == 1


@pytest.mark.parametrize("command", [[], ["ask"], ["chat"], ["pull"], ["replay"], ["doctor"]])
def test_help_tells_the_exit_codes(capfd: pytest.CaptureFixture[str], command: list[str]) -> None:
    assert main([*command, "--help"]) == 0
    out, err = capfd.readouterr()
    assert err == ""
    words = " ".join(out.split())
    assert "124 deadline passed without an answer" in words
    if command == ["ask"]:
        for option in ("--effort", "--tools", "--seed", "--json", "--model", "--file", "--timeout"):
            assert option in words
        for option in ("--max-output-tokens", "--adapter", "--deterministic"):
            assert option in words


def test_the_version(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert re.fullmatch(r"\d+\.\d+\.\d+\n", capfd.readouterr().out)


async def test_help_needs_nothing_heavy(tmp_path: Path) -> None:
    """What makes starting slow is imported by the commands that need it, when they need it."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-X", "importtime", "-m", "pellucid", "ask", "--help"),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    _, err = await process.communicate()
    imported = {line.rpartition("|")[2].strip() for line in err.decode().splitlines()}
    assert "pellucid.cli.commands" in imported
    heavy = {"pydantic", "numpy", "llama_cpp", "pellucid.assembly", "huggingface_hub", "asyncio"}
    assert heavy & imported == set()


async def test_a_pipe_nobody_writes_to_is_named(tmp_path: Path) -> None:
    async with started(tmp_path, "ask", "q", stdin=asyncio.subprocess.PIPE) as process:
        assert process.stderr is not None
        line = await process.stderr.readline()
        assert line == b"waiting for the piped input (</dev/null for none)\n"
