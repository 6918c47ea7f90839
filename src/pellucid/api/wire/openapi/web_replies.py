"""The tool `web_search` at work: https://platform.openai.com/docs/guides/tools-web-search"""

from typing import Annotated, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypedDict


class UrlCitation(TypedDict):
    """A page that was opened, where the answer names a place of it."""

    type: Literal["url_citation"]
    start_index: int
    end_index: int
    url: str
    title: str


class WebSource(TypedDict):
    """An address that a search found."""

    type: Literal["url"]
    url: str


class Searched(TypedDict):
    """A search of the web; `sources` are told where `include` names them."""

    type: Literal["search"]
    query: str
    queries: list[str]
    sources: NotRequired[list[WebSource]]


class OpenedPage(TypedDict):
    """A page that was opened."""

    type: Literal["open_page"]
    url: str


class FoundInPage(TypedDict):
    """Something that was looked for in the pages opened so far; `url` is the page of the best
    passage ("": none has one)."""

    type: Literal["find_in_page"]
    url: str
    pattern: str


class OutputWeb(TypedDict):
    """Something that was done on the web, where the tool `web_search` was asked for."""

    id: str
    type: Literal["web_search_call"]
    status: Literal["in_progress", "completed", "failed"]
    action: Annotated[Searched | OpenedPage | FoundInPage, Field(discriminator="type")]
