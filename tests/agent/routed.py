"""Prompts written for the tests of routing, with the route each one needs."""

PROGRAM = r"""
In a year that begins on a Sunday, name the weekday of May 9.
Count the working days from March 3 to April 9, 2031, both included.
Evaluate ∫ x*cos(x) dx
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
We paid 64,000 for the car five years ago and it loses 15% every year; what is it worth today?
There are 28 kids on the bus. 9 get off and 4 get on. How many now?
I've got $300 for tickets that cost $47 apiece plus a $6 fee each. How many friends can come?
Three painters need 8 days for a house. How long would five painters take?
My phone battery drops 1% every 6 minutes. I'm at 84%. When will it be at 20%?
Half my salary of 3,150 goes to rent and a fifth to food. What's left?
Our team scored 82, 91, 77 and 88 points. What's our average?
a pizza with diameter 32cm costs 9 euros and one with 40 cm costs 13. which is the better deal
split 97.60 between 4 people
If I drive 75 mph for 2 hours and 20 minutes, how far do I get?
The population of a town grew from 18,200 to 21,658. What was the growth in percent?
A jacket is reduced by 30% to 84 euros. What did it cost before?
Anna has 3 times as many stamps as Bob. Together they have 96.
what's the date 100 days from today
how many days are left in the year on september 12
What weekday will Christmas fall on in 2031?
How many days old am I if I was born on 14 March 1997?
From March 3rd to June 17th, how many weeks is that?
If today is Wednesday, what day is it in 100 days?
a movie starts at 19:50 and runs 137 minutes, when is it over
How many Mondays are in October 2025?
How long is it from 9:47 am to 4:12 pm?
Is 2100 a leap year?
When it's 08:00 in Berlin, what time is it in Sydney?
My passport of 2019-08-23 is valid for ten years less one day; on what date does it expire?
How many hours are there between Monday 8 am and Thursday 5 pm?
How many km is 26.2 miles?
how much is 3/4 cup in ml
convert 72F to C
How many teaspoons in 5 tablespoons?
What is 180 lbs in kilos?
60 mph in km/h?
How many acres is 10,000 square metres?
How many bytes are in 3 MB?
2 stone 5 pounds in kg
Is 30 m/s faster than 100 km/h?
Sort by age: Tim (34), Lea (29), Omar (41)
alphabetize: zebra, mango, kite, apple
Which of these is the longest word: elephant, hippopotamus, crocodile?
Rank these prices from cheapest to most expensive: 12.99, 9.5, 13, 12.9
Remove the duplicates from this list: 3, 7, 3, 9, 7
Order these dates from earliest to latest: 3 May 2020, 12 Jan 2019, 30 Dec 2019
how many words are there in "to be or not to be"
Number of letters in "floccinaucinihilipilification"?
Write the word 'planet' backwards.
Which letter occurs most often in "Mississippi"?
count how often the word "the" appears in: the cat and the dog saw the bird
How many times does 7 appear in 1727473?
Does the word "rotator" read the same backwards?
How many syllables... no wait, how many consonants are in 'rhythm'?
What is the 9th letter of "encyclopedia"?
Item | Qty | Price\nPen | 4 | 1.20\nBook | 2 | 8.50\nHow much is the whole order?
Mon 12\nTue 15\nWed 9\nThu 20\nWhat was the average from Monday to Thursday?
Jan: 120\nFeb: 98\nMar: 143\nWhich month was best and what is the total?
Is 561 prime?
Give me the first 12 prime numbers.
What's 1011 in decimal? It is binary.
Simplify 84/126
What is log base 2 of 4096?
GCD of 1071 and 462
How many ways can I choose 3 books from 8?
Two dice are rolled. What's the probability that the sum is 9?
how much interest do I pay on a loan of 8000 at 5.4% over 3 years
12*12
what does 7 cubed equal
add 457, 238 and 1094
Find two numbers whose sum is 25 and whose product is 144.
x + 3 = 10, what is x
Integrate x^2 from 0 to 3
What's the output? `[i**2 for i in range(4)]`
What will be printed:\nx = 5\nx += 2\nprint(x * 2)
What does print("a" * 3 + "b") give?
wie viel sind 3 Dutzend Eier mal 25 Cent?
Wie viele Tage sind es vom 3. Mai bis zum 12. August?
Ich habe 120 Euro und gebe 45,50 aus. Wie viel bleibt übrig?
Combien de voyelles y a-t-il dans « ordinateur » ?
Combien coûtent 7 stylos à 1,35 € ?
¿Qué día de la semana fue el 12 de octubre de 1992?
Si compro 3 camisas a 19,99 euros, ¿cuánto pago?
Convierte 5 millas a kilómetros.
Ordena alfabéticamente: pera, manzana, uva
What is the total of seven plus eight times three?
Find x if $3x + 2 = 17$.
What is \frac{3}{4} + \frac{2}{5}?
What comes next: 3, 6, 12, 24, ?
Use the numbers 3, 5, 7 and 9 to make 24.
On an island of knights and knaves, Ada says: Bob is a knave. Bob says: we are both knights.
Solve the sudoku: 1 _ 3 4 / 3 4 1 2 / 2 1 4 3 / 4 3 2 1
On which day of the month is the second Tuesday of May 2024?
Our coffee machine uses 7.5 g per cup. With 11 cups a day, how long does a kilo last?
if I put away 75 a week from now till the end of next year how much will I have (68 weeks)
The bus holds 52, 3 classes of 27 pupils and 7 teachers want to go. Number of buses?
A recipe for 6 needs 450 g rice. I'm cooking for 10.
He ran 10 km in 52:30. Pace per km?
my landlord wants 4 % more, I pay 915 now
Tres obreros tardan 8 días en construir un muro. ¿Cuánto tardarán cinco?
Sale: 35 % off, then another 10 % at the till. Original price 129. What do I pay?
Il reste 2/5 d'un gâteau et nous sommes 4. Quelle part chacun reçoit-il ?
The old pump empties the pool in 9 hours, the new one in 6. Both together?
I owe Ben 23, Ben owes Cara 31, Cara owes me 12. Who should pay whom?
My wage is 17.40/h, 38.5 hours a week, 20 % tax. Monthly net?
A drone flies 12 m/s for 7 minutes. Distance in km?
how many tiles of 30x60 cm for a floor 3.4 x 5.1 m, plus 10% spare
If 17 is 40% of something, what is that something?
4096 / 64
what's the 10th root of 1024
cube root 4913
987654321 mod 1234
sum of all odd numbers from 1 to 999
Is 2^61 - 1 prime?
3/7 + 5/9 as a fraction
round 2745.6789 to 3 significant digits
Wie lautet die Primfaktorzerlegung von 5040?
evaluate the integral of sin(x) from 0 to pi
minimum of x^2 - 6x + 11
15!
what's 0.1 + 0.2 in exact decimal arithmetic
convert 0xFF3A to decimal
Racine carrée de 7056 ?
binary of 1023
percentage change from 84 to 97
Factor x^3 - 8
How many weekdays are there in March 2027?
my visa is valid 90 days from 4 may, last day?
Days between Christmas and Easter 2026?
what time will it be 1000 minutes after 3:15 pm
In which years between 2020 and 2040 does 29 February fall on a Saturday?
Kann man sagen, wie viele Tage ich alt bin? Geboren am 3.11.1995
Meeting at 16:00 CET, what's that in San Francisco?
Si hoy es martes, ¿qué día será dentro de 45 días?
I was born 17 Aug 1990, when am I 15,000 days old?
next Friday the 13th after June 2025?
how long ago was 12 March 2019, in weeks, seen from 1 Jan 2025
She worked 8:45-12:30 and 13:15-17:50. Hours?
age in 2040 if born 1987-10-02
What's the date of the third Monday in January 2029?
5'9" in cm
how heavy is 14 stone in kilograms
A marathon in miles and yards, given 42.195 km
-40 C in F
fuel economy: 32 mpg in l/100km
knots to km/h: 18
How many 250 ml glasses from a 5 litre keg
2.5 acres → m²
1 TB at 40 MB/s - how long?
cuántas onzas son 340 gramos
pressure 2.4 bar in psi
sort alphabetically: Zoe, Ümit, Anna, mark, Bea
which appears more often in "abracadabra", a or b?
Give me these in reverse: one two three four five
how many characters including spaces: "It was the best of times, it was the worst of times"
unique values of 4 8 8 1 4 9 1
list the words from this sentence that start with s: She sells six sea shells by the stormy sea
Anzahl der Vokale in "Rindfleischetikettierung"?
sort by last name: Ada Lovelace, Alan Turing, Grace Hopper
Do "listen" and "silent" use the same letters?
rank these by population: Aville 12,400; Btown 9,812; Cburg 31,007
Number these from smallest to biggest: 3/4, 0.7, 5/8
name;km\nAda;12\nBo;31\nCy;7\nwho ran the furthest, and the mean?
Here are my expenses: rent 900, food 340, phone 25, gym 30. What share is food?
scores: 12 15 9 20 17 - drop the lowest, then average
| item | qty | price |\n|---|---|---|\n| bolt | 40 | 0.12 |\n| nut | 55 | 0.08 |\nTotal cost?
Chance of at least one head in 5 flips
odds of drawing two aces from a deck
How many 3-letter codes from A-F without repeats?
Probability that a random 2-digit number is divisible by 7
Handshakes among 14 people?
Rolling three dice, expected sum?
In a group of 40, 25 like tea, 22 coffee, 5 neither. How many like both?
A bag has 5 red and 7 blue marbles. Two are drawn, both red?
Simulate 10,000 games of rock paper scissors, how often does the first win?
A, B and C sit in a row. A isn't next to B. B is left of C. What's the order?
SEND + MORE = MONEY, which digits?
The farmer has chickens and rabbits, 35 heads and 94 legs. How many of each?
Which numbers between 1 and 100 are both square and triangular?
coin change: ways to make 50 cents from 1, 5, 10 and 25
I have a 3 l and a 5 l jug, measure exactly 4 l
next in line: 1, 1, 2, 3, 5, 8
Exactly one of them lies. Al: Bo did it. Bo: Cy did it. Cy: I didn't. Who did it?
what does [x*x for x in range(5)] give
int("0b101", 2) result?
In JS, what is the value of [1,2,3].map(x => x * 2).join("-")?
does this loop ever end, and with what i?\ni = 1\nwhile i < 100:\n    i *= 3
print(sorted("banana", key=str.lower)) -> ?
qu'affiche print("%.2f" % 3.14159) ?
What will this SQL return for the table below? SELECT max(a) FROM t\na\n3\n9
My commute is 23 km each way, 4 days a week. How many km is that a year with 46 working weeks?
A litre of milk went from 0.95 to 1.19. What's the rise in percent?
the printer does 22 pages per minute, how long for 3 copies of a 140 page thesis
Mit 12 Arbeitern dauert es 15 Tage, wie lange mit 20?
Mi hermano tiene el triple de mi edad y juntos sumamos 48 años. ¿Qué edad tengo?
Half of the 86 guests eat meat, a quarter fish, and the rest are vegetarian. how many of each
I sell 40 cups at 2.80, ingredients are 0.65 a cup and the stand costs 35. Profit?
one third of a number plus 12 is 30
Our electricity bill: 2,950 kWh at 31.2 cents plus a base fee of 11.90 a month. Yearly total?
A car worth 21000 drops 18% the first year and 12% every year after. Value after 5 years?
Une voiture consomme 5,4 L/100 km. Combien coûte un trajet de 620 km à 1,82 €/L ?
is 3 for 10 cheaper than 4 for 13
divide 1000 by 7 to 5 decimals
What's two to the power of twenty?
sum the squares from 1 to 50
What is 17.5% of 2,340?
(45 - 17) x 3 + 8
smallest number divisible by 1 through 12
What is 2024 in hexadecimal?
solve 2x^2 + 3x - 5 = 0
determinant of [[2,3],[1,4]]
Calcula la raíz cuadrada de 529
12 choose 5
sqrt(2) to 15 places
How many days until 1 September if today is 14 June?
On which weekday was I born, 23 February 1984?
add 3 weeks and 4 days to 2025-11-20
The parking ticket says 9:35 and I have 2 and a half hours. Until when?
How many leap days were there between 1900 and 2000?
What's the date 1000 days before 2 June 2030?
How old was Mozart in days when he died? born 27 January 1756, died 5 December 1791
flight departs 23:40 in Tokyo and takes 9 h 15, Tokyo is 7 hours ahead of us. arrival our time?
Wie viele Wochen hat das Jahr 2026?
Quel jour de la semaine serons-nous le 1er janvier 2040 ?
If the meeting is every 3rd Thursday, what are the dates for 2026?
7 feet in metres
what is 45 celsius in fahrenheit
How many pints are in 3.5 gallons?
convert 2 hours 47 minutes to seconds
65 mph to km/h
Wie viel sind 12 Zoll in cm?
My package is 18 x 12 x 9 inches, what's that in cm and litres?
a 500 mb file in kilobytes
250 grams of flour in cups (1 cup = 125 g)
put these in order of length: 1.2 m, 98 cm, 1 m 5, 1090 mm
How often does "is" occur in "This is his list"?
sort descending 3.2, 3.15, 3.05, 3.5
Which of these words has the most vowels: queue, beautiful, rhythm, onion
Alphabetical order please: Kiwi, Apfel, Zitrone, Birne
remove vowels from "programming is fun"
What is the third longest word in: I really enjoyed wandering through quiet neighbourhoods
How many capital letters are in "NASA and ESA met in Paris"?
count the commas: red, green, blue, yellow, pink
Is "A man, a plan, a canal: Panama" a palindrome?
Team,W,L\nReds,12,4\nBlues,9,7\nGreens,14,2\nWho has the best win rate?
Monday 4 h, Tuesday 6.5 h, Wednesday 7 h, Friday 3 h 30. Hours this week?
Here are the temperatures: 14, 17, 19, 12, 21, 16, 15. Highest minus lowest?
From this list, who is under 30? Ana 27, Bo 35, Cem 29, Di 41
What is the chance of rolling a double with two dice?
If I draw 5 cards, how likely is a flush?
number of ways to seat 5 people at a round table
8 teams play each other once. Games?
What's the probability of getting exactly 3 heads in 7 tosses?
How many different outfits from 4 shirts, 3 trousers and 2 hats?
Tom is older than Sue. Sue is older than Max. Lia is younger than Max. Who is second oldest?
Find a 3-digit number whose digits add up to 15 and which is divisible by 9
What comes next: 2, 3, 5, 8, 12, 17
How can you weigh 9 balls with a balance in 2 weighings to find the heavy one?
A snail climbs 3 m by day and slips 2 m by night; the well is 10 m. How many days?
solve this 4x4 sudoku: 1 0 0 4, 0 0 3 0, 3 0 0 1, 0 2 0 0
Which three consecutive numbers add up to 72?
What gets printed?\nfor i in range(4):\n    if i == 2: continue\n    print(i, end=" ")
x = "hello"; what is x[1:4]
output of: print(7 // 2, 7 % 2, -7 // 2)
Result of len({1, 1, 2, 3})?
what does "abc".upper()[::-1] return
How many times is hello printed? for i in range(2, 20, 3): print("hello")
We drove 412 km on 29.6 litres. Consumption per 100?
Rope of 18 m is cut into pieces of 1.25 m. Pieces and leftover?
I eat 2 eggs a day and a box of 10 costs 3.19. What do eggs cost me per year?
Wenn 3 Hühner in 3 Tagen 3 Eier legen, wie viele Eier legen 12 Hühner in 12 Tagen?
The museum had 3,412 visitors in May, 15 % fewer in June. June figure?
A gym costs 29.90 a month, the first 2 months are free, minimum 24 months. Average per month?
My phone shows 14 hours of screen time this week. Per day on average, in hours and minutes?
If one euro is 1.08 dollars, what are 249 dollars in euros?
Anna pays 60% of 1,240 rent, Tim the rest. Their shares?
Quanto costano 3,5 kg di mele a 2,40 al chilo?
a 15 cm candle burns 2.2 cm an hour. when is it gone?
with 1,500 calories burnt per marathon, how many pizzas of 850 kcal is that
tip of 18 percent on 72.40
what is 7/8 of 344
integer part of 10000/37
how much is a hundred and twelve times nine
2^100 exactly please
is 91 prime or not
-8 + 3 * -4
what is the 50th prime
convert 13/16 to a decimal
ln(20)?
1/3 + 1/4 + 1/5
Wie groß ist die Quersumme von 987654?
hundred digits of pi
find the roots of x^3 - 6x^2 + 11x - 6
whats 5 feet 4 in metric
how many days have passed since 9 november 1989 on 1 may 2024
my shift is 21:30 to 6:15 with a 45 minute break, paid hours?
what day is exactly halfway between 10 March and 4 August?
How many Sundays fall in 2025?
When will I be 10,000 days old, born 2 Feb 2001?
3 o'clock in the afternoon in New York, time in Delhi?
Quelle date serons-nous dans 100 jours si on est le 5 mai ?
Wann war der 100. Tag des Jahres 2023?
the lease runs 18 months from 15 February 2025. end date?
how many working days in december 2025 without 25 and 26
0.75 litres in fluid ounces
13 stone 4 to kg
how long is 10,000 steps at 72 cm each
30 psi to bar?
Convert 5'11 and 165 lb to metric
speed of 100 m in 9.58 s in km/h
what's 3 GB at 12 Mbps
count all a's: banana bandana
is 'racecar' spelled the same backwards
what letter comes 7 before T
which word is longer, entrepreneur or thoroughfare
order by size please: mouse 9 cm, cat 46 cm, horse 240 cm, dog 60 cm
Sort: 2024-03-01, 2023-12-31, 2024-02-29
Lowercase to uppercase and reversed: pellucid
letters shared by "orange" and "grape"
Zähle die Wörter: Der schnelle braune Fuchs springt über den faulen Hund
dedupe: red, blue, red, green, blue
First letters of each word: portable network graphics
wage list: Kim 2,400; Lou 2,950; Max 2,150; Jo 3,300. median?
week 1: 12 km, week 2: 15 km, week 3: 9 km, week 4: 20 km; total and mean
a\tb\n3\t4\n5\t6\nsum of b
Date | Steps\n1 May | 8200\n2 May | 11050\n3 May | 6400\nOn which day did I walk most?
the dice come up 6 three times in a row, how likely was that
pick 6 of 49, how many combinations
10 people, committee of 3, possibilities?
probability no two of 5 people share a birth month
A clock shows 3:15. Angle between the hands?
I'm thinking of a two-digit number; its digits sum to 11 and swapping them adds 27.
sum of two numbers is 50, difference 8
knapsack: limit 10 kg, items (3 kg, 40), (4 kg, 50), (5 kg, 70), (6 kg, 75)
how many squares on a chessboard in total
output?\nn = 10\nwhile n > 1:\n    n //= 3\nprint(n)
What value does f(4) have?\ndef f(n):\n    return 1 if n < 2 else f(n - 1) * n
what is printed by console.log([3, 20, 100].sort())
evaluate in python: sum(i % 3 for i in range(10))
will this print True? print(0.1 + 0.2 == 0.3)
SELECT COUNT(*) over rows (1, null, 3, null) of column a: COUNT(a) gives what
A taxi is 3.90 to start and 2.30 a km. Price for 11 km?
We need 2.5 kg potatoes for 6, how much for 25 guests
Fuel at 1.76, I fill 43 litres, cash 80. Change?
how many months to pay off 5,400 at 225 a month without interest
The ratio of boys to girls is 4:5 and there are 36 children. How many girls?
Ein Zug braucht für 270 km 1 h 48 min. Durchschnittsgeschwindigkeit?
She earns 2,300, spends 35 % on rent and 20 % on food. What is left over?
what do 14 cinema tickets cost at 9.50 with one free for every ten
mean of 3.5, 7.25 and 10
log10 of 0.001
how many zeros at the end of 50 factorial
what's 15 squared minus 12 squared
0.125 as a fraction
17 mod 5
Combien font 15 % de 260 ?
Easter Monday 2031?
what weekday is 1 january 2050
days from today, 5 March 2025, to 1 October 2025
how many minutes from 7:52 to 11:09
my contract ends 30 days after 12 August
If it's 9 am in Paris what time is it in Lima
age of someone born in June 1975 as of March 2025
3.2 light years in km
how many grams is 6 oz
10 stone in pounds
convert 450 fahrenheit to celsius
Is 5 km more than 3 miles?
how many e in "excellence"
longest word in: the gargantuan hippopotamus slept
sort by price: milk 1.19, bread 2.49, eggs 1.99, salt 0.69
reverse 'stressed'
second letter of every word: many old ships sail
how many unique characters in "mississippi"
which of those is smallest: 0.3, 2/7, 31%
x,y\n1,2\n2,4.1\n3,5.9\nslope of the best fit line?
Sales Mon 120, Tue 95, Wed 143, Thu 88. Best day and weekly total?
given marks 72 65 90 81, what do I need in the fifth test for an average of 80
coin tossed 10 times, probability of 7 or more heads
how many ways to arrange the letters of LEVEL
chance that two people in a room of 30 share a birthday
urn with 4 white 6 black, draw 2, P(both white)?
Which is the odd one out: 3, 5, 11, 14, 17, 21?
Red is left of blue, green is right of blue, yellow is between blue and green. Order?
missing number: 2, 6, 12, ?, 30
river crossing with wolf, goat and cabbage, fewest trips?
what's printed: print([1,2,3][-1])
final value of a?\na = 3\nfor _ in range(4): a += a
what does this output\nconsole.log(typeof null)
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
Write a Python script that reads a CSV file and prints the mean of each column.
Implement quicksort in C++.
How do I reverse a list in Python?
How can I center a div in CSS?
Give me a one-liner that counts the lines of all .py files.
I need a SQL query to get the top 3 salaries per department.
Write a function `median(xs)` and 3 tests for it.
Fix the bug:\n```js\nfunction sum(a, b) { return a - b }\n```
My code throws "IndexError: list index out of range":\nfor i in range(len(a)+1): print(a[i])
Add type hints to this function:\n```python\ndef area(w, h):\n    return w * h\n```
Translate this code to Go:\n```python\nprint("hi")\n```
Rewrite this loop as a list comprehension:\nr = []\nfor x in xs:\n    r.append(x * 2)
Make this function faster:\n```python\ndef f(n):\n    return n if n < 2 else f(n-1) + f(n-2)\n```
Write a regular expression for German postal codes (5 digits).
Create a React component with a counter button.
Create an HTML page with a form of three fields.
Write a Dockerfile for a Flask app on port 8080.
code a tic tac toe game in java
Can you write a small command line tool in Rust that prints the size of a folder?
Write a class Stack with push, pop and peek.
Write a program that prints all primes below 100.
Build me a web scraper in Python.
Schreibe ein Python-Programm, das die ersten 20 Fibonacci-Zahlen ausgibt.
Erstelle eine SQL-Abfrage, die alle Kunden aus Berlin liefert.
Écris un script bash qui supprime les fichiers de plus de 30 jours.
Escribe un programa en Java que ordene una lista de números.
Write a bash command to find files larger than 100 MB.
Complete this function:\ndef is_palindrome(s):\n    pass
Write unit tests with pytest for this:\ndef add(a, b):\n    return a + b
What is wrong with this code?\nfor i in range(5)\n    print(i)
Extend the class with a method that returns the average.\n```python\nclass A:\n    g = []\n```
Implement an LRU cache with capacity n.
write a merge sort
A database query in SQL that returns all customers without an order
regex for a UK postcode
python function to merge two sorted lists
bash loop that renames photo1.jpg to photo001.jpg etc
SQL: second highest salary per department
quick script to download all PDFs linked on a page
a C program that reverses a string in place
Could you write tests for this?\ndef slug(s): return s.lower().replace(" ", "-")
make this recursive function iterative\ndef f(n): return 1 if n == 0 else n * f(n-1)
why does my loop never stop, please fix\nwhile True:\n    x = 1
Schreib mir bitte ein Bash-Skript, das alle .log Dateien älter als 7 Tage löscht.
Une requête SQL qui compte les commandes par mois
TypeScript type for a user with optional email
write me a vim macro that numbers lines
css to make a sticky footer
I want a small Go server that answers "ok" on /health
Rust: read a file line by line and count words
give me the git command to undo my last commit
Port this to Ruby: puts = lambda s: print(s.upper())
github actions workflow that runs pytest on 3.11 and 3.12
add logging to this function\ndef save(x):\n    open("a","w").write(x)
Necesito un script en Python que convierta un CSV a JSON
excel formula that sums column B where column A is "paid"
implement conway's game of life in javascript
yaml for a docker compose with postgres and redis
How would I write a decorator in Python that times a function?
unit test for the leap year function
a SQL schema for a library with books, members and loans
powershell one-liner listing the 10 biggest files
Write a small program that simulates a vending machine in Java.
convert to a list comprehension:\nout=[]\nfor i in a:\n    if i>0: out.append(i)
turn this into async code:\ndef get(u): return requests.get(u).text
LaTeX table with 3 columns and a caption
scrape headlines with beautifulsoup, example code please
function in go that checks if a string is a palindrome
I'd like a script that backs up a folder every night
write a Makefile for a small C project
code for a countdown timer in javascript
SQL to delete duplicate rows but keep the newest
can you add error handling?\ndef load(p): return json.load(open(p))
rewrite with a dictionary instead of if/elif:\nif x == 1: y = "a"\nelif x == 2: y = "b"
Regex that captures the domain of an email address
Make me a responsive navbar with HTML and CSS
write test cases for a function that validates passwords of at least 8 characters
fizzbuzz in haskell
implement a queue using two stacks
bash: count lines of all txt files recursively
Ich brauche ein Python-Skript, das Bilder auf 800 px verkleinert
Fonction PHP qui valide un IBAN
Una función en JavaScript que invierta un array
this crashes, why? fix it please\nint a[3]; a[3] = 1;
generate a class diagram as mermaid code for a shop with orders
Convert the following SQL to pandas: SELECT dept, AVG(pay) FROM staff GROUP BY dept
simple REST API in express with two routes
a python generator that yields the fibonacci numbers
How can I parse JSON in Swift? show me code
terraform for an S3 bucket
docker compose file with nginx and redis
write an algorithm that finds the shortest path in a grid
a script in bash that pings 5 hosts and reports which are down
write hello world in 3 languages
Build a calculator app with tkinter
javascript: remove duplicates from an array of objects by id
Give me a function that returns the nth prime
need a cronjob at 3 am every sunday
Please make this pythonic:\nfor i in range(len(a)):\n    print(a[i])
program in C to swap two numbers without a third
pytest fixtures for a temporary sqlite database
Schreib eine Klasse Konto mit einzahlen und abheben
crée une page HTML avec un tableau de 3 lignes
a function is_anagram(a, b)
query that lists customers with more than 3 orders
implement dijkstra
regex to match hex colours
get this working, it should return the max:\ndef m(a):\n    for x in a: pass
Write an Ansible task that installs nginx
lua script for a game: enemy follows player
could you code a snake game
write a property test for a sort function
CLI in Rust that converts celsius to fahrenheit
translate this function into TypeScript:\nfunction add(a, b) { return a + b }
a css animation of a bouncing ball
how to write a for loop in bash that goes from 1 to 10
xpath for all links inside the div with id main
python script that renames files by date
sql query for customers without orders
a recursive function for factorials in C
write a test for this:\ndef inc(x): return x + 1
html form with name and email
bash script to back up /home to a usb disk
translate to python: for (int i = 0; i < 3; i++) printf("%d", i);
implement bubble sort
function that checks if a year is a leap year
regex that finds phone numbers
fix: for i in range(3) print(i)
class for a 2D point with distance method
code snippet for reading a json file in node
Schreib eine Python-Funktion, die zwei Listen mischt
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
yo
What's your name?
How's the weather?
I'm bored, entertain me
You're pretty smart for 1.5 billion parameters!
It's 2 am and I can't sleep.
I have 2 exams tomorrow and I'm nervous
My dog turned 12 yesterday, she's the best
I love the number 7.
Thanks a million!
Happy new year 2025!
Can you count?
Are you better than GPT-4?
How many languages do you speak?
Who was president of the US in 1994?
How many planets are in the solar system?
How many bones does an adult human have?
How many states does the US have?
When was the Berlin wall built?
What year did the Titanic sink?
What is the highest mountain in the world and how high is it?
How long is the Great Wall of China?
What is the atomic number of gold?
Which element has atomic number 26?
How many keys does a piano have?
How many strings does a violin have?
What happened in 1789?
Who are the three musketeers?
What are the 5 pillars of Islam?
Which country won the 2014 football world cup?
What is the temperature on the surface of the sun?
At what temperature does water boil at 2000 metres?
What's the distance between Paris and London?
What does 5G mean?
What is the 4th amendment?
What's the meaning of 'catch 22'?
Who invented the telephone in 1876?
How old was Mozart when he died?
How many people live in Tokyo?
How long do cats live?
How often should I water a cactus?
How much water should I drink per day?
How much does an elephant weigh?
How far is it from Berlin to Munich?
How many calories are in a banana?
What's the difference between RAM and ROM?
What is the difference between a 4-stroke and a 2-stroke engine?
What is the difference between the first and the second world war?
What is the average life span of a dog?
What's the largest country in the world?
Which planet is larger, Mars or Venus?
What is the sum of all fears about?
What is a prime number?
What is the Pythagorean theorem?
What is a leap year?
What is the Fibonacci sequence?
How does compound interest work?
What is a standard deviation?
Explain how to convert Celsius to Fahrenheit.
Why do we have leap years?
Why are there 60 seconds in a minute?
Why does a week have 7 days?
Explain quicksort in 3 sentences.
Give me 5 tips for a job interview.
List 3 advantages and 3 disadvantages of remote work.
Suggest 4 names for my 2 kittens.
What are 3 good books for a 10-year-old?
Recommend 5 movies from the 1990s.
Name four rivers in Germany and one in France.
Top 5 beaches in Greece?
What are the best cities to visit in 2025?
I have 3 days in Rome. What should I see?
I'm 35 and want to learn to swim. Is it too late?
I have $500. Should I get a tablet or a laptop?
Is it worth paying 1000 dollars for a phone?
Do you prefer mornings or evenings?
Are cats better than dogs?
Is 25 too young to get married?
Which is better for a family of 4, a van or a station wagon?
What do you think of the 4-day work week?
Should voting be allowed at 16?
Write a limerick about a man of 80.
Write a 4-line poem for my mum's 60th birthday.
Write an invitation for a party on 12 June at 7 pm for 20 guests.
Write a product description for a 2-litre thermos in about 80 words.
Write a short dialogue between two friends who meet after 10 years.
Write a complaint about a delivery that came 3 weeks late.
Continue this story: It was 3 am when the two sisters heard a noise.
Write a tweet announcing our 20% off sale.
Write a cover letter for a nurse with 5 years of experience.
Write me a study plan for the next 6 weeks.
Make a packing list for 10 days in Norway.
Plan a menu for 6 guests.
Write an essay of 300 words about the French Revolution of 1789.
Translate to German: The train leaves at 8:15 from platform 4.
Translate this into English: "Ich habe 30 Minuten gewartet."
What is "thirty-five" in French?
What does "veintidós" mean?
How do you say 'five apples' in Italian?
Say "see you at 6" in Dutch.
Give me the Spanish for: I would like 2 coffees and 1 tea, please.
Ins Französische übersetzen: Wir haben 2 Hunde und 4 Katzen.
Comment dit-on « 25 ans » en espagnol ?
Summarise: In 2022 the company employed 450 people, 12% more than in 2021, and earned 3.5 million.
TL;DR of this please: The city council voted 7 to 2 to build 300 flats by 2027.
Rewrite in the past tense: She buys 3 tickets and pays 20 dollars.
Make it sound friendlier: Your invoice of $340 is 14 days overdue.
Fix the grammar: Me and him has 2 dog.
Turn these notes into a paragraph: met 3 clients, sold 12 licences, lunch at 1 pm
Shorten to one sentence: Our meeting on 13 March at 10:00 is off because 2 of 3 speakers are ill.
Convert this sentence to passive voice: The chef cooked 12 meals.
What is the tone of this review: "Waited 50 minutes for 2 cold pizzas. Never again!"
Give me a title for an article about 3 sisters who sailed round the world in 2 years.
What does this regex do: ^\d{3}-\d{4}$
What does the `map` function do in JavaScript?
Explain what this does: sorted(d.items(), key=lambda x: x[1])
What's the time complexity of binary search?
What is the difference between == and === in JavaScript?
Is Python faster than Java?
Why is Rust popular?
What is an API?
Explain this line by line:\n```python\nfor i in range(3):\n    print(i)\n```
Explain the difference between a stack and a queue.
What does O(n log n) mean?
Erkläre mir den Unterschied zwischen 4K und 8K.
Schreib mir eine Geschichte über 3 Bären.
Wer hat 1954 die Fußballweltmeisterschaft gewonnen?
Was hältst du von der 4-Tage-Woche?
Wie hoch ist der Mount Everest?
Wie viele Einwohner hat Berlin?
Combien d'habitants a la France ?
Qui a gagné la coupe du monde 1998 ?
Résume ce texte : En 2020, 3 entreprises sur 10 ont perdu 20 % de leur chiffre d'affaires.
¿Cuántos países hay en Europa?
Cuéntame un chiste.
¿En qué año llegó Colón a América?
Escribe un poema de 8 versos sobre el mar.
Did you actually use a calculator?
What did I ask you before?
How many tokens can you read?
What is your knowledge cutoff?
Can you run code?
I need help with my maths homework.
Play the role of a pirate.
Write a sentence with the words "seven", "lake" and "why".
Give me a synonym for 'happy'.
What rhymes with orange?
Give an example of irony.
What's a good name for a boat?
Which of the two is correct: 'affect' or 'effect'?
What are the ingredients for pancakes for 4 people?
How do I cook 2 eggs?
How long do I bake a 1 kg loaf of bread?
Describe a day in the life of a 17th century farmer.
Imagine you have 3 wishes. What would you wish for?
What are the odds that aliens exist?
What are my chances of getting into Harvard?
Order me a pizza.
What is the order of the planets?
How many times should I brush my teeth?
How many times should I repeat this 3 times a week?
A meal with 12 courses, is that a lot?
What is the plot of The Three Sisters?
Put it in double quotation marks at least 3 times.
What does it mean to turn 30?
Write an advertisement that says "sale" at least 4 times.
who discovered penicillin
largest ocean?
When did the Titanic sink and how many people died?
What is the Bechdel test?
How many chromosomes do humans have?
The 10 largest countries by area?
what language do they speak in Brazil
Name the 4 inner planets.
Which king had six wives?
¿Cuál es la capital de Australia?
How long did the Hundred Years' War last?
what's the freezing point of salt water
who scored the most goals at the 1970 world cup
In what year was Nelson Mandela released?
What is Moore's law?
Wie heißt die Hauptstadt von Kanada?
How deep is the Mariana Trench?
what are the first 5 books of the Bible
height of mount kilimanjaro
Who was Henry VIII's second wife?
How many time zones does Russia have?
when is thanksgiving celebrated
What's 7 of 9's real name in Star Trek?
hey :)
thx!!
I'm so tired today
it's friday, finally
you are funny
Good evening, how was your day?
can you help me with something?
Ich bin heute 25 Jahre verheiratet!
we won 3:2 last night!!
ok see you in 10 minutes
what should I call you?
my cat had 5 kittens this morning
Bonsoir !
are you human?
haha 100%
sorry, typo
Limerick about a man from Leeds
a short thank-you note to my neighbour who watered 14 plants for three weeks
Two-line bio for my portfolio, I'm a potter with 20 years of experience
Wedding speech, 3 minutes, best man, we met in kindergarten
scary story in exactly 50 words
Instagram post for our 10 year anniversary sale, 25% off everything
letter to my landlord about the heating that's been broken since 3 January
Rédige un mail pour décaler la réunion de 14 h à 16 h.
Una carta de presentación para un puesto de camarero, 120 palabras
kurze Einladung zum Grillen am 14. Juli ab 17 Uhr
4 alternative titles for my blog post on composting
a motivational quote for monday
bedtime story for a 5 year old about a snail
Write dialogue where two aliens discuss Earth's 24-hour day
email to the school: my son is sick, back on Thursday
poem, 3 stanzas, about rust
ad text for a 2-room flat, 54 square metres, 780 euros
Outline for a talk of 15 minutes on bees
Explain relativity to a ten-year-old
what's inflation and why is 2% the target
how does a microwave heat food
Difference between weather and climate
Why do cats purr?
How do you calculate compound interest? just the formula
what is the idea behind binary numbers
Wie funktioniert ein Kühlschrank?
How does GPS know where I am?
What's a standard deviation, intuitively?
why is a byte 8 bits
pros and cons of nuclear power
what makes a number irrational
explain the rules of chess in 5 sentences
How do leap years work?
What is the difference between mean and median?
Pourquoi y a-t-il 24 heures dans une journée ?
how is the date of easter determined
What's the difference between a mile and a nautical mile?
should I buy or rent
is 6 hours of sleep ok
Best way to spend a weekend in Prague?
which is healthier, butter or margarine
Am I too old at 33 to start coding?
Do you think AI will replace teachers within 10 years?
coffee or tea?
What would be a good gift for my parents' 30th anniversary, around 100 euros?
Would you take a job that pays 20% less but is remote?
I have 2 weeks of vacation and 1500 euros, any ideas where to go?
Was ist besser, Katze oder Hund?
how many kids is too many
What's the nicest season?
Is a 4.5 star hotel really better than a 4 star one?
translate "see you in two weeks" to italian
Spanish for "the bill, please"
how to say 21 in Japanese
was heißt "Feierabend" auf Englisch
Übersetze: The shop opens at 9 and closes at 18:30.
Traduce al inglés: Tengo tres hermanos y dos hermanas.
"Je n'ai pas dormi depuis 3 jours" in English please
What does "nie wieder" mean?
meaning of carpe diem
Say this in Swedish: Two beers, please.
summarise: The report covers 12 schools, of which 7 failed at least 3 of the 10 criteria.
tl;dr: Sales 2021 4.1m, 2022 3.9m, 2023 4.6m. Costs rose every year, mostly energy.
Make this sound professional: can't come tmrw, 39 fever
Shorter please: We are writing to inform you that as of 1 May our opening hours will be 8 to 17.
correct my english: Yesterday I have buyed 2 breads
Turn into active voice: 40 trees were planted by the pupils.
Formuliere höflicher: Ich will mein Geld zurück, es sind schon 3 Wochen.
remove the jargon: We leverage synergies across 4 verticals.
Simplify this sentence for kids: Photosynthesis converts 1 to 2 percent of incoming light.
Fasse in einem Satz zusammen: Der Rat stimmte mit 12 zu 9 gegen den Bau von 200 Wohnungen.
expand this into two paragraphs: Got lost, met 2 hikers, found the hut at 9 pm.
give me a headline for: 300 people marched on Saturday against the closure of 2 hospitals
What does the -r flag do in cp?
Why does Python use indentation?
explain this regex: ^(\d{3})-(\d{2})$
what's the difference between let and var
Is quicksort stable?
When should I use a dictionary instead of a list?
what does `git rebase -i HEAD~3` do?
def g(n): return n*(n+1)//2   <- what is this computing and why does it work?
Can you walk me through this function?\nfunction f(a) { return a.filter(x => x > 3) }
What is a segmentation fault?
is it bad style to have 5 levels of nesting?
why does 0.1+0.2 print 0.30000000000000004
Which is faster in general, a list or a tuple?
how do hash collisions work
What are design patterns?
Was macht dieser Befehl: tar -xzf a.tgz
Is this letter too long?
why do people find fractions hard
Why is sorting so important in computer science?
who invented sudoku
What is the birthday paradox?
How many words does an average novel have?
How do I read a box plot?
what's a good way to memorise the 50 states
Can you see the calculator on my desk?
did you run that program just now?
who was the first woman in space
What are the primary colours?
how many legs does a spider have
Which planet has 82 moons?
What was the Marshall Plan?
capital city of New Zealand?
When did the euro become cash?
Name two poets of the Romantic period.
Which Shakespeare play has three witches?
what is the chemical formula of table salt
How big is the Sahara?
Who played James Bond in the 1980s?
Wann begann der Zweite Weltkrieg?
Combien de joueurs y a-t-il dans une équipe de rugby ?
What does AD stand for in dates?
What are the 4 blood types?
How long is a human pregnancy?
The 3 laws of robotics?
which countries border Switzerland
what is 'La Marseillaise'
Good afternoon!
I feel like nobody listens to me
I ran my first 10k today!
ok thanks, talk tomorrow at 9
you were wrong twice today :(
My grandma is turning 90 and still rides her bike
What's up?
Guten Morgen, gut geschlafen?
just kidding
nice to meet you, I'm Sam, 34, from Leeds
are you faster than ChatGPT?
Congratulation text for a couple married 25 years
tweet about our new 2-person tent
Short bio of a fictional detective, 100 words
a poem for a 3-year-old about trains
birthday message to a colleague who turns 50
Schreibe eine Mail an meinen Vermieter: Heizung seit 3 Tagen kaputt.
Rédige une invitation pour 20 personnes le 8 mai
story starting with "The clock struck thirteen"
eulogy for a dog that lived 14 years
5 catchy names for a bakery
product text for a backpack with 30 litres and 5 pockets
Write me a complaint letter, the train was 90 minutes late twice this week
one paragraph on why sleep matters
What is photosynthesis?
how do magnets work
Explain the trolley problem in 100 words
Why do planes leave white trails?
Difference between a virus and a bacterium?
what is meant by compound interest
how does the binary system represent negative numbers
What is probability, in simple words?
Why are there 360 degrees in a circle?
How does the Gregorian calendar differ from the Julian?
What are imaginary numbers?
Was ist der Unterschied zwischen Brutto und Netto?
why is the metric system better
What exactly is a median?
Should I take the 2-bedroom flat or the house with a garden?
Is 1500 a month a fair rent for Berlin?
Which laptop would you get for around 800 dollars?
Do you find chess boring?
is it rude to leave after 1 hour
I'm 52, would you start learning Japanese?
dog or cat for a family with 2 kids?
What do you think about tipping 20%?
best age to get a first phone?
Is a master's degree worth 2 more years?
Welches Buch würdest du einem 12-jährigen schenken?
translate: He paid 300 dollars for 2 chairs.
How would a German say "I'm 30 years old"?
Dutch translation of "three days ago"
Qué significa "once upon a time"?
what does "half ten" mean in British English
Traduire en français : The 2 brothers left at 6.
Übersetz mir das bitte: The invoice is due within 14 days.
Say "ninety-nine" in French
condense to one line: The 7 members met twice, approved a budget of 12,000 and chose Anna as chair.
rephrase so it's less rude: You are 20 minutes late again.
Fix spelling: I recieved 2 pakages yesterday
Change "he" to "she" in: He has 3 dogs and he walks them at 7.
make this a tweet: Our library lent 48,000 books in 2023, 6 percent more than the year before.
Write this in the third person: I have 2 sisters and live on the 4th floor.
Fasse zusammen: 2022 kamen 450 Besucher, 2023 schon 610, und 2024 soll es 3 Termine geben.
more formal: hey can u send me those 5 files by tmrw
Reescribe con tono amable: Págame los 50 euros.
turn it into a haiku: The old man waited 2 hours for the bus
what is a closure in JavaScript
How do I exit vim?
Explain like I'm five: what is a pointer
is 2 spaces or 4 spaces better for indentation
what does the error "NoneType has no attribute" mean
What's the point of unit tests?
def mean(x): return sum(x)/len(x) - is this ok or is there a problem for empty lists?
Explain what O(2^n) means
what's the difference between HTTP 301 and 302
Wozu dient git stash?
when was Python 3 released
Are 3 exclamation marks too many in an email?
Is the first sentence of my essay strong enough?
how do I become better at mental arithmetic
What makes sudoku fun?
Which is the hardest month for you?
Why does my calculator say error when I divide by zero?
how were numbers written in ancient Egypt
who built the pyramids
Which sea is the saltiest?
What's the currency of Japan?
When did Elvis die?
how many hearts does an octopus have
name of the 3rd man on the moon
Is Pluto a planet?
what's the tallest building in the world
How many verses does the German anthem have?
Wer schrieb die Zauberflöte?
What is Area 51?
What was invented first, the telephone or the light bulb?
number of countries in the EU
What is the distance from the Earth to the Sun?
Which US state has the most lakes?
What happened on 20 July 1969?
Who wrote Nineteen Eighty-Four?
how old is the pope
What is the largest prime known?
which year had the first olympics
evening!
I can't decide what to cook tonight
my 2 kids are driving me nuts
so you're an AI, huh
that was helpful, 10/10
Merci beaucoup !
it's -15 outside, brrr
I got the job!!
what do you do all day?
see you tomorrow
We've been together for 7 years today
speech for my dad's 70th, funny, about 3 minutes
a rhyme for my 6-year-old's birthday card
Cover letter, data analyst, 4 years experience, friendly tone
LinkedIn summary for a nurse with 12 years in intensive care
Can you write a fairy tale with a fox and 3 rabbits
text message to say I'm 20 min late
Danksagung für 30 Gäste nach unserer Hochzeit
alternative names for a café that opens at 6
Describe a sunset in 2 sentences
write a 5-7-5 haiku about frogs
une blague sur les profs
Write a news report about a cat that travelled 300 km
what does osmosis mean
How do elevators know where to stop?
Explain supply and demand with an example
why do we sleep
What is the greenhouse effect in three sentences?
What's the difference between speed and velocity?
what is a derivative in finance
How is the median different from the average, conceptually?
How do you solve a quadratic equation in general?
Why is pi irrational?
Wie entsteht ein Regenbogen?
How does a calculator compute square roots internally?
What does it mean when two events are independent?
what is standard time
Do you like rain?
which is the better phone for my mum, she's 75
Would you rather be 3 metres tall or 30 cm?
Is it okay to text someone at 11 pm?
How much should I spend on a wedding gift?
Would 60 square metres be enough for two?
Is 40 degrees too hot for running?
what's your take on remote work
Kaffee vor dem Schlafen, schlechte Idee?
Paris or Rome for 4 days in May?
What colour should I paint a 12 square metre room?
are expensive headphones worth it
Spanish: "I have been waiting for 40 minutes"
translate "100 metres ahead, turn left" for me into Polish
What's the German word for butterfly?
Comment traduire "twenty years from now" ?
what does 'quid pro quo' mean literally
¿Cómo se dice "thirteen" en alemán?
Ins Englische bitte: Die 3 Kinder sind um 8 Uhr ins Bett gegangen.
Make a single sentence out of these: I have 2 jobs. I'm tired. I sleep 5 hours.
rewrite as a question: There are 7 days in a week.
Bring this into plain language: The lessee shall remit payment within 30 days.
subject line for this email: We moved the 3 pm call to Thursday 10 am, please confirm.
Turn the following into past tense: He runs 5 miles and drinks 2 coffees.
edit for clarity: We 3 was there at 9 but nobody come until 11.
what is the main point: In 2019, 40 of 60 shops closed; by 2023 half had been turned into flats.
Formuliere als Frage: Der Zug fährt um 12 Uhr.
when should I use async in Python?
tabs or spaces?
what's wrong with global variables
Explain what this SQL does: SELECT name FROM staff WHERE pay > (SELECT AVG(pay) FROM staff)
What is the difference between GET and POST?
why is my list empty after sort()? x = x.sort()
which data structure is good for a leaderboard
How does garbage collection work in Java?
Was ist ein Zeiger in C?
What does the star mean in def f(*args)?
is Rust hard to learn
Is this poem any good?
Why do programmers count from 0?
How accurate are weather forecasts for 10 days?
how do I learn the times tables
who is the author of Dune
what's a haiku
When was the Magna Carta signed?
how many strings on a cello
longest river in Africa
What are the 5 stages of grief?
which elements are noble gases
how much does a blue whale eat a day
year the Eiffel Tower opened
hi, long time no see
my exam is in 2 days, wish me luck
thank you so much!
that's it for today
what can you do
poem about my 2 cats, rhyming
thank you card for a teacher, 3 sentences
a slogan for a gym open 24 hours
cover letter for a bakery job, I'm 19
Erzähl mir eine Gutenachtgeschichte mit 2 Bären
product description for a 40 litre cooler
toast for a 50th wedding anniversary
why do we have seasons
explain photosynthesis to a 7-year-old
what does a 2:1 degree mean
how does a mortgage work
difference between a violin and a viola
What is a confidence interval in plain words
should I get 16 or 32 GB of RAM
is 30 too late to start ballet
what's the best way to learn 20 words a day
do you prefer 3 short breaks or 1 long holiday
how do I ask for a 10% raise
favourite number?
is it worth driving 2 hours for a concert
translate to French: I waited 2 hours in the rain.
"the 3 of us" in Spanish?
how do you write 15 in Roman times
Was heißt "three times a day" auf Deutsch?
make it shorter: The meeting of 4 May with 12 people was moved to room 3.
rewrite politely: Your report is 3 days late, send it.
Fix commas: On Monday 3 May we met Tom Ann and Lee
title for this story: 2 brothers find a map and dig for 7 days
what does len do in python
why is my for loop slow in R
what is a 404 error
explain what a mutex is
difference between TCP and UDP
is Kotlin better than Java
what does `chmod 755` mean
"""


def prompts(text: str) -> list[str]:
    """One prompt a line; a written newline stands for a real one."""
    return [line.replace("\\n", "\n") for line in text.strip().splitlines()]
