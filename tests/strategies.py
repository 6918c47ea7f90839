"""Streams of events as hypothesis draws them."""

from dataclasses import replace

from hypothesis import strategies as st

from pellucid.core.effort import Spent
from pellucid.core.events import (
    Event,
    ItemClosed,
    ItemGrew,
    ItemOpened,
    TurnFailed,
    TurnFinished,
    TurnStarted,
)
from pellucid.core.items import Item, Message, Reasoning, ToolCall, ToolResult, Verdicts
from pellucid.core.usage import Usage

texts = st.text(max_size=20)
items: st.SearchStrategy[Item] = st.one_of(
    st.builds(Message, role=st.just("assistant"), text=texts),
    st.builds(Reasoning, text=texts),
    st.builds(ToolCall, call_id=texts, name=texts, text=texts),
    st.builds(ToolResult, call_id=texts, text=texts, failed=st.booleans(), execution=st.none()),
    st.builds(Verdicts, claims=st.just(()), removed=st.just(()), text=texts),
)
endings: st.SearchStrategy[Event] = st.one_of(
    st.builds(
        TurnFinished,
        st.sampled_from(["answered", "length", "limit"]),
        st.just(Usage(1, 0, 0, 1)),
        st.just(Spent("medium", "medium")),
    ),
    st.builds(TurnFailed, code=texts, message=texts, usage=st.just(Usage())),
)


@st.composite
def streams(draw: st.DrawFn) -> list[Event]:
    """Any legal stream, with item text cut anywhere."""
    events: list[Event] = [TurnStarted("t1", "m", 0)]
    for item in draw(st.lists(items, max_size=5)):
        cuts = sorted(draw(st.lists(st.integers(0, len(item.text)), max_size=3)))
        ends = zip([0, *cuts], [*cuts, len(item.text)], strict=True)
        pieces = [ItemGrew(item.text[a:b]) for a, b in ends]
        events += [ItemOpened(replace(item, text="")), *pieces, ItemClosed(item)]
    return [*events, draw(endings)]
