"""Prompts written for the tests of routing, with the route each one needs."""

PROGRAM = r"""
What is 48271964 - 19384756?
State the final answer to the following arithmetic problem: 12 - 7 =
12-7=?
3 * (4 + 5)
what's 17 times 23
What is 15% of 80?
How much is a 20% tip on $46.50?
What percentage of 240 is 36?
What is the square root of 1764?
Compute 2^31 - 1.
What is 12 divided by 0.4?
Evaluate 10!
Was ist 17 mal 23?
Combien font 128 + 377 ?
¿Cuánto es 45 por 12?
A train leaves at 14:37 and arrives at 09:12 the next day. How long was it moving?
Anna is twice as old as Ben, who is seven. How old is Anna?
I bought 4 notebooks at $2.75 each and paid with a 20. What change do I get?
We are five friends and the bill is 187.40 with a 12% tip on top. What does each of us pay?
My car uses 6.5 litres per 100 km. How much fuel do I need for 340 km?
A shop sells 3 pens for 2 euros. How many pens can I get for 14 euros?
If eggs come in cartons of a dozen, how many cartons does a bakery need for 150 eggs?
A tank holds 900 litres and leaks 4 litres every hour. After how many hours is it half empty?
Our rent rises from 840 to 903 euros. By how many percent is that?
I save 150 a month at 3% interest. What do I have after 10 years?
A rectangle is 12 cm long and 5 cm wide. What is the length of its diagonal?
Find the area of a circle with radius 7.
Ein Kuchen braucht 250 g Mehl für 8 Personen. Wie viel Mehl brauche ich für 14 Personen?
Un train roule à 90 km/h pendant 2,5 heures. Quelle distance parcourt-il ?
Tengo 24 manzanas y las reparto entre 6 niños. ¿Cuántas recibe cada uno?
How many days are between 2024-02-01 and 2024-03-01?
What day of the week was July 20, 1969?
What date is 90 days after March 3, 2025?
Was 1900 a leap year?
How old is someone born on 12 May 1988 on 1 January 2030?
My shift starts at 22:15 and lasts 8.5 hours. When does it end?
If it is 3 pm in London, what time is it in Tokyo?
How many weeks are there until Christmas?
Welcher Wochentag war der 9. November 1989?
Combien de jours y a-t-il entre le 3 mars et le 14 juillet ?
What was the date three weeks before 2023-01-10?
Convert 12 miles to kilometers
How many ounces are in 2.5 pounds?
What is 98.6 degrees Fahrenheit in Celsius?
350 grams in ounces
How many seconds are in 3 days?
I am 5 feet 11 inches tall, what is that in cm?
Wie viele Stunden sind 450 Minuten?
Turn 2.4 GB into megabytes.
Sort these numbers: 5, 3, 9
Sort the words pear, apple and fig alphabetically
Put these in descending order: 0.5, 0.45, 0.054, 0.54
Arrange by length: window, sea, mountain, tree
Sortiere diese Wörter: Birne, Apfel, Feige
Trie ces nombres : 12, 4, 33, 7
Spell 'lantern' backwards
Reverse the string "stressed desserts"
How many times does the letter r occur in strawberry?
How many e's are in 'nevertheless'?
Count the words in this sentence: The quick brown fox jumps over the lazy dog.
How many vowels does "onomatopoeia" have?
Wie viele Buchstaben hat das Wort Donaudampfschiff?
What is the seventh letter of "university"?
Is 7919 a prime number?
What is the greatest common divisor of 84 and 126?
List the prime factors of 360.
Write 3/8 as a decimal.
Convert 1994 to Roman numerals.
What is 255 in binary?
Round 3.14159 to two decimal places.
Solve x^2 - 5x + 6 = 0
Solve for y: 3y + 7 = 22
Differentiate x^3 + 2x.
Find the mean and median of 4, 8, 15, 16, 23, 42.
Which is larger, 9.11 or 9.9?
What is the sum of the integers from 1 to 250?
What is the probability of rolling at least one six with 3 dice?
In how many ways can 6 people sit in a row?
What is the next number in the sequence 2, 6, 12, 20?
name,score\nAnn,31\nBen,27\nCleo,44\nWho has the highest score and what is the average?
| city | rain |\n|---|---|\n| A | 12 |\n| B | 45 |\nWhat is the total rain?
product;price\ntea;3.20\ncoffee;5.90\nmilk;1.10\nSort by price.
What does this code print?\n```python\nx = [1, 2, 3]\nprint(x[::-1])\n```
What is the output of `print(len("hello") * 3)`?
What does the following function return for n = 5? def f(n): return n if n < 2 else f(n-1) + f(n-2)
Run this: for i in range(3): print(i * i)
"""

CODE = r"""
Write a Python function that adds 2 numbers and returns the total
Implement a binary search in Rust.
Can you write a regex that matches dates like 2024-05-01?
Write an SQL query that returns the 5 best customers by revenue.
Fix this code: def add(a, b): return a - b
Why does this raise an IndexError?\n```python\nx = [1, 2]\nprint(x[2])\n```
Refactor this so that it is easier to read:\n```python\ndef f(a):\n    return a or 0\n```
Write unit tests for a function that reverses a string.
Convert this Python code to JavaScript:\n```python\nprint(sum(range(10)))\n```
Create a bash script that renames all .jpeg files to .jpg
I need a class for a bank account with deposit and withdraw methods.
Give me a JavaScript snippet that debounces a function by 300 ms.
Schreib eine Funktion in Python, die Primzahlen bis 100 liefert.
Écris une fonction Python qui trie une liste.
Escribe una función que calcule el factorial de un número.
Build a small Flask app with one endpoint.
Please write a program that prints the first 20 Fibonacci numbers.
Make a function is_even(n) which returns True for even numbers.
"""

ANSWER = r"""
Hello!
hi there, how are you today?
Thanks, that helped
Good morning
Who are you?
I just turned 30! Wish me luck.
I've been awake for 20 hours haha
What is the capital of France?
Who wrote Faust?
Who won the 1998 world cup?
Who was the 16th president of the United States?
When did World War 2 end?
What are the 7 wonders of the ancient world?
What happened on 9/11?
In which year did Apollo 11 land on the moon?
What are the 12 apostles called?
How many continents are there?
How tall is the Eiffel Tower in feet?
How many letters are in the English alphabet?
How far is the moon from the earth?
What is the boiling point of water in Fahrenheit?
What is the population of Brazil?
What is the speed of light?
How old is the universe?
Who painted the Mona Lisa and when?
What is the difference between 4G and 5G?
What does HTTP 404 mean?
What is special about the year 1066?
Why was the Treaty of Versailles of 1919 important?
Tell me about the first 10 amendments of the US constitution.
What is vitamin B12 good for?
How many players are in a football team?
How many moons does Mars have?
Name 3 tips for better sleep.
List 5 books about the Roman empire.
Give me 10 ideas for a birthday party.
What are the top 10 tourist sights in Rome?
Suggest two names for a black cat.
Nenne mir drei Tipps gegen Stress.
Donne-moi cinq idées de cadeaux.
Dame tres consejos para estudiar mejor.
Write a 200-word story about a dragon.
Write a short poem about the sea
Write a haiku about autumn with 17 syllables.
Write a birthday card for my 40-year-old brother.
Draft an email asking my boss for 3 days off.
Write a story about a girl who has 4 cats and 2 dogs.
Write two sentences about the number 7.
Write a job advertisement for a baker, about 100 words.
Schreib ein Gedicht über den Herbst in 8 Zeilen.
Écris une histoire de 100 mots sur un chat.
Write a word problem about 5 apples for my class.
Come up with a slogan for a shop that has been open 24/7 since 1985.
Translate 'good morning' into German
Translate into French: I bought 3 apples and 2 pears for 5 dollars.
Übersetze ins Englische: Ich habe 12 Bücher und 3 Hefte gekauft.
Traduis en anglais : J'ai 20 ans et deux frères.
How do you say "I have two brothers" in Spanish?
Translate "What is 12 * 7?" into Italian.
Summarize this: Sales rose by 12% to 3.4 million in 2023, while costs fell from 900 to 850 thousand.
Summarise in one sentence: The fair opened on 3 May with 400 guests, 25 stands and 2 bands.
Rewrite this more politely: Send me the 3 reports by 5 pm.
Rephrase: We sold 40 units in 2 weeks.
Proofread my text: He have 3 cat and 2 dog.
Correct the grammar: she go to school at 8 and come home at 3.
Make this shorter: We would like to inform you that the meeting at 10:30 has been moved to 14:00.
Shorten to 20 words: The museum, which was built in 1890 and has 300 rooms, closes for 2 years.
Turn this into a headline: Mayor opens 3 new parks worth 2 million euros
What do you think about tea?
Do you think 3 children are too many?
Is it better to live in a city or in the country?
Should I learn the piano at 45?
What is your favourite season?
Is 8 hours of sleep enough?
Would you rather have 1 big dog or 10 small ones?
What would you do with a million dollars?
How do I get better at chess?
How long should I boil an egg?
My 3-year-old does not sleep. Any advice?
I run 5 km three times a week. What shoes do you recommend?
Explain this code: for i in range(10): print(i)
What does this function do?\n```python\ndef f(x):\n    return x * 2\n```
Explain how a hash table works.
What is recursion?
What is the difference between a list and a tuple in Python?
Explain why 0.1 + 0.2 is not 0.3 in floating point.
Explain the Pythagorean theorem.
Why is the sky blue?
What does the word 'ubiquitous' mean?
Describe the water cycle in 3 steps.
Erkläre mir die Photosynthese.
Warum ist der Himmel blau?
Pourquoi le ciel est-il bleu ?
Quelle est la capitale de l'Espagne ?
¿Quién escribió Don Quijote?
Wer war der erste Mensch auf dem Mond?
Did you really run it?
Are you sure?
Tell me a joke.
Create a workout program for 4 weeks.
Plan a 3-day trip to Lisbon for two people.
What is the plot of Catch-22?
Which Beatles album came out in 1967?
What is a good recipe for pancakes?
What is the meaning of the number 42 in The Hitchhiker's Guide?
Is it safe to eat 2 day old rice?
Who directed Fahrenheit 451 in 1966?
What are the rules of the 100 metre sprint?
Compare Windows 10 and Windows 11.
Put yourself in the shoes of a sailor in 1492 and describe your day.
How many times has Italy won the world cup?
What is the chance of rain like in Hamburg in spring?
Order of the planets from the sun?
What is the best way to sort laundry?
Count me in!
What does 'times are changing' mean?
"""


def prompts(text: str) -> list[str]:
    """One prompt a line; a written newline stands for a real one."""
    return [line.replace("\\n", "\n") for line in text.strip().splitlines()]
