"""Which passages are about a question: BM25 over their words (Robertson and Zaragoza 2009), by
SQLite's FTS5 with Porter's stems, in memory."""

import math
import re
import sqlite3
from collections.abc import Sequence

from pellucid.tools.reader.passages import Passage

LEAST_WEIGHT = 1e-6
"""Of words that most passages have; FTS5's own (https://www.sqlite.org/fts5.html#the_bm25_function)."""

STEM, SHORTEST = 5, 4
"""Letters by which words are compared where no index does, and below which a word is whole."""

_WORD = re.compile(r"\w+")
_ENDING, _DIGIT = re.compile(r"(?<=\w{3})(?:ing|ed|es|s|e)$"), re.compile(r"\d")
_COMMON = """
a an and are as at be been but by can could did do does document file find for from give had
has have how i if in into is it its list many me much of on or page please say says section
show tell text that the their them there these they this those to was were what when where
which who whom whose why will with would you your
"""
COMMON = frozenset(_COMMON.split())
"""Words that a question has whatever it is about."""


class Index:
    """Passages, found by their words. Not for several threads at a time."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        """Read them all: some 0.2 seconds for a million characters."""
        self._passages = passages
        self._rows = sqlite3.connect(":memory:", check_same_thread=False)
        self._rows.execute(
            "create virtual table passages using fts5(text, content='',"
            " tokenize='porter unicode61 remove_diacritics 2')"
        )
        rows = enumerate(passage.text for passage in passages)
        self._rows.executemany("insert into passages (rowid, text) values (?, ?)", rows)

    def search(self, question: str, most: int) -> list[Passage]:
        """The passages that share most with the question, the best first."""
        return [passage for passage, _ in self.ranked(question, most)]

    def ranked(self, question: str, most: int) -> list[tuple[Passage, float]]:
        """The same with how much of the question is in each, from 0 to 1: what BM25 gives it, as a
        share of what a passage of usual length gets that has every word once."""
        asked = [f'"{word}"' for word in words(question)]
        if not asked:
            return []
        whole = sum(map(self._weight, asked))
        found = self._rows.execute(
            "select rowid, -bm25(passages) from passages where passages match ?"
            " order by bm25(passages) limit ?",
            (" OR ".join(asked), most),
        )
        return [(self._passages[number], min(1.0, score / whole)) for number, score in found]

    def _weight(self, word: str) -> float:
        """How much a word tells: its inverse document frequency, as FTS5 has it."""
        query = "select count(*) from passages where passages match ?"
        (having,) = self._rows.execute(query, (word,)).fetchone()
        return max(LEAST_WEIGHT, math.log((len(self._passages) - having + 0.5) / (having + 0.5)))


def words(question: str) -> list[str]:
    """The words of a question that tell what it is about; all where there are no such ones."""
    every = list(dict.fromkeys(_WORD.findall(question.casefold())))
    return [word for word in every if word not in COMMON] or every


def beginning(word: str) -> str:
    """How a word begins, without the endings that it has in one sentence and lacks in another;
    short ones and names with digits are whole."""
    whole = len(word) < SHORTEST or _DIGIT.search(word)
    return word if whole else _ENDING.sub("", word)[:STEM]
