"""One llama.cpp sampler chain per sequence."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import llama_cpp.llama_cpp as llama

from pellucid.engine.backend import Sampled
from pellucid.engine.grammar import Guide
from pellucid.engine.sequence import Sampling

if TYPE_CHECKING:
    from llama_cpp.llama_cpp import llama_sampler_p

# How many of the last produced tokens the repeat penalty looks at (llama.cpp's default).
PENALTY_WINDOW = 64
# top_p alone sorts the whole vocabulary, 9 ms for 150,000 tokens; of so many it takes 0.7 ms.
NUCLEUS_CAP = 4096
# llama.cpp takes this seed as "choose one yourself".
RANDOM_SEED = 0xFFFFFFFF


class Chain:
    """How the tokens of one sequence are drawn, in llama.cpp's usual order of samplers.

    Penalties see what was drawn, not the prompt; top_p chooses among the NUCLEUS_CAP most
    likely tokens, unless top_k says otherwise.
    """

    def __init__(self, sampling: Sampling, vocabulary: int, guide: Guide | None) -> None:
        """A chain for so many tokens; ValueError for a bias on a token that does not exist.
        `guide` is where the answer stands in its grammar, if it has one."""
        for token, _ in sampling.logit_bias:
            if not 0 <= token < vocabulary:
                raise ValueError(f"logit_bias names token {token}, which does not exist")
        self.sampling, self.guide = sampling, guide
        self._chain = llama.llama_sampler_chain_init(llama.llama_sampler_chain_default_params())
        for part in _shaping(sampling, vocabulary):
            llama.llama_sampler_chain_add(self._chain, part)
        for part in _drawing(sampling):
            llama.llama_sampler_chain_add(self._chain, part)

    def draw(self, context: int, row: int) -> int:
        """The next token from the logits of a row of the last batch; the chain remembers it."""
        return int(llama.llama_sampler_sample(self._chain, context, row))

    def follow(self, drawn: Sampled) -> Sampled:
        """A drawn token with what the grammar forces after it; the chain remembers that, too."""
        if self.guide is None:
            return drawn
        drawn = self.guide.follow(drawn, self.sampling.forced)
        for token in drawn.forced:
            llama.llama_sampler_accept(self._chain, token)
        return drawn

    def close(self) -> None:
        """Free the chain with its parts; it cannot draw afterwards."""
        llama.llama_sampler_free(self._chain)


def _shaping(sampling: Sampling, vocabulary: int) -> "Iterator[llama_sampler_p]":
    """Samplers that change logits."""
    if sampling.logit_bias:
        pairs = [llama.llama_logit_bias(*pair) for pair in sampling.logit_bias]
        biases = (llama.llama_logit_bias * len(pairs))(*pairs)
        yield llama.llama_sampler_init_logit_bias(vocabulary, len(pairs), biases)
    if sampling.repeat_penalty != 1.0:
        penalty = sampling.repeat_penalty
        yield llama.llama_sampler_init_penalties(vocabulary, PENALTY_WINDOW, penalty, 0.0, 0.0)


def _drawing(sampling: Sampling) -> "Iterator[llama_sampler_p]":
    """Samplers that narrow the candidates down to one."""
    if sampling.temperature <= 0:
        yield llama.llama_sampler_init_greedy()
        return
    nucleus = sampling.top_p < 1
    if sampling.top_k > 0 or nucleus:
        yield llama.llama_sampler_init_top_k(sampling.top_k or NUCLEUS_CAP)
    if nucleus:
        yield llama.llama_sampler_init_top_p(sampling.top_p, 1)
    if sampling.min_p > 0:
        yield llama.llama_sampler_init_min_p(sampling.min_p, 1)
    yield llama.llama_sampler_init_temp(sampling.temperature)
    yield llama.llama_sampler_init_dist(sampling.seed % RANDOM_SEED)
