"""What llama.cpp is built with (scripts/)."""

import platform
import shutil
import subprocess
from pathlib import Path

import pytest

HEADER = Path(__file__).parent.parent / "scripts" / "amx.h"
COMPILE = (
    *("g++", "-x", "c++", "-O3", "-S", "-o", "-", "-"),
    *("-mamx-tile", "-fno-asynchronous-unwind-tables", "-include"),
)
LOADS = """
#include <immintrin.h>
struct config { unsigned char head[48], rows[16]; };
void load(unsigned char rows) {
    config tiles = {};
    tiles.head[0] = 1;
    tiles.rows[7] = rows;
    _tile_loadconfig(&tiles);
}
"""


def assembly(header: str) -> str:
    done = subprocess.run(
        [*COMPILE, header], input=LOADS, capture_output=True, text=True, check=True
    )
    return done.stdout


@pytest.mark.skipif(
    platform.machine() != "x86_64" or shutil.which("g++") is None, reason="no AMX, or no g++"
)
def test_the_whole_configuration_of_amx_is_written_before_it_is_loaded() -> None:
    # The argument arrives in edi; who drops the store never reads it.
    text = assembly(str(HEADER))
    before, found, _ = text.partition("ldtilecfg")
    assert found
    assert "%dil" in before or "%edi" in before
