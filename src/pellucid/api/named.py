"""Paths that look like an id of other routes, and are none: `/v1/responses/compact`."""

from starlette.routing import Match, Route
from starlette.types import Scope


class Named(Route):
    """A route whose path is its own, whatever the method: what it does not serve is a 405, and
    not looked for among the ids of the routes behind it."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether a request is for this path."""
        found, more = super().matches(scope)
        return (found if found is Match.NONE else Match.FULL), more
