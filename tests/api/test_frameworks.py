"""Frameworks that speak OpenAI's API, unchanged, against a server with the scripted model."""

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest
from agents import (
    Agent,
    ModelSettings,
    OpenAIChatCompletionsModel,
    OpenAIResponsesModel,
    Runner,
    SQLiteSession,
    function_tool,
    set_tracing_disabled,
)
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI
from pydantic import BaseModel, SecretStr
from pydantic_ai import Agent as PydanticAgent
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.models.openai import OpenAIResponsesModel as PydanticResponsesModel
from pydantic_ai.providers.openai import OpenAIProvider

from api.served import KEY, Served, scripted, serving

pytestmark = pytest.mark.filterwarnings("default")

SUM = "What is 6 * 7?"
BERN = 'call: weather {"city": "Bern"}'


class City(BaseModel):
    """A city."""

    name: str
    people: int


def forecast(city: str) -> str:
    """The weather of a city."""
    return f"18 degrees in {city}"


@pytest.fixture
async def served(tmp_path: Path) -> AsyncGenerator[Served, None]:
    async with serving(scripted(tmp_path)) as running:
        yield running


@pytest.mark.parametrize("kind", [OpenAIResponsesModel, OpenAIChatCompletionsModel])
async def test_openai_agents(served: Served, kind: Any) -> None:
    set_tracing_disabled(True)
    model = kind(model="pellucid-mini", openai_client=served.client())
    weather = function_tool(forecast, name_override="weather")
    plain = Agent(name="a", instructions="Be brief.", model=model)
    assert (await Runner.run(plain, SUM)).final_output == "The answer is 42."
    able = Agent(name="a", model=model, tools=[weather])
    assert (await Runner.run(able, BERN)).final_output == "The result is 18 degrees in Bern."
    streamed = Runner.run_streamed(able, BERN)
    _ = [event async for event in streamed.stream_events()]
    assert streamed.final_output == "The result is 18 degrees in Bern."
    shaped = Agent(name="a", model=model, output_type=City)
    ran = await Runner.run(shaped, 'say: {"name": "Bern", "people": 5}')
    assert ran.final_output == City(name="Bern", people=5)
    session = SQLiteSession("s")
    for said in ("one", "two"):
        ran = await Runner.run(plain, f"say: {said}", session=session)
        assert ran.final_output == said
    other = Agent(name="b", model=model)
    ran = await Runner.run(Agent(name="a", model=model, handoffs=[other]), "call: transfer_to_b {}")
    assert ran.last_agent.name == "b"
    strict = ModelSettings(tool_choice="required", parallel_tool_calls=False)
    must = Agent(name="a", model=model, tools=[weather], model_settings=strict)
    assert (await Runner.run(must, "How is it in Oslo?")).final_output.endswith("in Oslo.")


@pytest.mark.parametrize("responses", [False, True])
async def test_langchain(served: Served, responses: bool) -> None:
    model = ChatOpenAI(
        model="o4-mini",
        base_url=f"{served.url}/v1",
        api_key=SecretStr(KEY),
        use_responses_api=responses,
        temperature=0,
    )
    assert (await model.ainvoke(SUM)).text == "The answer is 42."
    pieces = [chunk.text async for chunk in model.astream(SUM)]
    assert "".join(pieces) == "The answer is 42."
    called = await model.bind_tools([tool("weather")(forecast)]).ainvoke(BERN)
    assert [(c["name"], c["args"]) for c in called.tool_calls] == [("weather", {"city": "Bern"})]
    shaped = model.with_structured_output(City)
    assert await shaped.ainvoke('say: {"name": "Bern", "people": 5}') == City(name="Bern", people=5)
    several = await model.abatch(["say: a", "say: b"])
    assert [message.text for message in several] == ["a", "b"]


@pytest.mark.parametrize("kind", [OpenAIChatModel, PydanticResponsesModel])
async def test_pydantic_ai(served: Served, kind: Any) -> None:
    model = kind("pellucid-mini", provider=OpenAIProvider(openai_client=served.client()))
    agent = PydanticAgent(model, instructions="Be brief.")
    first = await agent.run(SUM)
    assert first.output == "The answer is 42."
    again = await agent.run("say: again", message_history=first.all_messages())
    assert again.output == "again"
    able = PydanticAgent(model)
    able.tool_plain(name="weather")(forecast)
    assert (await able.run(BERN)).output == "The result is 18 degrees in Bern."
    shaped = PydanticAgent(model, output_type=City)
    ran = await shaped.run('call: final_result {"name": "Bern", "people": 5}')
    assert ran.output == City(name="Bern", people=5)
