"""Whether pages bear an answer out, and with which words."""

import pytest

from pellucid.agent.bearing import Read, borne_out, closest, names
from pellucid.core.reading import Found

SORTING, HASHING = "https://a.example/sorting", "https://a.example/hashing"
ROWS = "work_mem (integer)\nThe sorter keeps rows in memory. The default is 900 rows. See table 7."
TABLE = "Name | Size | Range\nshort | 2 bytes | small\nlong | 8 bytes | large"


def read(text: str, url: str = SORTING, over: str = "") -> Read:
    return Read(Found(f"{url}, lines 1-2", text), over, f"{url}\n{text}")


@pytest.mark.parametrize(
    ("question", "answer", "quoted"),
    [
        ("How many rows does work_mem keep?", "It keeps 900 rows.", ["The default is 900 rows."]),
        ("How many rows does work_mem keep?", "It keeps 7 rows.", []),
        ("How many rows does work_mem keep?", "It keeps 800 rows.", []),
        ("How many rows does hash_mem keep?", "It keeps 900 rows.", []),
        ("How many rows does the sorter of DuckFarm keep?", "900 rows.", []),
        ("Where is the office of the farmer?", "900 rows.", []),
        ("How many rows does work_mem keep?", "Ducks swim on the pond at night.", []),
        (
            "Does the sorter keep its rows in memory?",
            "Yes.",
            ["The sorter keeps rows in memory."],
        ),
    ],
)
def test_an_answer_is_borne_out_by_a_sentence(
    question: str, answer: str, quoted: list[str]
) -> None:
    """Numbers that only say where something stands are none."""
    found = borne_out(question, answer, [read(ROWS)], [ROWS])
    assert [words.rpartition("\n")[2] for words, _ in found] == quoted


def test_a_number_of_something_else_bears_nothing_out() -> None:
    text = "work_mem keeps rows.\nHeap: exact=900\n"
    assert not borne_out("How many rows does it keep?", "It keeps 900.", [read(text)], [text])
    said = text.replace("exact", "rows kept")
    assert borne_out("How many rows does it keep?", "It keeps 900.", [read(said)], [said])
    named = text.replace("exact", "work_mem")
    assert borne_out("And of work_mem?", "900.", [read(named)], [named])


def test_rows_of_tables_are_quoted_one_by_one() -> None:
    (found,) = borne_out("How large is the type long?", "It has 8 bytes.", [read(TABLE)], [TABLE])
    assert found[0] == "long | 8 bytes | large"


def test_the_heads_of_columns_say_nothing() -> None:
    (found,) = borne_out("How large is the type short?", "It has Size 2.", [read(TABLE)], [TABLE])
    assert found[0] == "short | 2 bytes | small"


def test_names_with_digits_are_compared_whole() -> None:
    rows = "kind | size\nmac | 6 bytes\nmac8x | 8 bytes\nmac8y | 8 bytes"
    (found,) = borne_out("How large is mac8y?", "It has 8 bytes.", [read(rows)], [rows])
    assert found[0] == "mac8y | 8 bytes"


def test_one_of_two_things_is_told_with_the_words_of_both() -> None:
    there = [read("long | 8 bytes of size"), read("short | 2 bytes of size", HASHING)]
    pages = [one.page for one in there]
    found = borne_out("Which has more size, long or short?", "long.", there, pages)
    assert [words for words, _ in found] == [one.passage.text for one in there]


def test_two_names_take_two_passages() -> None:
    there = [
        read("work_mem\nThe default is 4 MB."),
        read("hash_mem\nThe default is 8 MB.", HASHING),
    ]
    pages = [one.passage.text for one in there]
    question = "Which has the larger default, work_mem or hash_mem?"
    found = borne_out(question, "The default of hash_mem is larger.", there, pages)
    assert {passage.where for _, passage in found} == {one.passage.where for one in there}
    assert not borne_out(question, "The default of hash_mem is larger.", there[:1], pages)


def test_nothing_bears_nothing_out() -> None:
    assert not borne_out("How many?", "Four.", [], [])


def test_a_passage_that_speaks_of_all_of_it_is_the_closest() -> None:
    question = "How many rows does the sorter keep in memory by default?"
    found = closest(question, [read("Ducks swim."), read(ROWS)], [ROWS])
    assert found
    assert found[0].endswith("The sorter keeps rows in memory.")
    assert closest("How many rows does hash_mem keep?", [read(ROWS)], [ROWS]) is None
    assert closest("Where do ducks swim at night?", [read(ROWS)], [ROWS]) is None


def test_what_most_pages_name_needs_no_telling() -> None:
    pages = ["DuckFarm has ducks, RFC 7.", "DuckFarm has SheepRow.", "DuckFarm is quiet."]
    question = "Which RFC does SheepRow of DuckFarm follow in Berlin, and which ISO()?"
    assert names(question, pages) == ["SheepRow", "ISO", "Berlin"]
    assert "DuckFarm" in names(question, pages[:1])
