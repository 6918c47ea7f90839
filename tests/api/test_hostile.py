"""Whatever a client sends: a request that is understood, or a refusal that names what is wrong."""

import copy
import json
from collections.abc import Callable
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from api.served import OFFER
from pellucid.api.wire import bodies, chat_request, responses_request
from pellucid.api.wire.errors import WireError

WILD: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["text", "user", "function", "json_schema", "message", "auto", "\ud800"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)
CHAT: dict[str, Any] = {
    "model": "o4-mini",
    "messages": [
        {"role": "system", "content": "x"},
        {"role": "user", "content": [{"type": "text", "text": "x"}]},
        {"role": "assistant", "content": None, "tool_calls": [
            {"id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}}
        ]},
        {"role": "tool", "tool_call_id": "c", "content": "y"},
    ],
    "tools": [{"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}],
    "tool_choice": {"type": "function", "function": {"name": "f"}},
    "response_format": {"type": "json_schema", "json_schema": {"name": "a", "schema": {}}},
    "stop": ["x"],
    "stream_options": {"include_usage": True},
    "reasoning_effort": "low",
    "metadata": {"a": "b"},
    "max_completion_tokens": 99,
    "pellucid": {"reasoning": True, "seconds": 3},
}  # fmt: skip
RESPONSES: dict[str, Any] = {
    "model": "o4-mini",
    "input": [
        {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "x"}]},
        {"type": "function_call", "call_id": "c", "name": "f", "arguments": "{}"},
        {"type": "function_call_output", "call_id": "c", "output": "y"},
        {"type": "reasoning", "id": "r", "summary": []},
    ],
    "instructions": "x",
    "tools": [
        {"type": "function", "name": "f", "parameters": {"type": "object"}},
        {"type": "code_interpreter", "container": {"type": "auto"}},
    ],
    "tool_choice": {
        "type": "allowed_tools",
        "mode": "auto",
        "tools": [{"name": "f"}, {"type": "code_interpreter"}],
    },
    "text": {"format": {"type": "json_schema", "name": "a", "schema": {}}},
    "reasoning": {"effort": "low", "summary": "auto"},
    "include": ["x"],
    "metadata": {"a": "b"},
    "max_output_tokens": 99,
    "pellucid": {"verdicts": False},
}


def places(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where something stands in a value."""
    if not isinstance(value, dict | list):
        return []
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    found = []
    for key, one in inner:
        found += [(*at, key), *places(one, (*at, key))]
    return found


def refusal_of(parse: Callable[[], Any]) -> WireError | None:
    """How a request is refused; what else is raised is a mistake of ours."""
    try:
        parse()
    except WireError as error:
        return error
    return None


@st.composite
def spoilt(draw: st.DrawFn, body: dict[str, Any]) -> dict[str, Any]:
    """A body in which some places hold something else, or nothing."""
    changed = copy.deepcopy(body)
    for _ in range(draw(st.integers(1, 3))):
        *way, last = draw(st.sampled_from(places(changed)))
        holder = changed
        for key in way:
            holder = holder[key]
        if draw(st.booleans()):
            holder[last] = draw(WILD)
        else:
            del holder[last]
    return changed


@settings(max_examples=300)
@given(spoilt(CHAT))
def test_any_chat_is_understood_or_refused(body: dict[str, Any]) -> None:
    refusal = refusal_of(lambda: chat_request.parse(body, OFFER, "t", 0, "ann"))
    assert refusal is None or (refusal.status in (400, 404) and json.dumps(refusal.body()))


@settings(max_examples=300)
@given(spoilt(RESPONSES))
def test_any_responses_request_is_understood_or_refused(body: dict[str, Any]) -> None:
    def parse() -> None:
        asked = responses_request.parse(
            responses_request.understood(body), OFFER, "resp_t", 0, "ann"
        )
        assert json.dumps(asked.echo)
        assert json.dumps(asked.asked)

    refusal = refusal_of(parse)
    assert refusal is None or (refusal.status in (400, 404) and json.dumps(refusal.body()))


@given(st.binary(max_size=60) | WILD.map(lambda value: json.dumps(value).encode()))
def test_any_bytes_are_a_body_or_refused(body: bytes) -> None:
    refusal = refusal_of(lambda: bodies.read(body))
    assert refusal is None or refusal.status == 400


def test_the_bodies_that_are_spoilt_are_good() -> None:
    assert chat_request.parse(CHAT, OFFER, "t", 0, "ann").turn.must_call
    asked = responses_request.understood(RESPONSES)
    assert responses_request.parse(asked, OFFER, "resp_t", 0, "ann").interpreter
