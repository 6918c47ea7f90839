"""Any server that speaks the OpenAI API, beside Pellucid's engine: the same texts, streamed.

Prompts are sent as text to `/completions`, and every chunk with text counts as a token, which is
what llama-server, vLLM, SGLang and Ollama send. Whether the server caches prefixes is its own
business: prompts that should be new are sent with words of their own in front.
"""

import asyncio
import json
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bench import Bench, Row, Timing, row

TIMEOUT = 600.0


@dataclass(frozen=True, slots=True)
class Server:
    """`url` ends in the version (`http://localhost:8080/v1`); `model` is what it calls its own."""

    url: str
    model: str

    def answer(self, prompt: str, count: int) -> Timing:
        """Continue a text by so many tokens; OSError when the server does not."""
        asked = {"model": self.model, "prompt": prompt, "max_tokens": count}
        body = json.dumps({**asked, "temperature": 0, "stream": True}).encode()
        request = urllib.request.Request(
            f"{self.url.rstrip('/')}/completions", body, {"Content-Type": "application/json"}
        )
        start, first, tokens = time.perf_counter(), 0.0, 0
        with urllib.request.urlopen(request, timeout=TIMEOUT) as lines:
            for _ in chunks(lines):
                tokens += 1
                first = first or time.perf_counter() - start
        return Timing(first, time.perf_counter() - start, tokens)


def chunks(lines: Iterator[bytes]) -> Iterator[str]:
    """The texts of a stream of server-sent events."""
    for line in lines:
        data = line.removeprefix(b"data:").strip()
        if line.startswith(b"data:") and data != b"[DONE]":
            for choice in json.loads(data)["choices"]:
                if choice.get("text"):
                    yield choice["text"]


async def beside(bench: Bench, server: Server, step: Callable[[], None]) -> list[Row]:
    """One stream, a new prompt, and several clients at once, on both sides."""
    size = bench.sizes
    prompts = bench.family()
    speeds: tuple[list[float], list[float]] = ([], [])
    firsts: tuple[list[float], list[float]] = ([], [])
    walls: tuple[list[float], list[float]] = ([], [])
    for number in range(size.rounds):
        mark = f"{number} {time.time_ns()} "
        texts = [mark + bench.text(prompt) for prompt in prompts]
        theirs = await asyncio.to_thread(server.answer, mark + bench.text(prompts[0]), size.decode)
        ours = await bench.ours.answer(prompts[0], size.decode, f"beside {mark}")
        for side, timing in enumerate((theirs, ours)):
            speeds[side].append(timing.speed)
            firsts[side].append(timing.first)
        step()
        start = time.perf_counter()
        await asyncio.gather(
            *(asyncio.to_thread(server.answer, f"again {text}", size.answer) for text in texts)
        )
        walls[0].append(time.perf_counter() - start)
        walls[1].append(await bench.ours.together(prompts, size.answer, f"together {mark}"))
        step()
    return [
        row("decode, one stream", "tokens/s", server.url, *speeds),
        row(f"first token, {len(prompts[0])} tokens new", "s", server.url, *firsts),
        row(f"{len(prompts)} clients, {size.prefix} tokens in common", "s", server.url, *walls),
    ]
