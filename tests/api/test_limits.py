"""So many requests and tokens a minute for each owner, and what is told of them."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx2
import openai
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.served import KEY, OTHER_KEY, scripted, serving
from pellucid.api.gcra import Gcra
from pellucid.api.operating import Operating
from pellucid.api.rates import Rates, duration

AUTH = {"authorization": f"Bearer {KEY}"}
ASKED: Any = {"model": "pellucid-mini", "input": "say: yes"}


@dataclass
class Clock:
    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_minutes_worth_may_be_used_at_once_and_comes_back_steadily() -> None:
    clock = Clock()
    limit = Gcra(3, clock)
    for left in (3, 2, 1):
        assert limit.look("ann").remaining == left
        limit.charge("ann", 1)
    full = limit.look("ann")
    assert (full.remaining, full.reset, full.wait) == (0, 60.0, 20.0)
    clock.now += 20
    assert limit.look("ann").wait == 0
    assert limit.look("ann").remaining == 1
    assert limit.look("bob").remaining == 3
    clock.now += 3600
    assert limit.look("ann").remaining == 3


def test_what_was_not_there_is_waited_for() -> None:
    clock = Clock()
    limit = Gcra(60, clock)
    limit.charge("ann", 150)
    owing = limit.look("ann")
    assert (owing.remaining, owing.reset, owing.wait) == (0, 150.0, 91.0)
    clock.now += 91
    assert limit.look("ann").remaining == 1


@given(
    most=st.integers(1, 100),
    steps=st.lists(st.floats(0, 30, allow_nan=False), min_size=1, max_size=300),
)
def test_no_more_is_let_in_than_a_minute_allows(most: int, steps: list[float]) -> None:
    clock = Clock()
    limit, let_in = Gcra(most, clock), list[float]()
    for step in steps:
        clock.now += step
        standing = limit.look("ann")
        assert (standing.wait == 0) == (standing.remaining > 0)
        if standing.wait:
            waiting = replace(clock, now=clock.now + standing.wait)
            assert Gcra.look(_at(limit, waiting), "ann").remaining >= 1
            continue
        limit.charge("ann", 1)
        let_in.append(clock.now)
    for begin in let_in:  # all of a full bucket, and what comes back meanwhile
        within = [one for one in let_in if begin <= one < begin + 60]
        assert len(within) <= 2 * most


def _at(limit: Gcra, clock: Clock) -> Gcra:
    """The same limit at another time."""
    other = Gcra(limit.most, clock)
    other._until = limit._until
    return other


@pytest.mark.parametrize(
    ("seconds", "written"),
    [
        *((0, "0ms"), (0.0119, "12ms"), (0.9999, "1s"), (1.5, "1.5s")),
        *((59.9996, "1m0s"), (360, "6m0s"), (90.951, "1m30.951s")),
    ],
)
def test_durations_are_written_as_openai_writes_them(seconds: float, written: str) -> None:
    assert duration(seconds) == written


async def test_requests_beyond_the_limit_are_refused_until_time_has_passed(tmp_path: Path) -> None:
    clock = Clock()
    operating = Operating(rates=Rates.of(2, 0, clock))
    async with serving(scripted(tmp_path), operating=operating) as served:
        client = served.client()
        first = await client.responses.with_raw_response.create(**ASKED)
        assert first.headers["x-ratelimit-limit-requests"] == "2"
        assert first.headers["x-ratelimit-remaining-requests"] == "1"
        assert first.headers["x-ratelimit-reset-requests"] == "30s"
        assert "x-ratelimit-limit-tokens" not in first.headers
        await client.chat.completions.create(
            model="pellucid-mini", messages=[{"role": "user", "content": "say: yes"}]
        )
        with pytest.raises(openai.RateLimitError, match="2 requests per minute") as caught:
            await client.responses.create(**ASKED)
        assert caught.value.code == "rate_limit_exceeded"
        assert caught.value.type == "rate_limit_error"
        headers = caught.value.response.headers
        assert (headers["retry-after"], headers["retry-after-ms"]) == ("30", "30000")
        assert headers["x-ratelimit-remaining-requests"] == "0"
        assert headers["x-request-id"]
        await client.models.list()  # what is looked up is free
        await served.client(api_key=OTHER_KEY).responses.create(**ASKED)
        clock.now += 30
        await client.responses.create(**ASKED)


async def test_tokens_are_charged_when_a_turn_has_ended(tmp_path: Path) -> None:
    clock = Clock()
    operating = Operating(rates=Rates.of(0, 10, clock))
    turns = replace(scripted(tmp_path), tell=operating.ended)
    async with serving(turns, operating=operating) as served:
        client = served.client()
        raw = await client.responses.with_raw_response.create(**ASKED)
        used = raw.parse().usage
        assert used is not None
        assert used.total_tokens > 10
        assert raw.headers["x-ratelimit-limit-tokens"] == "10"
        assert raw.headers["x-ratelimit-remaining-tokens"] == "0"
        assert "x-ratelimit-limit-requests" not in raw.headers
        with pytest.raises(openai.RateLimitError, match="PELLUCID_API_TOKENS_PER_MINUTE") as caught:
            await client.responses.create(**ASKED)
        clock.now += int(caught.value.response.headers["retry-after-ms"]) / 1000
        await client.responses.create(**ASKED)


async def test_without_limits_there_are_no_headers(tmp_path: Path) -> None:
    async with (
        serving(scripted(tmp_path)) as served,
        httpx2.AsyncClient(trust_env=False, headers=AUTH) as client,
    ):
        reply = await client.post(f"{served.url}/v1/responses", json=ASKED)
    assert reply.status_code == 200
    assert not [name for name in reply.headers if name.startswith("x-ratelimit")]


async def test_who_has_no_key_uses_up_nothing(tmp_path: Path) -> None:
    operating = Operating(rates=Rates.of(1, 0, Clock()))
    async with serving(scripted(tmp_path), operating=operating) as served:
        with pytest.raises(openai.AuthenticationError):
            await served.client(api_key="wrong").responses.create(**ASKED)
        await served.client().responses.create(**ASKED)


async def test_turns_over_a_websocket_count_and_are_refused_as_others_are(tmp_path: Path) -> None:
    clock = Clock()
    operating = Operating(rates=Rates.of(3, 0, clock))
    async with serving(scripted(tmp_path), operating=operating) as served:
        client = served.client()
        async with client.responses.connect() as connection:

            async def asked(**more: Any) -> Any:
                await connection.response.create(**ASKED, **more)
                kinds = ("response.completed", "error")
                return await anext(event async for event in connection if event.type in kinds)

            first = await asked(store=False)
            await client.responses.create(**ASKED)
            with pytest.raises(openai.BadRequestError):
                await client.responses.create(**ASKED, tools=[{"type": "x"}])
            with pytest.raises(openai.RateLimitError) as over_http:
                await client.responses.create(**ASKED)
            refused = (await asked(previous_response_id=first.response.id)).to_dict()
            assert (refused["status"], refused["error"]) == (429, over_http.value.body)
            assert refused["headers"] == {"retry-after": "20", "retry-after-ms": "20000"}
            clock.now += 20
            # What is remembered in the connection is not lost by asking too early.
            assert (
                await asked(previous_response_id=first.response.id)
            ).type == "response.completed"
            clock.now += 20
            assert (await asked(tools=[{"type": "x"}])).to_dict()["status"] == 400
            assert (await asked()).to_dict()["status"] == 429
