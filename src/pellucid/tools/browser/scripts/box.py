"""The box that Chromium runs in: no network, no files but programs and its own, nobody's rights.

Whatever a page does in it, by any protocol, meets a network of its own that has no way out, and no
resolver; what pages need is fetched outside (`rendering`). Chromium's own sandbox works inside.
"""

import importlib.util
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

PROGRAMS = ("/usr/lib/chromium/chromium-headless-shell", "/usr/lib/chromium/chromium")
"""Where Debian puts the two that can be used, the smaller one first."""

MEMORY = 1_200_000_000
"""Bytes of its own that all of Chromium may have in memory; where it has more, it is ended."""

ADDRESSED = 6_000_000_000
"""Bytes that each process may map to write to, most of which it never does: Chromium does not start
with 4 GB."""


DISK = 64_000_000
"""Bytes of all files in the box, which are kept in memory and go with it."""

NOBODY = "65534"
_ISOLATE = (
    "--unshare-all --die-with-parent --new-session --clearenv --cap-drop ALL --uid 65534 "
    "--gid 65534 --ro-bind /usr /usr --ro-bind-try /etc/fonts /etc/fonts --ro-bind-try "
    "/etc/ld.so.cache /etc/ld.so.cache --proc /proc --dev /dev --size 256000000 --tmpfs /dev/shm "
    f"--size {DISK} --tmpfs /tmp --setenv HOME /tmp --setenv LC_ALL C.UTF-8 --setenv TZ UTC "
    "--chdir /tmp"
)
_LINKS = ("/bin", "/lib", "/lib32", "/lib64")
_FLAGS = (
    "--headless --remote-debugging-pipe --user-data-dir=/tmp/profile --no-first-run "
    "--disable-background-networking --disable-breakpad --disable-component-update --disable-sync "
    "--disable-default-apps --disable-extensions --disable-back-forward-cache --no-proxy-server "
    "--disable-quic --force-webrtc-ip-handling-policy=disable_non_proxied_udp --disable-gpu "
    "--disable-3d-apis --mute-audio --hide-scrollbars --disk-cache-size=1 --window-size=1280,800 "
    "--blink-settings=imagesEnabled=false --js-flags=--max-old-space-size=400 "
    "--disable-features=Prerender2,Translate,MediaRouter,OptimizationHints"
)


def missing(programs: Sequence[str] = PROGRAMS) -> str:
    """Why no page can be run here, with the way out; "" where they can."""
    if program(programs) is None:
        return "Chromium is missing (Debian: apt install chromium-headless-shell)"
    if shutil.which("bwrap") is None:
        return "bubblewrap is missing (Debian: apt install bubblewrap)"
    if importlib.util.find_spec("playwright") is None:
        return "Playwright is missing (pip install 'pellucid[browser]'; it fetches no browser)"
    return ""


def refused(programs: Sequence[str] = PROGRAMS) -> str:
    """The same, also where the box, or Chromium's own sandbox in it, cannot be made: tried with a
    program that does nothing, in some 50 ms."""
    if why := missing(programs):
        return why
    command = [*_box(), "/usr/bin/unshare", "--user", "/usr/bin/true"]
    ended = subprocess.run(command, capture_output=True, text=True)  # noqa: S603 - ours
    if not ended.returncode:
        return ""
    said = ended.stderr.strip().splitlines() or ["it ended at once"]
    return f"Chromium's box cannot be made here: {said[-1]} (allow user name spaces)"


def program(programs: Sequence[str] = PROGRAMS) -> str | None:
    """The Chromium of this machine."""
    return next((name for name in programs if Path(name).is_file()), None)


def command(programs: Sequence[str] = PROGRAMS) -> list[str]:
    """What starts Chromium in its box: its messages come and go by descriptors 3 and 4."""
    found = program(programs)
    assert found is not None  # noqa: S101 - asked for where none is missing
    return [*_box(), found, *_FLAGS.split(), "about:blank"]


def _box() -> list[str]:
    """What starts a program in the box."""
    return [
        *("prlimit", f"--data={ADDRESSED}", "--core=0", "--"),
        *_less(),
        *("bwrap", *_ISOLATE.split(), *_links(), "--remount-ro", "/", "--"),
    ]


def _less() -> tuple[str, ...]:
    """Root becomes nobody, outside of the box too: inside, users are only names."""
    if os.geteuid() != 0:
        return ()
    return ("setpriv", "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups", "--")


def _links() -> list[str]:
    """Folders that are elsewhere by another name, as they are here."""
    links: list[str] = []
    for name in _LINKS:
        if os.path.islink(name):
            links += ["--symlink", os.readlink(name), name]
        elif os.path.isdir(name):
            links += ["--ro-bind", name, name]
    return links


def memory() -> int:
    """Bytes that our Chromium has in memory, its program's own left out."""
    return sum(map(_own, processes()))


def processes() -> list[int]:
    """The processes of our Chromium."""
    parents, found = dict(_parents()), list[int]()
    for process, (above, name) in parents.items():
        steps = 0
        while above in parents and above != os.getpid() and steps < 50:
            above, steps = parents[above][0], steps + 1
        if above == os.getpid() and name.startswith("chrom"):
            found.append(process)
    return found


def _parents() -> Iterator[tuple[int, tuple[int, str]]]:
    """Every process of the machine, with the one above it and its name."""
    for entry in os.scandir("/proc"):
        if entry.name.isdecimal():
            with suppress(OSError):  # it has ended meanwhile
                told = Path(entry.path, "stat").read_text(errors="replace")
                head, _, rest = told.rpartition(")")
                state, above = rest.split()[:2]
                if state != "Z":
                    yield int(entry.name), (int(above), head.partition("(")[2])


def _own(process: int) -> int:
    try:
        told = Path(f"/proc/{process}/status").read_text(errors="replace")
    except OSError:
        return 0  # it has ended
    lines = (line.split() for line in told.splitlines())
    return sum(int(line[1]) * 1_024 for line in lines if line[0] in ("RssAnon:", "RssShmem:"))
