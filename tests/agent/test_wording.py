"""Answers that cost no token."""

import pytest

from pellucid.agent.wording import sentence, worded


@pytest.mark.parametrize(
    ("question", "output", "answer"),
    [
        ("A box holds 12 eggs. How many eggs are in 7 boxes?", "84\n", "The answer is 84 eggs."),
        ("How many hours did it take?", "2.50", "The answer is 2.5 hours."),
        ("How many hours did it take?", "3.0", "The answer is 3 hours."),
        ("How many more apples does she have?", "-3", "The answer is -3 more apples."),
        ("Eggs are $2. How much does he pay?", "10", "The answer is $10."),
        ("Eggs are $2. How much does he pay?", "10.5", "The answer is $10.50."),
        ("Eggs are $2. What is the total cost?", "10", "The answer is $10."),
        ("How many eggs are there?", "1", "The answer is 1."),
        ("How many did she eat?", "3", "The answer is 3."),
        ("How many of his students passed?", "3", "The answer is 3."),
        ("What is the weight of the box, in pounds?", "3", "The answer is 3 pounds."),
        ("How long, in square feet, is it?", "3", "The answer is 3 square feet."),
        ("What is the number of eggs?", "84", "The answer is 84 eggs."),
        ("Eggs are $2. What does one of 12 cost, in cents?", "17", "The answer is 17 cents."),
        ("What is the total number of red hats that he has?", "84", "The answer is 84 red hats."),
        ("A hat is $2. Calculate the number of hats he can buy.", "84", "The answer is 84 hats."),
        ("Pears are €2. How much money is left?", "3", "The answer is €3."),
        ("He pays $9 an hour. How much does she make?", "66.333333", "The answer is about $66.33."),
        (
            "He pays $9 an hour. How much does she make?",
            "7.199999999999999",
            "The answer is $7.20.",
        ),
        ("How many hats are there?", "109.00000000000001", "The answer is 109 hats."),
        ("Ann is 4. How old is Ben?", "12", "The answer is 12 years."),
        ("Ann is 4. How old is Ben?", "1", "The answer is 1 year."),
        ("What percentage of it is red?", "25.0", "The answer is 25%."),
        ("Each call takes 4 minutes. How long do 3 take?", "12", "The answer is 12 minutes."),
        ("A wall is 80cm high. How high are 2?", "160", "The answer is 160 centimeters."),
        ("One box weighs 3 kg. How much do 4 weigh?", "12", "The answer is 12 kilograms."),
    ],
)
def test_counts_and_sums_of_money_are_worded_by_rule(
    question: str, output: str, answer: str
) -> None:
    assert sentence(question, output) == answer


@pytest.mark.parametrize(
    ("question", "output"),
    [
        ("How many eggs are there?", "84 eggs"),
        ("How many eggs are there?", "3.3333333333333335"),
        ("How many eggs are there?", "84\n85"),
        ("How many eggs are there? Be brief", "84"),
        ("Milk costs $2. How much does the bag weigh?", "5"),
        ("A coin is worth $2. How much time did he spend?", "5"),
        ("How much does he pay?", "5"),
        ("What is the number of the house?", "5"),
        ("What is the weight in a box?", "5"),
        ("What is the speed in miles per hour?", "5"),
        ("What is the number of the items?", "5"),
        ("At $9 an hour, how much of her salary, as a fraction, is left?", "0.5"),
        ("Eggs are $2. How much does he pay?", "-5"),
        ("Eggs are $2 or €2. How much does he pay?", "5"),
        ("Milk is $2. How much milk did he buy?", "5"),
        ("What percentage of it is red?", "0.25"),
        ("He writes 3 pages a day. How long does he take for 9?", "3"),
        ("It is 3 feet and 2 inches. How tall are two?", "76"),
        ("A field is 3 meters wide. How much is its area per length?", "76"),
    ],
)
def test_where_no_rule_is_sure_there_is_no_sentence(question: str, output: str) -> None:
    assert sentence(question, output) == ""


def test_every_output_can_be_worded() -> None:
    assert worded("How many eggs are there?", "84") == "The answer is 84 eggs."
    assert worded("What is it?", " 84 ") == "The answer is 84."
    assert worded("What is it?", "a\nb") == "a\nb"
    assert worded("What is it?", "It is 84 in all.") == "It is 84 in all."
    assert worded("Sort them.", "a,b,c,d") == "a,b,c,d"
    assert worded("Sort them.", "b,c") == "The answer is b,c."


@pytest.mark.parametrize(
    ("question", "output", "expected"),
    [
        ("Is 1968 a leap year? Answer with Yes or No.", "True", "Yes."),
        ("Yes/no: is 9 prime?", "False\n", "No."),
        ("Is 9 prime?", "False", ""),
        ("How long is it? Answer in HH:MM.", "0:37:00", "The answer is 00:37."),
        ("On which day is the first Friday? Give the count as a number.", "5", "The answer is 5."),
        ("Which page is it? Reply with just the number.", "12", "The answer is 12."),
        ("What is the number of the bus?", "12", ""),
    ],
)
def test_the_form_that_is_asked_for_is_kept(question: str, output: str, expected: str) -> None:
    assert sentence(question, output) == expected
