"""What can be typed: commands, options, their help, and the usage errors."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, CycloptsError, Parameter
from cyclopts.validators import Number

from pellucid.cli.exits import TABLE
from pellucid.core.effort import EffortName
from pellucid.core.errors import BadRequest
from pellucid.core.serving import Serving

WORD = "\0"
"""Put before a word of a question that the parser would take for an option; what comes
from a shell cannot hold it."""

ToolChoice = Literal["python", "none"]
ModelName = Literal["pellucid-mini", "pellucid-mini-alto"]

Effort = Annotated[EffortName | None, Parameter(help="How much the answer may cost to find.")]
Tools = Annotated[ToolChoice, Parameter(help="What may be used to find it.")]
Seed = Annotated[int, Parameter(validator=Number(gte=0), help="Seed of every random choice.")]
Model = Annotated[ModelName, Parameter(help="Which model answers.")]
MaxOutput = Annotated[
    int | None, Parameter(validator=Number(gte=1), help="Most tokens of output, thinking included.")
]
Timeout = Annotated[float | None, Parameter(validator=Number(gt=0), help="Deadline in seconds.")]
Adapter = Annotated[str, Parameter(help="A LoRA adapter of PELLUCID_ENGINE_ADAPTERS, by name.")]
Deterministic = Annotated[
    bool, Parameter(negative="", help="The same tokens every time, whatever else is running.")
]
Days = Annotated[
    float | None, Parameter(validator=Number(gt=0), help="Days until it expires; never if unset.")
]
Json = Annotated[bool, Parameter(name="--json", negative="", help="Print one JSON object.")]
Web = Annotated[
    bool, Parameter(name="--web", negative="", help="Facts may be looked up on the web.")
]
Files = Annotated[
    list[Path] | None,
    Parameter(name="--file", negative="", help="A file to attach; may be given again."),
]


def ask(
    *question: str,
    effort: Effort = None,
    tools: Tools = "python",
    seed: Seed = 0,
    json: Json = False,
    model: Model = "pellucid-mini",
    max_output_tokens: MaxOutput = None,
    timeout: Timeout = None,
    adapter: Adapter = "",
    deterministic: Deterministic = False,
    file: Files = None,
    web: Web = False,
) -> int:
    """Ask one question; see the program, its output, and the answer with its verdicts.

    The question is the arguments, a pipe, or both: then the piped text is attached below
    the question. Put `--` before a question that starts with a dash.
    """
    from pellucid.cli.ask import Options, ask

    serving = Serving(deterministic=deterministic, adapter=adapter)
    options = Options(model, effort, tools, seed, max_output_tokens, timeout, serving, web)
    words = [word.removeprefix(WORD) for word in question]
    return ask(words, tuple(file or ()), options, as_json=json)


def chat(
    *,
    effort: Effort = None,
    tools: Tools = "python",
    seed: Seed = 0,
    model: Model = "pellucid-mini",
    max_output_tokens: MaxOutput = None,
    timeout: Timeout = None,
    adapter: Adapter = "",
    deterministic: Deterministic = False,
    web: Web = False,
) -> int:
    """Talk over several turns; `/help` lists what can be typed.

    Ctrl-C stops the answer, Ctrl-D leaves. From a pipe, each line is a question.
    """
    from pellucid.cli.ask import Options
    from pellucid.cli.chat import chat

    serving = Serving(deterministic=deterministic, adapter=adapter)
    return chat(Options(model, effort, tools, seed, max_output_tokens, timeout, serving, web))


def pull(
    *names: str,
    all_: Annotated[
        bool, Parameter(name="--all", negative="", help="Everything there is.")
    ] = False,
) -> int:
    """Fetch weights by name, or `sandbox`: the libraries programs may import.

    Without a name: what `ask` needs.
    """
    from pellucid.cli.pull import pull

    return pull(names, everything=all_)


def replay(receipt: Path, *, json: Json = False) -> int:
    """Run the executions of a receipt again and tell, one by one, same or differs."""
    from pellucid.cli.replay import replay

    return replay(receipt, as_json=json)


def doctor(*, json: Json = False) -> int:
    """Check what is installed, how well code is isolated, and how fast this machine is."""
    from pellucid.cli.doctor import doctor

    return doctor(as_json=json)


def serve(
    *,
    host: Annotated[str, Parameter(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, Parameter(validator=Number(gte=0, lte=65_535), help="Its port.")] = 8_000,
) -> int:
    """Answer OpenAI's clients: Chat Completions and Responses under http://HOST:PORT/v1.

    The API key is shown when the server is first started, or is PELLUCID_API_KEY.
    """
    from pellucid.cli.serve import serve

    return serve(host, port)


def evaluate(
    *names: str,
    limit: Annotated[
        int | None, Parameter(validator=Number(gte=1), help="Questions of each set; all if unset.")
    ] = None,
    effort: Annotated[
        list[EffortName] | None,
        Parameter(negative="", help="A column at this effort (medium); may be given again."),
    ] = None,
    bare: Annotated[
        bool, Parameter(negative="", help="A column of the weights alone, in prose.")
    ] = False,
    seed: Seed = 0,
    at_once: Annotated[
        int, Parameter(validator=Number(gte=1), help="Questions asked at the same time.")
    ] = 1,
    data: Annotated[Path | None, Parameter(help="Folder of the sets (or PELLUCID_DATA).")] = None,
    store: Annotated[
        bool, Parameter(negative="", help="Keep the summary in benchmarks/results.")
    ] = False,
    store_in: Annotated[Path | None, Parameter(help="Keep the summary in this folder.")] = None,
) -> int:
    """Ask the questions of evaluation sets, grade the answers, and compare.

    A set, or a part of it: `gsm8k`, `bbh/navigate`. What was interrupted goes on where it
    stopped. Each item's record is a JSON file in PELLUCID_HOME/evals.
    """
    from pellucid.cli.eval import Wanted, evaluate, folder

    kept = folder(store, store_in)
    efforts = tuple(effort or ("medium",))
    return evaluate(Wanted(names, limit, efforts, bare, seed, at_once, data, kept))


def create_key(
    name: str,
    *,
    days: Annotated[
        float | None, Parameter(validator=Number(gt=0), help="When it expires.")
    ] = None,
) -> int:
    """Make a key for somebody and print it, this once."""
    from pellucid.cli.keys import create

    return create(name, days)


def revoke_key(name: str) -> int:
    """Forget somebody's key; a running server refuses it from now on."""
    from pellucid.cli.keys import revoke

    return revoke(name)


def list_keys() -> int:
    """Whose keys there are, since when and until when."""
    from pellucid.cli.keys import listed

    return listed()


def index_add(
    what: str,
    *,
    depth: Annotated[
        int, Parameter(validator=Number(gte=0), help="How many links away pages may be.")
    ] = 0,
    most: Annotated[
        int, Parameter(validator=Number(gte=1), help="Pages that are opened, at most.")
    ] = 1_000,
    json: Json = False,
) -> int:
    """Add a page, a sitemap's pages (an address that ends in .xml), a folder or a file.

    With --depth, pages that it links to come along: of the same host, under the same path.
    What was added before is replaced, and what has gone since is removed. What could not be
    added is told at the end (exit code 1).
    """
    from pellucid.cli.index import add

    return add(what, depth, most, as_json=json)


def index_list(*, json: Json = False) -> int:
    """What was added, how many pages it has, and when the newest came."""
    from pellucid.cli.index import listed

    return listed(as_json=json)


def index_remove(source: str, *, json: Json = False) -> int:
    """Forget what was added: an address, a folder or a file, as `list` names it."""
    from pellucid.cli.index import remove

    return remove(source, as_json=json)


def index_search(
    *terms: str,
    most: Annotated[int, Parameter(validator=Number(gte=1), help="Hits, at most.")] = 10,
    json: Json = False,
) -> int:
    """What of the index is found by some words, the best first."""
    from pellucid.cli.index import search

    return search(" ".join(terms), most, as_json=json)


def build() -> App:
    """The application: nine commands."""
    app = App(
        name="pellucid",
        help="The small reasoning model you can see through.",
        help_epilogue=TABLE.strip(),
        version_flags=["--version"],
    )
    for command in (ask, chat, serve, pull, replay, doctor):
        app.command(command)
    app.command(evaluate, name="eval")
    keys = App(name="keys", help="Who may ask the server: keys are shown once, kept as hashes.")
    keys.command(create_key, name="create")
    keys.command(revoke_key, name="revoke")
    keys.command(list_keys, name="list")
    app.command(keys)
    index = App(name="index", help="What is found without the web: pages and documents you add.")
    index.command(index_add, name="add")
    index.command(index_list, name="list")
    index.command(index_remove, name="remove")
    index.command(index_search, name="search")
    app.command(index)
    return app


def dispatch(arguments: Sequence[str]) -> int:
    """Run the command that was typed; BadRequest where it cannot be understood."""
    given = list(arguments)
    if given[:1] == ["ask"]:
        given = [WORD + word if _is_word(word) else word for word in given]
    try:
        code = build()(given, exit_on_error=False, print_error=False, result_action="return_value")
    except CycloptsError as error:
        raise BadRequest(_one_line(error)) from error
    return code if isinstance(code, int) else 0  # help and version return nothing


def _is_word(argument: str) -> bool:
    """Whether this can be no option although it starts with a dash: `-`, `-5%`, `-(3+4)`."""
    if not argument.startswith("-") or re.match(r"--?[A-Za-z]|--$", argument):
        return False
    try:
        float(argument)
    except ValueError:
        return True
    return False  # the parser knows negative numbers; they may be values of options


def _one_line(error: CycloptsError) -> str:
    """The parser's message as the end of a sentence, with the way out it does not know."""
    said = " ".join(str(error).split()).rstrip(".")
    hint = " (put -- before a question that starts with a dash)" if "option" in said else ""
    return said[:1].lower() + said[1:] + hint
