"""What a run leaves on disk: a JSON file for each item, readable by people, and readable again.

    evals/<set>/<system>-<key>/run.json        what the key stands for
    evals/<set>/<system>-<key>/<item>.json     question, answer, everything done, grade

The key is made of what an answer depends on: system, seed, how many are asked at once, the
weights' fingerprint, the settings that count and the version of the code. What has a file
under the same key is not asked again; its grade is found anew, so a better grader costs no
model time. What ended in an error is asked again.
"""

import hashlib
import json
import os
import re
import tempfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import msgspec

from pellucid.core.effort import Spent
from pellucid.core.items import Item
from pellucid.core.usage import Usage
from pellucid.evals.honesty import Audit
from pellucid.evals.task import Answer, Grade, Question

VERSION = 1
"""Of the files; others are not read."""
KINDS: dict[str, type[Item]] = {kind.__name__: kind for kind in get_args(Item)}


@dataclass(frozen=True, slots=True)
class Shelf:
    """The folder of one run, `about` what its key is made of."""

    folder: Path
    about: Mapping[str, Any]

    @classmethod
    def of(cls, home: Path, about: Mapping[str, Any]) -> "Shelf":
        """The shelf of a run below PELLUCID_HOME; nothing is written yet."""
        text = json.dumps(about, sort_keys=True)
        key = hashlib.sha256(text.encode()).hexdigest()[:12]
        return cls(home / "evals" / about["task"] / f"{about['system']}-{key}", about)

    def path(self, question: Question) -> Path:
        """The file of an item."""
        plain = re.sub(r"[^\w.-]", "_", question.id)
        if plain != question.id:
            plain += "-" + hashlib.sha256(question.id.encode()).hexdigest()[:6]
        return self.folder / f"{plain}.json"

    def known(self, question: Question) -> Answer | None:
        """The answer on file, if the item was asked in the same words and need not be again."""
        try:
            value: Any = json.loads(self.path(question).read_bytes())
        except (OSError, ValueError):
            return None
        if not isinstance(value, dict) or value.get("version") != VERSION:
            return None
        if value.get("asked") != asked(question) or value.get("error"):
            return None
        return _answer(value)

    def keep(self, question: Question, answer: Answer, grade: Grade, audit: Audit) -> None:
        """Write the file of an item, whole or not at all."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if not (self.folder / "run.json").exists():
            _write(self.folder / "run.json", dict(self.about))
        _write(self.path(question), described(question, answer, grade, audit))


def asked(question: Question) -> dict[str, Any]:
    """What a question says, in plain types."""
    return {
        "turns": list(question.turns),
        "attachments": [msgspec.to_builtins(one) for one in question.attachments],
        "tools": sorted(question.tools),
    }


def described(question: Question, answer: Answer, grade: Grade, audit: Audit) -> dict[str, Any]:
    """Everything about one item, what people look for first."""
    verdicts = Counter(f"{claim.kind} {claim.verdict}" for claim in answer.claims)
    return {
        "version": VERSION,
        "id": question.id,
        "group": question.group,
        "right": grade.right,
        "expected": question.expected,
        "got": grade.got,
        "note": grade.note,
        "error": answer.error,
        "asked": asked(question),
        "answer": answer.text,
        "verdicts": dict(sorted(verdicts.items())),
        "counts": dict(grade.counts),
        "audit": msgspec.to_builtins(audit),
        "reason": answer.reason,
        "executions": answer.executions,
        "usage": msgspec.to_builtins(answer.usage),
        "spent": msgspec.to_builtins(answer.spent),
        "began": answer.began,
        "ended": answer.ended,
        "items": [{"kind": type(i).__name__, **msgspec.to_builtins(i)} for i in answer.items],
    }


def _answer(value: Mapping[str, Any]) -> Answer | None:
    """The answer a file describes; None where somebody changed its shape."""
    try:
        return Answer(
            items=tuple(_item(dict(one)) for one in value["items"]),
            usage=msgspec.convert(value["usage"], Usage),
            reason=str(value["reason"]),
            spent=msgspec.convert(value["spent"], Spent | None),
            error=str(value["error"]),
            began=float(value["began"]),
            ended=float(value["ended"]),
        )
    except (KeyError, TypeError, ValueError):  # msgspec's ValidationError is a ValueError
        return None


def _item(value: dict[str, Any]) -> Item:
    return msgspec.convert(value, KINDS[value.pop("kind")])


def _write(path: Path, value: Mapping[str, Any]) -> None:
    text = json.dumps(value, ensure_ascii=False, indent=1) + "\n"
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".record-", delete=False) as file:
        file.write(text.encode("utf-8", "surrogatepass"))
    os.replace(file.name, path)
