"""The examples, run as they stand against a server with the scripted model."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from api.served import KEY, scripted, serving

EXAMPLES = Path(__file__).parents[2] / "examples"
SAID = {
    "chat.py": "The answer is 42.\n  42: computed\nThe answer is 42.\n",
    "responses.py": (
        "print(48271964 - 19384756)\n\nThe answer is 42.\nrun again: ['same']\nThe answer is 42.\n"
    ),
    "functions.py": "The result is 18 degrees and dry in Bern.\n",
}


def test_every_example_is_run() -> None:
    assert sorted(SAID) == sorted(path.name for path in EXAMPLES.glob("*.py"))


@pytest.mark.parametrize("name", sorted(SAID))
async def test_an_example_does_what_it_says(tmp_path: Path, name: str) -> None:
    async with serving(scripted(tmp_path)) as served:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            str(EXAMPLES / name),
            env={**os.environ, "OPENAI_BASE_URL": f"{served.url}/v1", "OPENAI_API_KEY": KEY},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await process.communicate()
    assert out.decode() == SAID[name], err.decode()
