"""What can be set, and what happens to values that cannot be used."""

import os
from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import ValidationError

from pellucid.core.errors import BadRequest
from pellucid.settings import load, variables


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("PELLUCID_"):
            monkeypatch.delenv(name)


def test_defaults_are_usable() -> None:
    settings = load()
    assert settings.model == ""
    assert settings.home.is_absolute()
    assert settings.private_computing is True
    assert settings.sandbox.unsafe_run_without_isolation is False
    assert settings.prices.output == Decimal("4.40")


def test_every_part_is_set_by_its_own_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {
        "PELLUCID_HOME": "~/somewhere",
        "PELLUCID_MODEL": "scripted",
        "PELLUCID_WEIGHTS_DIR": "here",
        "PELLUCID_ENGINE_THREADS": "3",
        "PELLUCID_ENGINE_WINDOW": "40000",
        "PELLUCID_ENGINE_KV": "q8_0",
        "PELLUCID_MOST_EFFORT": "medium",
        "PELLUCID_SANDBOX_LEVEL": "landlock",
        "PELLUCID_SANDBOX_UNSAFE_RUN_WITHOUT_ISOLATION": "yes",
        "PELLUCID_PRICES_CACHED": "0.5",
        "PELLUCID_PRIVATE_COMPUTING": "off",
        "PELLUCID_SEARCH": "searxng",
        "PELLUCID_SEARCH_URL": "http://127.0.0.1:8888/searx",
        "PELLUCID_SEARCH_KEY": "BSA-secret",
    }
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    settings = load()
    assert settings.home == Path.home() / "somewhere"
    assert settings.weights_dir == Path.cwd() / "here"
    assert settings.model == "scripted"
    assert (settings.engine.threads, settings.engine.window) == (3, 40_000)
    assert settings.engine.kv == "q8_0"
    assert settings.most_effort == "medium"
    assert settings.sandbox.level == "landlock"
    assert settings.sandbox.unsafe_run_without_isolation is True
    assert settings.prices.cached == Decimal("0.5")
    assert settings.private_computing is False
    assert (settings.search, settings.search_url) == ("searxng", "http://127.0.0.1:8888/searx")
    assert settings.search_key
    assert settings.search_key.get_secret_value() == "BSA-secret"
    assert "secret" not in repr(settings)
    assert set(given) <= set(variables())


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ("http://127.0.0.1:4318", "http://127.0.0.1:4318/v1/traces"),
        ("https://collector.example/otlp/", "https://collector.example/otlp/"),
    ],
)
def test_spans_are_sent_to_a_url(monkeypatch: pytest.MonkeyPatch, given: str, url: str) -> None:
    assert load().traces.endpoint == ""
    monkeypatch.setenv("PELLUCID_TRACES_ENDPOINT", given)
    assert load().traces.endpoint == url


@pytest.mark.parametrize("url", ["collector:4318", "http://ann:secret@collector:4318", "http://"])
def test_what_is_no_url_of_a_collector_is_not_repeated(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("PELLUCID_TRACES_ENDPOINT", url)
    with pytest.raises(BadRequest, match=r"PELLUCID_TRACES_ENDPOINT: .*http://HOST:PORT") as told:
        load()
    assert "secret" not in str(told.value)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://ann:pass%2Fword@db.example:5432/kept?sslmode=require",
        "postgres://ann@[::1]:5432/kept",
        "postgresql://one:1,two,three:3/kept",
        "postgresql:///kept?host=/run/postgresql",
    ],
)
def test_a_database_is_told_as_a_url(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("PELLUCID_STORE_URL", url)
    store = load().store
    assert store.url
    assert store.url.get_secret_value() == url


@pytest.mark.parametrize(
    "url",
    [
        "mysql://ann:secret@db/kept",
        "postgresql+asyncpg://ann:secret@db/kept",
        "postgresql://ann:secret@db",
        "postgresql://ann:secret/kept",
        "postgresql://ann:secret#s@db/kept",
        "postgresql://ann:secret/s@db/kept",
        "postgresql://ann:secret?s@db/kept",
        "postgresql://ann:secret@s@db/kept",
        "postgresql://ann:secret@[::1/kept",
    ],
)
def test_what_is_no_url_of_a_database_is_not_repeated(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("PELLUCID_STORE_URL", url)
    with pytest.raises(BadRequest, match=r"PELLUCID_STORE_URL: .*USER:PASSWORD@HOST") as told:
        load()
    assert "secret" not in str(told.value)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"SEARCH": "google"}, "PELLUCID_SEARCH: .*'duckduckgo'"),
        ({"SEARCH": "searxng"}, "PELLUCID_SEARCH: .*searxng needs PELLUCID_SEARCH_URL"),
        ({"SEARCH": "brave"}, "PELLUCID_SEARCH: .*brave needs PELLUCID_SEARCH_KEY"),
        ({"SEARCH": "tavily", "SEARCH_KEY": "a secret"}, "PELLUCID_SEARCH_KEY: .*without blanks"),
        ({"SEARCH_URL": "http://me:secret@searx/"}, "PELLUCID_SEARCH_URL: .*http://HOST:PORT"),
        ({"SEARCH_URL": "searx:8888"}, "PELLUCID_SEARCH_URL: .*http://HOST:PORT"),
    ],
)
def test_search_takes_a_provider_with_what_it_needs(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], says: str
) -> None:
    for name, value in given.items():
        monkeypatch.setenv(f"PELLUCID_{name}", value)
    with pytest.raises(BadRequest, match=says) as told:
        load()
    assert "secret" not in str(told.value)


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("PELLUCID_ENGINE_THREADS", "many", "PELLUCID_ENGINE_THREADS: .*integer"),
        ("PELLUCID_ENGINE_WINDOW", "-1", "PELLUCID_ENGINE_WINDOW: .*512"),
        ("PELLUCID_ENGINE_KV", "q4_0", "PELLUCID_ENGINE_KV: .*'q8_0'"),
        ("PELLUCID_SANDBOX_LEVEL", "none", "PELLUCID_SANDBOX_LEVEL: .*'landlock'"),
        ("PELLUCID_PRICES_INPUT", "NaN", "PELLUCID_PRICES_INPUT: .*finite"),
        ("PELLUCID_MOST_EFFORT", "huge", "PELLUCID_MOST_EFFORT: .*'xhigh'"),
        ("PELLUCID_ENGINE_ADAPTERS", "law", "PELLUCID_ENGINE_ADAPTERS: .*'law' is not NAME=FILE"),
        (
            "PELLUCID_ENGINE_ADAPTERS",
            "a=/nowhere.gguf",
            "PELLUCID_ENGINE_ADAPTERS: .*no file /nowhere",
        ),
        (
            "PELLUCID_ENGINE_ADAPTERS",
            f"a={__file__}, a={__file__}",
            "PELLUCID_ENGINE_ADAPTERS: .*several adapters 'a'",
        ),
        ("PELLUCID_HOME", "~nobody-of-this-name/x", "PELLUCID_HOME: .*home"),
        ("PELLUCID_SANBOX_LEVEL", "auto", "did you mean PELLUCID_SANDBOX_LEVEL"),
        (
            "PELLUCID_FROBNICATE",
            "1",
            "PELLUCID_FROBNICATE is not a setting; there are PELLUCID_HOME",
        ),
    ],
)
def test_a_bad_value_is_one_line_that_names_it(
    name: str, value: str, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(BadRequest, match=says) as caught:
        load()
    assert "\n" not in str(caught.value)


def test_adapters_are_named_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("law.gguf", "c.gguf"):
        (tmp_path / name).touch()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PELLUCID_ENGINE_ADAPTERS", f"law=law.gguf, code = {tmp_path}/c.gguf,")
    assert load().engine.named_adapters() == (
        ("law", tmp_path / "law.gguf"),
        ("code", tmp_path / "c.gguf"),
    )


def test_an_empty_variable_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PELLUCID_HOME", "")
    assert load().home.name == "pellucid"


def test_the_suite_may_have_variables_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PELLUCID_TEST_ANYTHING", "1")
    load()


def test_settings_are_frozen() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        load().engine.threads = 2
