"""What hosts ask of programs is kept to: robots.txt, few requests at once, and not too soon."""

import asyncio
from dataclasses import dataclass, field

import pytest

from browser.sites import Site, fetching
from pellucid.core.errors import FetchError, FetchRefused
from pellucid.tools.browser import robots
from pellucid.tools.browser.robots import LIFETIME, RETRY, Pace, Robots

RULES = b"""
User-agent: *
Disallow: /
User-agent: pellucid
Allow: /private/open
Disallow: /private
Disallow: /*.pdf$
Crawl-delay: 3
"""


@dataclass
class Clock:
    """A clock that goes on when somebody sleeps."""

    now: float = 100.0
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 3))
        self.now += seconds


async def test_rules_for_this_program_come_before_those_for_all(site: Site) -> None:
    site.says("/robots.txt", RULES)
    async with fetching(site) as fetcher:
        hosts = Robots(fetcher)
        assert await hosts.admit(site.url("/")) == 3.0
        assert await hosts.admit(site.url("/private/open")) == 3.0
        for path in ("/private", "/private/x", "/a/b.pdf"):
            with pytest.raises(FetchRefused, match=r"/robots\.txt asks programs not to"):
                await hosts.admit(site.url(path))
    assert len(site.asked) == 1


@pytest.mark.parametrize("status", ["404 Not Found", "401 Unauthorized", "410 Gone"])
async def test_a_host_without_rules_may_be_read(site: Site, status: str) -> None:
    site.says("/robots.txt", RULES, status=status)
    async with fetching(site) as fetcher:
        assert await Robots(fetcher).admit(site.url("/private")) == 0.0


@pytest.mark.parametrize("status", ["500 Broken", "503 Busy", "429 Too Many Requests", "204 None"])
async def test_a_host_whose_rules_cannot_be_had_is_not_read(site: Site, status: str) -> None:
    site.says("/robots.txt", b"", status=status)
    async with fetching(site) as fetcher:
        clock = Clock()
        hosts = Robots(fetcher, clock)
        for _ in range(2):
            with pytest.raises(FetchError, match=r"rules for programs are not known \(.*status"):
                await hosts.admit(site.url("/"))
        assert len(site.asked) == 1
        site.says("/robots.txt", b"")
        clock.now += RETRY
        assert await hosts.admit(site.url("/")) == 0.0


async def test_a_host_that_must_not_be_opened_is_refused_as_such(site: Site) -> None:
    async with fetching(site, near_test=["10.0.0.1"]) as fetcher:
        with pytest.raises(FetchRefused, match="no public address"):
            await Robots(fetcher).admit("http://near.test/")


async def test_rules_are_asked_for_once_in_a_while(site: Site) -> None:
    site.says("/robots.txt", b"User-agent: *\nDisallow: /x")
    async with fetching(site) as fetcher:
        clock = Clock()
        hosts = Robots(fetcher, clock)
        await asyncio.gather(*(hosts.admit(site.url(f"/{n}")) for n in range(9)))
        assert len(site.asked) == 1
        clock.now += LIFETIME
        await hosts.admit(site.url("/"))
    assert len(site.asked) == 2


async def test_the_rules_of_few_hosts_are_kept(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(robots, "MOST_HOSTS", 1)
    site.says("/robots.txt", b"")
    async with fetching(site, two_test=["127.0.0.1"]) as fetcher:
        hosts = Robots(fetcher)
        for host in ("site.test", "two.test", "site.test"):
            await hosts.admit(site.url("/", host))
    assert len(site.asked) == 3


async def test_there_is_time_between_requests_to_a_host() -> None:
    clock = Clock()
    pace = Pace(gap=0.2, clock=clock, sleep=clock.sleep)
    for host, wanted in (("a", 0.0), ("a", 0.0), ("b", 0.0), ("a", 2.0), ("a", 0.0), ("a", 0.0)):
        async with pace.turn(host, wanted):
            pass
    assert clock.slept == [0.2, 0.2, 2.0, 0.2]


async def test_a_host_that_wants_much_time_gets_some() -> None:
    clock = Clock()
    pace = Pace(gap=0.0, longest=5.0, clock=clock, sleep=clock.sleep)
    for _ in range(2):
        async with pace.turn("a", 3_600.0):
            pass
    assert clock.slept == [5.0]


async def test_few_are_at_a_host_at_once() -> None:
    clock = Clock()
    pace = Pace(gap=0.0, at_once=2, clock=clock, sleep=clock.sleep)
    there, most, leave = 0, 0, asyncio.Event()

    async def visit(host: str) -> None:
        nonlocal there, most
        async with pace.turn(host):
            there += 1
            most = max(most, there)
            await leave.wait()
            there -= 1

    async with asyncio.TaskGroup() as group:
        for _ in range(5):
            group.create_task(visit("a"))
        for _ in range(20):
            await asyncio.sleep(0)
        assert there == 2
        async with pace.turn("b"):
            leave.set()
    assert most == 2


async def test_hosts_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(robots, "MOST_HOSTS", 3)
    clock = Clock()
    pace = Pace(gap=1.0, clock=clock, sleep=clock.sleep)
    async with pace.turn("stays"):
        for n in range(9):
            clock.now += 2
            async with pace.turn(f"host{n}"):
                pass
        assert len(pace._hosts) <= 4
        assert "stays" in pace._hosts
