"""Asks the kernel to end this process with its parent."""

import ctypes
import signal
import sys

PR_SET_PDEATHSIG = 1


def die_with_parent() -> None:
    """On Linux, be killed when the parent goes, even while stopped; elsewhere nothing.

    See prctl(2). The socket's end of file is what counts; this is the second net.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
