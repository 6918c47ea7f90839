"""Exit codes, and the one line that goes with them."""

from pathlib import Path

import pytest
from cli_samples import SPENT, USAGE, failed, turn

from pellucid.cli.ask import ending
from pellucid.cli.exits import TABLE, Exit, exit_of, exit_of_code
from pellucid.cli.guard import guarded
from pellucid.core import errors
from pellucid.core.events import Event, TurnFinished
from pellucid.core.executions import Execution
from pellucid.core.fold import fold
from pellucid.core.items import Message, ToolResult

CASES = [
    (errors.BadRequest("x"), Exit.USAGE),
    (errors.UnknownName("x"), Exit.USAGE),
    (errors.WindowExceeded(2, 1, 1), Exit.USAGE),
    (errors.ReceiptError("x"), Exit.USAGE),
    (errors.WeightsError("x"), Exit.WEIGHTS),
    (errors.SandboxUnavailable("x"), Exit.SANDBOX),
    (errors.EngineDied("x"), Exit.ENGINE),
    (errors.BudgetExceeded("x"), Exit.FAILED),
    (errors.PellucidError("x"), Exit.FAILED),
]


@pytest.mark.parametrize(("error", "code"), CASES, ids=lambda one: type(one).__name__)
def test_an_error_ends_the_same_way_raised_or_as_an_event(
    error: errors.PellucidError, code: Exit
) -> None:
    assert exit_of(error) is code
    assert exit_of_code(error.code) is code


def test_an_error_nobody_knows_is_a_failure() -> None:
    assert exit_of_code("from_the_future") is Exit.FAILED


def test_the_help_lists_every_code() -> None:
    for code in Exit:
        assert str(int(code)) in TABLE


LIMIT = TurnFinished("limit", USAGE, SPENT)
NOTHING = [*turn(Message("assistant", "No answer was reached."))[:-1], LIMIT]
RESULT = ToolResult("c", "7\n", execution=Execution("e", "print(7)", "ok", output="7\n"))
SOMETHING = [*turn(RESULT, Message("assistant", "The answer is 7."))[:-1], LIMIT]
OUT_OF_TIME = failed(code="budget_exceeded")
TOO_LATE = failed(code="deadline_missed")


@pytest.mark.parametrize(
    ("events", "seconds", "code"),
    [
        (turn(Message("assistant", "hi")), 1.0, Exit.OK),
        (NOTHING, 5.0, Exit.DEADLINE),
        (NOTHING, None, Exit.OK),
        (NOTHING, 60.0, Exit.OK),
        (SOMETHING, 5.0, Exit.OK),
        (OUT_OF_TIME, 5.0, Exit.DEADLINE),
        (OUT_OF_TIME, None, Exit.FAILED),
        (TOO_LATE, 5000.0, Exit.DEADLINE),
        (failed(), 5.0, Exit.ENGINE),
    ],
)
def test_only_a_deadline_without_an_answer_is_a_deadline(
    events: list[Event], seconds: float | None, code: Exit
) -> None:
    assert ending(fold(events), seconds) is code


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("PELLUCID_HOME", str(tmp_path))
    monkeypatch.delenv("PELLUCID_DEBUG", raising=False)
    return tmp_path


def fail_with(error: BaseException) -> int:
    def command() -> int:
        raise error

    return guarded(command)


def test_an_expected_error_is_one_line(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert fail_with(errors.WeightsError("no disk\nat all \x1b[2J")) == 3
    assert capsys.readouterr() == ("", "pellucid: error: no disk at all ␛[2J\n")
    assert list(home.iterdir()) == []


def test_a_bug_is_one_line_and_a_private_file(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert fail_with(RuntimeError("surprise")) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("pellucid: error: unexpected RuntimeError: surprise; ")
    assert err.count("\n") == 1
    (log,) = (home / "logs").iterdir()
    assert str(log) in err
    assert "in command" in log.read_text()
    assert log.stat().st_mode & 0o077 == 0


def test_a_bug_where_nothing_can_be_written_is_still_one_line(
    monkeypatch: pytest.MonkeyPatch, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "file").touch()
    monkeypatch.setenv("PELLUCID_HOME", str(home / "file"))
    assert fail_with(RuntimeError("surprise")) == 1
    assert "the details could not be written" in capsys.readouterr().err


def test_debug_shows_the_traceback(
    monkeypatch: pytest.MonkeyPatch, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PELLUCID_DEBUG", "1")
    fail_with(errors.EngineDied("gone"))
    first, *_, last = capsys.readouterr().err.splitlines()
    assert first.startswith("Traceback")
    assert last == "pellucid: error: gone"


def test_what_the_system_refuses_is_named(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert fail_with(PermissionError(13, "Permission denied", "/root/x")) == 1
    assert capsys.readouterr().err == "pellucid: error: Permission denied: /root/x\n"


@pytest.mark.parametrize(("error", "code"), [(BrokenPipeError(), 141), (KeyboardInterrupt(), 130)])
def test_going_away_is_quiet(
    home: Path, capsys: pytest.CaptureFixture[str], error: BaseException, code: int
) -> None:
    assert fail_with(error) == code
    assert capsys.readouterr() == ("", "")
