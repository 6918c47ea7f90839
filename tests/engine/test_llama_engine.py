"""The whole engine on real weights: client, host, scheduler, prefix cache, llama.cpp."""

import asyncio
import json
import os
import signal
import time
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path

import jsonschema
import pytest
from llguidance import LLMatcher

from pellucid.core.errors import EngineDied
from pellucid.engine.client import EngineClient, HostSettings
from pellucid.engine.process import HostProcess
from pellucid.engine.sequence import Finished, Request, Sampling, Tokens

pytestmark = pytest.mark.weights

CHAT = b"<|im_start|>user\n%s<|im_end|>\n<|im_start|>assistant\n"
QUESTIONS = (b"What is the capital of France?", b"Count to ten.", b"Name three animals.", b"Hi!")


@pytest.fixture
async def client(smol: Path) -> AsyncIterator[EngineClient]:
    async with EngineClient(HostSettings(str(smol), window=2048)) as running:
        yield running


async def prompt(client: EngineClient, question: bytes) -> tuple[int, ...]:
    return await client.tokenize(CHAT % question, special=True)


async def collect(
    client: EngineClient, request: Request
) -> tuple[dict[int, list[int]], list[float], list[Finished]]:
    """Tokens by candidate, log-probabilities, ends."""
    tokens: dict[int, list[int]] = {}
    logprobs: list[float] = []
    ends = []
    async with aclosing(client.generate(request)) as outputs:
        async for output in outputs:
            if isinstance(output, Tokens):
                tokens.setdefault(output.index, []).extend(output.tokens)
                logprobs += output.logprobs
            else:
                ends.append(output)
    return tokens, logprobs, ends


async def say(client: EngineClient, request: Request) -> bytes:
    tokens, _, _ = await collect(client, request)
    pieces = (await client.ready()).pieces
    return b"".join(pieces[token] for token in tokens.get(0, []))


async def endless(client: EngineClient, name: str) -> Request:
    """A request that runs into its limit, far away. Eight of them have room."""
    info = await client.ready()
    bias = tuple((token, -1e9) for token in info.end_tokens)
    tokens = await prompt(client, b"Count.")
    return Request(name, tokens, 400, Sampling(logit_bias=bias))


async def test_info(client: EngineClient) -> None:
    info = await client.ready()
    assert (info.window, info.native_window) == (2048, 8192)
    assert info.architecture == "llama"
    assert info.special["<|im_end|>"] in info.end_tokens
    assert len(info.pieces) == 49152
    assert "llama-cpp-python" in info.fingerprint


async def test_answers_together_are_sensible_and_ended(client: EngineClient) -> None:
    prompts = [await prompt(client, question) for question in QUESTIONS]
    jobs = [say(client, Request(f"r{n}", tokens, 40)) for n, tokens in enumerate(prompts)]
    answers = await asyncio.gather(*jobs)
    assert b"Paris" in answers[0]
    assert all(answers)


async def test_a_prefix_hit_gives_the_tokens_of_the_cold_run(client: EngineClient) -> None:
    tokens = await prompt(client, b"Explain rain to a child. " * 8)
    cold, _, first = await collect(client, Request("a", tokens, 24))
    warm, _, second = await collect(client, Request("b", tokens, 24))
    other, _, third = await collect(client, Request("c", tokens, 24, owner="someone else"))
    assert cold == warm == other
    assert (first[0].cached, second[0].cached, third[0].cached) == (0, len(tokens) - 1, 0)


async def test_candidates_differ_and_are_reproducible(smol: Path) -> None:
    # On fresh engines: which cells and which neighbours a token is computed with changes
    # the last bits of its logits, and with them, now and then, the draw.
    runs = []
    for _ in range(2):
        async with EngineClient(HostSettings(str(smol), window=2048)) as client:
            tokens = await prompt(client, b"Tell me a story.")
            sampling = Sampling(temperature=1.0, top_p=0.95, seed=11)
            candidates, _, ends = await collect(client, Request("r", tokens, 16, sampling, n=3))
            runs.append(candidates)
    assert runs[0] == runs[1]
    assert len({tuple(one) for one in runs[0].values()}) == 3
    assert sorted(end.index for end in ends) == [0, 1, 2]


async def test_stop_strings(client: EngineClient) -> None:
    tokens = await prompt(client, QUESTIONS[0])
    assert await say(client, Request("r", tokens, 20)) == b"The capital of France is Paris."
    assert await say(client, Request("r", tokens, 20, stop=(b"of Fr",))) == b"The capital of France"


async def test_logprobs(client: EngineClient) -> None:
    tokens = await prompt(client, b"Hello!")
    drawn, logprobs, _ = await collect(client, Request("r", tokens, 8, Sampling(logprobs=True)))
    assert len(logprobs) == len(drawn[0])
    assert all(value <= 0 for value in logprobs)


async def test_cancellation_frees_within_a_second(client: EngineClient) -> None:
    requests = [await endless(client, f"r{n}") for n in range(8)]
    streams = [client.generate(request) for request in requests]
    await asyncio.gather(*(anext(stream) for stream in streams))  # every place is taken
    begun = time.perf_counter()
    for stream in streams:
        await stream.aclose()
    # The next one gets a place, so the others have ended.
    async with aclosing(client.generate(await endless(client, "next"))) as outputs:
        await anext(outputs)
    assert time.perf_counter() - begun < 1.0


async def test_kill_in_the_middle_of_decoding(client: EngineClient) -> None:
    async with aclosing(client.generate(await endless(client, "r"))) as outputs:
        await anext(outputs)
        assert client.pid is not None
        os.kill(client.pid, signal.SIGKILL)
        with pytest.raises(EngineDied, match="SIGKILL"):
            async for _ in outputs:
                pass
    tokens = await prompt(client, QUESTIONS[0])
    assert b"Paris" in await say(client, Request("r", tokens, 20))


async def test_the_host_goes_with_its_socket_in_the_middle_of_a_prompt(smol: Path) -> None:
    host = await HostProcess.spawn(HostSettings(str(smol), window=2048))
    await host.receive()
    host.send(Request("short", (100,) * 4, 1))
    host.send(Request("long", tuple(range(100, 1900)), 1))
    assert isinstance(await host.receive(), Tokens)  # so the long one is being computed
    host.disconnect()
    await asyncio.wait_for(host.process.wait(), 1.0)
    assert host.process.returncode == 0, "by itself"
    await host.end()


SCHEMA = {
    "type": "object",
    "properties": {
        "country": {"type": "string", "maxLength": 30},
        "capital_city_of_the_country": {"type": "string", "maxLength": 30},
        "millions_of_inhabitants": {"type": "integer", "minimum": 0, "maximum": 2000},
    },
    "required": ["country", "capital_city_of_the_country", "millions_of_inhabitants"],
    "additionalProperties": False,
}


async def test_an_answer_that_follows_a_schema(client: EngineClient) -> None:
    """Valid, whole, in the schema's order, in fewer steps than tokens, and the same as when
    each token is drawn; also beside others."""
    grammar = LLMatcher.grammar_from_json_schema(
        SCHEMA, overrides={"whitespace_flexible": False, "key_separator": ": "}
    )
    tokens = await prompt(client, b"Tell me about France, as JSON.")
    answers = await asyncio.gather(
        say(client, Request("r", tokens, 120, Sampling(grammar=grammar))),
        say(client, Request("s", tokens, 120, Sampling(grammar=grammar, forced=False))),
        say(client, Request("t", tokens, 60)),
    )
    for answer in answers[:2]:
        value = json.loads(answer)
        jsonschema.validate(value, SCHEMA)
        assert list(value) == list(SCHEMA["properties"])
    assert not answers[2].startswith(b"{")


async def test_no_control_token_is_written_inside_a_string(client: EngineClient) -> None:
    """However likely the model finds it."""
    info = await client.ready()
    bias = tuple((token, 100.0) for token in info.special.values())
    grammar = LLMatcher.grammar_from_json_schema(
        {"type": "string", "minLength": 20, "maxLength": 40}
    )
    tokens = await prompt(client, b"Hi!")
    sampling = Sampling(logit_bias=bias, grammar=grammar)
    written, _, (end,) = await collect(client, Request("r", tokens, 60, sampling))
    assert not set(written[0]) & set(info.special.values())
    text = b"".join(info.pieces[token] for token in written[0])
    assert end.reason == "stop"
    assert len(json.loads(text)) >= 20
