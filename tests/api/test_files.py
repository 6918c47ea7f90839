"""Files and uploads, with OpenAI's own client."""

import hashlib
from collections.abc import AsyncGenerator
from pathlib import Path

import httpx
import openai
import pytest

from api.served import KEY, NOW, OTHER_KEY, Served, scripted, serving

BYTES = bytes(range(256)) * 1_000


@pytest.fixture
async def served(tmp_path: Path) -> AsyncGenerator[Served, None]:
    async with serving(scripted(tmp_path), body=2_000_000) as running:
        yield running


async def test_a_file_comes_back_byte_by_byte_until_it_is_deleted(served: Served) -> None:
    client = served.client()
    file = await client.files.create(file=("a b.bin", BYTES), purpose="user_data")
    assert (file.bytes, file.filename, file.purpose) == (len(BYTES), "a b.bin", "user_data")
    assert file.expires_at is None
    assert await client.files.retrieve(file.id) == file
    assert (await client.files.content(file.id)).content == BYTES
    assert (await client.files.delete(file.id)).deleted
    for gone in (client.files.retrieve, client.files.content, client.files.delete):
        with pytest.raises(openai.NotFoundError, match=file.id):
            await gone(file.id)


async def test_a_file_is_never_shown_as_a_page(served: Served) -> None:
    client = served.client()
    file = await client.files.create(file=("a.html", b"<script>"), purpose="user_data")
    reply = await client.files.with_raw_response.content(file.id)
    assert reply.headers["content-type"] == "application/octet-stream"
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert reply.headers["content-disposition"] == "attachment"


async def test_nobody_sees_the_files_of_others(served: Served) -> None:
    file = await served.client().files.create(file=("a", b"secret"), purpose="batch")
    other = served.client(api_key=OTHER_KEY)
    for asked in (other.files.retrieve, other.files.content, other.files.delete):
        with pytest.raises(openai.NotFoundError):
            await asked(file.id)
    assert (await other.files.list()).data == []


async def test_files_are_listed_by_purpose_a_page_at_a_time(served: Served) -> None:
    client = served.client()
    made = [
        await client.files.create(file=(str(n), b"x"), purpose="user_data" if n else "vision")
        for n in range(5)
    ]
    names = [file.id async for file in await client.files.list(limit=2, order="asc")]
    assert sorted(names) == sorted(file.id for file in made)
    vision = await client.files.list(purpose="vision")
    assert [file.filename for file in vision.data] == ["0"]


async def test_a_file_is_kept_for_as_long_as_was_said(served: Served) -> None:
    client = served.client()
    lives = {"anchor": "created_at", "seconds": 3_600}
    file = await client.files.create(file=("a", b"x"), purpose="batch", expires_after=lives)  # type: ignore[arg-type]
    assert file.expires_at == int(NOW) + 3_600
    usual = await client.files.create(file=("a", b"x"), purpose="batch")
    assert usual.expires_at == int(NOW) + 30 * 86_400


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({}, "purpose"),
        ({"purpose": "theft"}, "purpose"),
        ({"purpose": "batch", "color": "red"}, "color"),
        ({"purpose": "batch", "expires_after[seconds]": "5"}, "expires_after.anchor"),
        ({"purpose": "batch", "expires_after": "x", "expires_after[seconds]": "5"}, None),
    ],
)
async def test_what_is_wrong_with_a_form_is_named(
    served: Served, fields: dict[str, str], param: str | None
) -> None:
    reply = await _post(served, "/files", data=fields, files={"file": ("a", b"x")})
    error = reply.json()["error"]
    assert (reply.status_code, error["type"]) == (400, "invalid_request_error")
    assert param in (None, error["param"])


async def test_a_body_that_is_no_form_or_has_no_file_is_refused(served: Served) -> None:
    for options in (
        {"json": {"purpose": "batch"}},
        {"data": {"purpose": "batch"}, "files": {"other": ("a", b"x")}},
        {"content": b"--x\r\n", "headers": {"content-type": "multipart/form-data"}},
        {"content": b"junk", "headers": {"content-type": "multipart/form-data; boundary=x"}},
    ):
        reply = await _post(served, "/files", **options)
        assert reply.status_code == 400
        assert reply.json()["error"]["message"]


async def test_files_take_no_more_space_than_they_may(served: Served) -> None:
    client = served.client()
    first = await client.files.create(file=("a", b"x" * 900_000), purpose="user_data")
    with pytest.raises(openai.BadRequestError, match=r"1,000,000 bytes, of which 100,000"):
        await client.files.create(file=("b", b"x" * 100_001), purpose="user_data")
    await client.files.delete(first.id)
    await client.files.create(file=("b", b"x" * 100_001), purpose="user_data")
    with pytest.raises(openai.APIStatusError, match=r"2,000,000 bytes") as refused:
        await client.files.create(file=("b", b"x" * 2_000_001), purpose="user_data")
    assert refused.value.status_code == 413


async def test_a_file_comes_in_parts(served: Served) -> None:
    client = served.client()
    upload = await client.uploads.create(
        bytes=len(BYTES), filename="big.bin", mime_type="x/y", purpose="user_data"
    )
    assert (upload.status, upload.expires_at) == ("pending", int(NOW) + 3_600)
    last, first = [
        await client.uploads.parts.create(upload.id, data=data)
        for data in (BYTES[1_000:], BYTES[:1_000])
    ]
    md5 = hashlib.md5(BYTES, usedforsecurity=False).hexdigest().upper()
    done = await client.uploads.complete(upload.id, part_ids=[first.id, last.id], md5=md5)
    assert done.status == "completed"
    assert done.file
    assert (await client.files.content(done.file.id)).content == BYTES
    assert await client.files.retrieve(done.file.id) == done.file
    for closed in (
        client.uploads.cancel(upload.id),
        client.uploads.parts.create(upload.id, data=b"x"),
        client.uploads.complete(upload.id, part_ids=[first.id]),
    ):
        with pytest.raises(openai.BadRequestError, match="is completed"):
            await closed


async def test_parts_must_be_what_was_announced(served: Served) -> None:
    client = served.client()
    upload = await client.uploads.create(
        bytes=6, filename="a", mime_type="x/y", purpose="user_data"
    )
    one = await client.uploads.parts.create(upload.id, data=b"abc")
    two = await client.uploads.parts.create(upload.id, data=b"def")
    for names, md5, told in (
        ([one.id], None, "3 bytes; 6 were announced"),
        ([one.id, one.id], None, "named twice"),
        ([one.id, "part_of_another"], None, "'part_of_another' is not"),
        ([""], None, "'' is not"),
        ([one.id, two.id], "0" * 32, "MD5"),
    ):
        with pytest.raises(openai.BadRequestError, match=told):
            await client.uploads.complete(upload.id, part_ids=names, md5=md5 or openai.omit)
    with pytest.raises(openai.BadRequestError, match="7 bytes with this part"):
        await client.uploads.parts.create(upload.id, data=b"g")
    done = await client.uploads.complete(upload.id, part_ids=[one.id, two.id])
    assert done.file
    assert (await client.files.content(done.file.id)).content == b"abcdef"


async def test_an_upload_larger_than_anything_is_refused(served: Served) -> None:
    with pytest.raises(openai.BadRequestError, match="bytes"):
        await served.client().uploads.create(
            bytes=10**20, filename="a", mime_type="x/y", purpose="user_data"
        )


async def test_an_upload_can_be_given_up(served: Served) -> None:
    client = served.client()
    upload = await client.uploads.create(
        bytes=900_000, filename="a", mime_type="x/y", purpose="user_data"
    )
    await client.uploads.parts.create(upload.id, data=b"x" * 900_000)
    with pytest.raises(openai.BadRequestError, match="100,000"):
        await client.files.create(file=("b", b"x" * 200_000), purpose="user_data")
    assert (await client.uploads.cancel(upload.id)).status == "cancelled"
    await client.files.create(file=("b", b"x" * 200_000), purpose="user_data")
    with pytest.raises(openai.NotFoundError):
        await served.client(api_key=OTHER_KEY).uploads.cancel(upload.id)


async def _post(served: Served, path: str, **options: object) -> httpx.Response:
    headers = {"authorization": f"Bearer {KEY}"}
    more = options.pop("headers", {})
    async with httpx.AsyncClient() as client:
        return await client.post(
            f"{served.url}/v1{path}",
            headers=headers | more,  # type: ignore[operator]
            **options,  # type: ignore[arg-type]
        )
