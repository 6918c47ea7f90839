"""`pellucid pull`: fetch weights and the sandbox's libraries, and say where they lie."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pellucid.cli import lifetime
from pellucid.cli.ask import Desk
from pellucid.cli.exits import Exit
from pellucid.core.errors import UnknownName

if TYPE_CHECKING:
    from pellucid.settings import Settings

SANDBOX = "sandbox"


def pull(names: Sequence[str], *, everything: bool) -> int:
    """Fetch what is named, or what `ask` needs; the exit code."""
    return lifetime.run(lambda _: _pull(names, everything))


async def _pull(names: Sequence[str], everything: bool) -> int:
    desk = Desk.set_up()
    wanted = chosen(names, desk.settings, everything=everything)
    async with desk.progress.moving():
        for name in wanted:
            where = await _fetch(desk, name)
            desk.progress.clear()
            desk.screen.line(f"{name}: {where}", wrap=False)
    return Exit.OK


def chosen(names: Sequence[str], settings: "Settings", *, everything: bool) -> list[str]:
    """What to fetch, once each; UnknownName lists what there is."""
    from pellucid.model.manifest import DEFAULT, MANIFEST

    known = [*MANIFEST, SANDBOX]
    for name in names:
        if name not in known:
            raise UnknownName(
                f"there is nothing named {name!r} to pull; there are {', '.join(known)}"
            )
    if everything:
        return known
    default = settings.model or DEFAULT
    needed = [default, SANDBOX] if default in MANIFEST else [SANDBOX]
    return list(dict.fromkeys(names)) or needed


async def _fetch(desk: Desk, name: str) -> str:
    """Fetch one thing where it is missing; what it is and where it lies."""
    from pellucid.model import weights
    from pellucid.tools.python import libraries

    home = desk.settings.home
    if name == SANDBOX:
        here = libraries.installed(home)
        return str(here or await libraries.install(home, desk.progress.notice))
    return str(
        await weights.pull(
            name,
            home,
            lambda seen: desk.progress.notice(seen.what, seen.done, seen.total),
            folder=desk.settings.weights_dir,
        )
    )
