"""An agent with a function of its own and a session, by OpenAI's Agents SDK.

PELLUCID_API_KEY=... pellucid serve
OPENAI_BASE_URL=http://127.0.0.1:8000/v1 OPENAI_API_KEY=... python examples/openai_agents.py
"""

from agents import Agent, Runner, SQLiteSession, function_tool, set_tracing_disabled


@function_tool
def weather(city: str) -> str:
    """The weather of a city today."""
    return f"18 degrees and dry in {city}"


def main() -> None:
    """Ask twice within one session."""
    set_tracing_disabled(True)  # traces go to OpenAI, which this is not
    agent = Agent(name="helper", model="pellucid-mini", tools=[weather])
    session = SQLiteSession("example")
    for question in ('call: weather {"city": "Bern"}', "say: goodbye"):
        print(Runner.run_sync(agent, question, session=session).final_output)


main()
