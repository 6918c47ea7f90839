"""Client and host together, each in its own process, on the fake backend."""

import asyncio
import os
import select
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path

import pytest
from engine_runs import alone
from llguidance import LLMatcher

from pellucid.core.errors import (
    DeadlineMissed,
    EngineBusy,
    EngineDied,
    EngineError,
    WeightsError,
)
from pellucid.engine.client import EngineClient, HostSettings
from pellucid.engine.frames import FRAME_CAP, Tokenize, Tokenized
from pellucid.engine.process import HostProcess
from pellucid.engine.sequence import Finished, Request, Sampling, Tokens

STEP = 0.01
FAKE = HostSettings(window=2048, fake_seconds=STEP)


@pytest.fixture
async def client() -> AsyncIterator[EngineClient]:
    async with EngineClient(FAKE) as running:
        yield running


def ask(name: str, prompt: str, max_tokens: int = 200, **more: object) -> Request:
    return Request(name, tuple(prompt.encode()), max_tokens, **more)  # type: ignore[arg-type]


def long_answer(least: int = 60) -> str:
    """A prompt the fake backend answers at length."""
    prompts = (f"prompt {number}" for number in range(1000))
    return next(one for one in prompts if len(alone(ask("", one))[0]) >= least)


async def collect(
    client: EngineClient, request: Request
) -> tuple[dict[int, tuple[int, ...]], list[Finished]]:
    """All tokens by candidate, and how each ended."""
    tokens: dict[int, tuple[int, ...]] = {}
    ends = []
    async with aclosing(client.generate(request)) as outputs:
        async for output in outputs:
            if isinstance(output, Tokens):
                tokens[output.index] = tokens.get(output.index, ()) + output.tokens
            else:
                ends.append(output)
    return tokens, ends


async def answer(client: EngineClient, request: Request) -> tuple[int, ...]:
    tokens, _ = await collect(client, request)
    return tokens.get(0, ())


async def kill(client: EngineClient) -> None:
    """Kill the host, and wait for the next one to answer."""
    killed = client.pid
    assert killed is not None
    os.kill(killed, signal.SIGKILL)
    while client.pid in (killed, None):
        await client.tokenize(b"", special=False)


def gone(descriptor: int, seconds: float) -> bool:
    """Whether the process of a pidfd ends within that time."""
    return bool(select.select([descriptor], [], [], seconds)[0])


async def test_answers_are_those_of_the_request_alone(client: EngineClient) -> None:
    requests = [ask(f"r{number}", f"question {number}") for number in range(12)]
    answers = await asyncio.gather(*(answer(client, request) for request in requests))
    assert list(answers) == [alone(request)[0] for request in requests]


async def test_candidates_end_one_by_one(client: EngineClient) -> None:
    request = ask("r", "three ways", n=3, sampling=Sampling(temperature=1.0, seed=7))
    tokens, ends = await collect(client, request)
    assert tokens == {index: alone(request, index)[0] for index in range(3)}
    assert sorted(end.index for end in ends) == [0, 1, 2]


async def test_a_second_request_finds_the_prefix(client: EngineClient) -> None:
    _, first = await collect(client, ask("a", "x" * 200))
    _, second = await collect(client, ask("b", "x" * 200))
    assert (first[0].cached, second[0].cached) == (0, 199)


async def test_info(client: EngineClient) -> None:
    info = await client.ready()
    assert info.window == 2048
    assert info.pieces[65] == b"A"
    assert info.special == {"<|end|>": 256}
    assert info.end_tokens == {256}


async def test_tokenize(client: EngineClient) -> None:
    assert await client.tokenize(b"a<|end|>b", special=False) == tuple(b"a<|end|>b")
    assert await client.tokenize(b"a<|end|>b", special=True) == (97, 256, 98)


async def test_closing_an_answer_frees_its_place() -> None:
    prompt = long_answer()  # of 60 tokens at least: 3 s each, were they not cancelled
    async with EngineClient(HostSettings(sequences=1, fake_seconds=0.05)) as client:
        await client.ready()
        async with asyncio.timeout(3):
            for number in range(4):
                async with aclosing(client.generate(ask(f"r{number}", prompt))) as outputs:
                    assert isinstance(await anext(outputs), Tokens)


async def test_a_full_queue_refuses() -> None:
    async with EngineClient(HostSettings(sequences=1, queue=2, fake_seconds=STEP)) as client:
        prompt = long_answer()
        jobs = [asyncio.create_task(answer(client, ask(f"r{n}", prompt))) for n in range(5)]
        results = await asyncio.gather(*jobs, return_exceptions=True)
    refused = [one for one in results if isinstance(one, EngineBusy)]
    assert refused
    assert "try again in 1 s" in str(refused[0])
    assert refused[0].retry_after == 1.0
    assert {one for one in results if isinstance(one, tuple)} == {alone(ask("", prompt))[0]}


async def test_a_deadline_that_is_not_kept() -> None:
    async with EngineClient(HostSettings(sequences=1, fake_seconds=STEP)) as client:
        async with aclosing(client.generate(ask("first", long_answer()))) as outputs:
            await anext(outputs)
            with pytest.raises(DeadlineMissed, match=r"due after 0\.05 s, did not come; try"):
                await answer(client, ask("second", "in time?", deadline=0.05))
        assert await answer(client, ask("third", "in time?", deadline=9.0))


async def test_more_important_and_deterministic_requests() -> None:
    """Three classes want one place, and each gets the tokens it gets alone."""
    async with EngineClient(HostSettings(sequences=1, fake_seconds=STEP)) as client:
        kinds = [("batch", False), ("batch", True), ("background", True), ("interactive", False)]
        requests = [
            ask(f"r{number}", f"question {number}", priority=priority, deterministic=alone_)
            for number, (priority, alone_) in enumerate(kinds)
        ]
        answers = await asyncio.gather(*(answer(client, request) for request in requests))
    assert list(answers) == [alone(request)[0] for request in requests]


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        (ask("r", ""), "prompt is empty"),
        (ask("r", "x", 0), "max_tokens"),
        (ask("r", "x" * 3000), "the engine holds 2048"),
        (Request("r", (5, 257), 8), "token 257 does not exist"),
        (ask("r", "x", sampling=Sampling(logit_bias=((-1, 1.0),))), "token -1 does not exist"),
    ],
)
async def test_impossible_requests(client: EngineClient, request_: Request, message: str) -> None:
    with pytest.raises(EngineError, match=message):
        await answer(client, request_)
    assert await answer(client, ask("r", "next")) == alone(ask("r", "next"))[0]


async def test_one_request_id_at_a_time(client: EngineClient) -> None:
    async with aclosing(client.generate(ask("same", long_answer()))) as outputs:
        await anext(outputs)
        with pytest.raises(EngineError, match="under way"):
            await answer(client, ask("same", "other"))


async def test_too_long_a_text(client: EngineClient) -> None:
    with pytest.raises(EngineError, match="over the cap"):
        await client.tokenize(b"x" * FRAME_CAP, special=False)
    assert await client.tokenize(b"x", special=False) == (120,)


async def test_death_in_the_middle_of_an_answer(client: EngineClient) -> None:
    async with aclosing(client.generate(ask("r", long_answer()))) as outputs:
        await anext(outputs)
        killed = client.pid
        assert killed is not None
        os.kill(killed, signal.SIGKILL)
        with pytest.raises(EngineDied, match="killed by SIGKILL") as raised:
            async for _ in outputs:
                pass
    assert raised.value.retryable
    again = ask("r", "and now?")
    assert await answer(client, again) == alone(again)[0]
    assert client.pid != killed


async def test_death_before_the_first_token_is_not_seen(client: EngineClient) -> None:
    await client.ready()
    killed = client.pid
    assert killed is not None
    os.kill(killed, signal.SIGSTOP)  # so that it cannot have answered anything
    request = ask("r", long_answer())
    job = asyncio.create_task(answer(client, request))
    os.kill(killed, signal.SIGKILL)
    assert await job == alone(request)[0]
    assert client.pid != killed


async def test_death_while_a_text_is_split(client: EngineClient) -> None:
    await client.ready()
    assert client.pid is not None
    os.kill(client.pid, signal.SIGSTOP)
    job = asyncio.create_task(client.tokenize(b"text", special=False))
    os.kill(client.pid, signal.SIGKILL)
    assert await job == tuple(b"text")


async def test_a_request_is_tried_twice_and_a_host_three_times() -> None:
    async with EngineClient(HostSettings(fake_seconds=60)) as client:
        await client.ready()
        first = asyncio.create_task(answer(client, ask("a", "never")))
        await kill(client)
        await kill(client)
        with pytest.raises(EngineDied, match="ask again"):
            await first
        second = asyncio.create_task(answer(client, ask("b", "never")))
        assert client.pid is not None
        os.kill(client.pid, signal.SIGKILL)
        with pytest.raises(EngineError, match="gave up after 3 starts") as raised:
            await second
        assert not raised.value.retryable
        with pytest.raises(EngineError, match="gave up"):
            await client.ready()
        # The next one who asks gets a new host all the same.
        assert await client.tokenize(b"x", special=False) == (120,)


async def test_a_host_that_cannot_run() -> None:
    broken = HostSettings(window="many")  # type: ignore[arg-type]
    async with EngineClient(broken) as client:
        with pytest.raises(WeightsError, match="Expected `int`, got `str`"):
            await client.ready()


async def test_not_running() -> None:
    client = EngineClient(FAKE)
    with pytest.raises(EngineError, match="not running"):
        await client.ready()
    await client.start()
    await client.close()
    with pytest.raises(EngineError, match="not running"):
        await client.tokenize(b"", special=False)


async def test_close_leaves_no_process_and_ends_what_runs() -> None:
    client = EngineClient(FAKE)
    await client.start()
    await client.ready()
    assert client.pid is not None
    descriptor = os.pidfd_open(client.pid)
    job = asyncio.create_task(answer(client, ask("r", long_answer())))
    await client.tokenize(b"", special=False)
    await client.close()
    assert gone(descriptor, 0)
    os.close(descriptor)
    with pytest.raises(EngineError, match="closed"):
        await job


async def test_close_ends_what_waits_for_an_answer(client: EngineClient) -> None:
    stream = client.generate(ask("r", long_answer()))
    await anext(stream)
    assert client.pid is not None
    os.kill(client.pid, signal.SIGSTOP)
    job = asyncio.create_task(client.tokenize(b"x", special=False))
    await asyncio.sleep(0)  # lets it ask
    await client.close()
    with pytest.raises(EngineError, match="closed"):
        await job
    await stream.aclose()


async def test_interrupts_do_not_reach_the_host(client: EngineClient) -> None:
    await client.ready()
    pid = client.pid
    assert pid is not None
    assert os.getsid(pid) == pid, "a session of its own: Ctrl-C is for the parent"
    os.kill(pid, signal.SIGINT)
    assert await client.tokenize(b"x", special=False) == (120,)
    assert client.pid == pid


async def test_the_host_goes_with_its_socket_in_the_middle_of_a_decode() -> None:
    host = await HostProcess.spawn(HostSettings(fake_seconds=60))
    descriptor = os.pidfd_open(host.process.pid)
    await host.receive()
    host.send(ask("r", "never"))
    host.send(Tokenize(0, b"", special=False))
    assert await host.receive() == Tokenized(0)  # so it has the request, too
    host.disconnect()
    await asyncio.wait_for(host.process.wait(), 1.0)
    assert gone(descriptor, 0)
    assert host.process.returncode == 0, "by itself"
    os.close(descriptor)
    await host.end()


PARENT = """
import asyncio
from pellucid.engine.client import EngineClient, HostSettings
from pellucid.engine.sequence import Request

async def main():
    client = EngineClient(HostSettings(fake_seconds=60))
    await client.start()
    await client.ready()
    job = asyncio.create_task(anext(client.generate(Request("r", (1, 2, 3), 10))))
    await client.tokenize(b"", special=False)
    print(client.pid, flush=True)
    await job

asyncio.run(main())
"""


async def test_the_host_goes_with_its_parent_in_the_middle_of_a_decode(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(PARENT)
    parent = await asyncio.create_subprocess_exec(
        sys.executable, str(script), stdout=asyncio.subprocess.PIPE
    )
    assert parent.stdout is not None
    descriptor = os.pidfd_open(int(await parent.stdout.readline()))
    parent.kill()
    await parent.wait()
    assert gone(descriptor, 1.0)
    os.close(descriptor)


async def test_one_file_is_not_a_model(tmp_path: Path) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("not weights")
    async with EngineClient(HostSettings(path=str(text))) as client:
        with pytest.raises(WeightsError, match=r"notes\.txt is not a GGUF file"):
            await client.ready()
        with pytest.raises(WeightsError, match="not a GGUF file"):
            await client.tokenize(b"x", special=False)
        assert client._keeper is not None
        await client._keeper  # ends by itself: such a host is not started again
        assert client.pid is None


async def test_an_answer_that_follows_a_grammar(client: EngineClient) -> None:
    request = ask("r", "hello", sampling=Sampling(grammar='start: "yes " /[a-c]{3}/'))
    tokens, (end,) = await collect(client, request)
    assert bytes(tokens[0])[:4] == b"yes "
    assert (len(tokens[0]), end.reason) == (7, "stop")


async def test_a_grammar_that_cannot_be_followed_is_an_error_with_its_reason(
    client: EngineClient,
) -> None:
    with pytest.raises(EngineError, match="Expected token"):
        await collect(client, ask("r", "hello", sampling=Sampling(grammar="start: (")))
    assert await answer(client, ask("s", "hello"))


async def test_a_request_cancelled_while_its_grammar_is_compiled_never_runs(
    client: EngineClient,
) -> None:
    slow = LLMatcher.grammar_from_json_schema({"enum": [f"{n:020}" for n in range(30_000)]})
    outputs = client.generate(ask("r", "hello", sampling=Sampling(grammar=slow)))
    waiting = asyncio.ensure_future(anext(outputs))
    await answer(client, ask("other", "hello", 3))  # it is not held up by the compiler
    assert not waiting.done()
    waiting.cancel()
    await asyncio.wait([waiting])
    tokens, (end,) = await collect(client, ask("s", "x", 3, sampling=Sampling(grammar=slow)))
    assert (bytes(tokens[0]), end.reason) == (b'"00', "length")
    assert (await client.metrics()).report.ended == {"length": 2, "cancelled": 1}


async def test_adapters_are_named_when_loaded_and_refused_when_unknown() -> None:
    settings = HostSettings(adapters=(("red", "red.gguf"), ("blue", "blue.gguf")))
    async with EngineClient(settings) as client:
        assert (await client.ready()).adapters == {"red": "red.gguf", "blue": "blue.gguf"}
        assert [one async for one in client.generate(Request("r", (1,), 4, adapter="red"))]
        with pytest.raises(EngineError, match="no adapter 'green'; there are red, blue"):
            async for _ in client.generate(Request("s", (1,), 4, adapter="green")):
                pass
