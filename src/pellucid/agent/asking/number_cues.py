"""Cues of questions that need computing: arithmetic, units, counting, sorting, amounts."""

from pellucid.agent.asking.cues import begins, every, has_table, numbers, says, some, without
from pellucid.agent.reading.patterns import one_of

_DIGITS = says(r"\d")
_NUMBER = r"(?:(?<![\w.,:/#-])[-−+]?[$€£¥]?\d(?:[\d,.]*\d)?%?)"
_ASK = one_of(
    """what_is what's whats calculate compute evaluate how_much_is solve work_out was_ist
    wie_viel_ist wieviel_ist quanto_fa quanto_é combien_font calcule cuánto_es berechne rechne ="""
)
_COUNT = one_of(
    """one two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty
    fifty hundred thousand million drei vier fünf sechs sieben acht neun zehn trois quatre cinq
    sept huit neuf dix tres cuatro cinco seis siete ocho nueve diez"""
)
_OPERATOR = one_of(
    """plus minus times multiplied_by divided_by modulo mod to_the_power_of raised_to mal
    geteilt_durch hoch fois moins divisé_par multiplié_par por menos más diviso più meno
    dividido_por dividido_entre multiplicado_por"""
)
ARITHMETIC = some(
    says(
        rf"{_NUMBER}\)?\s*(?:[*×·⋅÷^+]|\*\*|//)\s*[($√-]*[$€£]?\d",
        # With a sign that also stands in ranges and dates, only between spaces.
        rf"{_NUMBER}\)?\s+(?:[-−–/x]|mod|%)\s+[(-]?[$€£]?\d(?!\d\d\d\s*[),.;]?\s*(?:$|[a-z]))",
        rf"(?:{_NUMBER}|\b{_COUNT}) {_OPERATOR} (?:the |a |-)?[$€£]?(?:\d|{_COUNT}\b)",
        rf"{_NUMBER} (?:squared|cubed)\b|\b(?:square|cube) of \d|\b{_COUNT} (?:squared|cubed)\b",
        r"\d\s*%\s*(?:of|von|de) [$€£]?\d|\b\d+ percent of [$€£]?\d|\bprozent von \d",
        r"\d\s*% (?:tip|discount|tax|vat|interest|of what|of my|of the)\b.{0,80}\?",
        r"^[\d(][\d\s.,+*/×÷^()!%-]*[=?]*$|^\d+! ?\??$|\b0x[0-9a-f]+\b",
        r"\bwhat percent(?:age)?\b.{0,200}\d|\bwie ?viel prozent\b.{0,200}\d",
        r"\b(?:of|is|calculate|compute|evaluate|express|simplify|reduce) -?\d+ ?/ ?\d+",
        r"√\s*\d|\b(?:square|cube|cubic|\d+(?:st|nd|rd|th)) root(?: of)?\b.{0,20}\d"
        r"|\bracine carrée de\b|\braíz cuadrada de\b|\bwurzel (?:aus|von)\b",
        r"\b(?:what is|what's|calculate|compute|evaluate|value of|find)\b[^.?]{0,20}\d+!",
        r"\d\s*[-+*/×÷]\s*\d[\d\s.+*/×÷()-]*=\s*(?:\?|$|_)",
        r"\b(?:sin|cos|tan|log(?:_?\d+)?|ln|sqrt|exp|abs|floor|gcd|lcm)\s*\(?\s*-?\d",
    ),
    every(
        begins(
            rf"{_ASK}?\s*[(-]?\d[\d.,]*\s*[-−/x]\s*[(-]?\d[\d\s.,+*/×÷x()-]*[?=.]*\s*$",
        ),
        without(begins(r"(?:1[5-9]|20)\d\d\s*[-−/]|(?:9/11|24/7|7/11)\b")),
    ),
)
_ALGEBRAIC = one_of(
    """solve roots?_of zeros?_of factor(?:i[sz]e)? expand simplify differentiate derivative_of
    integra\\w+(?:_of)? antiderivative limit_of löse résou\\w+ resuelv\\w+ vereinfache"""
)
_ASKS = r"(?:\?|\b(?:what|which|how|find|let|if|compute|calculate|evaluate|determine)\b)"
_LATEX = r"\\(?:frac|sqrt|int|sum|lim|binom|cdot|begin\{[bpv]?matrix)\b"
EQUATION = says(
    r"\b(?:integral|derivative|gradient|antiderivative|minimum|maximum|limit|determinant) of\b"
    r".{0,40}(?:\bx\b|\d|\()",
    r"[∫∂∑∏]|\b(?:indefinite|definite) integral\b.{0,80}[(^*]",
    r"\b[a-z]{2,8} ?\+ ?[a-z]{2,8} ?= ?[a-z]{2,8}\b",
    rf"{_LATEX}[^$]{{0,60}}.{{0,200}}{_ASKS}|{_ASKS}.{{0,200}}{_LATEX}",
    _ASKS + r"[^$]{0,200}\$[^$]{0,60}[\w)}] ?[=^+][^$]{0,60}\$",
    rf"\b{_ALGEBRAIC}\b.{{0,60}}(?:[a-z]\s*[-+*/^=²³]|\d\s*[a-z]\b|\d\s*[-+*/^=])",
    r"(?<!\w)\d*[a-z]\s*(?:[-+*/^]\s*\d+[a-z]?\s*)+=\s*-?\d",
    r"\b(?:determinant|eigenvalues?|inverse|rank) of\b.{0,30}\[|\bsystem of equations\b.{0,200}\d",
    r"\b\d*[xyn]\s*=\s*-?\d.{0,200}(?:\?|\bwhat\b|\bfind\b|\bevaluate\b)",
)
WHOLE_NUMBERS = every(
    some(_DIGITS, says(r"\bdigits of\b")),
    says(
        r"\b(?:primes?|prime factors?|primfaktor\w*|primzahl\w*|nombres? premiers?"
        r"|números? primos?|divisors?|divisible|teilbar|multiples? of|factors of|factorial"
        r"|fakultät|factorielle|fibonacci|gcd|lcm|greatest common|least common"
        r"|perfect (?:square|number)|remainder|palindrom\w+|digits? of|digit sum"
        r"|sum of (?:the )?digits|quersumme|collatz|binary|hexadecimal|octal|in hex|to hex"
        r"|base[- ]\d+|roman numerals?|in scientific notation|decimal places?"
        r"|significant (?:figures|digits)|nearest (?:tenth|hundredth|thousandth|integer|whole)"
        r"|round(?:ed)? to|as a (?:decimal|fraction|percent\w*|mixed)|to a (?:decimal|fraction)"
        r"|in (?:simplest|lowest) (?:form|terms)|(?:arithmetic|geometric) (?:sequence|series)"
        r"|(?:arithmetic|geometric) progression|next (?:number|term)|\d(?:st|nd|rd|th) term"
        r"|(?:use|using) (?:all |only )?(?:the |these )?(?:digits|numbers))\b",
        r"(?:-?\d+, ?){3,}(?:\?|_|x\b|\.\.\.|…)",
        r"\b(?:next|continue|sequence|pattern|series|comes)\b.{0,60}(?:-?\d+, ?){3,}",
        r"\buse (?:the numbers? )?(?:\d+,? (?:and )?){2,}.{0,60}\b(?:make|get|reach)\b",
    ),
)
PUZZLE = says(
    r"^(?:[^.?]+\.){3,}[^?]*\bwho (?:\w+ )?(?:owns|has|plays|likes|drives|lives|wears|ordered|is"
    r"|sits)"
    r" (?:what|which|where|the)\b",
    r"\b(?:fewest|least|minimum|smallest) (?:number of )?"
    r"(?:trips|moves|steps|crossings|pourings|weighings|coins|cuts)\b",
    r"\bangle\b.{0,40}\bhands\b|\bhow many (?:squares|rectangles|triangles)\b",
    r"\bsudoku\b[^?]{0,60}\d\D+\d\D+\d\D+\d",
    r"\b(?:knaves?|truth-?tellers?|always (?:lies|lying|tells? the truth)|cryptarithm\w*"
    r"|magic square|\w+ queens|towers? of hanoi|logic (?:puzzle|grid)|zebra puzzle|(?:shortest"
    r"|cheapest|fastest) (?:route|path|tour))\b"
    r"[^?]{0,400}(?:\d|\?|:)",
    r"\b(?:houses|people|persons|friends|neighbou?rs|students|children)\b.{0,120}"
    r"\b(?:in a row|left to right|numbered|next to|each (?:\w+ ){0,4}(?:different|unique|own))\b"
    r"[^?]{80,1400}\b(?:who|which|what)\b",
    r"\b(?:one|two|some|each|none) (?:of them )?(?:lies|lie|is lying|are lying|tells? the truth)\b",
    r"\bjugs?\b.{0,80}\b(?:lit(?:er|re)s?|l|gallons?)\b.{0,80}\b(?:measure|exactly|get|get)\b",
    r"\b(?:left|right|next|older|taller|faster|heavier|before|after|behind|front)"
    r" (?:of|to|than|\w+)\b[^?]{0,300}\b(?:left|right|next|older|taller|faster|heavier|before"
    r"|after|behind|front) (?:of|to|than|\w+)\b[^?]{0,200}\b(?:who|what(?:'s| is) the order"
    r"|in what order|which order|order\?)",
)
_COMPARED = one_of(
    """larger largest bigger biggest smaller smallest greater greatest higher highest lower lowest
    closest cheaper cheapest heavier heaviest lighter lightest longer longest shorter shortest
    taller tallest faster fastest slower slowest older oldest younger youngest größer größte
    kleiner plus_grand mayor menor"""
)
STATISTIC = every(
    says(r"\d\D+\d"),
    some(
        numbers(2),
        says(r"\bnumbers (?:from )?\d|\bintegers?\b|\bbetween 1 and\b|\bfrom \d+ to \d+"),
    ),
    some(
        says(
            r"\b(?:the mean|mean (?:of|and|value)|median|mode of|averages?|standard deviation"
            r"|variance|sum|product of|difference (?:between|of)|ratio of|add(?:ed)? (?:up|\d)"
            r"|add (?:these|the numbers)|subtract|multiply|divide|durchschnitt\w*|mittelwert|summe"
            r"|moyenne|somme|promedio|suma|percent(?:age)?|interest rate|(?:in|simple) interest"
            r"|compound\w*|apr|zinsen|intérêts?|interés|calculate|compute|berechne|calcule[zr]?"
            r"|calcula|work out|figure out|tally|correlation|regression|slope|percentile"
            r"|quartiles?|z-score|confidence interval"
            r"|growth rate)\b|% interest"
        ),
        says(rf"\b{_COMPARED}\b.{{0,200}}\?|\b(?:what|which|find)\b.{{0,200}}\b{_COMPARED}\b"),
    ),
)
CHANCES = every(
    says(
        r"\b(?:probability|odds|chances?|how likely|plays? each other|expected (?:value|number"
        r"|sum|score|payout)|handshakes"
        r"|ways to (?:make|choose|arrange|pick|split|seat|give|pay)"
        r"|how many (?:different |distinct |possible )?(?:ways|combinations|permutations"
        r"|arrangements|outcomes|(?:\S+ )?codes|pins|subsets|passwords|pairs|teams|anagrams)"
        r"|wahrscheinlichkeit|probabilité|probabilidad)\b"
    ),
    some(numbers(1), says(r"\d|\b(?:dice|die|coins?|cards?|word|letters)\b")),
)
_MEASURE = one_of(
    """kilomet(?:er|re)s? met(?:er|re)s? centimet(?:er|re)s? millimet(?:er|re)s? km(?:/h|ph)? cm mm
    miles? yards? feet foot ft inch(?:es)? kilograms? kilos? kg grams? milligrams? mg pounds?
    lbs? ounces? oz stones? tons? tonnes? lit(?:er|re)s? millilit(?:er|re)s? ml gallons? pints?
    quarts? cups? tablespoons? tbsp teaspoons? tsp celsius fahrenheit kelvin °[cf] hectares?
    acres? mph knots? m/s joules? calories kcal kwh watts? psi bars? pascals? radians? degrees
    bytes? [kmgt]i?b kilobytes? megabytes? gigabytes? terabytes? bits? seconds? minutes? hours?
    days? weeks? mpg l/100_?km m² km² cm² m2 km2 mbit/s mb/s gramm gramos? grammes? onzas?
    onces? kilos? light[-_]years? nautical_miles? meilen? zoll pfund fuß unzen kilomètres?
    mètres? livres pouces pieds millas? metros? kilómetros? libras pulgadas pies stunden minuten
    sekunden heures secondes horas segundos"""
)
_COUNT_WORD = one_of(
    """two three four five six seven eight nine ten twelve half dozen hundred thousand million
    square cubic"""
)
UNITS = every(
    some(numbers(1), _DIGITS),
    says(
        r"\b(?:convert|umrechnen|rechne|convertis\w*|convierte|change|express|turn)\b"
        rf".{{0,60}}\b{_MEASURE}\b",
        rf"(?:\d ?|\b{_COUNT_WORD} ){_MEASURE}\b.{{0,20}}\b(?:to|in|into|equals?|is how many|en"
        rf"|sind) (?:square |cubic )?{_MEASURE}\b",
        rf"\bhow (?:many|much) (?:square |cubic )?{_MEASURE}\b.{{0,30}}\b(?:in|is|are|make|equals?"
        rf"|to)\b.{{0,15}}(?:\d|\b{_COUNT_WORD}\b)[^?]{{0,8}}{_MEASURE}\b",
        rf"\b(?:wie ?viele?|combien de|cuánt[oa]s) {_MEASURE}\b.{{0,30}}\d",
        rf"{_MEASURE} (?:to|in|into|→|->|=) (?:square |cubic |fluid |us |uk "
        rf"|imperial )?{_MEASURE}(?!\w)|→ ?{_MEASURE}",
        r"\d ?['′] ?\d+ ?(?:\"|″|'')? (?:to|in|into) \w+",
        rf"\b(?:in|into|to) {_MEASURE}(?: and {_MEASURE})?\b.{{0,30}}\d ?{_MEASURE}\b",
        r"\d ?°?[cf]\b.{0,10}\b(?:to|in|into) °?[cf]\b",
        r"\d ?(?:°|degrees? )?[cf]\b.{0,120}\b(?:celsius|fahrenheit)\b"
        r"|\b(?:celsius|fahrenheit)\b.{0,120}\d ?(?:°|degrees? )?[cf]\b",
    ),
)
_HOW_MANY = one_of(
    """how_many how_often wie_oft count number_of wie_?viele combien_de cuánt[oa]s zähle?
    compte[rz]? cuenta"""
)
_WRITTEN = one_of(
    """letters? words? vowels? consonants? characters? syllables? occurrences? times capitals?
    uppercase lowercase spaces sentences digits buchstaben? wörter vokale? lettres? mots
    voyelles? letras? palabras vocales"""
)
LETTERS = every(
    says(
        r"\b(?:how often|how many times) (?:does|do|is|are)\b.{0,60}\b(?:occur|appear|printed"
        r"|used)",
        r"^count (?:the|how many|all)\b|\bwhich of (?:these|the following) (?:words|names|letters)",
        r"\b(?:letters|vowels|consonants|characters)\b.{0,60}[\"“']\w"
        r"|\bletter\b.{0,20}\b(?:before|after)\b",
        rf"\b{_HOW_MANY}\b.{{0,50}}\b{_WRITTEN}\b",
        r"\bhow many [\"'“]?\w[\"'”]?(?:'?s)? (?:are |is |does |do |appear |occur )?.{0,16}"
        r"\b(?:in|contain|have|has)\b",
        r"\b(?:which|what) (?:letter|vowel|consonant|character|digit|word)\b.{0,60}"
        r"\b(?:longe(?:r|st)|shorte(?:r|st)|most|often|least|twice|repeat\w*)\b",
        r"\b(?:longest|shortest) word\b(?!.{0,20}\b(?:language|english|german|world)\b)",
        r"\b(?:appears?|occurs?) (?:more|most|less|least) often\b|\bsame letters\b",
        r"\bwords?\b.{0,60}\bthat (?:start|begin|end|contain|rhyme)s?\b.{0,60}[:\"]",
        r"\banzahl der \w+ in\b|\bevery (?:second|third|fourth|other|\d\w\w) (?:word|letter)\b",
    ),
    says(
        r"[:\"“']|\b(?:vowels?|consonants?|letters?|voyelles?|vokale?|buchstaben?|lettres?|letras?"
        r"|vocales|word|sentence|text|paragraph|file|wort|mot|palabra)\b"
        r"|\bhow many \w(?:'?s)? (?:are|is|does|in|occur)\b"
    ),
    without(
        says(
            r"\balphabet\b|\bdictionary\b|\blanguage\b"
            r"|\bin (?:english|german|french|spanish)\b(?!.{0,200}[\"':])",
            r"\bhow many times (?:has|have|did|do|does|should|a|can)\b"
            r"(?!.{0,30}\b(?:letter|word|appear|occur))",
        )
    ),
)
_EXTREME = one_of(
    """smallest lowest least shortest youngest cheapest lightest newest oldest earliest latest
    largest highest greatest biggest longest heaviest most_expensive most_recent"""
)
_NTH = one_of(
    """\\d+(?:st|nd|rd|th) last first second third fourth fifth sixth seventh eighth ninth tenth
    middle"""
)
_RANKED_BY_TASTE = one_of(
    "importance priority preference relevance quality healthi\\w+ difficulty distance_from"
)
SORTING = some(
    says(
        r"\b(?:unique|distinct|duplicate) (?:values?|elements?|numbers?|entries|words)\b.{0,60}\d",
        r"\b(?:alphabetical(?:ly)?|alphabeti[sz]e|ascending|descending|reverse order"
        r"|numerical(?:ly)?|chronological(?:ly)? order|alphabetisch\w*|aufsteigend|absteigend"
        r"|ordre (?:alphabétique|croissant|décroissant)"
        rf"|orden (?:alfabético|ascendente|descendente)|{_EXTREME} to (?:the )?{_EXTREME})\b",
        r"^(?:\w+ ){0,4}(?:reversed|uppercase|lowercase)\b.{0,20}:",
        r"\b(?:backwards?|in reverse|rückwärts|à l'envers|al revés)\b",
        r"\b(?:anagrams?|palindromes?|rot-?13|caesar|cipher|base64|md5|sha-?\d+)\b.{0,200}[\"':]",
        r"[\"'].{0,200}\b(?:palindrom\w*|anagrams?|pangram)\b",
        rf"\b{_NTH} (?:letter|character|word|vowel)s? (?:of|in)\b",
    ),
    every(
        begins(
            r"(?:sort|order|rank|arrange|reverse|shuffle|dedup(?:e|licate)?|uppercase|lowercase"
            r"|capitali[sz]e|put|sortier\w*|ordne"
            r"|remove (?:the |all )?(?:duplicates|vowels)|trie[rz]?|classe[rz]?|ordena\w*)\b"
        ),
        says(
            r"\d\D+\d|[\"']|\w+, \w+(?:,| and| or| und| et| y)",
            r"\b(?:words?|names?|list|letters?|string|numbers?|wörter|zahlen|mots|nombres|palabras"
            r"|números)\b",
        ),
        without(says(rf"\bput (?:it|this|yourself|me)\b|\b{_RANKED_BY_TASTE}\b")),
    ),
)
TABLE = every(
    has_table,
    says(
        r"\b(?:which|who|what|how (?:many|much)|total|sum|average|mean|median|highest|lowest|most"
        r"|least|count|sort|group|percent\w*|difference|max\w*|min\w*|rank|wer|welche[rs]?"
        r"|wie ?viele?|quel\w*|combien|cuál\w*|cuánt\w+|qué|summe|durchschnitt|somme|moyenne"
        r"|promedio|suma)\b"
    ),
)
_MEASURED = one_of(
    """total number cost price area perimeter volume speed distance age sum average length width
    height radius profit amount value ratio percent\\w* balance change salary rate bill weight
    score difference hypotenuse angle circumference fraction result remainder diagonal share
    left"""
)
AMOUNT = says(
    r"\bhow (?:many|much|long|old|far|tall|fast|heavy|big|often|high|deep|wide|large)\b",
    r"\bwie ?(?:viele?[nr]?|lange?|alt|weit|hoch|schnell|groß)\b|\bcombien\b|\bcuánt[oa]s?\b"
    r"|\bquant[oaie]\b"
    r"|\bquel(?:le)? (?:est|âge|distance)\b",
    rf"\bwhat (?:is|was|are|were|will be|would be|'s)\b.{{0,50}}\b{_MEASURED}\b",
    r"\bto the (?:cent|penny|nearest)\b|\bwhat(?:'s| is) (?:it|that|this) (?:now|worth|in)\b",
    r"\bwhat (?:did|do|does|will|would|must|should) \w+ (?:\w+ )?"
    r"(?:take in|make|get|need|owe|pay|have|spend|save|earn|lose|cost|weigh|set|charge|score)\b",
    rf"\bwhat {_MEASURED}\b|\bwhat(?:'s| is) left\b|\bwhat remains\b|\bwhen will\b",
    r"\b(?:what|which)\b.{0,40}"
    r"\b(?:costs?|worth|weighs?|pay|owe|earn|better (?:deal|value)|cheaper)\b",
    r"\b(?:fast|slow|long|short|heavi|light|tall|farth|furth|warm|cold)er than\b",
    r"\b(?:find|calculate|compute|determine|work out|figure out|berechne|bestimme|calcule[zr]?"
    r"|calcula|trouve|halla)\b",
    r"\b(?:total|in all|altogether|together (?:they|we|both)|times as \w+)\b",
    r"\b(?:insgesamt|en tout|en total)\b",
)
RATIO = says(
    r"\b(?:each|per|ratio|every|apiece|split|shar\w+|equally|evenly|left|remain\w*|altogether|total"
    r"|more than|less than|fewer|twice|half|double|percent\w*|pro|je|jede[rsn]?|chacun\w*|par"
    r"|chaque|cada|sides?|radius|diameter|square|circle|rectangle|triangle|cube|perimeter|area"
    r"|dozen|cost\w*|at \d)\b|%|[$€£]\d"
)
CALCULATION = some(
    says(
        r"\b(?:use|run|with) (?:a |the |some )?(?:program|script|code|python|calculator) to "
        r"(?:find|compute|calculate|check|count|work|test|get|list|solve)\b"
    ),
    says(r"\b(?:calculate|compute|simulate|berechne|calcule[zr]?|calcula)\b"),
    begins(r"(?:add|scale|halve|double|triple|split|divide|multiply|subtract|increase|reduce)\b"),
)
PER_PIECE = every(
    numbers(1),
    says(r"\?"),
    says(r"\bon average\b|\bper (?:day|week|month|year|person|hour|head|unit|km|mile|piece)\b"),
)
STATED = every(numbers(3), RATIO)
QUESTION = says(r"\?|\b(?:what|which|how|find)\b")
