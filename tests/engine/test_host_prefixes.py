"""Prefixes that survive a host: the whole way through client, host and files."""

from contextlib import aclosing
from dataclasses import replace
from pathlib import Path

import pytest
from engine_runs import alone

from pellucid.engine.client import EngineClient, HostSettings
from pellucid.engine.sequence import Finished, Request, Sampling, Tokens

CHAT = b"<|im_start|>user\n%s<|im_end|>\n<|im_start|>assistant\n"
TEXT = b"Explain to a child, slowly, why it rains and where the water comes from. "


Answer = tuple[tuple[int, ...], tuple[float, ...], Finished]


async def ask(client: EngineClient, text: bytes, owner: str) -> Answer:
    """Tokens, their log-probabilities and the end of a greedy request."""
    tokens: tuple[int, ...] = ()
    logprobs: tuple[float, ...] = ()
    prompt = await client.tokenize(text, special=True)
    request = Request("r", prompt, 16, Sampling(logprobs=True), owner=owner)
    async with aclosing(client.generate(request)) as outputs:
        async for output in outputs:
            if isinstance(output, Tokens):
                tokens, logprobs = tokens + output.tokens, logprobs + output.logprobs
            else:
                ended = output
    return tokens, logprobs, ended


async def asked(settings: HostSettings, *texts: bytes, owner: str = "ann") -> list[Answer]:
    """What a host that is started for it answers to one text after the other."""
    async with EngineClient(settings) as client:
        return [await ask(client, text, owner) for text in texts]


async def written(settings: HostSettings, *texts: bytes) -> tuple[list[Answer], Path]:
    """What a host answers that is closed only once it wrote a file, and the file."""
    folder = Path(settings.prefixes)
    async with EngineClient(settings) as client:
        answers = [await ask(client, text, "ann") for text in texts]
        while not (found := list(folder.glob("*.prefix"))):
            await client.tokenize(b"", special=False)
    (file,) = found
    return answers, file


async def test_a_prompt_survives_its_host(tmp_path: Path) -> None:
    settings = HostSettings(prefixes=str(tmp_path / "prefixes"), template="t")
    [(cold, _, first)], _ = await written(settings, TEXT * 6)
    ((warm, _, second),) = await asked(settings, TEXT * 6)
    assert (first.cached, second.cached) == (0, len(TEXT) * 6 - 1)
    assert warm == cold == alone(Request("", tuple(TEXT * 6), 16))[0]
    ((_, _, other),) = await asked(settings, TEXT * 6, owner="bob")
    assert other.cached == 0
    ((_, _, fresh),) = await asked(replace(settings, template="u"), TEXT * 6)
    assert fresh.cached == 0


async def test_a_folder_that_cannot_be_used_is_no_reason_not_to_answer(tmp_path: Path) -> None:
    (tmp_path / "prefixes").write_bytes(b"a file")
    ((tokens, _, ended),) = await asked(HostSettings(prefixes=str(tmp_path / "prefixes")), TEXT * 6)
    assert tokens == alone(Request("", tuple(TEXT * 6), 16))[0]
    assert ended.cached == 0


@pytest.mark.weights
async def test_real_prompts_survive_their_host(tmp_path: Path, smol: Path) -> None:
    """What was read back gives the bits that the cells themselves would have given. (Computed anew,
    in other batches, the last bits may be others, and so may a greedy token.)"""
    settings = HostSettings(str(smol), window=2048, prefixes=str(tmp_path), template="t")
    whole, part = CHAT % (TEXT * 24), CHAT % (TEXT * 20 + b"Then ask whether that was clear.")
    (cold, hot, partly), file = await written(settings, whole, whole, part)
    ((tokens, logprobs, ended),) = await asked(settings, whole)
    assert (tokens, logprobs) == hot[:2]
    assert cold[2].cached == 0
    assert ended.cached == ended.prompt - 1 > 300
    ((tokens, logprobs, ended),) = await asked(settings, part)
    assert (tokens, logprobs) == partly[:2]
    assert 300 < ended.cached == partly[2].cached < ended.prompt - 1
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    ((tokens, _, ended),) = await asked(settings, whole)
    assert (tokens, ended.cached) == (cold[0], 0)
