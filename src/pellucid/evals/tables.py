"""TAT-QA: questions about a table and the paragraphs around it, from reports of companies.

Zhu et al., arXiv 2105.07624. The table comes as a CSV file and the paragraphs as a text, the way a
user has them. Graded after the rules of the set's own grader, which is on no package index and
expects answers of its own form: numbers have to agree to two decimals with their scale (thousand,
million, percent) where one is said, words are compared without case, articles and punctuation,
and all parts of an answer of several have to be there.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence

from pellucid.core.turn import Attachment
from pellucid.evals.loading import Row
from pellucid.evals.reading import number
from pellucid.evals.scoring import graded
from pellucid.evals.task import Answer, Grade, Question

TABLE, TEXT = "table.csv", "text.txt"
ROUNDED = 0.005
"""Numbers are the same to two decimals."""

ALIKE = 0.8
"""Share of words in common (F1) from which on a longer passage is taken for the one expected."""

SCALES = {"": 1.0, "percent": 1.0, "thousand": 1e3, "million": 1e6, "billion": 1e9}
_SAID = re.compile(r"\s*(thousand|million|billion|[kKmMbB]\b)", re.IGNORECASE)
_LETTERS = {"k": "thousand", "m": "million", "b": "billion"}
_FELL = re.compile(r"\b(?:decreas|declin|fell|fall|lower|drop|reduc|loss|negative|less)", re.I)
_NUMERAL = re.compile(r"[-−(]*\s*[$£€]?\s*\d[\d,]*(?:\.\d+)?")
_NUMBER_ONLY = re.compile(
    r"[-−($£€\s]*(\d[\d,]*(?:\.\d+)?)\s*(?:%|million|thousand|billion|[)\s])*"
)
_ARTICLE = re.compile(r"\b(?:a|an|the)\b")
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")


def question(row: Row) -> Question:
    """An item: its question, the table and the paragraphs as files."""
    text = "\n\n".join(row["paragraphs"])
    attached = [Attachment(TABLE, _csv(row["table"]))] + ([Attachment(TEXT, text)] if text else [])
    expected = "; ".join(map(str, _parts(row["answer"])))
    scale = f" {row['scale']}" if row["scale"] else ""
    asked = (row["question"],)
    return Question(row["id"], asked, expected + scale, row=row, attachments=tuple(attached))


def told(asked: Question, answer: Answer) -> Grade:
    """Whether the answer tells what is expected."""
    row = asked.row
    if row["answer_type"] in ("arithmetic", "count"):
        got = number(answer)
        return graded(
            got, _same(got, str(row["answer"]), row["scale"], answer.text), asked.expected
        )
    right = all(_holds(answer.text, str(part)) for part in _parts(row["answer"]))
    return graded(answer.text.strip()[:200], right, asked.expected)


def _csv(table: Sequence[Sequence[str]]) -> str:
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerows(table)
    return file.getvalue()


def _parts(answer: object) -> list[object]:
    return list(answer) if isinstance(answer, list) else [answer]


def _same(got: str, wanted: str, scale: str, text: str) -> bool:
    """Whether a number is the one expected: the scale counts where the answer says one, and a
    fall may be told by a word instead of a sign."""
    try:
        mine, right = float(got), float(wanted.replace(",", ""))
    except ValueError:
        return False
    if said := _scale_said(text, got):
        mine, right = mine * SCALES[said], right * SCALES[scale]
    if abs(mine - right) <= ROUNDED:
        return True
    return right < 0 < mine and bool(_FELL.search(text)) and abs(mine + right) <= ROUNDED


def _scale_said(text: str, got: str) -> str:
    """The word of scale behind a number of a text, if there is one."""
    for found in reversed(list(_NUMERAL.finditer(text))):
        digits = re.sub(r"[^\d.]", "", found[0])
        if digits == got.lstrip("-") and (scale := _SAID.match(text, found.end())):
            word = scale[1].lower()
            return _LETTERS.get(word, word)
    return ""


def _holds(text: str, part: str) -> bool:
    """Whether an answer tells a part: its words stand there, or its number in the last paragraph;
    of longer ones, one sentence is made of nearly the same words."""
    if alone := _NUMBER_ONLY.fullmatch(part.strip()):
        wanted, last = alone[1].replace(",", ""), text.strip().rpartition("\n\n")[2]
        return any(re.sub(r"[^\d.]", "", one) == wanted for one in _NUMERAL.findall(last))
    words, wanted_words = _words(text), _words(part)
    if f" {' '.join(wanted_words)} " in f" {' '.join(words)} ":
        return True
    return any(_f1(_words(one), wanted_words) >= ALIKE for one in _SENTENCE.split(text))


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", _ARTICLE.sub(" ", text.lower().replace(",", "")))


def _f1(mine: Sequence[str], wanted: Sequence[str]) -> float:
    common = sum((Counter(mine) & Counter(wanted)).values())
    return 2 * common / (len(mine) + len(wanted)) if mine and wanted else 0.0
