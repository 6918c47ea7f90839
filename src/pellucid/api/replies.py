"""Replies as JSON."""

from typing import Any

from starlette.responses import JSONResponse

from pellucid.api.wire.bodies import written


class JsonReply(JSONResponse):
    """A JSON object, whatever texts are in it."""

    def render(self, content: Any) -> bytes:  # noqa: ANN401 - Starlette's own signature
        """The body."""
        return written(content)
