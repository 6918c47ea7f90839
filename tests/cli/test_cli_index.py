"""`pellucid index`: what is added is listed, found and removed; what is not, is told."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from cli_process import pellucid

from browser.sites import Site, fetching
from pellucid.cli import main
from pellucid.cli.ask import Desk
from pellucid.cli.index import doors, put
from pellucid.tools.browser.adding import Adding
from pellucid.tools.browser.crawl import Bounds
from pellucid.tools.browser.index import FILE, LocalIndex

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("PELLUCID_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PELLUCID_MODEL", "scripted")
    return tmp_path / "home"


@pytest.fixture
def run(home: Path, capfd: pytest.CaptureFixture[str]) -> Run:
    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(["index", *arguments])
        return (code, *capfd.readouterr())

    return run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "docs"
    place.mkdir()
    (place / "storms.md").write_text("# Of storms\n\nWinds blow.\n")
    (place / "tides.txt").write_text("Tides rise and \x1b[31mfall.\n")
    return place


def test_a_folder_is_added_listed_found_and_removed(run: Run, home: Path, folder: Path) -> None:
    url = folder.as_uri()
    assert run("add", str(folder)) == (
        0,
        f"{folder}: 2 pages added\n",
        f"added {url}/storms.md\nadded {url}/tides.txt\n",
    )
    code, out, _ = run("list")
    assert code == 0
    assert re.fullmatch(rf"{folder}  2 pages  \d{{4}}-\d\d-\d\d\n", out)
    assert run("search", "the", "winds") == (
        0,
        f"Of storms\n  {url}/storms.md\n  # Of storms Winds blow.\n",
        "",
    )
    code, out, _ = run("search", "tides")
    assert "␛[31mfall" in out
    assert run("search", "mountains") == (0, "", "nothing in the index has these words\n")
    assert run("remove", f"{folder}/../docs") == (0, f"{folder}: 2 pages removed\n", "")
    assert run("list") == (0, "", "")
    assert (home / FILE).stat().st_mode & 0o777 == 0o600


def test_adding_again_forgets_what_is_gone_if_all_else_came(run: Run, folder: Path) -> None:
    run("add", str(folder))
    (folder / "tides.txt").rename(folder / "new.txt")
    assert run("add", str(folder), "--most", "1")[1].endswith("; 1 more were known (--most)\n")
    assert run("search", "tides")[1].startswith("tides.txt\n")
    said = f"{folder}: 2 pages added, 1 page of before removed\n"
    assert run("add", str(folder))[1] == said
    assert run("search", "tides")[1].startswith("new.txt\n")


def test_json_for_programs(run: Run, home: Path, folder: Path) -> None:
    (folder / "empty.txt").touch()
    code, out, err = run("add", str(folder), "--json", "--most", "2")
    assert (code, json.loads(out)) == (
        1,
        {
            "version": 1,
            "source": str(folder),
            "added": [f"{folder.as_uri()}/storms.md"],
            "failed": [{"url": f"{folder}/empty.txt", "why": "empty.txt has no text"}],
            "left": 1,
            "removed": 0,
        },
    )
    assert err.endswith(f"not added: {folder}/empty.txt: empty.txt has no text\n")
    _, out, _ = run("list", "--json")
    (source,) = json.loads(out)["sources"]
    assert (source["name"], source["pages"]) == (str(folder), 1)
    _, out, _ = run("search", "storms", "--json")
    assert [hit["title"] for hit in json.loads(out)["hits"]] == ["Of storms"]
    _, out, _ = run("remove", str(folder), "--json")
    assert json.loads(out) == {"version": 1, "source": str(folder), "removed": 1}


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["add", "ftp://a.example/"], 2, "only http, https, files and folders"),
        (["add", "/no/such/folder"], 2, "there is no file or folder /no/such/folder"),
        (["add", "/proc/self/fdinfo"], 2, "holds no document"),
        (["add", "http://127.0.0.1/sitemap.xml"], 2, "no public address"),
        (["add", "http://127.0.0.1/"], 1, "127.0.0.1 is no public address"),
        (["add", "x", "--depth", "-1"], 2, "--depth. Must be >= 0"),
        (["add", "x", "--most", "0"], 2, "--most. Must be >= 1"),
        (["add"], 2, "what"),
        (["remove", "https://a.example/"], 2, "no source 'https://a.example/'"),
        (["search", "storms"], 2, "the index is empty: pellucid index add fills it"),
    ],
    ids=lambda one: str(one)[:40],
)
def test_what_cannot_be_done_is_one_line_and_leaves_nothing(
    run: Run, home: Path, arguments: list[str], code: int, says: str
) -> None:
    ended, out, err = run(*arguments)
    assert ended == code
    assert says.lower() in err.lower()
    assert err.count("\n") == 1
    assert code == 1 or out == ""
    assert not home.exists()


async def test_part_of_a_site_is_added(
    home: Path, site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    typed = "Content-Type: text/html"
    site.says("/robots.txt", b"", status="404 Not Found")
    start = site.says("/docs/", b"<title>All</title><a href=a>a</a><a href=gone>gone</a>", typed)
    site.says("/docs/a", b"<title>Storms</title><a href=b>b</a><a href=/docs/>all</a>", typed)
    site.says("/docs/gone", b"", status="404 Not Found")
    async with fetching(site) as fetcher:
        desk, adding = Desk.set_up(), Adding(start, Bounds(1, most=3), lambda: 5.0)
        with doors(fetcher) as through:
            code = await put(desk, adding, *through, json=False)
    out, err = capfd.readouterr()
    assert (code, out) == (1, f"{start}: 2 pages added, 1 not\n")
    gone = site.url("/docs/gone")
    assert err.splitlines() == [
        f"added {start}",
        f"added {site.url('/docs/a')}",
        f"not added: {gone}: {gone} answered with status 404",
    ]
    index = LocalIndex(home / FILE)
    assert [source.pages for source in index.sources()] == [2]
    assert [hit.title for hit in index.search("storms", 9)] == ["Storms"]


async def test_help_tells_what_is_added(tmp_path: Path) -> None:
    ended = await pellucid(tmp_path, "index", "add", "--help")
    words = " ".join(ended.out.split())
    assert ended.code == 0
    for said in ("--depth", "--most", "--json", "a folder or a file", "exit code 1"):
        assert said in words
