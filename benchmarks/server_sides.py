"""The servers that are measured: Pellucid's own, and LiteLLM's proxy beside it."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import venv
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

KEY, MODEL = "sk-benchmark", "pellucid-mini"
LITELLM = "litellm[proxy]==1.108.7"
CORES = sorted(os.sched_getaffinity(0))
"""The server has the first of them, its clients the last."""
STARTING = 180.0
"""Seconds that a server may take to start."""


@dataclass(frozen=True, slots=True)
class Side:
    """A server that runs."""

    name: str
    port: int
    pid: int
    ours: bool

    def kill(self) -> None:
        """End it without a word."""
        os.kill(self.pid, signal.SIGKILL)

    def chat(self, kind: str, text: str, **ours: bool) -> dict[str, Any]:
        """A streamed request of Chat Completions. `kind`: "slow", "long" or "idle"; how that is
        answered, LiteLLM knows by its configuration, and Pellucid from the text."""
        asked = {"messages": [{"role": "user", "content": text}], "stream": True}
        if self.ours:
            return {
                "model": MODEL,
                **asked,
                "pellucid": {"computing": False, "cache": False, **ours},
            }
        return {"model": kind, **asked}


@contextmanager
def pellucid(home: Path | None = None, **more: str) -> Iterator[Side]:
    """`pellucid serve` with the scripted model, in a home of its own where none is named, and with
    more settings. It is killed at the end (SIGKILL)."""
    with TemporaryDirectory() as folder:
        settings = {"HOME": str(home or folder), "MODEL": "scripted", "API_KEY": KEY, **more}
        environment = {f"PELLUCID_{name}": value for name, value in settings.items()}
        command = [sys.executable, "-m", "pellucid", "serve", "--port", "0"]
        log = Path(folder) / "log"
        with _running(command, environment, log) as process:
            found = None
            while found is None:
                _still(process, log)
                found = re.search(r"listening on http://[^:]+:(\d+)", log.read_text())
            yield Side("Pellucid", int(found[1]), process.pid, ours=True)


@contextmanager
def litellm(python: Path | None, answer: str, wait: float, times: int) -> Iterator[Side]:
    """LiteLLM's proxy, which gives the same answer after the same time, or so many times at once;
    installed where no Python that has it is named."""
    with TemporaryDirectory() as folder:
        place = python.absolute() if python else _installed(Path(folder))
        models = (
            _stand_in("slow", mock_response=answer, mock_delay=wait),
            _stand_in("long", mock_response=answer * times),
            _stand_in("idle", mock_response=answer, mock_delay=600),
        )
        settings = {"model_list": models, "general_settings": {"master_key": KEY}}
        config, log, port = Path(folder) / "config.yaml", Path(folder) / "log", _free()
        config.write_text(json.dumps(settings), encoding="utf-8")  # JSON is YAML
        command = [str(place.with_name("litellm")), "--config", str(config), "--port", str(port)]
        offline = {"LITELLM_LOCAL_MODEL_COST_MAP": "True", "LITELLM_LOG": "ERROR"}
        with _running([*command, "--telemetry", "False"], offline, log) as process:
            while not _answers(port):
                _still(process, log)
            yield Side("LiteLLM proxy", port, process.pid, ours=False)


def _stand_in(name: str, **answers: object) -> dict[str, Any]:
    parameters = {"model": "openai/stand-in", "api_key": "none", **answers}
    return {"model_name": name, "litellm_params": parameters}


def _installed(folder: Path) -> Path:
    """LiteLLM in an environment of its own; its Python."""
    print(f"installing {LITELLM}", file=sys.stderr)
    venv.create(folder / "venv", with_pip=True)
    python = folder / "venv" / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", LITELLM], check=True)
    return python


@contextmanager
def _running(
    command: list[str], environment: Mapping[str, str], log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """A process on the first core, its words in a file; ended at the end."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("PELLUCID")}
    with log.open("wb") as words:
        process = subprocess.Popen(
            command,
            env={**plain, **environment},
            stdout=words,
            stderr=words,
            preexec_fn=lambda: os.sched_setaffinity(0, {CORES[0]}),
        )
        try:
            yield process
        finally:
            process.kill()
            process.wait()


def _still(process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait a moment for a server that starts; exits where it has ended instead."""
    if process.poll() is not None:
        sys.exit(f"the server did not start:\n{log.read_text()[-2000:]}")
    time.sleep(0.1)


def _answers(port: int) -> bool:
    try:
        url = f"http://127.0.0.1:{port}/health/liveliness"
        return bool(urllib.request.urlopen(url, timeout=5).status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def _free() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as one:
        return int(one.getsockname()[1])


def cpu_seconds(pid: int) -> float:
    """Processor time of a process so far, user and system, all threads."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
