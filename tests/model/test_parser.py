"""The parser: any chunks, no marker ever shown."""

import json
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from pellucid.core.events import Event, ItemClosed, ItemGrew, ItemOpened
from pellucid.core.items import Item, Message, Reasoning, ToolCall
from pellucid.model.parser import Parser

CODE = ToolCall("c", "python")
pieces = st.lists(
    st.sampled_from(
        [
            "<think>",
            "</think>",
            "<tool_call>",
            "</tool_call>",
            "```",
            "``",
            "<",
            "a",
            " ",
            "é",
            "😀",
        ]
    ),
    max_size=12,
).map("".join)


def parse(
    chunks: list[bytes], into: Item, stop: tuple[str, ...] = (), cut: bool = False
) -> list[Event]:
    parser = Parser(into, stop)
    events = [event for chunk in chunks for event in parser.feed(chunk)]
    return [*events, *parser.finish(cut)]


def closed(events: list[Event]) -> list[Item]:
    return [event.item for event in events if isinstance(event, ItemClosed)]


@given(
    pieces, st.lists(st.integers(0, 60), max_size=8), st.sampled_from([Message("assistant"), CODE])
)
def test_chunks_do_not_matter(text: str, cuts: list[int], into: Item) -> None:
    """However a reply is cut, into bytes too, the items are those of the whole."""
    data = text.encode()
    ends = sorted({0, len(data), *(c for c in cuts if c < len(data))})
    chunks = [data[a:b] for a, b in pairwise(ends)]
    assert closed(parse(chunks, into, ("```",))) == closed(parse([data], into, ("```",)))


@given(pieces, st.sampled_from([Message("assistant"), CODE]))
def test_grown_text_is_the_closed_text_and_items_never_overlap(text: str, into: Item) -> None:
    grown: str | None = None
    for event in parse([bytes([b]) for b in text.encode()], into, ("```",)):
        match event:
            case ItemOpened(item):
                assert grown is None
                assert item.text == ""
                grown = ""
            case ItemGrew(more):
                assert grown is not None
                grown += more
            case ItemClosed(item):
                assert item.text == grown
                grown = None
    assert grown is None


@given(pieces)
def test_there_is_always_an_item_and_no_marker_in_a_message(text: str) -> None:
    items = closed(parse([text.encode()], Message("assistant"), ("```",)))
    assert items
    for item in items:
        if isinstance(item, Message):
            assert "<think>" not in item.text
            assert "<tool_call>" not in item.text
            assert "```" not in item.text


def test_a_program_ends_at_its_fence_and_nothing_follows() -> None:
    parser = Parser(CODE, ("```",))
    events = [
        *parser.feed(b"print(1)\n``"),
        *parser.feed(b"`\nmore"),
        *parser.feed(b"x"),
        *parser.finish(),
    ]
    assert closed(events) == [ToolCall("c", "python", "print(1)\n")]
    assert parser.stopped


def test_reasoning_then_answer() -> None:
    events = parse([b"<think>hm</think>Four."], Message("assistant"))
    assert closed(events) == [Reasoning("hm"), Message("assistant", "Four.")]


def test_a_call_is_an_item_and_never_text() -> None:
    call = json.dumps({"name": "find", "arguments": {"x": 1}})
    events = parse([f"Look. <tool_call>{call}</tool_call>\n".encode()], Message("assistant"))
    assert closed(events) == [
        Message("assistant", "Look. "),
        ToolCall("call_0", "find", '{"x": 1}'),
    ]


def test_native_python_calls_carry_their_code() -> None:
    call = json.dumps({"name": "python", "arguments": {"code": "print(1)"}})
    events = parse([f"<tool_call>{call}</tool_call>".encode()], Message("assistant"))
    assert closed(events) == [ToolCall("call_0", "python", "print(1)")]


def test_what_is_no_call_stays_visible_as_reasoning() -> None:
    for broken in ("no json", "[1]", '"text"', '{"arguments": {}}'):
        events = parse([f"<tool_call>{broken}</tool_call>".encode()], Message("assistant"))
        assert closed(events) == [Reasoning(broken)]


def test_an_unfinished_call_is_closed_as_cut() -> None:
    events = parse([b'<tool_call>{"name": "f"'], Message("assistant"), cut=True)
    assert [e.cut for e in events if isinstance(e, ItemClosed)] == [True]


def test_an_empty_reply_is_an_empty_item() -> None:
    assert closed(parse([], Message("assistant"))) == [Message("assistant")]
    assert closed(parse([], CODE, ("```",))) == [CODE]


def test_broken_utf8_is_replaced() -> None:
    assert closed(parse([b"a\xffb"], Message("assistant"))) == [Message("assistant", "a\ufffdb")]


def test_inside_of_a_form_a_marker_is_only_text() -> None:
    text = '{"a": "<think>x</think><tool_call>"}'
    parser = Parser(Message("assistant"), raw=True)
    events = [*parser.feed(text.encode()), *parser.finish()]
    assert closed(events) == [Message("assistant", text)]
