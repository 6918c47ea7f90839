"""Long steps: a moving line on a terminal, a line now and then elsewhere."""

import io

import pytest
from rich.text import Text

from pellucid.cli.progress import BAR, PATIENCE, Progress, Step, measures, moving_line
from pellucid.cli.screen import Screen
from pellucid.cli.units import duration, size


class Terminal(io.StringIO):
    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def plain_progress(clock: Clock) -> tuple[Progress, io.StringIO]:
    err = io.StringIO()
    return Progress(Screen(io.StringIO(), err), clock), err


def test_elsewhere_a_step_is_told_at_its_start_now_and_then_and_at_its_end(clock: Clock) -> None:
    progress, err = plain_progress(clock)
    for second in range(21):
        clock.now = 100 + second
        progress.notice("fetching w", second * 50_000_000, 1_000_000_000)
    assert err.getvalue().splitlines() == [
        "fetching w … (1.00 GB)",
        "fetching w … 500 MB of 1.00 GB (50 %) · 50 MB/s · 10.0 s left",
        "fetching w: 1.00 GB in 20.0 s",
    ]


def test_steps_under_way_together_do_not_disturb_each_other(clock: Clock) -> None:
    progress, err = plain_progress(clock)
    for done in (0, 1, 2):
        progress.notice("fetching w", done * 10_000, 20_000)
        progress.notice("preparing", 0, 0)
    assert err.getvalue().splitlines() == [
        "fetching w … (20 kB)",
        "preparing …",
        "fetching w: 20 kB in 0 ms",
    ]


def test_a_step_without_an_end_is_told_again_only_after_a_while(clock: Clock) -> None:
    progress, err = plain_progress(clock)
    progress.notice("loading", 0, 0)
    clock.now += PATIENCE - 1
    progress.notice("loading", 0, 0)
    assert err.getvalue() == "loading …\n"
    clock.now += 1
    progress.notice("loading", 0, 0)
    assert err.getvalue() == "loading …\nloading … 10.0 s\n"


def test_what_was_already_there_is_not_told_as_done(clock: Clock) -> None:
    progress, err = plain_progress(clock)
    progress.notice("checking w", 50_000, 50_000)
    assert err.getvalue() == "checking w … (50 kB)\n"


def test_libraries_are_counted_and_are_one_step(clock: Clock) -> None:
    progress, err = plain_progress(clock)
    for number, name in enumerate(("numpy", "sympy", "scipy"), 1):
        progress.notice(f"library {name}", number, 4)
        clock.now += 6
    progress.notice("libraries ready", 4, 4)
    assert err.getvalue().splitlines() == [
        "library numpy … (4)",
        "library scipy … 3 of 4 · 12.0 s",
        "libraries ready: 4 in 18.0 s",
    ]


def test_a_source_that_failed_stays_on_the_screen(clock: Clock) -> None:
    progress, err = plain_progress(clock)
    progress.notice("hub failed: no network", 0, 1_000)
    assert err.getvalue() == "hub failed: no network\n"


def test_nothing_more_is_told_of_a_source_that_failed(clock: Clock) -> None:
    progress, err = plain_progress(clock)
    progress.notice("fetching w from hub", 0, 90_000)
    progress.notice("hub failed: no network", 0, 90_000)
    progress.notice("fetching w from wheels", 0, 80_000)
    clock.now += 2 * PATIENCE
    progress.notice("fetching w from wheels", 20_000, 80_000)
    assert [line.split(" …")[0] for line in err.getvalue().splitlines()] == [
        "fetching w from hub",
        "hub failed: no network",
        "fetching w from wheels",
        "fetching w from wheels",
    ]


def test_the_model_at_work_is_silent_elsewhere(clock: Clock) -> None:
    progress, err = plain_progress(clock)
    progress.working("thinking")
    progress.draw()
    progress.clear()
    assert err.getvalue() == ""


def test_a_silent_step_is_told_again_by_the_clock(clock: Clock) -> None:
    progress, err = plain_progress(clock)
    progress.notice("loading", 0, 0)
    clock.now += PATIENCE
    progress.draw()
    progress.draw()
    assert err.getvalue() == "loading …\nloading … 10.0 s\n"


async def test_a_terminal_gets_one_moving_line_that_goes_away(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "70")
    err = Terminal()
    screen = Screen(io.StringIO(), err)
    progress = Progress(screen, clock)
    async with progress.moving():
        progress.notice("fetching w", 0, 1_000_000)
        clock.now += 2
        progress.notice("fetching w", 500_000, 1_000_000)
        progress.draw()
        assert err.getvalue().count("\n") == 0
        line = Text.from_ansi(err.getvalue().rpartition("\r")[2]).plain
        assert line.startswith("fetching w " + "━" * BAR)
        assert len(line) <= 69
    assert err.getvalue().endswith("\r\x1b[2K"), "wiped at the end"


def test_a_bar_fills() -> None:
    bar = moving_line(Step("f", 0.0, done=1, total=4), 10.0, 200)
    assert [s.end - s.start for s in bar.spans] == [BAR // 4, BAR - BAR // 4]


def test_speed_counts_only_what_was_fetched_now() -> None:
    resumed = Step("f", 0.0, first=500_000_000, done=600_000_000, total=1_000_000_000)
    assert measures(resumed, 10.0) == "600 MB of 1.00 GB (60 %) · 10 MB/s · 40.0 s left"
    assert measures(resumed, 0.1) == "600 MB of 1.00 GB (60 %)"


@pytest.mark.parametrize(
    ("count", "words"),
    [(0, "0 B"), (999, "999 B"), (98_362_432, "98 MB"), (1_117_320_768, "1.12 GB")],
)
def test_sizes(count: int, words: str) -> None:
    assert size(count) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.0042, "4 ms"),
        (0.9996, "1.0 s"),
        (99.94, "99.9 s"),
        (99.96, "1 min 40 s"),
        (185, "3 min 05 s"),
        (7_800, "2 h 10 min"),
    ],
)
def test_durations(seconds: float, words: str) -> None:
    assert duration(seconds) == words
