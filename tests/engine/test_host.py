"""The host by itself: what it does with a client that does not keep to the protocol."""

import os
import socket
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future

import msgspec
import pytest

from pellucid.engine import host
from pellucid.engine.frames import (
    HEADER,
    EngineInfo,
    HostSettings,
    Load,
    ToHost,
    Tokenize,
    Tokenized,
    body_length,
    pack,
)
from pellucid.engine.process import HostProcess
from pellucid.engine.sequence import Cancel, Stop


def sent(*frames: bytes) -> socket.socket:
    """The host's end of a socket whose client sent this and went."""
    client, ours = socket.socketpair()
    with client:
        client.sendall(b"".join(frames))
    return ours


def test_a_frame_cut_in_the_middle_is_no_frame() -> None:
    whole = pack(Cancel("r"))
    with sent(whole, whole[:-1]) as link:
        assert list(host.Port(link).frames()) == [Cancel("r")]


def test_a_client_that_asks_before_it_says_what_to_load_gets_nothing() -> None:
    with sent(pack(Cancel("r"))) as link:
        host.serve(link, threading.Lock())
    assert link.fileno() == -1


def test_a_text_that_cannot_be_split_is_an_answer() -> None:
    def broken(text: bytes, special: bool) -> Sequence[int]:
        raise ValueError("no such text")

    client, link = socket.socketpair()
    info = EngineInfo(9, 9, 1, 9, frozenset(), (), {}, "", "", "", 0.0)
    with client, link:
        host._answer(host.Port(link), Tokenize(1, b"x", False), host.Loaded(None, broken, info))  # type: ignore[arg-type]
        body = client.recv(body_length(client.recv(HEADER)))
    answer = msgspec.msgpack.decode(body, type=Tokenized)
    assert answer.ask == 1
    assert "no such text" in answer.error


async def test_a_second_load_ends_the_host_with_the_reason() -> None:
    started = await HostProcess.spawn(HostSettings())
    started.send(Load(HostSettings()))
    while await started.receive() is not None:
        pass
    await started.end()
    assert "a host loads once" in started.epitaph()


@pytest.mark.parametrize(("spin", "waits"), [(False, {"OMP_WAIT_POLICY": "PASSIVE"}), (True, {})])
def test_threads_spin_only_when_told_to(
    spin: bool, waits: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    put = dict[str, str]()
    monkeypatch.setattr(os, "putenv", put.__setitem__)
    host.tune_libraries(spin)
    assert put == {"GGML_NO_BACKTRACE": "1", **waits}


def test_a_socket_that_is_reset_ends_the_host_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """As when the client goes without having read all it was sent."""

    def reset() -> Iterator[ToHost]:
        yield Cancel("r")
        raise ConnectionResetError

    codes, orders, ended = list[int](), host.Orders(), threading.Event()
    monkeypatch.setattr(os, "_exit", codes.append)
    ended.set()
    client, link = socket.socketpair()
    with client, link:
        host._read_and_exit(host.Port(link), reset(), Future(), orders, ended, threading.Lock())
    assert codes == [0]
    assert orders.drain(block=False) == [Cancel("r"), Stop()]


def test_one_thread_ends_the_process_and_another_waits_for_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    codes, leaving = list[int](), threading.Lock()
    monkeypatch.setattr(os, "_exit", codes.append)
    host._leave(leaving, 3)
    second = threading.Thread(target=host._leave, args=(leaving, 4), daemon=True)
    second.start()
    second.join(0.05)
    assert codes == [3]
    leaving.release()
    second.join()
    assert codes == [3, 4]
