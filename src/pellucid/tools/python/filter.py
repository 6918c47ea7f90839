"""The system calls a program may make, as a filter the kernel runs (seccomp(2)).

An allow-list by name: what is not named fails with "operation not permitted". libseccomp
turns the names into the numbers of this machine's architecture; calls made in another
architecture's numbering (32-bit calls on a 64-bit machine) kill the process.
"""

import errno
import tempfile

from pellucid.core.errors import SandboxUnavailable

MEMORY = "brk mmap munmap mprotect mremap madvise msync mincore"
FILES = (
    "read write readv writev pread64 pwrite64 preadv pwritev preadv2 pwritev2 open openat creat "
    "close close_range lseek stat fstat lstat newfstatat fstatat64 statx access faccessat "
    "faccessat2 readlink readlinkat getcwd chdir fchdir mkdir mkdirat rmdir unlink unlinkat rename "
    "renameat renameat2 link linkat symlink symlinkat truncate ftruncate fallocate fsync fdatasync "
    "flock fcntl dup dup2 dup3 pipe pipe2 getdents getdents64 statfs fstatfs umask "
    "copy_file_range sendfile fadvise64 getxattr lgetxattr fgetxattr listxattr llistxattr "
    "flistxattr"
)
FILE_MODES = "chmod fchmod fchmodat fchmodat2 utime utimes futimesat utimensat"
"""Landlock does not guard these, so they are allowed only behind a mount namespace."""
WAITING = (
    "poll ppoll select pselect6 epoll_create epoll_create1 epoll_ctl epoll_wait epoll_pwait "
    "epoll_pwait2 eventfd eventfd2 recvfrom shutdown getsockopt getsockname getpeername"
)
IDENTITY = (
    "getpid gettid getppid getuid geteuid getgid getegid getgroups getresuid getresgid getpgrp "
    "getpgid getsid uname sysinfo getrlimit getrusage times getcpu getpriority"
)
THREADS = (
    "futex futex_waitv set_robust_list get_robust_list rseq set_tid_address sched_yield "
    "sched_getaffinity sched_getparam sched_getscheduler membarrier exit exit_group "
    "restart_syscall"
)
SIGNALS = (
    "rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigtimedwait rt_sigsuspend "
    "sigaltstack pause alarm setitimer getitimer"
)
CLOCKS = "clock_gettime clock_getres gettimeofday time nanosleep clock_nanosleep getrandom"
ALLOWED = " ".join((MEMORY, FILES, WAITING, IDENTITY, THREADS, SIGNALS, CLOCKS)).split()

TERMINAL_QUERIES = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)
"""ioctl(2): TCGETS, TIOCGWINSZ, FIONREAD, FIONBIO, FIONCLEX, FIOCLEX (asm-generic numbers)."""
CLONE_THREAD, CLONE_NEW_ANYTHING = 0x10000, 0x7E020000
AF_UNIX = 1


def compile_filter(*, file_modes: bool) -> bytes:
    """The filter as BPF instructions; SandboxUnavailable without libseccomp."""
    try:
        import pyseccomp  # type: ignore[import-untyped]  # looks for the library when imported
    except (ImportError, RuntimeError) as error:
        raise SandboxUnavailable(
            "the system library libseccomp is missing (Debian, Ubuntu: apt install libseccomp2)"
        ) from error
    rules = pyseccomp.SyscallFilter(pyseccomp.ERRNO(errno.EPERM))
    names = [*ALLOWED, *(FILE_MODES.split() if file_modes else ())]
    for name in names:
        _allow(rules, name)
    rules.add_rule(pyseccomp.ERRNO(errno.ENOSYS), "clone3")  # makes the C library use clone
    mask = CLONE_THREAD | CLONE_NEW_ANYTHING
    _allow(rules, "clone", pyseccomp.Arg(0, pyseccomp.MASKED_EQ, mask, CLONE_THREAD))
    _allow(rules, "prlimit64", pyseccomp.Arg(2, pyseccomp.EQ, 0))  # ask, never set
    _allow(rules, "socketpair", pyseccomp.Arg(0, pyseccomp.EQ, AF_UNIX))  # asyncio needs one
    _allow(rules, "sendto", pyseccomp.Arg(4, pyseccomp.EQ, 0))  # to the other end only
    for request in TERMINAL_QUERIES:
        _allow(rules, "ioctl", pyseccomp.Arg(1, pyseccomp.EQ, request))
    with tempfile.TemporaryFile() as file:
        rules.export_bpf(file)
        file.seek(0)
        return file.read()


def _allow(rules: object, name: str, *conditions: object) -> None:
    """Allow one call; names that this architecture or library does not know are left out."""
    import pyseccomp

    try:
        rules.add_rule(pyseccomp.ALLOW, name, *conditions)  # type: ignore[attr-defined]
    except (KeyError, ValueError, OSError):
        if name in ("read", "write", "exit_group"):
            raise
