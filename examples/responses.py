"""Responses with OpenAI's own package: the program that was run, its receipt, and a next turn.

PELLUCID_API_KEY=... pellucid serve
OPENAI_BASE_URL=http://127.0.0.1:8000/v1 OPENAI_API_KEY=... python examples/responses.py
"""

from openai import OpenAI


def main() -> None:
    """Ask, look at what was run, run it again, and go on."""
    client = OpenAI()
    first = client.responses.create(
        model="pellucid-mini",
        input="What is 48271964 - 19384756?",
        tools=[{"type": "code_interpreter", "container": {"type": "auto"}}],
    )
    for item in first.output:
        if item.type == "code_interpreter_call":
            print(item.code)
    print(first.output_text)
    again = client.post(f"/responses/{first.id}/replay", cast_to=dict)
    print("run again:", [run["verdict"] for run in again["data"]])
    second = client.responses.create(
        model="pellucid-mini", input="And what is 2 * 21?", previous_response_id=first.id
    )
    print(second.output_text)


main()
