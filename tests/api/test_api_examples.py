"""The examples, run as they stand against a server with the scripted model."""

import asyncio
import json
import os
import shutil
import subprocess
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
    "batch.py": "What is 6 * 7? The answer is 42.\nWhat is 60 * 7? The answer is 42.\n",
    "openai_agents.py": "The result is 18 degrees and dry in Bern.\ngoodbye\n",
    "langchain_chat.py": (
        "The answer is 42.\nThe answer is 42.\nCity(name='Bern', people=134000)\n"
    ),
    "pydantic_ai_agent.py": (
        "The result is 18 degrees and dry in Bern.\nCity(name='Bern', people=134000)\n"
    ),
}
NODE_SAID = {
    "openai.mjs": "The answer is 42.\n  42: computed\nThe answer is 42.\nBern\n",
    "vercel.mjs": (
        "The answer is 42.\nThe answer is 42.\nThe result is 18 degrees and dry in Bern.\n"
    ),
}


def test_every_example_is_run() -> None:
    assert sorted(SAID) == sorted(path.name for path in EXAMPLES.glob("*.py"))


@pytest.mark.parametrize("name", sorted(SAID))
async def test_an_example_does_what_it_says(tmp_path: Path, name: str) -> None:
    assert await said(tmp_path, sys.executable, str(EXAMPLES / name)) == SAID[name]


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
async def test_the_api_by_hand(tmp_path: Path) -> None:
    out = await said(tmp_path, "sh", str(EXAMPLES / "curl.sh"))
    completion, event, models = out.splitlines()
    assert json.loads(completion)["choices"][0]["message"]["content"] == "The answer is 42."
    assert event == "event: response.completed"
    assert json.loads(models)["data"][0]["id"] == "pellucid-mini"


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The JavaScript examples with what they need."""
    folder = tmp_path_factory.mktemp("node") / "node"
    shutil.copytree(EXAMPLES / "node", folder, ignore=shutil.ignore_patterns("node_modules"))
    command = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"npm ci: {done.stderr.strip().splitlines()[-1]}")
    return folder


def test_every_example_in_javascript_is_run() -> None:
    there = [path.name for path in (EXAMPLES / "node").glob("*.mjs")]
    assert sorted(NODE_SAID) == sorted(there)


@pytest.mark.timeout(300)
@pytest.mark.skipif(shutil.which("npm") is None, reason="npm is not installed")
@pytest.mark.parametrize("name", sorted(NODE_SAID))
async def test_an_example_in_javascript(tmp_path: Path, node: Path, name: str) -> None:
    assert await said(tmp_path, "node", str(node / name)) == NODE_SAID[name]


async def said(folder: Path, *command: str) -> str:
    """What a program prints that asks a server."""
    async with serving(scripted(folder)) as served:
        process = await asyncio.create_subprocess_exec(
            *command,
            env={**os.environ, "OPENAI_BASE_URL": f"{served.url}/v1", "OPENAI_API_KEY": KEY},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await process.communicate()
    assert process.returncode == 0, err.decode()
    return out.decode()
