"""Pages that need scripts: what they show is read, and nothing they do reaches anything else."""

import asyncio
import os
import select
import signal
import subprocess
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from browser.sites import Site, opened
from browser.test_fetch import HOSTS
from pellucid.assembly import Application
from pellucid.core.browsing import OPEN
from pellucid.core.errors import FetchError
from pellucid.core.items import ToolCall
from pellucid.core.pages import Page
from pellucid.core.turn import Web
from pellucid.settings import Settings
from pellucid.tools.browser.fetch import Fetcher, Guard, resolved
from pellucid.tools.browser.opener import Domains, Opener
from pellucid.tools.browser.page import read_whole
from pellucid.tools.browser.parsing import web
from pellucid.tools.browser.robots import Pace, Robots
from pellucid.tools.browser.scripts import box
from pellucid.tools.browser.scripts.chromium import Chromium
from pellucid.tools.browser.scripts.rendering import Bounds, rendered
from pellucid.tools.browser.tool import BrowserTool

HTML, SCRIPT = "Content-Type: text/html; charset=utf-8", "Content-Type: text/javascript"
TEXT = "High tide is at 14:02 in the harbour, and the light on the pier is red. " * 5

missing = box.refused()
runs = pytest.mark.skipif(bool(missing), reason=missing)
loop = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def chromium() -> AsyncGenerator[Chromium, None]:
    async with Chromium() as chromium:
        yield chromium


def guard(*sites: Site) -> Guard:
    """The guard of pages, with leave to ask these sites."""

    async def resolve(host: str, port: int) -> list[str]:
        if host.endswith("site.test"):
            return ["127.0.0.1"]
        return await resolved(host, port)

    return Guard(resolve, frozenset(("127.0.0.1", site.port) for site in sites))


@asynccontextmanager
async def opening(
    chromium: Chromium, site: Site, bounds: Bounds | None = None, **more: Any
) -> AsyncGenerator[Opener, None]:
    async with Fetcher(guard(site)) as fetcher:
        if more.pop("robots", False):
            more["robots"] = Robots(fetcher)
        render = partial(rendered, chromium, bounds=bounds)
        read = partial(read_whole, parse=web.told)
        yield Opener(fetcher, **{"read": read, "render": render, "pace": Pace(gap=0.0), **more})


def made(site: Site, script: str, path: str = "/", more: str = "") -> str:
    """A page that shows what its script makes."""
    page = f"<title>Tides</title>{more}<div id=a></div><script>{script}</script>"
    return site.says(path, page.encode(), HTML)


def shows(text: str) -> str:
    return f"document.getElementById('a').innerHTML = `{text}`;"


@runs
@loop
async def test_what_scripts_make_is_read_as_people_see_it(chromium: Chromium) -> None:
    """By sheets in other files too; what is hidden is told, and what a page is made of is known."""
    async with opened() as site, opening(chromium, site) as opener:
        url = made(
            site,
            "fetch('/old.json').then(r => r.json()).then(d => {"
            + shows("<p>${d.t}</p><p class=h>zebra</p><p id=s><form><input name=parentNode></form>")
            + "document.getElementById('s').attachShadow({mode: 'open'}).innerHTML ="
            " '<i>in the shadow</i>'})",
            more="<link rel=stylesheet href=/a.css>",
        )
        site.says("/a.css", b".h { position: absolute; left: -9999px }", "Content-Type: text/css")
        site.says("/old.json", b"", "Location: /d.json", status="302 Found")
        site.says("/d.json", f'{{"t": "{TEXT}"}}'.encode(), "Content-Type: application/json")
        tool = BrowserTool(None, opener.open, [url])  # type: ignore[arg-type]
        call = ToolCall("c", OPEN, f'{{"url": "{url}"}}')
        (result,) = [
            event.item
            async for event in tool.run([call])
            if getattr(getattr(event, "item", None), "page", None)
        ]
        page: Page = result.page
        assert (page.url, page.title) == (url, "Tides")
        assert " ".join(page.text.split()) == f"{TEXT}in the shadow"
        assert page.hidden == ('off the screen: "zebra"',)
        asked = [one.split(b" ")[1] for one in site.asked]
        assert asked == [b"/", b"/a.css", b"/old.json", b"/d.json"]
        kept = opener._keep.get(url)
        assert kept is not None
        assert kept.fetched.way == tuple(map(site.url, ("/", "/a.css", "/old.json", "/d.json")))
        assert kept.known.headers() == []


@runs
@loop
async def test_data_of_other_hosts_come_where_they_may_be_read(chromium: Chromium) -> None:
    """Their servers are told who asks, and decide (CORS); headers of scripts stay here."""
    async with opened() as site, opening(chromium, site) as opener:
        lets = "Access-Control-Allow-Origin: *"
        site.says("/yes", b"a shared word", lets)
        site.says("/no", b"a private word")
        script = "for (const path of ['/yes', '/no', '/own']) fetch(path === '/own' ? path :"
        script += f" '{site.url('', 'd.site.test')}' + path, {{headers: {{'X-Key': 'secret'}}}})"
        script += ".then(r => r.text()).then(t => a.append(t))"
        site.says("/own", b" and one of its own")
        page = await opener.open(made(site, script))
        assert "a shared word" in page.text
        assert "and one of its own" in page.text
        assert "private" not in page.text
        asked = {one.split(b" ")[1]: one for one in site.asked}
        assert f"Origin: http://site.test:{site.port}\r\n".encode() in asked[b"/yes"]
        assert b"Origin" not in asked[b"/own"]
        assert all(b"secret" not in one and one.startswith(b"GET ") for one in site.asked)


@runs
@loop
async def test_parts_of_a_page_are_held_to_the_rules(chromium: Chromium) -> None:
    """Hosts that are denied, by owner and request, and what robots.txt asks for."""
    for more, domains, asks in (
        ({"allowed": Domains(deny=("d.site.test",))}, Domains(), True),
        ({}, Domains(("e.site.test",)), True),
        ({"robots": True}, Domains(), True),
        ({}, Domains(), False),
    ):
        async with opened() as site, opening(chromium, site, **more) as opener:
            site.says("/robots.txt", b"User-agent: *\nDisallow: /d.js")
            made(site, "", more=f"<script defer src='{site.url('/d.js', 'd.site.test')}'></script>")
            site.says("/d.js", shows(TEXT).encode(), SCRIPT)
            url = site.url("/", "e.site.test")
            if asks:
                with pytest.raises(FetchError, match="shows no text"):
                    await opener.open(url, domains)
            else:
                assert "High tide" in (await opener.open(url, domains)).text
            assert any(b"GET /d.js" in one for one in site.asked) is not asks


@dataclass
class Listener(asyncio.DatagramProtocol):
    """What must not be reached, on all addresses of this machine: who did is counted."""

    port: int = 0
    reached: list[str] = field(default_factory=list)

    def datagram_received(self, data: bytes, addr: object) -> None:
        self.reached.append(f"udp {data[:20]!r}")

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reached.append("tcp")
        writer.close()


@asynccontextmanager
async def listening() -> AsyncGenerator[Listener, None]:
    listener = Listener()
    server = await asyncio.start_server(listener.serve, "0.0.0.0", 0)
    listener.port = server.sockets[0].getsockname()[1]
    datagrams, _ = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: listener, local_addr=("0.0.0.0", listener.port)
    )
    try:
        yield listener
    finally:
        datagrams.close()
        server.close()


WAYS = """
const add = (name, values) => {
  const one = document.createElement(name);
  Object.entries(values).forEach(([key, value]) => one.setAttribute(key, value));
  document.body.appendChild(one);
  return one;
};
const tries = (work) => { try { const p = work(); p && p.catch && p.catch(() => 0); } catch {} };
const all = (host, port) => {
  const at = `${host}:${port}`, url = `http://${at}/x`;
  for (const name of ['iframe', 'img', 'script', 'video', 'audio', 'embed', 'source', 'input'])
    add(name, {src: url, type: name === 'input' ? 'image' : ''});
  add('object', {data: url});
  add('svg', {}).innerHTML = `<image href="${url}"/>`;
  for (const rel of ['stylesheet', 'prefetch', 'prerender', 'preconnect', 'dns-prefetch', 'icon',
      'modulepreload', 'manifest', 'preload'])
    add('link', {rel, href: url, as: 'image'});
  add('style', {}).textContent = `@import url("${url}.css");
    @font-face { font-family: "f${at}"; src: url("${url}.woff") }
    body { font-family: "f${at}"; background: url("${url}.png") }`;
  add('script', {type: 'speculationrules'}).textContent =
    JSON.stringify({prefetch: [{urls: [url], eagerness: 'immediate'}],
      prerender: [{urls: [url], eagerness: 'immediate'}]});
  add('a', {href: '/', ping: url, target: '_blank'}).click();
  add('a', {href: url, download: 'x', target: '_blank'}).click();
  const form = add('form', {action: url, method: 'post', target: '_blank'});
  tries(() => form.submit());
  tries(() => fetch(url));
  tries(() => fetch(url, {method: 'POST', mode: 'no-cors', body: 'x', keepalive: true}));
  tries(() => { const x = new XMLHttpRequest(); x.open('GET', url); x.send(); });
  tries(() => new WebSocket(`ws://${at}/x`));
  tries(() => new WebTransport(`https://${at}/x`));
  tries(() => new EventSource(url));
  tries(() => navigator.sendBeacon(url, 'x'));
  tries(() => window.open(url));
  tries(() => import(url));
  tries(() => navigator.serviceWorker.register('/sw.js?' + url));
  tries(() => new Worker(URL.createObjectURL(new Blob([`importScripts("${url}");
    fetch("${url}"); new WebSocket("ws://${at}")`]))));
  tries(() => new SharedWorker('/sw.js?' + url));
};
const sockets = (hosts, port) => tries(() => {
  const turns = hosts.map(host => `turn:${host}:${port}?transport=tcp`);
  for (const urls of [turns.slice(0, 20), hosts.slice(0, 20).map(host => `stun:${host}:${port}`)])
    tries(async () => {
      const peer = new RTCPeerConnection({iceServers: [{urls, username: 'a', credential: 'b'}]});
      peer.createDataChannel('x');
      await peer.setLocalDescription(await peer.createOffer());
    });
});
"""
WORKER = b"fetch(location.search.slice(1)); new WebSocket(location.search.slice(1))"


@runs
@loop
async def test_no_way_out_of_a_page_leads_to_what_is_not_public(chromium: Chromium) -> None:
    """Every way that a page has, to every notation of an address: none is connected to."""
    wide = Bounds(seconds=40.0, patience=20.0, requests=100_000, at_once=20)
    async with (
        listening() as listener,
        opened() as site,
        opening(chromium, site, wide) as opener,
    ):
        port = listener.port
        site.says("/sw.js", WORKER, SCRIPT)
        script = WAYS + f"const hosts = {HOSTS.split()!r};"
        script += f"hosts.forEach(host => all(host, {port})); sockets(hosts, {port});"
        page = await opener.open(made(site, script + shows(TEXT)))
        assert "High tide" in page.text
        assert listener.reached == []
        asked = {one.split(b" ")[1] for one in site.asked}
        assert asked == {b"/"}


@runs
@loop
@pytest.mark.parametrize(
    ("way", "why"),
    [
        ("<meta http-equiv=refresh content='0; url=TO'>", "is not fetched: "),
        ("<script>location = 'TO'</script>", "is not fetched: "),
        ("<script>location = '/away'</script>", "is not fetched: "),
        ("<script>location = '/film'</script>", "is video/mp4"),
        ("<script>location = '/round?' + Math.random()</script>", "without an end"),
        ("<script>location = 'file:///etc/passwd'</script>", "shows no text"),
    ],
)
async def test_where_a_page_leads_is_checked_like_an_address(
    chromium: Chromium, way: str, why: str
) -> None:
    async with listening() as listener, opened() as site, opening(chromium, site) as opener:
        where = f"http://127.0.0.1:{listener.port}/"
        site.says("/away", b"", f"Location: {where}", status="302 Found")
        site.says("/film", b"x", "Content-Type: video/mp4")
        site.answers = Rounds(site.answers)
        site.says("/round", way.encode(), HTML)
        url = made(site, "1", more=way.replace("TO", where))
        with pytest.raises(FetchError, match=why):
            await opener.open(url)
        if "round" not in way:
            shown = f"<p>{TEXT * 2}</p><noscript>JavaScript</noscript>"
            page = await opener.open(made(site, "1", "/b", shown + way.replace("TO", where)))
            assert page.text.startswith("High tide")
        assert listener.reached == []


class Rounds(dict[str, bytes]):
    """Answers to addresses, whatever they ask."""

    def __contains__(self, path: object) -> bool:
        return super().__contains__(str(path).partition("?")[0])

    def get(self, path: str, other: Any = b"") -> Any:
        return super().get(path.partition("?")[0], other)


@runs
@loop
async def test_the_box_has_no_network_no_files_and_no_rights(chromium: Chromium) -> None:
    """Nothing of this is left to Chromium or to what is asked through it."""
    async with listening() as listener, chromium.tab() as tab:
        for host in ("127.0.0.1", "localhost", "0.0.0.0"):
            told = await tab.send("Page.navigate", url=f"http://{host}:{listener.port}/")
            assert told["errorText"].startswith("net::ERR_")
        told = await tab.send("Page.navigate", url=f"file://{Path(__file__)}")
        assert told["errorText"] in ("net::ERR_FILE_NOT_FOUND", "net::ERR_ACCESS_DENIED")
        assert listener.reached == []
        found = [process for process in box.processes() if b"--type=renderer" in command(process)]
        assert found
        for process in found:
            lines = Path(f"/proc/{process}/status").read_text().splitlines()
            said = dict(line.split(":\t", 1) for line in lines if ":\t" in line)
            assert said["Uid"].split()[0] != "0"
            assert int(said["CapEff"], 16) == 0
            assert said["Seccomp"] == "2"  # Chromium's own sandbox, within ours
            assert os.readlink(f"/proc/{process}/ns/net") != os.readlink("/proc/self/ns/net")


def command(process: int) -> bytes:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return b""


ENDLESS = {
    "a script": ("for (;;) ;", "still busy with its scripts after 1 seconds"),
    "questions": ("for (;;) { alert(1); confirm(2); prompt(3); }", "still busy"),
    "windows": ("setInterval(() => { for (let i = 0; i < 9; i++) open('/') })", "shows no text"),
    "loading": ("const f = () => fetch('/silent').finally(f); f()", "still loading after 0.5 sec"),
    "reloading": ("location.reload()", "without an end|shows no text"),
    "downloads": (
        "setInterval(() => { const a = document.createElement('a'); a.download = 'x';"
        " a.href = 'data:text/plain,x'; a.click() })",
        "shows no text",
    ),
    "elements": (
        "setInterval(() => { for (let i = 0; i < 999; i++)"
        " document.body.append(document.createElement('p')) })",
        "has more than 2,000 elements|shows no text",
    ),
    "text": ("document.body.textContent = 'tide '.repeat(3e5)", "has 1,500,... characters"),
}


@runs
@loop
@pytest.mark.parametrize("what", ENDLESS)
async def test_what_never_ends_ends_and_the_next_page_is_read(
    chromium: Chromium, what: str
) -> None:
    script, why = ENDLESS[what]
    seconds = 1.0 if "busy" in why else 20.0
    bounds = Bounds(seconds, patience=0.5, elements=2_000, characters=1_000_000)
    async with opened() as site, opening(chromium, site, bounds) as opener:
        with pytest.raises(FetchError, match=why):
            await opener.open(made(site, script))
    async with opened() as site, opening(chromium, site) as opener:
        assert "High tide" in (await opener.open(made(site, shows(TEXT)))).text


@runs
@loop
async def test_a_page_that_never_rests_is_read_as_it_is(chromium: Chromium) -> None:
    async with opened() as site, opening(chromium, site, Bounds(patience=0.6)) as opener:
        script = shows(TEXT) + "let n = 0; setInterval(() => { a.append('.'.repeat(n++)) })"
        assert "High tide" in (await opener.open(made(site, script))).text


@runs
@loop
async def test_memory_and_requests_are_bounded() -> None:
    hoards = "const all = []; for (;;) all.push(new Uint8Array(5e7).fill(1))"
    async with opened() as site, Chromium(memory=600_000_000) as chromium:
        async with opening(chromium, site, Bounds(patience=9.0)) as opener:
            with pytest.raises(FetchError, match="took too much memory"):
                await opener.open(made(site, hoards))
        bounds = Bounds(requests=5)
        async with opening(chromium, site, bounds) as opener:
            asks = "(async () => { for (let n = 0; n < 20; n++) await fetch('/d').catch(() => 0);"
            site.says("/d", b"x")
            page = await opener.open(made(site, f"{asks}{shows(TEXT)} }})()", "/many"))
            assert "High tide" in page.text
            assert sum(b"GET /d " in one for one in site.asked) == 5


@runs
@loop
async def test_it_is_started_anew_when_it_has_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    others = set(box.processes())
    async with opened() as site, Chromium() as chromium, opening(chromium, site) as opener:
        assert "High tide" in (await opener.open(made(site, shows(TEXT), "/a"))).text
        os.kill(min(set(box.processes()) - others), signal.SIGKILL)
        assert "High tide" in (await opener.open(made(site, shows(TEXT), "/b"))).text
    assert list(tmp_path.iterdir()) == []


@runs
@loop
async def test_leaving_closes_a_page(chromium: Chromium) -> None:
    """A page that is busy too."""
    async with opened() as site, opening(chromium, site) as opener:
        asks = "const x = new XMLHttpRequest(); x.open('GET', '/silent', false); x.send();"
        task = asyncio.create_task(opener.open(made(site, asks)))
        while not any(b"GET /silent" in one for one in site.asked):
            site.heard.clear()
            await site.heard.wait()
        task.cancel()
        async with asyncio.timeout(5):
            with pytest.raises(asyncio.CancelledError):
                await task
            async with chromium.tab():
                browser = chromium._browser
                assert browser is not None
                assert len(browser.contexts) == 1


@runs
@loop
async def test_pages_leave_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No process, no file, and no memory; benchmarks/scripted.py reads 200 of them."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    others = set(box.processes())
    async with opened() as site:
        async with Chromium() as chromium:
            sizes = list[int]()
            async with opening(chromium, site) as opener:
                for n in range(20):
                    page = await opener.open(made(site, shows(TEXT), f"/{n}"))
                    assert "High tide" in page.text
                    sizes.append(box.memory())
            assert set(box.processes()) - others
            assert list(tmp_path.iterdir())
        print(f"memory of Chromium after 5 and 20 pages: {sizes[4]:,} and {sizes[19]:,} bytes")
        assert sizes[19] < sizes[4] + 60_000_000
    assert set(box.processes()) <= others
    assert list(tmp_path.iterdir()) == []


@runs
@loop
async def test_it_is_ended_when_nobody_needs_it() -> None:
    others = set(box.processes())
    async with Chromium(idle=0.0) as chromium:
        async with chromium.tab() as tab:
            await tab.send("Page.enable")
        async with asyncio.timeout(20):
            while chromium._browser is not None:
                await asyncio.gather(*chromium._ends, asyncio.to_thread(box.memory))
        assert set(box.processes()) <= others


DIES = """
import asyncio
from pellucid.tools.browser.scripts import box
from pellucid.tools.browser.scripts.chromium import Chromium

async def main():
    async with Chromium() as chromium, chromium.tab():
        print(*box.processes(), flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


@runs
def test_it_goes_when_we_are_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", DIES], stdout=subprocess.PIPE) as ours:
        assert ours.stdout is not None
        line = ours.stdout.readline()
        handles = [os.pidfd_open(int(process)) for process in line.split()]
        assert len(handles) > 3
        ours.send_signal(signal.SIGKILL)
    for handle in handles:
        ended, _, _ = select.select([handle], [], [], 10.0)
        os.close(handle)
        assert ended


@runs
@loop
@pytest.mark.parametrize("wanted", [True, False])
async def test_a_server_runs_scripts_where_its_owner_wants_it(tmp_path: Path, wanted: bool) -> None:
    settings = Settings(home=tmp_path, model="scripted", web_scripts=wanted)
    async with opened() as site:
        site.says("/robots.txt", b"", status="404 Not Found")
        url = made(site, shows(TEXT))
        async with Application(settings, lambda _: None, guard=guard(site)) as application:
            if wanted:
                assert "High tide" in (await application.web.visit(Web(), url)).text
            else:
                with pytest.raises(FetchError, match="PELLUCID_WEB_SCRIPTS"):
                    await application.web.visit(Web(), url)


@loop
async def test_where_it_is_missing_the_package_is_named() -> None:
    """The little that a page shows all the same is read."""
    async with opened() as site, opening(Chromium(programs=()), site) as opener:
        with pytest.raises(FetchError, match="apt install chromium-headless-shell"):
            await opener.open(made(site, "1"))
        page = await opener.open(made(site, "1", "/b", more="<p>Closed on Mondays."))
        assert page.text == "Closed on Mondays."
    async with opened() as site, opening(Chromium(), site, render=None) as opener:
        with pytest.raises(FetchError, match="shows no text without scripts"):
            await opener.open(made(site, "1"))
