"""The log of requests: a line of text, or a JSON object on a line, for each; never their words.

What a turn came to is told in the task that handles its request, or in one started from it;
the request's line is found there as a context variable.
"""

import json
import logging
import traceback
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pellucid.core.fold import Record
from pellucid.core.turn import Turn

Json = dict[str, Any]
FIELDS = "fields"
"""The attribute of a log record that holds what its JSON line says instead of a message."""


@dataclass(slots=True)
class Line:
    """What is known of the turn of one request, once it has ended."""

    fields: Json = field(default_factory=dict)


LINE: ContextVar[Line | None] = ContextVar("line", default=None)
"""The line of the request that is being handled."""


def ended(turn: Turn, record: Record) -> None:
    """Note what became of the turn of this request."""
    line = LINE.get()
    if line is None:  # a turn that another server began has no request here
        return
    used = record.usage
    line.fields = {
        "turn": turn.turn_id,
        "model": turn.model,
        "effort": record.spent.granted if record.spent else turn.effort,
        "reason": record.reason,
        "prompt_tokens": used.prompt,
        "cached_tokens": used.cached,
        "reasoning_tokens": used.reasoning,
        "completion_tokens": used.completion,
    }
    if record.cached_from:
        line.fields["cached"] = True
    if record.error:
        line.fields["error"] = record.error.code


def code_of(body: bytes) -> str | None:
    """The code of a refusal, as its body tells it; of one without a code, its type."""
    try:
        told = json.loads(body)["error"]
        return str(told["code"] or told["type"])
    except (ValueError, KeyError, TypeError):
        return None


class JsonLines(logging.Formatter):
    """Each record as one line of JSON.

    Only a message's first line is told, and of an exception its type and where it happened:
    what follows, and what exceptions say, may quote a request.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        told: Json = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
        }
        fields = getattr(record, FIELDS, None)
        told |= {"message": record.getMessage().split("\n", 1)[0]} if fields is None else fields
        kind, error, trace = record.exc_info or (None, None, None)
        if kind is not None and error is not None:
            told["exception"] = kind.__name__
            told["trace"] = [_place(frame) for frame in traceback.extract_tb(trace)]
        return json.dumps(told)


def _place(frame: traceback.FrameSummary) -> str:
    return f"{Path(frame.filename).name}:{frame.lineno} {frame.name}"
