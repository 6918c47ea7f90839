"""The child process that owns the weights: answers frames until its socket closes.

llama.cpp aborts its process when an assertion fails, so it runs in one of its own. The
main thread runs the token loop; a second one reads frames, and ends the process within a
moment of the socket's end, in the middle of a decode too; a third one splits texts.
"""

import os
import signal
import socket
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue
from typing import NoReturn, assert_never

import msgspec

from pellucid.core.errors import EngineError, PellucidError
from pellucid.engine import fake
from pellucid.engine.available import available
from pellucid.engine.backend import Backend
from pellucid.engine.fit import check_memory, ids, yarn_factor
from pellucid.engine.frames import (
    HEADER,
    EngineInfo,
    HostSettings,
    Load,
    LoadFailed,
    ToClient,
    ToHost,
    Tokenize,
    Tokenized,
    body_length,
    pack,
)
from pellucid.engine.jobs import Limits
from pellucid.engine.llama.orphan import die_with_parent
from pellucid.engine.metrics import Ask, Meter, resident
from pellucid.engine.prefix_files import PrefixFiles
from pellucid.engine.sequence import Cancel, Order, Output, Request, Stop
from pellucid.engine.shelf import Shelf, Worth
from pellucid.engine.worker import Worker

# How long a step under way may take to end by itself once the client has gone, in seconds.
GRACE = 0.3
FAKE_END = b"<|end|>"


class Port:
    """The host's end of the socket. Sending is safe from both threads."""

    def __init__(self, link: socket.socket) -> None:
        """Take over a connected stream socket."""
        self._link = link
        self._stream = link.makefile("rb")
        self._decoder: msgspec.msgpack.Decoder[ToHost] = msgspec.msgpack.Decoder(ToHost)
        self._lock = threading.Lock()

    def frames(self) -> Iterator[ToHost]:
        """Frames as they come, until the client closes or is gone."""
        while len(header := self._stream.read(HEADER)) == HEADER:
            length = body_length(header)
            body = self._stream.read(length)
            if len(body) == length:
                yield self._decoder.decode(body)

    def send(self, *frames: ToClient) -> None:
        """Send frames in order; BrokenPipeError when the client has gone."""
        data = b"".join(map(pack, frames))
        with self._lock:
            self._link.sendall(data)


class Orders:
    """The worker's inbox: the reader puts, the worker drains."""

    def __init__(self) -> None:
        """Nothing waits yet."""
        self._queue: SimpleQueue[Order] = SimpleQueue()

    def put(self, order: Order) -> None:
        """Add an order."""
        self._queue.put(order)

    def drain(self, block: bool) -> list[Order]:
        """All orders waiting, oldest first; with `block`, wait until there is one."""
        orders = [self._queue.get()] if block else []
        # Only the worker takes, so what is there now can be taken without waiting.
        orders += [self._queue.get_nowait() for _ in range(self._queue.qsize())]
        return orders


@dataclass(frozen=True, slots=True)
class Loaded:
    """A backend, how it splits text, what to tell the client about it, and what is counted."""

    backend: Backend
    tokenize: Callable[[bytes, bool], tuple[int, ...]]
    info: EngineInfo
    meter: Meter = field(default_factory=lambda: Meter(time.monotonic()))


def load(settings: HostSettings) -> Loaded:
    """Load what the settings name; WeightsError or EngineError when it cannot be."""
    return _load_weights(settings) if settings.path else _load_fake(settings)


def _load_weights(settings: HostSettings) -> Loaded:
    """Real weights through llama.cpp, which is imported only here."""
    tune_libraries(settings.spin)
    from pellucid.engine.llama.binding import Shape, check_file
    from pellucid.engine.llama.context import LlamaBackend
    from pellucid.engine.llama.fingerprint import fingerprint

    begun, path = time.perf_counter(), Path(settings.path)
    check_file(path)
    shape = Shape(
        settings.cells or 2 * settings.window,
        ids(settings),
        settings.batch,
        settings.threads or cores(),
        settings.kv,
        yarn_factor(settings),
    )
    check_memory(settings, available())
    adapters = {name: Path(file) for name, file in settings.adapters}
    backend = LlamaBackend(path, settings.window, shape, adapters)
    metadata = backend.model.metadata
    info = EngineInfo(
        window=backend.window,
        native_window=backend.model.native_window,
        sequences=settings.sequences,
        cells=backend.cells,
        end_tokens=backend.end_tokens,
        pieces=backend.vocabulary.pieces,
        special=backend.vocabulary.special,
        architecture=metadata.get("general.architecture", ""),
        name=metadata.get("general.name", ""),
        fingerprint=fingerprint(path, backend.model, shape, limits(settings).step_tokens),
        load_seconds=time.perf_counter() - begun,
        kv=shape.kv,
        yarn=shape.yarn,
        adapters=dict(backend.adapters),
    )
    return Loaded(backend, backend.vocabulary.tokenize, info)


def tune_libraries(spin: bool) -> None:
    """Settings of the libraries below llama.cpp that must be made before it is imported.

    OpenMP's threads sleep while they wait for each other: spinning gains nothing on idle
    cores and costs most of the speed on busy ones. And a failed assertion ends the process
    at once, without a debugger to draw a backtrace.
    """
    if not spin:
        os.putenv("OMP_WAIT_POLICY", "PASSIVE")
    os.putenv("GGML_NO_BACKTRACE", "1")


def limits(settings: HostSettings) -> Limits:
    """What the scheduler may do at once."""
    return Limits(
        max_running=settings.sequences, max_queued=settings.queue, guesses=settings.guesses
    )


def cores() -> int:
    """Cores this process may use."""
    return len(os.sched_getaffinity(0))


def _load_fake(settings: HostSettings) -> Loaded:
    """The fake backend: every byte is a token."""
    backend = fake.Backend(
        cells=settings.cells or 2 * settings.window,
        sequences=ids(settings),
        window=settings.window,
        batch=settings.batch,
        charge=lambda tokens: time.sleep(settings.fake_seconds),
        adapters=dict(settings.adapters),
    )
    info = EngineInfo(
        window=backend.window,
        native_window=backend.window,
        sequences=settings.sequences,
        cells=backend.cells,
        end_tokens=backend.end_tokens,
        pieces=tuple(backend.piece(token) for token in range(fake.VOCABULARY)),
        special={FAKE_END.decode(): fake.END},
        architecture="fake",
        name="fake",
        fingerprint="fake",
        load_seconds=0.0,
        adapters=dict(backend.adapters),
    )
    return Loaded(backend, _tokenize_fake, info)


def _tokenize_fake(text: bytes, special: bool) -> tuple[int, ...]:
    """Bytes as tokens; with `special`, the end token where it is written."""
    if not special:
        return tuple(text)
    head, *rest = text.split(FAKE_END)
    return (*head, *(token for part in rest for token in (fake.END, *part)))


def _answer(port: Port, frame: Tokenize, loaded: Loaded) -> None:
    """Split the text of a frame and send the tokens, or why there are none."""
    try:
        answer = Tokenized(frame.ask, loaded.tokenize(frame.text, frame.special))
    except Exception as error:
        answer = Tokenized(frame.ask, error=f"cannot split the text into tokens: {error}")
    port.send(answer)


def _prepare(request: Request, loaded: Loaded, orders: Orders, preparing: set[str]) -> None:
    """Hand a request to the token loop once its grammar is compiled."""
    try:
        loaded.backend.prepare(request.sampling.grammar)
    finally:
        orders.put(request)
        preparing.discard(request.request_id)


def _read(port: Port, frames: Iterator[ToHost], loaded: Future[Loaded], orders: Orders) -> None:
    """Take frames until the client goes. Long texts take seconds to split and large grammars
    a second to compile, so that is done aside: a cancellation or the end of the socket must
    not wait for it, nor may the token loop."""
    splitter, compiler = ThreadPoolExecutor(max_workers=1), ThreadPoolExecutor(max_workers=1)
    preparing = set[str]()
    for frame in frames:
        match frame:
            case Tokenize():
                splitter.submit(_answer, port, frame, loaded.result())
            case Request() if frame.sampling.grammar:
                preparing.add(frame.request_id)
                compiler.submit(_prepare, frame, loaded.result(), orders, preparing)
            case Cancel() if frame.request_id in preparing:
                compiler.submit(orders.put, frame)  # it must not overtake its request
            case Ask():
                port.send(loaded.result().meter.report(time.monotonic(), resident()))
            case Request() | Cancel():
                orders.put(frame)
            case Load():
                raise EngineError("a host loads once")
            case _:
                assert_never(frame)


def _read_and_exit(
    port: Port,
    frames: Iterator[ToHost],
    loaded: Future[Loaded],
    orders: Orders,
    ended: threading.Event,
    leaving: threading.Lock,
) -> None:
    """The second thread. Nothing outlives the socket, whatever the main thread does."""
    code = 0
    try:
        _read(port, frames, loaded, orders)
    except ConnectionError:
        pass  # The client has gone: what the end of the stream says, too.
    except Exception:
        traceback.print_exc()
        code = 1
    orders.put(Stop())
    ended.wait(GRACE)
    _leave(leaving, code)


def _leave(leaving: threading.Lock, code: int) -> NoReturn:
    """End the process, once: what is run at its end must not be run by two threads."""
    leaving.acquire()  # for good: a second thread waits here for the end
    os._exit(code)


def serve(link: socket.socket, leaving: threading.Lock) -> None:
    """Load what the first frame asks for and run the token loop until the client goes.

    `leaving` is held by the thread that ends the process.
    """
    port, orders = Port(link), Orders()
    frames = port.frames()
    first = next(frames, None)
    if not isinstance(first, Load):
        return
    loaded: Future[Loaded] = Future()
    ended = threading.Event()
    arguments = (port, frames, loaded, orders, ended, leaving)
    threading.Thread(target=_read_and_exit, args=arguments, daemon=True).start()
    try:
        found = load(first.settings)
    except PellucidError as error:
        port.send(LoadFailed(str(error)))
        return
    loaded.set_result(found)
    port.send(found.info)

    def publish(outputs: Sequence[Output]) -> None:
        port.send(*outputs)

    files = open_files(first.settings, found.info.fingerprint)
    shelf = Shelf(files, Worth()) if files else None
    worker = Worker(found.backend, limits(first.settings), time.monotonic, shelf, found.meter)
    worker.run(orders, publish)
    if files:
        files.close()  # has as long as a step under way has
    ended.set()


def open_files(settings: HostSettings, fingerprint: str) -> PrefixFiles | None:
    """Where prefixes survive this process, if the settings say so and the folder is usable."""
    if not settings.prefixes:
        return None
    try:
        folder, most = Path(settings.prefixes), settings.prefix_bytes
        return PrefixFiles(folder, most, fingerprint, settings.template)
    except OSError as error:
        print(f"prefixes are not kept on disk: {error}", file=sys.stderr)
        return None


def main() -> None:
    """Serve the socket whose descriptor is the only argument."""
    die_with_parent()
    # The client decides what Ctrl-C means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    code, leaving = 0, threading.Lock()
    try:
        serve(socket.socket(fileno=int(sys.argv[1])), leaving)
    except ConnectionError:
        pass  # The client has gone, and nobody is left to tell.
    except Exception:
        traceback.print_exc()
        code = 1
    # llama.cpp's threads and the log callback do not survive Python's orderly end.
    sys.stderr.flush()
    _leave(leaving, code)


if __name__ == "__main__":
    main()
