"""Files that came of a turn: an answer names them all, and those that were lost."""

from collections.abc import Iterator

from pellucid.agent.route import FILE_ASKED
from pellucid.agent.work import Work
from pellucid.core.executions import Execution


def with_files(work: Work, text: str) -> str:
    """The text, then the files that it does not name, and those that were not kept; where a file
    was asked for and none came of it, that."""
    kept, lost = names(work), {f.name: f for ran in _runs(work) for f in ran.files if f.lost}
    told = [f"{what}: {', '.join(listed)}." for what, listed in (
        ("Files", [name for name in kept if name not in text]),
        ("Not kept", [name for name in lost if name not in kept]),
    ) if listed]  # fmt: skip
    if any(ran.unlisted for ran in _runs(work)):
        told.append("Further files were not kept: there are too many.")
    if work.route == FILE_ASKED and not (kept or lost):
        told.append("No file was written.")
    return "\n\n".join([text, *told])


def names(work: Work) -> list[str]:
    """The files that programs which ended well left, each once."""
    return list(dict.fromkeys(f.name for ran in _runs(work) for f in ran.kept))


def _runs(work: Work) -> Iterator[Execution]:
    """The runs that ended well and whose files should be kept."""
    for _, result in work.pairs:
        ran = result.execution
        if ran is not None and ran.container and ran.outcome == "ok":
            yield ran
