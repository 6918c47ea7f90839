"""Suites that others publish, run against `pellucid serve` over a socket, with the scripted model.

    make conformance              all of them, and Schemathesis for a minute
    .venv/bin/python benchmarks/conformance.py --seconds 600 schemathesis

Each is installed from its package index into `build/conformance`, apart from everything else; one
that the index lacks is told as such. The scripted model obeys but understands nothing, so cases
that ask for understanding fail by design: those, and what is not served yet, are in KNOWN with
their reason. Any other failure makes the exit code 1.
"""

import argparse
import json
import os
import secrets
import subprocess
import sys
import urllib.request
import venv
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

ROOT = Path(__file__).parent.parent
HOME = ROOT / "build" / "conformance"
PYTHON = HOME / "venv" / "bin" / "python"
LANGCHAIN = Path(__file__).parent / "suites" / "langchain_standard.py"
MODEL = "pellucid-mini"
LISTENING = "Pellucid is listening on "

Outcome = Literal["passed", "failed", "skipped"]

_UNDERSTANDING = "the scripted model takes no arguments out of a question"
_IMAGES = "of pictures only the text is read, and this one has none"
_UNKNOWN = "parameters that OpenAI's API does not know are refused by name"
KNOWN = {
    ("llm-comply chat", "chat-image-input"): _IMAGES,
    ("llm-comply responses", "image-input"): _IMAGES,
    ("trustedrouter", "chat.forwarded-fields"): _UNKNOWN,
    ("trustedrouter", "stream.incremental-delivery"): "an answer is shown once it was checked",
    ("trustedrouter", "tools.parallel-deltas"): "the scripted model makes one call",
    ("langchain", "test_tool_calling"): _UNDERSTANDING,
    ("langchain", "test_agent_loop"): _UNDERSTANDING,
    ("langchain", "test_unicode_tool_call"): _UNDERSTANDING,
    ("langchain", "test_json_mode"): "the scripted model does not know which keys are meant",
}
"""Failures that are expected, by suite and beginning of the case's name."""


@dataclass(frozen=True, slots=True)
class Case:
    """One case of a suite, and why it did not pass."""

    name: str
    outcome: Outcome
    why: str = ""


@dataclass(frozen=True, slots=True)
class Server:
    """Where a server listens, its key, and how long a suite may look for mistakes."""

    url: str
    key: str
    seconds: int

    @property
    def root(self) -> str:
        """The address before `/v1`."""
        return self.url.removesuffix("/v1")


@dataclass(frozen=True, slots=True)
class Suite:
    """A suite: what has to be installed for it, and how it is run and read."""

    name: str
    packages: tuple[str, ...]
    run: Callable[[Server], list[Case]]


def output(command: list[str | Path], **environment: str) -> str:
    """What a program prints, whatever its exit code says."""
    done = subprocess.run(
        [str(part) for part in command],
        env={**os.environ, "NO_COLOR": "1", **environment},
        cwd=HOME,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout


def comply(form: str, server: Server) -> list[Case]:
    """llm-comply: schemas of OpenAI's Chat and of Open Responses."""
    told = output(
        [PYTHON.parent / "llm-comply", "--json", "--format", form, "--model", MODEL,
         "--base-url", server.url, "--api-key", server.key]
    )  # fmt: skip
    return [
        Case(one["id"], one["status"], "; ".join(one.get("errors", [])))
        for one in json.loads(told)["results"]
    ]


def canary(server: Server) -> list[Case]:
    """CompatCanary: the usual requests of OpenAI's clients (a program for Node)."""
    told = output(
        ["npx", "--yes", "compatcanary@0.2.2", "scan", "--base-url", server.url, "--model", MODEL,
         "--format", "json"],
        OPENAI_API_KEY=server.key,
    )  # fmt: skip
    return [
        Case(one["id"], "passed" if one["status"] == "pass" else "failed", one["summary"])
        for one in json.loads(told)["results"]
    ]


def router(server: Server) -> list[Case]:
    """TrustedRouter's checks of a provider, tiers 1 to 5; a warning counts as a failure."""
    told = output(
        [PYTHON.parent / "trustedrouter-provider-check", "--tier", "5", "--json", "-",
         "--base-url", server.url, "--api-key", server.key]
    )  # fmt: skip
    outcomes: dict[str, Outcome] = {"pass": "passed", "skip": "skipped"}
    return [
        Case(one["id"], outcomes.get(one["status"], "failed"), str(one["measured"].get("reason")))
        for one in json.loads(told)["checks"]
    ]


def langchain(server: Server) -> list[Case]:
    """LangChain's standard tests of a chat model, for both formats."""
    report = HOME / "langchain.xml"
    output(
        [PYTHON, "-m", "pytest", "-c", os.devnull, "-p", "no:cacheprovider",
         "-o", "asyncio_mode=auto", "-o", "asyncio_default_test_loop_scope=session",
         "--benchmark-disable", "--rootdir", HOME, f"--junitxml={report}", LANGCHAIN],
        OPENAI_BASE_URL=server.url,
        OPENAI_API_KEY=server.key,
    )  # fmt: skip
    return [*junit(report)]


def schemathesis(server: Server) -> list[Case]:
    """Schemathesis: requests made from `/openapi.json`, good and bad, and their replies.

    Requests that are well-formed may still ask for what cannot be done (a question that is
    empty, a model that does not exist), so the check that all of them are accepted is left out.
    """
    report = HOME / "schemathesis.xml"
    output(
        [PYTHON.parent / "schemathesis", "run", f"{server.root}/openapi.json",
         "--header", f"Authorization: Bearer {server.key}", "--continue-on-failure",
         "--exclude-checks", "positive_data_acceptance", "--max-time", str(server.seconds),
         "--report-junit-path", report]
    )  # fmt: skip
    return [*junit(report)]


def junit(report: Path) -> Iterator[Case]:
    """The cases of a JUnit report."""
    for case in ElementTree.parse(report).iter("testcase"):
        found = next((one for one in case if one.tag in ("failure", "error", "skipped")), None)
        name = case.get("name", "")
        if found is None:
            yield Case(name, "passed")
        else:
            why = (found.get("message") or found.text or "").strip()
            yield Case(name, "skipped" if found.tag == "skipped" else "failed", why)


SUITES = (
    Suite("llm-comply chat", ("llm-comply==0.5.0",), lambda s: comply("openai-chat", s)),
    Suite("llm-comply responses", ("llm-comply==0.5.0",), lambda s: comply("open-responses", s)),
    Suite("compatcanary", (), canary),
    Suite("trustedrouter", ("trustedrouter-provider-check==0.1.8",), router),
    Suite("langchain", ("langchain-tests==1.1.9", "langchain-openai==1.7.4"), langchain),
    Suite("schemathesis", ("schemathesis==4.32.5",), schemathesis),
)


def expected(suite: str, case: Case) -> str | None:
    """Why a failure is expected, if it is."""
    reasons = (why for (of, name), why in KNOWN.items() if of == suite and name in case.name)
    return next(reasons, None)


@contextmanager
def serving(seconds: int) -> Iterator[Server]:
    """A server with the scripted model and a home of its own; its log is `serve.log`."""
    key = f"sk-{secrets.token_hex(16)}"
    environment = {
        **os.environ,
        "PELLUCID_MODEL": "scripted",
        "PELLUCID_HOME": str(HOME / "home"),
        "PELLUCID_API_KEY": key,
    }
    log = HOME / "serve.log"
    with log.open("w") as file:
        server = subprocess.Popen(
            [sys.executable, "-m", "pellucid", "serve", "--port", "0"], env=environment,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert server.stderr is not None
        for line in server.stderr:
            file.write(line)
            if line.startswith(LISTENING):
                break
        else:
            raise SystemExit(f"the server did not start; see {log}")
        drain = subprocess.Popen(["cat"], stdin=server.stderr, stdout=file)
        try:
            server_ = Server(line.removeprefix(LISTENING).strip(), key, seconds)
            warm(server_)
            yield server_
        finally:
            server.terminate()
            server.wait(60)
            drain.wait(60)


def warm(server: Server) -> None:
    """The first turn fetches the sandbox's libraries, which takes longer than suites wait."""
    body = json.dumps({"model": MODEL, "input": "What is 6 * 7?"}).encode()
    headers = {"authorization": f"Bearer {server.key}", "content-type": "application/json"}
    request = urllib.request.Request(f"{server.url}/responses", body, headers)
    with urllib.request.urlopen(request, timeout=600) as reply:
        reply.read()


def installed(packages: tuple[str, ...]) -> bool:
    """Whether the packages are there, now; False where the index lacks one."""
    if not PYTHON.exists():
        venv.create(HOME / "venv", with_pip=True)
    if not packages:
        return True
    command = [PYTHON, "-m", "pip", "install", "-q", *packages]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode and "No matching distribution" not in done.stderr:
        raise SystemExit(done.stderr)
    return done.returncode == 0


def results(suite: Suite, server: Server) -> list[Case] | None:
    """The cases of a suite; None where it cannot be had."""
    if not installed(suite.packages):
        return None
    try:
        return suite.run(server)
    except (OSError, ValueError, ElementTree.ParseError) as error:
        return [Case("the suite itself", "failed", f"it cannot be run: {error}")]


def told(suite: str, cases: list[Case] | None) -> tuple[list[str], bool]:
    """A suite's rows of the table, and whether all is as expected."""
    if cases is None:
        return [f"{suite:22} not in the index"], True
    count = {
        one: sum(case.outcome == one for case in cases) for one in ("passed", "failed", "skipped")
    }
    rows = [
        f"{suite:22} {len(cases):5} {count['passed']:7} {count['failed']:7} {count['skipped']:8}"
    ]
    well = True
    for case in (case for case in cases if case.outcome == "failed"):
        reason = expected(suite, case)
        well = well and reason is not None
        rows.append(f"    {case.name}: {reason or f'UNEXPECTED: {case.why[:300]}'}")
    return rows, well


def main() -> int:
    """Run the suites that were named, or all; 1 if something fails unexpectedly."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument(
        "suites", nargs="*", metavar="SUITE", help=", ".join(s.name for s in SUITES)
    )
    parser.add_argument("--seconds", type=int, default=60, help="for Schemathesis")
    asked = parser.parse_args()
    chosen = [one for one in SUITES if not asked.suites or one.name in asked.suites]
    HOME.mkdir(parents=True, exist_ok=True)
    print(f"{'suite':22} {'cases':>5} {'passed':>7} {'failed':>7} {'skipped':>8}")
    all_well = True
    with serving(asked.seconds) as server:
        for suite in chosen:
            rows, well = told(suite.name, results(suite, server))
            all_well = all_well and well
            print("\n".join(rows), flush=True)
    return 0 if all_well else 1


if __name__ == "__main__":
    sys.exit(main())
