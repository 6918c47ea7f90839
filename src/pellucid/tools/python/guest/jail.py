"""What a session gives up before it runs anything: devices, rights, system calls.

Every call names the manual page that explains it. Order matters: mounts need the
capabilities that are dropped next, and the system call filter comes last because it
forbids everything done here.
"""

import ctypes
import os
import resource
from typing import Any, TypedDict

# clone(2), mount(2), prctl(2), capabilities(7): numbers of the kernel's public interface.
CLONE_NEWNS, CLONE_NEWIPC, CLONE_NEWUSER = 0x20000, 0x8000000, 0x10000000
CLONE_NEWPID, CLONE_NEWNET, CLONE_NEWUTS = 0x20000000, 0x40000000, 0x4000000
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REC, MS_PRIVATE = 1, 2, 4, 8, 0x4000, 0x40000
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_CAPBSET_DROP = 1, 4, 22, 24
PR_SET_NO_NEW_PRIVS, SECCOMP_MODE_FILTER, SIGKILL = 38, 2, 9
CAPABILITY_VERSION_3, LAST_CAPABILITY = 0x20080522, 63


class Limits(TypedDict):
    """What one session may use: bytes, counts and processor seconds."""

    memory: int
    disk: int
    files: int
    processes: int
    cpu: int


class _Program(ctypes.Structure):
    """`struct sock_fprog`: a filter's length in instructions, and where it lies."""

    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def call(name: str, *arguments: Any) -> int:  # noqa: ANN401 - whatever C takes
    """Call a C library function that answers -1 on failure; OSError names it."""
    libc = ctypes.CDLL(None, use_errno=True)
    answer = int(getattr(libc, name)(*arguments))
    if answer == -1:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")
    return answer


def prctl(option: int, *arguments: Any) -> None:  # noqa: ANN401
    """prctl(2), whose unused arguments must be zero."""
    padded = [*arguments, 0, 0, 0, 0][:4]
    call("prctl", option, *(ctypes.c_ulong(a) if isinstance(a, int) else a for a in padded))


def die_with(parent: int) -> None:
    """Be killed when the parent goes; at once if it went before we asked."""
    prctl(PR_SET_PDEATHSIG, SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def enter_namespaces(uid: int, gid: int) -> None:
    """New user, mount, pid, network, ipc and host name spaces; the next child is their first."""
    call(
        "unshare",
        CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS,
    )
    for name, text in (
        ("setgroups", "deny"),  # without it an unprivileged process may not map its group
        ("uid_map", f"{uid} {uid} 1"),
        ("gid_map", f"{gid} {gid} 1"),
    ):
        with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
            file.write(text)


def mount_private(box: str, limits: Limits) -> None:
    """An empty work folder of limited size and count of files, and no view of processes."""
    quiet = MS_NOSUID | MS_NODEV
    _mount(None, "/", None, MS_REC | MS_PRIVATE, None)
    _mount(
        "tmpfs", box, "tmpfs", quiet, f"size={limits['disk']},nr_inodes={limits['files']},mode=0700"
    )
    _mount("tmpfs", "/proc", "tmpfs", quiet | MS_NOEXEC | MS_RDONLY, "size=4k,mode=0555")
    os.chdir(box)


def _mount(source: str | None, target: str, kind: str | None, flags: int, data: str | None) -> None:
    """mount(2)."""
    text = [part and part.encode() for part in (source, target, kind, data)]
    call("mount", text[0], text[1], text[2], ctypes.c_ulong(flags), text[3])


def limit_resources(limits: Limits, *, count_processes: bool) -> None:
    """Hard limits (setrlimit(2)); processes are counted per user, so only in a user namespace."""
    values = {
        resource.RLIMIT_AS: limits["memory"],
        resource.RLIMIT_CPU: limits["cpu"],
        resource.RLIMIT_FSIZE: limits["disk"],
        resource.RLIMIT_NOFILE: 128,
        resource.RLIMIT_STACK: 64 << 20,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_MEMLOCK: 0,
        resource.RLIMIT_MSGQUEUE: 0,
    }
    if count_processes:
        values[resource.RLIMIT_NPROC] = limits["processes"]
    for kind, value in values.items():
        ceiling = resource.getrlimit(kind)[1]
        value = value if ceiling == resource.RLIM_INFINITY else min(value, ceiling)
        resource.setrlimit(kind, (value, value))


def drop_capabilities() -> None:
    """Empty the bounding, effective, permitted and inheritable sets (capabilities(7))."""
    for capability in range(LAST_CAPABILITY + 1):
        try:
            prctl(PR_CAPBSET_DROP, capability)
        except OSError:
            break  # past the last capability of this kernel
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    call("capset", ctypes.byref(header), ctypes.byref((ctypes.c_uint32 * 6)()))


def forbid_new_privileges() -> None:
    """No set-uid program may ever raise this process again; filters require it."""
    prctl(PR_SET_NO_NEW_PRIVS, 1)


def filter_calls(program: bytes) -> None:
    """Install the system call filter (seccomp(2)); from here on only listed calls work."""
    buffer = ctypes.create_string_buffer(program, len(program))
    header = _Program(len(program) // 8, ctypes.addressof(buffer))
    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(header))
