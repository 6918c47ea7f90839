"""Work folders at levels that cannot mount one: made, watched and removed by the host."""

import errno
import os
import subprocess
import tempfile
from pathlib import Path

from pellucid.tools.python.config import SandboxSettings
from pellucid.tools.python.plan import NOBODY

PREFIX = "pellucid-box-"


class Box:
    """One session's work folder, open as `descriptor`."""

    def __init__(self, settings: SandboxSettings, *, drop: bool) -> None:
        """Make it; with `drop` it belongs to nobody, below the system's temporary folder."""
        self._settings = settings
        parent = _parent(settings, drop)
        parent.mkdir(parents=True, exist_ok=True)
        self._outer = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=parent))
        self.path = self._outer / "box"
        self.path.mkdir(mode=0o700)
        if drop:
            self._outer.chmod(0o711)
            os.chown(self.path, NOBODY, NOBODY)
        self.descriptor = os.open(self.path, os.O_PATH | os.O_DIRECTORY)

    def over(self) -> str:
        """Why the folder holds too much, or nothing."""
        files, size, troubles = 0, 0, list[OSError]()
        for folder, folders, names in os.walk(self.path, onerror=troubles.append):
            files += len(folders) + len(names)
            if files > self._settings.files:
                return f"the program made more than {self._settings.files:,} files"
            size += sum(_size(os.path.join(folder, name)) for name in names)
        if any(trouble.errno != errno.ENOENT for trouble in troubles):
            return "the program made a folder that cannot be looked into"
        if size > self._settings.disk_bytes:
            return f"the program wrote more than {self._settings.disk_bytes:,} bytes"
        return ""

    def remove(self) -> None:
        """Delete the folder, however deep a program nested it."""
        os.close(self.descriptor)
        _remove(self._outer)


def sweep(settings: SandboxSettings, *, drop: bool) -> None:
    """Remove what killed processes of this user left behind."""
    for folder in _parent(settings, drop).glob(f"{PREFIX}*-*"):
        pid = folder.name.removeprefix(PREFIX).partition("-")[0]
        ours = folder.lstat().st_uid == os.geteuid()
        if pid.isdigit() and ours and not Path("/proc", pid).exists():
            _remove(folder)


def _parent(settings: SandboxSettings, drop: bool) -> Path:
    """Where work folders are made; nobody could not enter a folder in root's home."""
    return Path(tempfile.gettempdir()) if drop else settings.state


def _remove(folder: Path) -> None:
    """Delete a folder, however deep or unreadable a program made it.

    By `rm`: Python's own rmtree calls itself for every level, and a program can nest more of
    them than Python may be deep in calls.
    """
    for command in (["rm", "-rf"], ["chmod", "-R", "u+rwx"], ["rm", "-rf"]):
        if folder.exists():
            subprocess.run(  # noqa: S603 - the path is ours
                [*command, "--", folder], check=False, stderr=subprocess.DEVNULL
            )


def _size(path: str) -> int:
    """Bytes a file takes on the disk; 0 when it vanished meanwhile."""
    try:
        return os.lstat(path).st_blocks * 512
    except OSError:
        return 0
