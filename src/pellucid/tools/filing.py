"""A sandbox whose files outlive its sessions: they come from a folder, and go back into it."""

import hashlib
import time
from dataclasses import replace

from pellucid.core.errors import BadRequest
from pellucid.core.executions import Execution, FileRecord
from pellucid.core.ports import Folder, Workplace


class Filed:
    """Runs code where the files of a folder are, and keeps there what the code leaves behind
    (core.ports.Sandbox).

    What is recorded of a file that was kept is taken from its bytes, not from what the code says.
    After `seconds` no further file of a run is asked for.
    """

    def __init__(self, sandbox: Workplace, folder: Folder, seconds: float = 30.0) -> None:
        """Tie the two together."""
        self._sandbox, self._folder, self._seconds = sandbox, folder, seconds

    async def run(self, session: str, code: str, *, seconds: float, seed: int) -> Execution:
        """Run code; its files are in the folder when this returns, or it is said why not."""
        await self._sandbox.furnish(session, self._folder.contents)
        ran = await self._sandbox.run(session, code, seconds=seconds, seed=seed)
        ends = time.perf_counter() + self._seconds
        files = [await self._kept(session, file, ends) for file in ran.files]
        return replace(ran, files=tuple(files), container=self._folder.name)

    async def close_session(self, session: str) -> None:
        """Forget a session; the folder stays."""
        await self._sandbox.close_session(session)

    async def _kept(self, session: str, record: FileRecord, ends: float) -> FileRecord:
        if time.perf_counter() >= ends:
            return replace(record, lost=f"its session was too slow: {self._seconds:g} s are enough")
        try:
            file = await self._sandbox.take(session, record.name, self._folder.most)
            file_id = await self._folder.keep(file)
        except BadRequest as error:
            return replace(record, lost=str(error))
        digest = hashlib.sha256(file.content).hexdigest()
        return FileRecord(file.name, len(file.content), digest, file_id)
