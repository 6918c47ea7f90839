"""A batch: many requests in one file, answered behind everybody who waits, at half price.

PELLUCID_API_KEY=... pellucid serve
OPENAI_BASE_URL=http://127.0.0.1:8000/v1 OPENAI_API_KEY=... python examples/batch.py
"""

import json
import time

from openai import OpenAI

ENDPOINT = "/v1/chat/completions"


def line(number: int) -> str:
    """One request of the file."""
    question = f"What is {number} * 7?"
    body = {"model": "pellucid-mini", "messages": [{"role": "user", "content": question}]}
    told = {"custom_id": question, "method": "POST", "url": ENDPOINT, "body": body}
    return json.dumps(told)


def main() -> None:
    """Hand the file in, wait for the batch, and read what came of it."""
    client = OpenAI()
    content = "\n".join(line(number) for number in (6, 60)).encode()
    file = client.files.create(file=("questions.jsonl", content), purpose="batch")
    batch = client.batches.create(input_file_id=file.id, endpoint=ENDPOINT, completion_window="24h")
    while batch.status in ("validating", "in_progress", "finalizing"):
        time.sleep(0.2)
        batch = client.batches.retrieve(batch.id)
    for answer in client.files.content(batch.output_file_id or "").text.splitlines():
        told = json.loads(answer)
        print(told["custom_id"], told["response"]["body"]["choices"][0]["message"]["content"])


main()
