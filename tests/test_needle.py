"""The needle benchmark: where needles are put, and what counts as found."""

import json
from pathlib import Path

from needle import Needle, hit, needles, planted

DOT = 9


def test_needles_stand_at_their_depths_between_sentences() -> None:
    filler = [1, 2, DOT, 3, 4, DOT, 5, 6, DOT, 7, 8, DOT]
    text = planted(filler, {DOT}, [(0, [100]), (25, [125]), (50, [150]), (100, [200])])
    assert text == (100, 1, 2, DOT, 125, 3, 4, DOT, 150, 5, 6, DOT, 7, 8, DOT, 200)


def test_needles_at_the_same_place_all_stand_there() -> None:
    assert sorted(planted([1, DOT], {DOT}, [(60, [160]), (100, [200])])) == [1, DOT, 160, 200]


def test_without_an_end_of_a_sentence_the_needle_goes_to_the_end() -> None:
    assert planted([1, 2, 3], set(), [(50, [150])]) == (1, 2, 3, 150)


def test_a_hit_contains_the_expected_words() -> None:
    assert hit("It is  7-quill-4419.", "7-Quill-4419")
    assert not hit("It is 7-Quill-4418.", "7-Quill-4419")


def test_needles_are_read(tmp_path: Path) -> None:
    row = {"id": "n", "needle": "The key is red.", "question": "What?", "answer": "red"}
    (tmp_path / "needles.jsonl").write_text(json.dumps(row) + "\n")
    assert needles(tmp_path) == [Needle("The key is red.", "What?", "red")]
