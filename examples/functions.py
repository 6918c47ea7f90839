"""A function of one's own, called by the model, with OpenAI's own package.

PELLUCID_API_KEY=... pellucid serve
OPENAI_BASE_URL=http://127.0.0.1:8000/v1 OPENAI_API_KEY=... python examples/functions.py
"""

import json

from openai import OpenAI
from openai.types.responses import FunctionToolParam, ResponseInputParam

WEATHER: FunctionToolParam = {
    "type": "function",
    "name": "weather",
    "description": "The weather of a city today",
    "strict": True,
    "parameters": {
        "type": "object",
        "properties": {"city": {"type": "string"}},
        "required": ["city"],
        "additionalProperties": False,
    },
}


def weather(city: str) -> str:
    """What the weather is."""
    return f"18 degrees and dry in {city}"


def main() -> None:
    """Ask; where the model calls the function, run it and let the model answer."""
    client = OpenAI()
    question = "How is the weather in Bern?"
    reply = client.responses.create(
        model="pellucid-mini", input=question, tools=[WEATHER], tool_choice="required"
    )
    results: ResponseInputParam = []
    for item in reply.output:
        if item.type == "function_call":
            found = weather(**json.loads(item.arguments))
            results.append(
                {"type": "function_call_output", "call_id": item.call_id, "output": found}
            )
    reply = client.responses.create(
        model="pellucid-mini", input=results, tools=[WEATHER], previous_response_id=reply.id
    )
    print(reply.output_text)


main()
