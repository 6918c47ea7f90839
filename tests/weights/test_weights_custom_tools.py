"""Custom tools on real weights: their input is text that the grammar allows, quotes and all."""

import re
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing, asynccontextmanager
from pathlib import Path

import pytest
from schemas import models

from pellucid.core.constraint import Constraint, Function, Lark, Regex
from pellucid.core.fold import Record, advance
from pellucid.core.items import Message, ToolCall
from pellucid.core.ports import Model, Toolset
from pellucid.core.serving import Serving
from pellucid.core.turn import Turn
from pellucid.service.turns import Turns
from pellucid.tools.toolset import Tools

QUERY = (
    'start: "SELECT " column " FROM cities WHERE " column " = " TEXT ";"\n'
    'column: "name" | "country" | "people"\nTEXT: /"[A-Za-z ]+"/'
)
WRITTEN = re.compile(
    r'SELECT (name|country|people) FROM cities WHERE (name|country|people) = "[A-Za-z ]+";'
)
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@asynccontextmanager
async def _no_tools(turn: Turn) -> AsyncGenerator[Toolset, None]:
    yield Tools()


@pytest.mark.weights
async def test_the_input_is_what_the_grammar_allows(tmp_path: Path) -> None:
    cases: list[tuple[str, str, Constraint | None, re.Pattern[str]]] = [
        ("sql", "Ask sql for the country of the city Bern.", Lark(QUERY), WRITTEN),
        ("calendar", "Open my calendar on 3 May 2024.", Regex(r"^\d{4}-\d{2}-\d{2}$"), DAY),
        ("python_shell", "Run a program in the python shell that prints 7.", None,
         re.compile(r"(?!```).+", re.DOTALL)),
    ]  # fmt: skip
    async with models() as fresh:

        @asynccontextmanager
        async def one(serving: Serving) -> AsyncGenerator[Model, None]:
            yield next(fresh)

        turns = Turns(one, _no_tools, tmp_path, time.monotonic)
        for number, (name, asked, form, expected) in enumerate(cases):
            tool = Function(name, custom=True, form=form)
            turn = Turn(
                f"t{number}",
                (Message("user", asked),),
                functions=(tool,),
                must_call=True,
                tools=frozenset(),
            )
            record = Record()
            async with aclosing(turns.run(turn)) as events:
                async for event in events:
                    record = advance(record, event)
            assert record.reason == "calls"
            (call,) = record.items
            assert isinstance(call, ToolCall)
            assert expected.fullmatch(call.text), call.text
