"""What the engine is asked and what it answers, in tokens.

These are the frames between client and host (msgpack through msgspec) and the
words the scheduler speaks. Nothing here knows text: stop strings are bytes.
"""

from typing import Literal

import msgspec

from pellucid.core.serving import Priority

FinishReason = Literal["stop", "length", "cancelled", "error"]


class Sampling(msgspec.Struct, frozen=True):
    """How the next token is drawn. Temperature 0 is greedy; `logprobs` asks for the
    log-probability of each chosen token (among those allowed; 0 where it was forced), and
    `top_logprobs` for so many of the likeliest in its place;
    `logit_bias` maps token ids to additions. `grammar` is what the answer must follow, as
    engine.grammar reads it; tokens it leaves no choice in are appended without being drawn
    when `forced`."""

    temperature: float = 0.0
    top_p: float = 1.0
    top_k: int = 0
    min_p: float = 0.0
    repeat_penalty: float = 1.0
    seed: int = 0
    logit_bias: tuple[tuple[int, float], ...] = ()
    logprobs: bool = False
    top_logprobs: int = 0
    grammar: str = ""
    forced: bool = True


class Request(msgspec.Struct, frozen=True, tag="request"):
    """Continue `prompt` by at most `max_tokens` tokens, `n` times over.

    Candidates share the prompt's cells and differ by seed (seed, seed + 1, ...).
    Decoding ends at an end-of-turn token, at the first of the `stop` byte strings in
    the produced bytes, or at the limit. Prefixes are shared only inside one `owner`.

    `deadline` is when the first token is due, in seconds after the host took the request; 0
    means never. What cannot keep it, or did not, is rejected. A `deterministic` request
    runs by itself, one candidate after the other, and takes nothing from the prefix cache:
    it gives the tokens it gives on an idle engine (with the same fingerprint), at the price
    of making others wait.
    `adapter` names a LoRA adapter the weights were loaded with ("": none).
    """

    request_id: str
    prompt: tuple[int, ...]
    max_tokens: int
    sampling: Sampling = Sampling()
    stop: tuple[bytes, ...] = ()
    n: int = 1
    owner: str = "local"
    priority: Priority = "interactive"
    deadline: float = 0.0
    deterministic: bool = False
    adapter: str = ""


class Tokens(msgspec.Struct, frozen=True, tag="tokens"):
    """New tokens of candidate `index`; end-of-turn tokens are never among them. `tops` are the
    likeliest tokens in the place of each, where they were asked for."""

    request_id: str
    index: int
    tokens: tuple[int, ...]
    logprobs: tuple[float, ...] = ()
    tops: tuple[tuple[tuple[int, float], ...], ...] = ()


class Finished(msgspec.Struct, frozen=True, tag="finished"):
    """Candidate `index` ended. Counts are tokens, times are seconds.

    `cached` is the part of the prompt taken from the prefix cache. With reason
    "error", `message` says why.
    """

    request_id: str
    index: int
    reason: FinishReason
    prompt: int = 0
    cached: int = 0
    completion: int = 0
    queued: float = 0.0
    prefill: float = 0.0
    decode: float = 0.0
    message: str = ""


class Rejected(msgspec.Struct, frozen=True, tag="rejected"):
    """Nothing was produced and nothing will be: the queue is full, or the first token came
    `late` or would. Try again after `retry_after` seconds."""

    request_id: str
    retry_after: float
    message: str = ""
    late: bool = False


class Cancel(msgspec.Struct, frozen=True, tag="cancel"):
    """Stop a request; each candidate still open ends as "cancelled". Unknown ids are ignored."""

    request_id: str


class Stop(msgspec.Struct, frozen=True, tag="stop"):
    """End the token loop; whatever is open ends as "cancelled"."""


Order = Request | Cancel | Stop
Output = Tokens | Finished | Rejected
