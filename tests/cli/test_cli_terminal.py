"""On a terminal: colour, a moving line, typing, Ctrl-C."""

from pathlib import Path

from cli_terminal import terminal

ENDLESS = "What is 9**9**9?"


async def test_a_terminal_shows_the_turn_in_colour(equipped: Path) -> None:
    async with terminal(equipped, "ask", "What is 48271964 - 19384756?") as screen:
        await screen.sees("at list price")
        assert await screen.ends() == 0
        assert "28,887,208ᶜ computed (run 1)" in screen.text
        assert "\x1b[32m28,887,208" in screen.shown
        assert "\x1b[2K" in screen.shown, "a moving line while it works"


async def test_ctrl_c_stops_the_answer_and_not_the_chat(equipped: Path) -> None:
    async with terminal(equipped, "chat") as screen:
        await screen.sees("> ")
        screen.types(f"{ENDLESS}\r")
        await screen.sees("running it")
        screen.types("\x03")
        await screen.sees("stopped")
        await screen.sees("> ")
        screen.types("What is 2 + 3?\r")
        await screen.sees("5ᶜ")
        await screen.sees("> ")
        screen.types("\x04")
        assert await screen.ends() == 0
    assert "What is 2 + 3?" in (equipped / "chat_history").read_text()
    assert (equipped / "chat_history").stat().st_mode & 0o077 == 0


async def test_ctrl_c_drops_a_line_and_twice_in_a_row_leaves(equipped: Path) -> None:
    async with terminal(equipped, "chat") as screen:
        await screen.sees("> ")
        screen.types("half a ques\x03")
        await screen.sees("(Ctrl-C again or Ctrl-D leaves)")
        await screen.sees("> ")
        screen.types("/help\r")
        await screen.sees("/save FILE")
        await screen.sees("> ")
        screen.types("\x03")
        await screen.sees("(Ctrl-C again or Ctrl-D leaves)")
        await screen.sees("> ")
        screen.types("\x03")
        assert await screen.ends() == 0
        assert "error" not in screen.text


async def test_a_signal_ends_a_chat_that_waits(equipped: Path) -> None:
    async with terminal(equipped, "chat") as screen:
        await screen.sees("> ")
        screen.process.terminate()
        assert await screen.ends() == 143


async def test_ctrl_c_ends_ask(equipped: Path) -> None:
    async with terminal(equipped, "ask", ENDLESS) as screen:
        await screen.sees("running it")
        screen.types("\x03")
        assert await screen.ends() == 130
        assert "Traceback" not in screen.text
