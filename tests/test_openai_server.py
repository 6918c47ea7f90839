"""The benchmark's side-by-side column, against a server that streams as others do."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from openai_server import Server, chunks

asked: list[dict[str, object]] = []


class Stream(BaseHTTPRequestHandler):
    """Answers with as many words as were asked for, then a chunk with usage and no text."""

    def do_POST(self) -> None:
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        asked.append({"path": self.path, **request})
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        texts = [*(f" word{n}" for n in range(request["max_tokens"])), ""]
        for data in (*({"choices": [{"text": text}]} for text in texts), {"choices": []}):
            self.wfile.write(f"data: {json.dumps(data)}\n\n".encode())
        self.wfile.write(b": a comment\n\ndata: [DONE]\n\n")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def url() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Stream) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/v1/"
        server.shutdown()
        thread.join()


def test_an_answer_is_timed_by_its_chunks(url: str) -> None:
    timing = Server(url, "theirs").answer("Once", 12)
    assert timing.tokens == 12
    assert 0 < timing.first <= timing.total
    sent = {"model": "theirs", "prompt": "Once", "max_tokens": 12, "temperature": 0}
    assert asked[-1] == {"path": "/v1/completions", **sent, "stream": True}


def test_only_chunks_with_text_count() -> None:
    lines = [b'data: {"choices": [{"text": "a"}, {"text": ""}]}\n', b"\n", b"data: [DONE]\n"]
    assert list(chunks(iter(lines))) == ["a"]
