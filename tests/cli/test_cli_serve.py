"""`pellucid serve` as a process: its key, its port, its end."""

import asyncio
import json
import re
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from openai import AsyncOpenAI, AuthenticationError
from pydantic import SecretStr

from cli.cli_process import alive, children, pellucid, started
from pellucid.cli.keys import line
from pellucid.cli.serve import _bound, _place
from pellucid.settings import Settings, StoreSettings
from pellucid.store.keys import Key

SUM = "What is 6 * 7?"


@asynccontextmanager
async def serving(
    home: Path, **settings: str
) -> AsyncIterator[tuple[asyncio.subprocess.Process, str, str]]:
    """A server under way: its process, its address, and what it said before."""
    async with started(home, "serve", "--port", "0", **settings) as process:
        assert process.stderr is not None
        said = ""
        async with asyncio.timeout(60):
            while not (found := re.search(r"listening on (http://\S+)", said)):
                line = await process.stderr.readline()
                assert line, said
                said += line.decode()
        yield process, found[1], said


async def ask(url: str, key: str) -> str:
    async with AsyncOpenAI(base_url=url, api_key=key, max_retries=0) as client:
        reply = await client.responses.create(
            model="pellucid-mini",
            input=SUM,
            extra_body={"pellucid": {"computing": False}},
        )
        return reply.output_text


async def test_the_first_key_is_shown_once_and_opens_the_server_ever_after(tmp_path: Path) -> None:
    async with serving(tmp_path) as (process, url, _):
        process.send_signal(signal.SIGTERM)
        out, _err = await process.communicate()
        (key,) = re.findall(r"sk-pellucid-\S+", out.decode())
        assert process.returncode == 0
    async with serving(tmp_path) as (process, url, _):
        assert "scripted model" in await ask(url, key)
        with pytest.raises(AuthenticationError):
            await ask(url, key[:-1])
        process.send_signal(signal.SIGINT)
        out, err = await process.communicate()
        assert process.returncode == 0
    assert key not in (out + err).decode()
    assert SUM not in err.decode()
    assert "POST /v1/responses 200" in err.decode()


async def test_a_key_of_ones_own_is_taken(tmp_path: Path) -> None:
    async with serving(tmp_path, PELLUCID_API_KEY="my-own-key") as (process, url, _):
        assert await ask(url, "my-own-key")
        pids = children(process.pid)
        process.send_signal(signal.SIGTERM)
        out, _ = await process.communicate()
    assert out == b""
    assert not any(map(alive, pids))


async def test_the_log_is_json_where_that_is_wanted(tmp_path: Path) -> None:
    settings = {"PELLUCID_API_KEY": "my-own-key", "PELLUCID_LOG": "json"}
    async with serving(tmp_path, **settings) as (process, url, _):
        assert await ask(url, "my-own-key")
        process.send_signal(signal.SIGTERM)
        _, err = await process.communicate()
    (line,) = [line for text in err.splitlines() if "route" in (line := json.loads(text))]
    assert (line["owner"], line["status"], line["reason"]) == ("default", 200, "answered")
    assert SUM not in err.decode()


async def test_a_key_that_is_too_short_is_refused(tmp_path: Path) -> None:
    ended = await pellucid(tmp_path, "serve", PELLUCID_API_KEY="short")
    assert ended.code == 2
    assert "PELLUCID_API_KEY is shorter than 8 characters" in ended.err


def test_what_is_sent_does_not_wait_for_what_was_sent_before() -> None:
    with (
        _bound("127.0.0.1", 0) as listening,
        socket.create_connection(listening.getsockname()),
        listening.accept()[0] as connection,
    ):
        assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_what_is_kept_is_where_that_was_said(tmp_path: Path) -> None:
    url = "postgresql://ann:secret@db/kept"
    settings = Settings(home=tmp_path, store=StoreSettings(url=SecretStr(url)))
    assert _place(settings) == url
    assert "secret" not in repr(settings)
    assert _place(Settings(home=tmp_path)) == tmp_path / "pellucid.db"


async def test_an_address_that_is_taken_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = await pellucid(
            tmp_path, "serve", "--port", str(port), PELLUCID_API_KEY="my-own-key"
        )
    assert ended.code == 2
    assert f"cannot listen on 127.0.0.1:{port}: " in ended.err
    assert len(ended.err.splitlines()) == 1


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("PELLUCID_API_ALIASES", "gpt=other", "there is no model 'other'"),
        ("PELLUCID_API_ALIASES", "gpt", "'gpt' is not NAME=MODEL"),
        ("PELLUCID_STORE_DAYS", "-1", "PELLUCID_STORE_DAYS"),
        (
            "PELLUCID_STORE_URL",
            "postgresql://ann:secret@127.0.0.1:1/kept",
            "the database postgresql://ann@127.0.0.1:1/kept cannot be reached: Connect call failed",
        ),
    ],
)
async def test_settings_that_cannot_be_used_are_named(
    tmp_path: Path, name: str, value: str, said: str
) -> None:
    ended = await pellucid(tmp_path, "serve", **{name: value})
    assert ended.code == 2
    assert said in ended.err
    assert "secret" not in ended.out + ended.err


async def test_keys_are_made_listed_and_revoked_while_the_server_runs(tmp_path: Path) -> None:
    async with serving(tmp_path) as (process, url, _):
        made = await pellucid(tmp_path, "keys", "create", "ann", "--days", "30")
        assert made.code == 0
        key = made.out.strip()
        assert await ask(url, key)
        second = await pellucid(tmp_path, "serve", "--port", "0")
        assert (second.code, len(second.err.splitlines())) == (2, 1)
        assert f"another server uses the database {tmp_path / 'pellucid.db'}" in second.err
        listed = await pellucid(tmp_path, "keys", "list")
        assert re.findall(r"^(\w+)  since \S+(?:  until (\S+))?$", listed.out, re.M)[1][0] == "ann"
        assert (await pellucid(tmp_path, "keys", "revoke", "ann")).code == 0
        with pytest.raises(AuthenticationError):
            await ask(url, key)
        process.send_signal(signal.SIGTERM)
        await process.communicate()
    again = await pellucid(tmp_path, "keys", "revoke", "ann")
    assert again.code == 2
    assert "there is no key 'ann'; there are: default" in again.err


def test_a_key_that_has_expired_is_listed_so() -> None:
    key = Key("ann", "", 0, 86_400)
    assert line(key, 86_400) == "ann  since 1970-01-01  until 1970-01-02 (expired)"
    assert line(key, 1) == "ann  since 1970-01-01  until 1970-01-02"
