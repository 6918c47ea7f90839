"""File rules without namespaces: what may be read, the one folder that may be written.

landlock(7). Landlock guards contents; names, sizes and dates of files stay visible.
"""

import ctypes
import os
import stat
import struct
from collections.abc import Iterable

from .jail import call

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446  # system calls, equal on every machine
VERSION_QUERY, RULE_PATH_BENEATH = 1, 1
EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1, 2, 4, 8
REMOVE_DIR, REMOVE_FILE, MAKE_DIR, MAKE_REG, MAKE_SYM = 16, 32, 128, 256, 4096
REFER, TRUNCATE, IOCTL = 1 << 13, 1 << 14, 1 << 15
READ = READ_FILE | READ_DIR
WRITE = (
    READ | WRITE_FILE | REMOVE_DIR | REMOVE_FILE | MAKE_DIR | MAKE_REG | MAKE_SYM | REFER | TRUNCATE
)
OF_FILES = WRITE_FILE | READ_FILE | TRUNCATE


def version() -> int:
    """The kernel's Landlock version; OSError where there is none."""
    return call("syscall", CREATE_RULESET, None, ctypes.c_size_t(0), VERSION_QUERY)


def restrict(readable: Iterable[str], writable: Iterable[str]) -> None:
    """Deny all other files, and TCP and signals where the kernel knows how; for good."""
    abi = version()
    handled = (1 << 13) - 1
    handled |= REFER if abi >= 2 else 0
    handled |= TRUNCATE if abi >= 3 else 0
    handled |= IOCTL if abi >= 5 else 0
    network, scoped = (3 if abi >= 4 else 0), (3 if abi >= 6 else 0)
    size = 24 if abi >= 6 else 16 if abi >= 4 else 8
    attributes = struct.pack("QQQ", handled, network, scoped)[:size]
    rules = call("syscall", CREATE_RULESET, attributes, ctypes.c_size_t(size), 0)
    for path in readable:
        _allow(rules, path, READ & handled)
    for path in writable:
        _allow(rules, path, WRITE & handled)
    call("syscall", RESTRICT_SELF, rules, 0)
    os.close(rules)


def _allow(rules: int, path: str, rights: int) -> None:
    """Grant rights on a file, or on a folder and all below; a missing path grants nothing."""
    try:
        handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    if not stat.S_ISDIR(os.fstat(handle).st_mode):
        rights &= OF_FILES
    rule = struct.pack("=Qi", rights, handle)
    call("syscall", ADD_RULE, rules, RULE_PATH_BENEATH, rule, 0)
    os.close(handle)
