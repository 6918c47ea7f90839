"""Errors as OpenAI writes them: a status, a type, a code, the parameter, and a message.

https://platform.openai.com/docs/guides/error-codes; the SDKs choose the exception by status.
"""

from dataclasses import dataclass, field
from typing import Any

from pellucid.core.events import TurnFailed

Json = dict[str, Any]

INVALID = "invalid_request_error"

STATUS: dict[str, tuple[int, str]] = {
    "invalid_request": (400, INVALID),
    "unknown_name": (400, INVALID),
    "context_length_exceeded": (400, INVALID),
    "invalid_constraint": (400, INVALID),
    "invalid_json_schema": (400, INVALID),
    "budget_exceeded": (400, INVALID),
    "engine_busy": (429, "rate_limit_error"),
    "deadline_missed": (429, "rate_limit_error"),
    "engine_died": (503, "server_error"),
    "weights_error": (503, "server_error"),
    "sandbox_error": (503, "server_error"),
    "sandbox_unavailable": (503, "server_error"),
}
"""Status and type of each of Pellucid's own codes; any other is a 500 of the server's."""

RENAMED = {
    "invalid_request": None,
    "unknown_name": None,
    "engine_busy": "rate_limit_exceeded",
    "deadline_missed": "rate_limit_exceeded",
}
"""Codes that OpenAI's clients know by another name, or by none."""


@dataclass(slots=True)
class WireError(Exception):
    """A refusal, as it goes over the wire."""

    status: int
    message: str
    code: str | None = None
    param: str | None = None
    type: str = INVALID
    headers: dict[str, str] = field(default_factory=dict)

    def body(self) -> Json:
        """The reply's JSON."""
        told = {"message": self.message, "type": self.type, "param": self.param, "code": self.code}
        return {"error": told}


def failed(event: TurnFailed, form: str | None = None) -> WireError:
    """The end of a turn that failed; `form` names the parameter that holds a schema."""
    status, kind = STATUS.get(event.code, (500, "server_error"))
    code = RENAMED.get(event.code, event.code)
    headers = {"retry-after": "1"} if event.retryable else {}
    param = form if code == "invalid_json_schema" else None
    return WireError(status, sentence(event.message), code, param, kind, headers)


def sentence(message: str) -> str:
    """A message as a sentence: errors of ours are the end of one."""
    return message[:1].upper() + message[1:] + ("" if message.endswith((".", "!", "?")) else ".")
