"""Receipts: a turn's question, executions, verdicts and costs as one hash-chained file.

A receipt is self-contained JSON. Its `entries` are linked as in a ledger: each carries
the SHA-256 of its own content together with the hash before it, so that no entry can be
changed, dropped or added unseen. The last hash stands for the whole.
"""

import hashlib
import json
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from pellucid.core.errors import ReceiptError
from pellucid.core.executions import Execution
from pellucid.core.fold import Record
from pellucid.core.items import ToolResult
from pellucid.core.turn import Turn

FORMAT = "pellucid-receipt/1"
LARGEST = 64 * 2**20
"""Bytes of the largest receipt that is read."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt that was read and holds together; `files` were in the turn's container."""

    turn_id: str
    executions: tuple[Execution, ...]
    head: str
    files: tuple[str, ...] = ()


def entries(turn: Turn, record: Record, fingerprint: str) -> list[tuple[str, Any]]:
    """What a receipt says, as (kind, content), in order."""
    asked = {
        "turn_id": turn.turn_id,
        "created_at": turn.created_at,
        "model": turn.model,
        "fingerprint": fingerprint,
        "effort": turn.effort,
        "tools": sorted(turn.tools),
        "seed": turn.seed,
        "temperature": turn.temperature,
        "items": turn.items,
        "attachments": turn.attachments,
        **({"library": [(one.name, one.file_id) for one in turn.library]} if turn.library else {}),
        **({"container": turn.container, "files": turn.files} if turn.container else {}),
        "functions": turn.functions,
        "form": turn.form,
    }
    done = [(type(item).__name__, item) for item in record.items]
    ended = {
        "reason": record.reason,
        "error": record.error,
        "usage": record.usage,
        "spent": record.spent,
        **({"cached_from": record.cached_from} if record.cached_from else {}),
    }
    return [("asked", asked), *done, ("ended", ended)]


def chain(contents: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """The receipt's JSON value."""
    linked: list[dict[str, Any]] = []
    previous = ""
    for kind, content in contents:
        plain = msgspec.to_builtins(content)
        previous = _link(previous, kind, plain)
        linked.append({"kind": kind, "content": plain, "hash": previous})
    return {"format": FORMAT, "entries": linked, "head": previous}


def _link(previous: str, kind: str, content: Any) -> str:
    text = json.dumps([previous, kind, content], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def write(folder: Path, turn: Turn, record: Record, fingerprint: str) -> Path:
    """Write the receipt of a finished turn, whole or not at all; its path.

    It survives the death of this process, not that of the machine in the seconds after: waiting
    for the disk would take longer than all else that is done for a turn (decision 0101).
    """
    value = chain(entries(turn, record, fingerprint))
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{turn.turn_id}.json"
    text = json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")
    handle, unfinished = tempfile.mkstemp(dir=folder, prefix=".receipt-")
    with open(handle, "wb") as file:
        file.write(msgspec.json.format(text, indent=1))
    os.replace(unfinished, path)
    return path


def forget(folder: Path, turn_ids: Iterable[str]) -> None:
    """Remove the receipts of some turns, those that there are."""
    for turn_id in turn_ids:
        (folder / f"{turn_id}.json").unlink(missing_ok=True)


def naming(folder: Path, name: str, since: float) -> list[str]:
    """The turns whose receipts have a name (the id of a file) as a text of their own; none were
    written before `since` (Unix seconds)."""
    wanted = json.dumps(name).encode()
    return [path.stem for path in folder.glob("*.json") if wanted in _since(path, since)]


def _since(path: Path, since: float) -> bytes:
    """What is in a file; nothing where it is older than that, or is gone."""
    try:
        return path.read_bytes() if path.stat().st_mtime >= since else b""
    except FileNotFoundError:
        return b""


def whole(path: Path) -> dict[str, Any]:
    """The JSON of a receipt whose chain holds; ReceiptError says what does not."""
    read(path)
    return _load(path)


def read(path: Path) -> Receipt:
    """A receipt whose chain holds; ReceiptError says what does not."""
    value = _load(path)
    previous = ""
    executions: list[Execution] = []
    turn_id, files = "", tuple[str, ...]()
    for number, entry in enumerate(value["entries"]):
        previous = _link(previous, entry["kind"], entry["content"])
        if previous != entry["hash"]:
            raise ReceiptError(f"{path}: entry {number} was changed; its hash does not match")
        if entry["kind"] == "asked":
            turn_id = str(entry["content"]["turn_id"])
            files = tuple(str(one["name"]) for one in entry["content"].get("files", ()))
        if entry["kind"] == ToolResult.__name__:
            result = msgspec.convert(entry["content"], ToolResult)
            executions += [result.execution] if result.execution else []
    if previous != value["head"]:
        raise ReceiptError(f"{path}: entries are missing at the end")
    return Receipt(turn_id, tuple(executions), previous, files)


def _load(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > LARGEST:
            raise ReceiptError(f"{path} is too large to be a receipt")
        value: Any = json.loads(path.read_bytes())
    except OSError as error:
        raise ReceiptError(f"cannot read {path}: {error.strerror}") from None
    except ValueError:
        raise ReceiptError(f"{path} is not a receipt: it is not JSON") from None
    shaped = isinstance(value, dict) and value.get("format") == FORMAT
    if not shaped or not all(_is_entry(e) for e in value.get("entries", [None])):
        raise ReceiptError(f"{path} is not a receipt of format {FORMAT}")
    return dict(value)


def _is_entry(entry: Any) -> bool:
    return isinstance(entry, dict) and {"kind", "content", "hash"} <= entry.keys()
