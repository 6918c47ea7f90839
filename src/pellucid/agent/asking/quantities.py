"""Which numbers of a question are amounts to compute with.

Most numbers in what people write are not: years, ordinals, parts of names ("Apollo 11"),
how many of something is wanted ("name 3 tips", "a 200-word story").
"""

import re

from pellucid.agent.reading.patterns import one_of

_WORDS = one_of(
    """two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty fifty
    sixty seventy eighty ninety hundred thousand million dozen half twice triple thrice zwei
    drei vier fünf sechs sieben acht neun zehn zwölf zwanzig hundert tausend hälfte deux trois
    quatre cinq sept huit neuf dix douze vingt cent mille moitié dos tres cuatro cinco seis
    siete ocho nueve diez doce veinte cien mil mitad"""
)
_UNIT = one_of(
    """kg g mg lbs? oz km cm mm m mi ft in l ml cl h hrs? mins? s secs? ms k kw kwh w v mph kmh
    [ap]m x € % °[cf]?"""
)
AMOUNT = re.compile(
    rf"(?<![\w.:/#-])(?:[-−+]?[$€£¥]?(?:\d{{1,3}}(?:[ ,]\d{{3}})++(?:\.\d++)?|\d++(?:[.,]\d++)?)"
    rf"(?:{_UNIT}(?!\w)|(?![\w:]))"
    rf"|{_WORDS}(?!\w))"
)
"""An amount in lower-cased text, in digits (with its unit, if joined) or as a word."""

_NAMED = one_of(
    """apollo windows ios android iphone ipad galaxy pixel playstation xbox switch chapter article
    section page pages season episode part volume book level grade type phase stage version
    vitamin war formula route area gpt llama python java http web gen generation class figure
    act scene psalm room no\\. sonnet symphony boeing airbus ryzen catch fahrenheit henry louis
    layer agenda category studio euro olympics day week step question exercise line rule law
    amendment ring channel league group world_cup copa covid plan sputnik voyager soyuz rfc iso
    usb bluetooth wifi wi-fi blink u ww toy_story rocky kapitel artikel chapitre capítulo klasse
    weltkrieg"""
)
_WANTED = one_of(
    """name list give suggest recommend tell show offer provide mention write generate create
    propose come_up_with think_of nenne nenn gib liste schlag schreib donne cite dame nombra
    dime menciona sugiere escribe"""
)
_LENGTH = one_of(
    """words? sentences? paragraphs? lines? bullets? bullet_points? pages? stanzas? verses?
    syllables characters sätzen? wörtern? worten zeilen phrases mots lignes frases palabras
    líneas párrafos sections? placeholders? keywords? times(?!_as|_the|_more)"""
)
_LIMIT = one_of(
    "in of about around exactly most least under over than to max within with each de mit von en"
)
_ADJECTIVE = one_of(
    """word year page day week month minute step line part sentence paragraph person star point bit
    core letter course act verse stanza stroke speed way seat door wheel bedroom room piece
    player storey story fold level string pin man member"""
)
_LISTED = one_of(
    """tips? ideas? reasons? facts? ways wonders sins commandments apostles musketeers dwarfs
    dwarves pillars kingdoms horsemen senses tipps ideen gründe beispiele fakten idées raisons
    exemples conseils razones ejemplos consejos"""
)
_NOT_AMOUNTS = re.compile(
    "|".join(
        (
            r"^\s*\d{1,2}[.)]\s",  # the numbers of a list
            r"\b(?:hundred|thirty|seven|six)[- ](?:years'?|days?) war\b|\b\d of \d's\b",
            r"\b[2-6]g\b(?! of)|\b24/7\b|\b9/11\b|\b50[/-]50\b|\b101\b(?=\s*[.?!:]|$)",
            r"\b\d{1,3}(?:st|nd|rd|th|er|ère|ème|e|º|ª)\b|\b\d{1,2}\.\s(?=jahrhundert|weltkrieg)",
            r"\b(?:1[0-9]|20)\d\ds?\b(?![.,]?\d|\s*(?:[-+*/×÷^=%]|[a-z]*(?:gram|meter|metre|mile"
            r"|dollar|euro|people|kg|km|cm)))",  # years
            rf"\b{_NAMED}[\s-]{{1,2}}\d+(?:\.\d+)*\b",
            rf"\b{_WANTED} (?:(?:me|us|mir|uns|moi|nous|at least|exactly|about) )*"
            rf"(?:\d+|{_WORDS}) (?=[^\W\d_])(?!as\b|in\b|to\b|plus\b|times\b|als\b|en\b)",
            rf"\b(?:top|best)[ -](?:\d+|{_WORDS})\b",
            rf"\b(?:last|past|next) (?:\d+|{_WORDS}) (?:years|decades|centuries|months)\b",
            rf"\b(?:\d+|{_WORDS}) {_LISTED}\b",
            rf"\b{_LIMIT} (?:(?:\d+|{_WORDS}) ?(?:or|to|and|-|–) ?)?(?:\d+"
            rf"|{_WORDS}) (?:\w+ )?{_LENGTH}\b|\(\d+ {_LENGTH}\)",
            rf"\b(?:\d+|{_WORDS})-{_ADJECTIVE}s?\b",
            rf"\b(?:{_WORDS}) of (?:us|them|you|these|those|the)\b",
        )
    ),
    re.M,
)


def amounts(text: str) -> int:
    """How many amounts lower-cased text has, without those that are none."""
    return len(AMOUNT.findall(_NOT_AMOUNTS.sub(" ", text)))
