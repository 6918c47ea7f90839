"""LangChain: an answer, a stream, and an answer in a form.

PELLUCID_API_KEY=... pellucid serve
OPENAI_BASE_URL=http://127.0.0.1:8000/v1 OPENAI_API_KEY=... python examples/langchain_chat.py
"""

from langchain_openai import ChatOpenAI
from pydantic import BaseModel


class City(BaseModel):
    """A city and how many people live in it."""

    name: str
    people: int


def main() -> None:
    """Ask in three ways."""
    model = ChatOpenAI(model="pellucid-mini")
    print(model.invoke("What is 6 * 7?").text)
    print("".join(chunk.text for chunk in model.stream("What is 6 * 7?")))
    shaped = model.with_structured_output(City)
    print(repr(shaped.invoke('say: {"name": "Bern", "people": 134000}')))


main()
