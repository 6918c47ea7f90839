"""What a file may cost: memory, processor time, nothing opened, so much text.

Before the first byte is looked at the process gives up opening anything: no descriptor is left to
be had, so neither a file nor a connection is within a document's reach, and where libseccomp is
installed the kernel allows only the calls that parsing takes.
"""

import errno
import resource
from contextlib import suppress
from typing import Any

MEMORY = 1_500_000_000
"""Bytes of address space."""

LEAST_SECONDS, MOST_SECONDS, BYTES_A_SECOND = 15, 60, 250_000
"""Of processor time: longer files may take longer."""

MOST_CHARACTERS, MOST_PARTS = 20_000_000, 50_000
"""Of text, and of pages, slides, sections or files."""

ALLOWED = (
    "read readv write writev close lseek fstat newfstatat brk mmap munmap mremap mprotect madvise "
    "futex sched_yield sched_getaffinity set_robust_list rseq membarrier getrandom clock_gettime "
    "clock_nanosleep nanosleep gettimeofday time getpid gettid tgkill rt_sigaction rt_sigprocmask "
    "rt_sigreturn sigaltstack getrusage sysinfo restart_syscall exit exit_group"
)


class Unreadable(Exception):
    """A file cannot be read; the text goes behind its name ("has 9,000 pages")."""


def seconds(size: int) -> int:
    """How much processor time a file of so many bytes may take."""
    return min(MOST_SECONDS, LEAST_SECONDS + size // BYTES_A_SECOND)


Rules = Any
"""Rules of libseccomp; None without it."""


def restrict(size: int, most_seconds: int = MOST_SECONDS, rules: Rules = None) -> None:
    """From here on this process opens nothing, and ends if it takes too much. `rules` are those
    that were `allowed` before."""
    rules = rules or allowed()
    for kind, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, min(most_seconds, seconds(size))),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 0),
    ):
        resource.setrlimit(kind, (most, most))
    if rules is not None:
        rules.load()


def allowed(besides: str = "") -> Rules:
    """The calls that are allowed, and these besides; any other fails."""
    try:
        import pyseccomp  # type: ignore[import-untyped]  # looks for the library when imported
    except (ImportError, RuntimeError):
        return None
    rules = pyseccomp.SyscallFilter(pyseccomp.ERRNO(errno.EPERM))
    for name in f"{ALLOWED} {besides}".split():
        with suppress(KeyError, ValueError, OSError):  # not every architecture has every call
            rules.add_rule(pyseccomp.ALLOW, name)
    return rules
