"""Chat Completions with OpenAI's own package: an answer, its verdicts, then a stream.

PELLUCID_API_KEY=... pellucid serve
OPENAI_BASE_URL=http://127.0.0.1:8000/v1 OPENAI_API_KEY=... python examples/chat.py
"""

from openai import OpenAI

QUESTION = "What is 48271964 - 19384756?"


def main() -> None:
    """Ask twice."""
    client = OpenAI()
    reply = client.chat.completions.create(
        model="pellucid-mini", messages=[{"role": "user", "content": QUESTION}]
    )
    print(reply.choices[0].message.content)
    for claim in (reply.model_extra or {})["pellucid"]["verdicts"]:
        print(f"  {claim['text']}: {claim['verdict']}")
    stream = client.chat.completions.create(
        model="pellucid-mini", messages=[{"role": "user", "content": QUESTION}], stream=True
    )
    for chunk in stream:
        for choice in chunk.choices:
            print(choice.delta.content or "", end="", flush=True)
    print()


main()
