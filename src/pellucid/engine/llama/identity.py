"""Which weights a file holds, told in a moment: from samples, because hashing gigabytes at
every start would take seconds.

Weights that were trained further differ in nearly every block of each tensor they differ in,
and hardly a tensor is smaller than the distance of two samples.
"""

import hashlib
from pathlib import Path

STRIDE, SAMPLE = 1024 * 1024, 4096


def identity(path: Path) -> str:
    """A digest of the size of a file, of 4 KiB in each MiB of it and of its last 4 KiB."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        size = file.seek(0, 2)
        digest.update(str(size).encode())
        for start in (*range(0, size, STRIDE), max(0, size - SAMPLE)):
            file.seek(start)
            digest.update(file.read(SAMPLE))
    return digest.hexdigest()
