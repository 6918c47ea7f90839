"""Files and images that requests name by their address."""

import base64
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from openai import BadRequestError

from api.served import Served, scripted, serving
from api.test_enclosed import ANSWER, CALM, REPORT, asking, chat
from browser.sites import Site, fetching
from pellucid.api import fetching as api_fetching
from pellucid.api.fetching import brought
from pellucid.api.wire.errors import WireError

PNG = b"\x89PNG\r\n\x1a\n"


@dataclass
class Reached:
    """A server that may fetch from a site."""

    served: Served
    site: Site


@pytest.fixture
async def reached(tmp_path: Path, site: Site) -> AsyncGenerator[Reached, None]:
    async with (
        fetching(site, metadata_test=["169.254.169.254"]) as fetcher,
        serving(scripted(tmp_path), fetcher=fetcher) as served,
    ):
        yield Reached(served, site)


def named(url: str) -> Any:
    return {"type": "input_file", "file_url": url}


async def test_a_document_is_fetched_and_kept_like_one_that_was_sent(reached: Reached) -> None:
    url = reached.site.says("/files/my%20report.pdf?x=1", REPORT, "Content-Type: application/pdf")
    client = reached.served.client()
    first = await client.responses.create(model="pellucid-mini", input=asking(CALM, named(url)))
    assert first.output_text.startswith(ANSWER)
    items = await client.responses.input_items.list(first.id)
    kept = items.data[0].content[0]  # type: ignore[union-attr]
    assert kept.filename == "my report.pdf"  # type: ignore[union-attr]
    again = await client.responses.create(
        model="pellucid-mini", input=CALM, previous_response_id=first.id
    )
    assert again.output_text.startswith(ANSWER)
    assert len(reached.site.asked) == 1


@pytest.mark.parametrize(
    ("path", "code"),
    [("http://metadata.test/latest", "fetch_refused"), ("http://gone.test/", "fetch_failed")],
)
async def test_what_leads_nowhere_names_its_part(reached: Reached, path: str, code: str) -> None:
    client = reached.served.client()
    with pytest.raises(BadRequestError) as caught:
        await client.responses.create(model="pellucid-mini", input=asking(CALM, named(path)))
    assert (caught.value.code, caught.value.param) == (code, "input[0].content[0].file_url")
    picture: Any = {"type": "image_url", "image_url": {"url": path}}
    with pytest.raises(BadRequestError) as caught:
        await client.chat.completions.create(model="pellucid-mini", messages=chat(CALM, picture))
    assert (caught.value.code, caught.value.param) == (
        code,
        "messages[0].content[0].image_url.url",
    )


async def test_pictures_become_data(site: Site) -> None:
    url = site.says("/a.png", PNG, "Content-Type: image/png")
    data = f"data:image/png;base64,{base64.b64encode(PNG).decode()}"
    there: Any = asking("?", {"type": "input_image", "image_url": url})
    async with fetching(site) as fetcher:
        found = await brought({"input": there}, fetcher)
        assert found["input"][0]["content"][0]["image_url"] == data
        assert there[0]["content"][0]["image_url"] == url
        bare = site.says("/", REPORT)
        found = await brought({"items": asking("?", named(bare))}, fetcher)
        assert found["items"][0]["content"][0]["filename"] == "file"


async def test_what_names_no_address_stays_as_it_is(site: Site) -> None:
    bodies: list[Any] = [
        {"input": "hello"},
        {"input": [1, {"content": "x"}, {"content": [1, {"type": "input_text"}]}]},
        {"input": asking("?", {"type": "input_image", "image_url": "data:image/png;base64,AA=="})},
    ]
    async with fetching(site) as fetcher:
        for body in bodies:
            assert await brought(body, fetcher) is body
    named_one = {"input": asking("?", named(site.url("/x")))}
    assert await brought(named_one, None) is named_one
    assert not site.asked


async def test_so_many_are_fetched_and_no_more(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    url = site.says("/a", b"x" * 60)
    monkeypatch.setattr(api_fetching, "MOST", 2)
    monkeypatch.setattr(api_fetching, "MOST_BYTES", 100)
    async with fetching(site) as fetcher:
        with pytest.raises(WireError, match="more than 40 bytes"):
            await brought({"input": asking("?", named(url), named(url))}, fetcher)
        site.says("/a", b"x")
        with pytest.raises(WireError, match="At most 2 files"):
            await brought({"input": asking("?", *(named(url) for _ in range(3)))}, fetcher)
