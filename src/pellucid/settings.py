"""Everything that can be set, one frozen section per part, read once and checked at start.

Values come from the environment: `PELLUCID_HOME`, `PELLUCID_MODEL`,
`PELLUCID_ENGINE_THREADS`, `PELLUCID_SANDBOX_LEVEL` and so on. This is the only module
that reads the environment. A value that cannot be used is one line that names it.
"""

import os
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Literal

from platformdirs import user_data_path
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
)
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from pellucid.core.effort import EFFORTS, USUAL, EffortName
from pellucid.core.errors import BadRequest

PREFIX = "PELLUCID_"
TESTS_PREFIX = "PELLUCID_TEST_"
"""Names under this prefix are the test suite's own and are never taken for typing errors."""

SandboxLevel = Literal["auto", "namespaces", "landlock"]
SearchName = Literal["", "searxng", "brave", "tavily", "duckduckgo"]


def _absolute(path: Path) -> Path:
    try:
        return path.expanduser().absolute()
    except RuntimeError as error:  # "~somebody" who does not exist
        raise ValueError(str(error)) from error


def _named_files(text: str) -> Iterator[tuple[str, Path]]:
    """The pairs of NAME=FILE,NAME=FILE; ValueError names the first that is none."""
    for name, file in _pairs(text, "FILE"):
        yield name, _absolute(Path(file))


def _pairs(text: str, what: str) -> Iterator[tuple[str, str]]:
    """The pairs of NAME=VALUE,NAME=VALUE; ValueError names the first that is none, `what` its
    values."""
    for pair in filter(None, (part.strip() for part in text.split(","))):
        name, equals, value = (part.strip() for part in pair.partition("="))
        if not (name and equals and value):
            raise ValueError(f"{pair!r} is not NAME={what}")
        yield name, value


def _aliases(text: str) -> str:
    if lost := next((model for _, model in _pairs(text, "MODEL") if model not in USUAL), None):
        raise ValueError(f"there is no model {lost!r}; there are {', '.join(USUAL)}")
    return text


def _adapters(text: str) -> str:
    pairs = list(_named_files(text))
    names = [name for name, _ in pairs]
    if twice := next((name for name in names if names.count(name) > 1), ""):
        raise ValueError(f"there are several adapters {twice!r}")
    if lost := next((file for _, file in pairs if not file.is_file()), None):
        raise ValueError(f"there is no file {lost}")
    return text


_HOST = r"(?:\[[0-9A-Fa-f:.]+\]|[^\[\]:/?#@,]*)(?::\d+)?"
_DATABASE = rf"postgres(?:ql)?://(?:[^/?#@]*@)?{_HOST}(?:,{_HOST})*/[^/?#@]+(?:\?[^#@]*)?"


def _database(url: SecretStr) -> SecretStr:
    if not re.fullmatch(_DATABASE, url.get_secret_value()):
        raise ValueError(
            "this is not postgresql://USER:PASSWORD@HOST:PORT/DATABASE; what is neither letter nor"
            " digit in a password is written as % and its code in two hexadecimal digits"
        )
    return url


def _collector(url: str) -> str:
    if not re.fullmatch(r"(?:https?://[^/?#@\s]+(?:/[^?#@\s]*)?)?", url):
        raise ValueError("this is not http://HOST:PORT; keys belong in OTEL_EXPORTER_OTLP_HEADERS")
    return url if url.count("/") > 2 or not url else f"{url}/v1/traces"


def _search_url(url: str) -> str:
    if not re.fullmatch(r"(?:https?://[^/?#@\s]+(?:/[^?#@\s]*)?)?", url):
        raise ValueError("this is not http://HOST:PORT/PATH; keys belong in PELLUCID_SEARCH_KEY")
    return url


def _search_key(key: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[!-~]+", key.get_secret_value()):
        raise ValueError("a key has letters, digits and signs, without blanks")
    return key


def _search(name: str, others: ValidationInfo) -> str:
    needed = {"searxng": "search_url", "brave": "search_key", "tavily": "search_key"}.get(name)
    if needed in others.data and not others.data[needed]:  # one that is wrong is told by itself
        raise ValueError(f"{name} needs {PREFIX}{needed.upper()}")
    return name


AbsolutePath = Annotated[Path, AfterValidator(_absolute)]
Money = Annotated[Decimal, Field(ge=0, allow_inf_nan=False)]


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class EngineSettings(_Section):
    """How much of the machine the engine takes.

    `window` is tokens of context per sequence; unset, it is 8,192 or the weights' own if
    that is less, and beyond the weights' own it is refused unless their makers say how.
    `kv` is how keys and values are stored: "q8_0" takes half the memory of "f16".
    `threads` 0 means one per core, `sequences` is how many texts are decoded at once,
    `batch` the most tokens of one step, `queue` how many requests may wait before more
    are refused. `prefix_disk` is how many megabytes of long prompts and conversations, as
    computed, are kept on disk so that a later start need not read them anew; 0 keeps none.
    `memory` is what all loaded weights together may take, in MB (0: what the machine has);
    those nobody has used for `idle` seconds are unloaded (0: never). An engine that has
    work and has not ended a step for `stuck` seconds is started again (0: never). `adapters`
    are LoRA adapters that turns may name, written NAME=FILE.gguf, with commas in between.
    """

    window: Annotated[int, Field(ge=512)] | None = None
    kv: Literal["f16", "q8_0"] = "f16"
    threads: int = Field(default=0, ge=0, le=1_024)
    sequences: int = Field(default=8, ge=1, le=64)
    batch: int = Field(default=512, ge=32, le=8_192)
    queue: int = Field(default=64, ge=1)
    prefix_disk: int = Field(default=2_000, ge=0)
    memory: int = Field(default=0, ge=0)
    idle: float = Field(default=600, ge=0, allow_inf_nan=False)
    stuck: float = Field(default=120, ge=0, allow_inf_nan=False)
    adapters: Annotated[str, AfterValidator(_adapters)] = ""

    def named_adapters(self) -> tuple[tuple[str, Path], ...]:
        """Names and files of the adapters."""
        return tuple(_named_files(self.adapters))


class SandboxSettings(_Section):
    """How model-written code is isolated.

    `level` "auto" takes the strongest this machine offers; naming one takes that or
    none. `unsafe_run_without_isolation` runs code as an ordinary process of this
    user where nothing else is possible: only for machines that may be lost.
    """

    level: SandboxLevel = "auto"
    unsafe_run_without_isolation: bool = False


class ApiSettings(_Section):
    """How the server answers.

    `key` is the key that clients send, where it is not to be one that was generated; `hosts`
    are further names that it may be called by, `origins` web pages that may call it, both with
    commas in between; `body` is the most megabytes of a request. `aliases` are other names for
    the models, written NAME=MODEL. With `metrics_open`, /metrics needs no key.
    `requests_per_minute` and `tokens_per_minute` are for each owner (0: no limit).
    `cache` lets equal requests be answered again from what the first one did. `fetch` lets
    requests name files and images by their address (public ones only).
    """

    key: SecretStr | None = None
    hosts: str = ""
    origins: str = ""
    body: int = Field(default=32, ge=1, le=1_024)
    metrics_open: bool = False
    requests_per_minute: int = Field(default=0, ge=0)
    tokens_per_minute: int = Field(default=0, ge=0)
    cache: bool = True
    fetch: bool = True
    aliases: Annotated[str, AfterValidator(_aliases)] = (
        "o4-mini=pellucid-mini,o4-mini-2025-04-16=pellucid-mini,o4-mini-high=pellucid-mini-alto"
    )

    def named(self) -> dict[str, str]:
        """The aliases, each with its model."""
        return dict(_pairs(self.aliases, "MODEL"))


class StoreSettings(_Section):
    """How long replies are kept for clients that come back to them: `days` (0: for ever), and
    `most` of them, the newest. `space` is how many megabytes all files together may take. `url`
    is the PostgreSQL database that all of it is in, where it is not to be a file of `home`."""

    url: Annotated[SecretStr, AfterValidator(_database)] | None = None
    days: int = Field(default=30, ge=0, le=36_500)
    most: int = Field(default=100_000, ge=1)
    space: int = Field(default=4_000, ge=1)


class TracesSettings(_Section):
    """Where spans of turns are sent: `endpoint` is the URL of an OTLP collector ("": they are not
    made), with `/v1/traces` behind it where it has no path."""

    endpoint: Annotated[str, AfterValidator(_collector)] = ""


class PriceSettings(_Section):
    """List prices in US dollars per million tokens; `cached` is for reused input."""

    input: Money = Decimal("1.10")
    cached: Money = Decimal("0.275")
    output: Money = Decimal("4.40")


class Settings(BaseSettings):
    """All settings.

    `home` holds all state and caches. `model` is "" for the default weights, a name of
    the manifest, the path of a GGUF file, or "scripted". `weights_dir` is a folder that
    may already hold weights, asked before any network. `data` is where benchmark data
    lies. `private_computing` lets a turn run programs of its own that the client did
    not ask for. `most_effort` is the highest effort a turn is granted; one that asks for more
    gets that, and is told. `search` is who searches the web ("": nobody, only the index of this
    machine is searched), `search_url` where, if it is not the usual place, `search_key` what they
    know the owner by; `web_allow` and `web_deny` are hosts, with commas in between, whose pages may
    be read (none: all) and may not; `web_scripts` lets Chromium run the scripts of pages that show
    nothing without them, where it is installed. `log` is how the server writes its log. `debug`
    shows tracebacks beside errors.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="_",
        env_nested_max_split=1,
        env_ignore_empty=True,
        frozen=True,
        extra="forbid",
    )

    home: AbsolutePath = Field(default_factory=lambda: user_data_path("pellucid"))
    model: str = ""
    weights_dir: AbsolutePath | None = None
    data: AbsolutePath | None = None
    private_computing: bool = True
    most_effort: EffortName = EFFORTS[-1]
    web_allow: str = ""
    web_deny: str = ""
    web_scripts: bool = True
    search_url: Annotated[str, AfterValidator(_search_url)] = ""
    search_key: Annotated[SecretStr, AfterValidator(_search_key)] | None = None
    search: Annotated[SearchName, AfterValidator(_search)] = ""
    log: Literal["text", "json"] = "text"
    debug: bool = False
    engine: EngineSettings = EngineSettings()
    sandbox: SandboxSettings = SandboxSettings()
    prices: PriceSettings = PriceSettings()
    api: ApiSettings = ApiSettings()
    store: StoreSettings = StoreSettings()
    traces: TracesSettings = TracesSettings()


def load() -> Settings:
    """The settings of this process; BadRequest names the first values that cannot be used."""
    unknown = _unknown(os.environ)
    if unknown:
        raise BadRequest(unknown)
    try:
        return Settings()
    except ValidationError as error:
        raise BadRequest(
            "; ".join(_complaint(e["loc"], e["msg"]) for e in error.errors())
        ) from None
    except SettingsError as error:
        raise BadRequest(f"the settings cannot be read: {error}") from None


def variables() -> tuple[str, ...]:
    """The names of all environment variables that set something."""
    names: list[str] = []
    for name, field in Settings.model_fields.items():
        section = field.annotation
        if isinstance(section, type) and issubclass(section, _Section):
            names += [f"{PREFIX}{name}_{inner}".upper() for inner in section.model_fields]
        else:
            names.append(f"{PREFIX}{name}".upper())
    return tuple(names)


def _unknown(environment: Mapping[str, str]) -> str:
    """A complaint about the first PELLUCID_ variable that sets nothing, else ""."""
    known = variables()
    for name in sorted(environment):
        ours = name.upper().startswith(PREFIX) and not name.upper().startswith(TESTS_PREFIX)
        if ours and name.upper() not in known:
            close = get_close_matches(name.upper(), known, n=1, cutoff=0.8)
            way_out = f"did you mean {close[0]}?" if close else f"there are {', '.join(known)}"
            return f"{name} is not a setting; {way_out}"
    return ""


def _complaint(location: tuple[int | str, ...], message: str) -> str:
    return f"{PREFIX}{'_'.join(str(part) for part in location).upper()}: {message}"
