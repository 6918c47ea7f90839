"""`/openapi.json` and `/docs`: the API's description, for programs and for people.

The page is made here, without scripts and without anything from elsewhere, and its policy
(https://www.w3.org/TR/CSP3/) lets nothing else in. Both hold no data and need no key.
"""

import base64
import hashlib
import json
import re
import shlex
from collections.abc import Container, Iterator
from functools import cached_property
from importlib.metadata import version
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from pellucid.api.replies import JsonReply
from pellucid.api.wire.openapi.document import document
from pellucid.api.wire.openapi.operations import OPERATIONS

Json = dict[str, Any]
Row = tuple[int, str, str, bool, str]
"""A field of an object: how deep, its name and type, whether it must be there, in words."""

JSON, HTML = "/openapi.json", "/docs"
_BOUNDS = {
    "minimum": "≥ {}",
    "exclusiveMinimum": "> {}",
    "maximum": "≤ {}",
    "minItems": "at least {}",
    "maxItems": "at most {}",
    "pattern": "{}",
}


class Description:
    """The document and the page; made when first asked for."""

    def routes(self) -> list[Route]:
        """Both of them."""
        return [
            Route(JSON, self.document, methods=["GET"]),
            Route(HTML, self.page, methods=["GET"]),
        ]

    async def document(self, request: Request) -> Response:
        """The OpenAPI document."""
        return JsonReply(self._document)

    async def page(self, request: Request) -> Response:
        """The document as a page."""
        text = self._templates.get_template("docs.html").render(
            document=self._document, style=self._style, server=str(request.base_url).rstrip("/")
        )
        return HTMLResponse(text, headers={"content-security-policy": self._policy})

    @cached_property
    def _document(self) -> Json:
        return document(OPERATIONS, version("pellucid"))

    @cached_property
    def _templates(self) -> Environment:
        loader = PackageLoader("pellucid.api", "pages")
        found = Environment(
            loader=loader,
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            undefined=StrictUndefined,
        )
        found.globals |= {"kind": kind, "rows": rows, "call": call}
        found.filters |= {"words": words, "linked": linked}
        return found

    @cached_property
    def _style(self) -> str:
        return self._templates.get_template("docs.css").render()

    @cached_property
    def _policy(self) -> str:
        digest = base64.b64encode(hashlib.sha256(self._style.encode()).digest()).decode()
        closed = "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        return f"default-src 'none'; style-src 'sha256-{digest}'; {closed}"


def words(text: str) -> Markup:
    """A text in which backticks mark what is code."""
    parts = text.split("`")
    marked = [Markup("<code>{}</code>").format(p) if at % 2 else p for at, p in enumerate(parts)]
    return Markup("").join(marked)


def linked(text: str, names: Container[str]) -> Markup:
    """A text in which names of schemas lead to them."""
    link = Markup('<a href="#{0}">{0}</a>')
    return Markup("").join(link.format(p) if p in names else p for p in re.split(r"(\w+)", text))


def kind(schema: Json) -> str:
    """A schema in a few words: `integer ≥ 1 or null`."""
    match schema:
        case {"$ref": str(name)}:
            return name.rpartition("/")[2]
        case {"const": value}:
            return json.dumps(value)
        case {"enum": list(values)}:
            return " | ".join(json.dumps(value) for value in values)
        case {"anyOf": list(several)}:
            return " or ".join(dict.fromkeys(kind(one) for one in several))
        case {"type": list(several), **rest}:
            return " or ".join(
                kind({**rest, "type": one} if one != "null" else {"type": "null"})
                for one in several
            )
        case {"type": "array", **rest}:
            told = f"array of {kind(rest.get('items', {}))}"
        case _:
            told = schema.get("type", "anything")
    bounds = [how.format(schema[key]) for key, how in _BOUNDS.items() if key in schema]
    return " ".join([told, *([f"({', '.join(bounds)})"] if bounds else [])])


def rows(schema: Json, depth: int = 0) -> Iterator[Row]:
    """The fields of an object, and of what is written out inside of them."""
    for inner in (*schema.get("anyOf", ()), *([schema["items"]] if "items" in schema else ())):
        yield from rows(inner, depth)
    needed = schema.get("required", ())
    for name, told in schema.get("properties", {}).items():
        there = name in needed
        type_ = kind(told) if there else kind(told).removesuffix(" or null")
        yield depth, name, type_, there, told.get("description", "")
        yield from rows(told, depth + 1)


def call(
    server: str, method: str, path: str, value: Json | None, closed: bool, form: Json | None = None
) -> str:
    """A request as a command for a shell; `form` is the schema of a body that is a form."""
    parts = [f"curl {server}{path}"]
    if method != ("GET" if value is None else "POST"):
        parts[0] += f" -X {method}"
    if closed:
        parts.append('  -H "Authorization: Bearer $PELLUCID_API_KEY"')
    if value is not None and form is None:
        parts.append("  -d " + shlex.quote(json.dumps(value, indent=2, ensure_ascii=False)))
    if value is not None and form is not None:
        for name, text in value.items():
            file = form["properties"][name].get("format") == "binary"
            parts.append(f"  -F {name}={'@in.jsonl' if file else shlex.quote(text)}")
    return " \\\n".join(parts)
