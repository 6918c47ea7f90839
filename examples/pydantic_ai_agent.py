"""An agent with a function and an answer that is validated, by Pydantic AI.

PELLUCID_API_KEY=... pellucid serve
OPENAI_BASE_URL=http://127.0.0.1:8000/v1 OPENAI_API_KEY=... python examples/pydantic_ai_agent.py
"""

from pydantic import BaseModel
from pydantic_ai import Agent, NativeOutput
from pydantic_ai.models.openai import OpenAIResponsesModel


class City(BaseModel):
    """A city and how many people live in it."""

    name: str
    people: int


def weather(city: str) -> str:
    """The weather of a city today."""
    return f"18 degrees and dry in {city}"


def main() -> None:
    """Ask with a function, then for an answer in a form."""
    model = OpenAIResponsesModel("pellucid-mini")
    print(Agent(model, tools=[weather]).run_sync('call: weather {"city": "Bern"}').output)
    shaped = Agent(model, output_type=NativeOutput(City))
    print(repr(shaped.run_sync('say: {"name": "Bern", "people": 134000}').output))


main()
