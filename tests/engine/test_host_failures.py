"""Hosts that cannot be started, talk nonsense, or do not go."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from pellucid.core.errors import EngineError, WeightsError
from pellucid.engine.client import EngineClient, HostSettings
from pellucid.engine.process import HostProcess
from pellucid.engine.sequence import Request

NOWHERE = "/nonexistent/python"


def impostor(folder: Path, body: str) -> str:
    """A program that is started instead of the host; `link` is its end of the socket."""
    path = folder / "impostor"
    head = f"#!{sys.executable}\nimport socket, sys, time\n"
    path.write_text(head + "link = socket.socket(fileno=int(sys.argv[-1]))\n" + body)
    path.chmod(0o755)
    return str(path)


async def test_a_process_that_cannot_be_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", NOWHERE)
    client = EngineClient(HostSettings())
    with pytest.raises(EngineError, match="cannot start the engine's process"):
        await client.start()
    await client.close()


async def test_a_start_that_is_cancelled_leaves_no_socket() -> None:
    before = os.listdir("/proc/self/fd")
    starting = asyncio.create_task(HostProcess.spawn(HostSettings()))
    await asyncio.sleep(0)  # lets it open its sockets
    assert len(os.listdir("/proc/self/fd")) > len(before)
    starting.cancel()
    await asyncio.wait({starting})
    await asyncio.sleep(0)  # lets the transport close
    assert os.listdir("/proc/self/fd") == before


async def test_a_process_that_cannot_be_started_again(monkeypatch: pytest.MonkeyPatch) -> None:
    async with EngineClient(HostSettings()) as client:
        await client.ready()
        waiting = asyncio.create_task(anext(client.generate(Request("r", (1,), 1))))
        with monkeypatch.context() as broken:
            broken.setattr(sys, "executable", NOWHERE)
            assert client.pid is not None
            os.kill(client.pid, signal.SIGSTOP)
            os.kill(client.pid, signal.SIGKILL)
            with pytest.raises(EngineError, match="cannot start"):
                await waiting
            with pytest.raises(EngineError, match="cannot start"):
                await client.tokenize(b"x", special=False)
        assert await client.tokenize(b"x", special=False) == (120,)


NO_TEXT = b"\x82\xa4type\xabload_failed\xa7message\xa1\xff"


@pytest.mark.parametrize(
    ("sent", "complaint"),
    [
        (b"x" * 8, "over the cap"),
        (len(NO_TEXT).to_bytes(4, "big") + NO_TEXT, "utf-8"),
        (b"\0\0\0\1\xc1", "MessagePack"),
    ],
)
async def test_nonsense_and_a_process_that_does_not_go(
    sent: bytes, complaint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = impostor(tmp_path, f"link.sendall({sent!r})\ntime.sleep(600)\n")
    monkeypatch.setattr(sys, "executable", program)
    monkeypatch.setattr("pellucid.engine.process.PATIENCE", 0.05)
    async with EngineClient(HostSettings()) as client:
        # asyncio loses the status (255) of a child that goes in the moment it is signalled.
        how = rf"(SIGKILL|with 255): unreadable frame: .*{complaint}"
        with pytest.raises(WeightsError, match=how):
            await client.ready()
        assert client.pid is None


REFUSER = """
import msgspec
from pellucid.engine.frames import EngineInfo, ToHost, Tokenize, Tokenized, pack
stream = link.makefile("rb")
link.sendall(pack(EngineInfo(9, 9, 1, 9, frozenset(), (b"a",), {}, "", "", "", 0.0)))
while header := stream.read(4):
    frame = msgspec.msgpack.decode(stream.read(int.from_bytes(header, "big")), type=ToHost)
    if isinstance(frame, Tokenize):
        link.sendall(pack(Tokenized(frame.ask + 100)) + pack(Tokenized(frame.ask, error="no")))
"""


async def test_a_text_that_cannot_be_split(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", impostor(tmp_path, REFUSER))
    async with EngineClient(HostSettings()) as client:
        with pytest.raises(EngineError, match="no"):
            await client.tokenize(b"x", special=False)


DUMB = """
import os, signal
from pellucid.engine.frames import EngineInfo, pack
link.sendall(pack(EngineInfo(9, 9, 1, 9, frozenset(), (b"a",), {}, "", "", "", 0.0)))
link.recv(4)
print("\\nlast words\\n", file=sys.stderr, flush=True)
link.makefile("rb").read()
"""


async def test_an_asker_who_has_gone_is_no_trouble_at_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One of two who wait for an answer is cancelled in the step in which the host fails."""
    monkeypatch.setattr(sys, "executable", impostor(tmp_path, DUMB))
    client = EngineClient(HostSettings())
    await client.start()
    await client.ready()
    askers = [asyncio.create_task(client.tokenize(b"x", special=False)) for _ in range(2)]
    await asyncio.sleep(0)  # lets them ask
    askers[0].cancel()
    client._fail(EngineError("the end"))
    await client.close()
    gone, waiting = await asyncio.gather(*askers, return_exceptions=True)
    assert isinstance(gone, asyncio.CancelledError)
    assert isinstance(waiting, EngineError)


async def test_a_bug_in_the_client_is_not_a_hang(monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(host: HostProcess) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr(HostProcess, "receive", broken)
    async with EngineClient(HostSettings()) as client:
        with pytest.raises(EngineError, match="a bug"):
            await client.ready()
