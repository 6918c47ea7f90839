"""Containers, the files in them, and what programs leave there, with OpenAI's own client."""

import time
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import openai
import pytest
from openai import AsyncOpenAI
from openai.types.responses import Response, ResponseOutputText

from api.served import KEY, NOW, OTHER_KEY, Served, model, rooms, serving
from pellucid.api.rooms import Rooms
from pellucid.core.ports import Toolset
from pellucid.core.turn import Turn
from pellucid.service.turns import Turns
from pellucid.store.db import opened
from pellucid.tools.filing import Filed
from pellucid.tools.python.sandbox import PythonSandbox, SandboxSettings
from pellucid.tools.toolset import computing

Start = Callable[[], Any]
SALES = b"month,sold\njan,3\nfeb,4\n"
SUM = """Read sales.csv and save the total as total.txt.
```python
total = sum(int(line.split(',')[1]) for line in open('sales.csv').read().splitlines()[1:])
print('The total is', total)
with open('total.txt', 'w') as file: print(total, file=file)
```"""


class Clock:
    """Stands still until it is moved."""

    now = NOW

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def kept(tmp_path: Path, clock: Clock) -> AsyncGenerator[Rooms, None]:
    async with opened(tmp_path / "test.db") as database:
        yield rooms(database, clock)


@pytest.fixture
async def served(tmp_path: Path, kept: Rooms) -> AsyncGenerator[Served, None]:
    """A server with a sandbox that starts when a program runs."""
    async with AsyncExitStack() as stack:
        started = list[PythonSandbox]()

        @asynccontextmanager
        async def tools(turn: Turn) -> AsyncGenerator[Toolset, None]:
            if not started:
                settings = SandboxSettings(tmp_path, tmp_path / "state", preload=())
                started.append(await stack.enter_async_context(PythonSandbox(settings)))
            filed = Filed(started[0], kept.containers.folder(turn.container, turn.owner))
            async with computing(filed, turn.turn_id, kept=False, seed=0) as found:
                yield found

        turns = Turns(model, tools, tmp_path / "receipts", time.monotonic)
        async with serving(turns, home=tmp_path, rooms=kept) as running:
            yield running


@pytest.fixture
def client(served: Served) -> AsyncOpenAI:
    return served.client()


def hosted(container: Any = None, *file_ids: str) -> list[Any]:
    own = {"type": "auto", **({"file_ids": list(file_ids)} if file_ids else {})}
    return [{"type": "code_interpreter", "container": container or own}]


async def asked(client: AsyncOpenAI, text: str, tools: list[Any], **more: Any) -> Response:
    reply = await client.responses.create(model="pellucid-mini", input=text, tools=tools, **more)
    assert isinstance(reply, Response)
    return reply


def answer(reply: Response) -> ResponseOutputText:
    (message,) = [item for item in reply.output if item.type == "message"]
    (part,) = message.content
    assert isinstance(part, ResponseOutputText)
    return part


def container_of(reply: Response) -> str:
    return next(i.container_id for i in reply.output if i.type == "code_interpreter_call")


async def test_a_container_and_its_files_live_until_they_are_deleted(client: AsyncOpenAI) -> None:
    made = await client.containers.create(name="sales")
    assert (made.status, made.name, made.last_active_at) == ("running", "sales", int(NOW))
    assert made.expires_after
    assert made.expires_after.minutes == 20
    sent = await client.containers.files.create(made.id, file=("dir/sales.csv", SALES))
    assert (sent.path, sent.bytes, sent.source) == ("sales.csv", len(SALES), "user")
    found = await client.containers.files.retrieve(sent.id, container_id=made.id)
    assert found.model_dump() == sent.model_dump()
    content = await client.containers.files.content.retrieve(sent.id, container_id=made.id)
    assert content.content == SALES
    file = await client.files.create(file=("more.bin", b"\0\1"), purpose="user_data")
    copied = await client.containers.files.create(made.id, file_id=file.id)
    assert (copied.path, copied.bytes) == ("more.bin", 2)
    listed = await client.containers.files.list(made.id, order="asc")
    assert {one.id for one in listed.data} == {sent.id, copied.id}
    await client.containers.files.delete(sent.id, container_id=made.id)
    with pytest.raises(openai.NotFoundError, match=sent.id):
        await client.containers.files.retrieve(sent.id, container_id=made.id)
    assert [one.id for one in (await client.containers.list(name="sales")).data] == [made.id]
    assert (await client.containers.list(name="other")).data == []
    await client.containers.delete(made.id)
    with pytest.raises(openai.NotFoundError, match=made.id):
        await client.containers.retrieve(made.id)


async def test_containers_begin_with_copies_of_files_or_not_at_all(client: AsyncOpenAI) -> None:
    file = await client.files.create(file=("sales.csv", SALES), purpose="user_data")
    lives: Any = {"anchor": "last_active_at", "minutes": 5}
    made = await client.containers.create(
        name="a", file_ids=[file.id], expires_after=lives, memory_limit="1g",
        network_policy={"type": "disabled"},
    )  # fmt: skip
    assert made.expires_after
    assert made.expires_after.minutes == 5
    assert [one.path for one in (await client.containers.files.list(made.id)).data] == ["sales.csv"]
    large = await client.files.create(file=("large", b"x" * 50_001), purpose="user_data")
    with pytest.raises(openai.BadRequestError, match=r"too large: 50,000 bytes"):
        await client.containers.create(name="b", file_ids=[large.id])
    with pytest.raises(openai.NotFoundError, match="file-none"):
        await client.containers.create(name="b", file_ids=["file-none"])
    assert [one.name for one in (await client.containers.list()).data] == ["a"]


async def test_what_is_too_much_is_refused_by_name(client: AsyncOpenAI) -> None:
    made = [await client.containers.create(name=str(n)) for n in range(3)]
    with pytest.raises(openai.BadRequestError, match="may have 3 containers"):
        await client.containers.create(name="one too many")
    files = client.containers.files
    for n in range(2):
        await files.create(made[0].id, file=(str(n), b"x" * 50_000))
    with pytest.raises(openai.BadRequestError, match="20,000 bytes are left"):
        await files.create(made[0].id, file=("2", b"x" * 20_001))
    for n in (2, 3):
        await files.create(made[0].id, file=(str(n), b"x"))
    with pytest.raises(openai.BadRequestError, match="may have 4 files"):
        await files.create(made[0].id, file=("4", b"x"))
    assert (await files.create(made[0].id, file=("3", b"yy"))).bytes == 2  # in its place


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({}, "name"),
        ({"name": "a", "memory_limit": "4g"}, "memory_limit"),
        ({"name": "a", "network_policy": {"type": "allowlist"}}, "network_policy.type"),
        ({"name": "a", "expires_after": {"anchor": "created_at", "minutes": 5}}, None),
        ({"name": "a", "skills": [{}]}, "skills"),
        ({"name": "a", "colour": "red"}, "colour"),
    ],
)
async def test_what_is_wrong_with_a_container_is_named(
    served: Served, body: Any, param: str | None
) -> None:
    async with httpx2.AsyncClient(trust_env=False) as plain:
        reply = await plain.post(
            f"{served.url}/v1/containers", json=body, headers={"authorization": f"Bearer {KEY}"}
        )
    error = reply.json()["error"]
    assert (reply.status_code, error["type"]) == (400, "invalid_request_error")
    assert param in (None, error["param"])


async def test_nobody_sees_the_containers_of_others(served: Served, client: AsyncOpenAI) -> None:
    made = await client.containers.create(name="a")
    file = await client.containers.files.create(made.id, file=("a", b"secret"))
    other = served.client(api_key=OTHER_KEY)
    files = other.containers.files
    for refused in (
        other.containers.retrieve(made.id),
        other.containers.delete(made.id),
        files.list(made.id),
        files.create(made.id, file=("b", b"x")),
        files.content.retrieve(file.id, container_id=made.id),
        asked(other, "What is 6 * 7?", hosted(made.id)),
    ):
        with pytest.raises(openai.NotFoundError, match=made.id):
            await refused
    assert (await other.containers.list()).data == []


async def test_a_container_nobody_uses_expires(client: AsyncOpenAI, clock: Clock) -> None:
    made = await client.containers.create(name="a")
    file = await client.containers.files.create(made.id, file=("a", b"x"))
    clock.now += 19 * 60
    await client.containers.files.list(made.id)  # which counts as use
    clock.now += 19 * 60
    assert (await client.containers.retrieve(made.id)).status == "running"
    clock.now += 60
    assert (await client.containers.retrieve(made.id)).status == "expired"
    assert (await client.containers.list()).data == []
    for refused in (
        client.containers.files.content.retrieve(file.id, container_id=made.id),
        asked(client, "What is 6 * 7?", hosted(made.id)),
    ):
        with pytest.raises(openai.BadRequestError, match="is expired") as error:
            await refused
        assert error.value.code == "container_expired"
    await client.containers.create(name="b")  # tidies
    clock.now += 86_400
    await client.containers.create(name="c")
    with pytest.raises(openai.NotFoundError):
        await client.containers.retrieve(made.id)


async def test_programs_find_the_files_of_a_request_and_leave_theirs(client: AsyncOpenAI) -> None:
    file = await client.files.create(file=("sales.csv", SALES), purpose="user_data")
    reply = await asked(client, SUM, hosted(None, file.id))
    container, said = container_of(reply), answer(reply)
    (cited,) = said.annotations
    assert cited.type == "container_file_citation"
    assert (cited.container_id, cited.filename) == (container, "total.txt")
    assert said.text[cited.start_index : cited.end_index] == "total.txt"
    content = await client.containers.files.content.retrieve(
        cited.file_id, container_id=cited.container_id
    )
    assert content.content == b"7\n"
    there = (await client.containers.files.list(container)).data
    assert {(one.path, one.source) for one in there} == {
        ("sales.csv", "user"),
        ("total.txt", "assistant"),
    }
    assert "The total is 7" in said.text


async def test_a_container_that_is_named_keeps_its_files_over_turns(client: AsyncOpenAI) -> None:
    made = await client.containers.create(name="a")
    await client.containers.files.create(made.id, file=("sales.csv", SALES))
    first = await asked(client, SUM, hosted(made.id))
    assert container_of(first) == made.id
    again = "Read total.txt.\n```python\nprint('It holds', open('total.txt').read().strip())\n```"
    second = await asked(client, again, hosted(made.id))
    assert "It holds 7" in answer(second).text
    assert answer(second).annotations == []


@pytest.mark.parametrize("way", ["previous", "carried", "conversation"])
async def test_a_conversation_goes_on_with_the_container_it_had(
    client: AsyncOpenAI, way: str
) -> None:
    text = "Save six as a.txt.\n```python\nopen('a.txt', 'w').write('6') and None\n```"
    talk = await client.conversations.create()
    more: Any = {"conversation": talk.id} if way == "conversation" else {}
    first = await asked(client, text, hosted(), **more)
    assert "The file a.txt is ready." in answer(first).text
    again = "Read a.txt.\n```python\nprint('It holds', open('a.txt').read())\n```"
    given: Any = again
    if way == "previous":
        more = {"previous_response_id": first.id}
    if way == "carried":
        before = [item.model_dump(exclude_none=True) for item in first.output]
        given = [{"role": "user", "content": text}, *before, {"role": "user", "content": again}]
    second = await asked(client, given, hosted(), **more)
    assert container_of(second) == container_of(first)
    assert "It holds 6" in answer(second).text


async def test_annotations_are_streamed_before_the_end(client: AsyncOpenAI) -> None:
    text = "Save it as a.png.\n```python\nopen('a.png', 'wb').write(b'x') and None\n```"
    stream: Any = await client.responses.create(
        model="pellucid-mini", input=text, tools=hosted(), stream=True
    )
    events = [event async for event in stream]
    (added,) = [e for e in events if e.type == "response.output_text.annotation.added"]
    done = next(e for e in events if e.type == "response.output_text.done")
    assert added.sequence_number < done.sequence_number
    assert added.annotation.filename == "a.png"
    whole = events[-1].response
    assert answer(whole).annotations[0].file_id == added.annotation.file_id  # type: ignore[union-attr]
    (ran,) = [item for item in whole.output if item.type == "code_interpreter_call"]
    logs, image = ran.outputs
    assert logs.logs == "The file a.png is ready."
    assert image.url.endswith(f"/files/{added.annotation.file_id}/content")


async def test_what_is_too_large_or_too_much_is_named(client: AsyncOpenAI) -> None:
    text = """Save the files.
```python
open('large.txt', 'w').write('x' * 50_001)
for n in range(70): open(f'n{n:02}.txt', 'w').write(str(n))
print('Done')
```"""
    reply = await asked(client, text, hosted())
    said = answer(reply)
    assert "Not kept: large.txt, n04.txt" in said.text
    assert "Further files were not kept" in said.text
    assert len(said.annotations) == 4
    told = reply.model_extra["pellucid"]  # type: ignore[index]
    why = {one["filename"]: one["why"] for one in told["files_lost"]}
    assert why["large.txt"] == "it has more than 50,000 bytes"
    assert why["n04.txt"] == "a container may have 4 files; delete some"
    assert told["files_unlisted"] == 7


async def test_links_of_programs_lead_nowhere(client: AsyncOpenAI) -> None:
    text = """Save the file.
```python
import os
os.symlink('/etc/passwd', 'a.txt')
open('b.txt', 'w').write('b')
print('Done')
```"""
    reply = await asked(client, text, hosted())
    assert [one.filename for one in answer(reply).annotations] == ["b.txt"]  # type: ignore[union-attr]


async def test_a_failed_run_cites_nothing(client: AsyncOpenAI) -> None:
    text = "Save it as a.txt.\n```python\nopen('a.txt', 'w').write('6')\n1 / 0\n```"
    reply = await asked(client, text, hosted())
    assert answer(reply).annotations == []


async def test_what_is_wrong_with_the_tool_is_named(client: AsyncOpenAI) -> None:
    tools: Any
    for tools, param in (
        (hosted("cntr_none"), "tools"),
        (hosted(None, "file-none"), "tools"),
        (hosted({"type": "auto", "memory_limit": "16g"}), "tools[0].container.memory_limit"),
        (hosted({"type": "auto", "colour": "red"}), "tools[0].container.colour"),
        (hosted("no id"), "tools[0].container"),
        ([{"type": "code_interpreter", "colour": "red"}], "tools[0].colour"),
        ([{"type": "code_interpreter", "container": 5}], "tools[0].container"),
    ):
        with pytest.raises(openai.APIStatusError) as refused:
            await asked(client, "What is 6 * 7?", tools)
        assert refused.value.status_code in (400, 404)
        assert refused.value.param == param


async def test_counting_tokens_makes_no_container(client: AsyncOpenAI) -> None:
    file = await client.files.create(file=("sales.csv", SALES), purpose="user_data")
    more: Any = {"tools": hosted(None, file.id)}
    model: Any = {"model": "pellucid-mini", "input": "Add the sales."}
    assert (await client.responses.input_tokens.count(**model, **more)).input_tokens
    assert (await client.containers.list()).data == []
    made = await client.containers.create(name="a")
    more = {"tools": hosted(made.id)}
    assert (await client.responses.input_tokens.count(**model, **more)).input_tokens


async def test_containers_of_responses_make_room_and_others_do_not(client: AsyncOpenAI) -> None:
    named = await client.containers.create(name="kept")
    replies = [await asked(client, "What is 6 * 7?", hosted()) for _ in range(4)]
    there = {one.id for one in (await client.containers.list()).data}
    assert named.id in there
    assert len(there) == 3
    assert container_of(replies[-1]) in there


async def test_too_many_files_for_a_container_are_refused_before_a_turn(
    client: AsyncOpenAI,
) -> None:
    files = [await client.files.create(file=(str(n), b"x"), purpose="user_data") for n in range(5)]
    with pytest.raises(openai.BadRequestError, match="may have 4 files") as refused:
        await asked(client, "What is 6 * 7?", hosted(None, *(file.id for file in files)))
    assert refused.value.param == "tools"
