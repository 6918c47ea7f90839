"""Cues of questions about dates and times of day."""

from pellucid.agent.asking.cues import every, numbers, says, some
from pellucid.agent.reading.patterns import one_of

_MONTH = one_of(
    """jan(?:uary)? feb(?:ruary)? mar(?:ch)? apr(?:il)? may june? july? aug(?:ust)? sept?(?:ember)?
    oct(?:ober)? nov(?:ember)? dec(?:ember)? januar februar märz mai juni juli oktober dezember
    janvier février mars avril juin juillet août septembre octobre novembre décembre enero
    febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"""
)
DATE = (
    r"(?:\b\d{4}-\d\d?-\d\d?\b|\b\d\d?[./]\d\d?[./]\d{2,4}\b"
    rf"|\b{_MONTH}\.? \d{{1,2}}(?:st|nd|rd|th)?\b"
    rf"|\b\d{{1,2}}(?:st|nd|rd|th|\.)? (?:of |de )?{_MONTH}\b)"
)
WEEKDAY_NAME = one_of(
    """monday tuesday wednesday thursday friday saturday sunday montag dienstag mittwoch donnerstag
    freitag samstag sonntag lundi mardi mercredi jeudi vendredi samedi dimanche lunes martes
    miércoles jueves viernes sábado domingo"""
)
_SPAN = one_of(
    """days? weeks? months? years? hours? minutes? seconds? fortnights? decades? tagen? tage tag
    wochen? monaten? monate jahren? jahre stunden? minuten? jours? semaines? mois ans? années?
    heures? días? semanas? meses años? horas? minutos?"""
)
_CLOCK = (
    r"(?:\b\d{1,2}:\d{2}\b|\b\d{1,2}(?:\.\d\d)? ?[ap]\.?m\b|\b\d{1,2} ?(?:uhr|h\d\d)\b"
    r"|\b\d{1,2} o'clock|\bnoon\b|\bmidnight\b)"
)
_YEAR = r"\b(?:1[0-9]|20)\d\d\b"
_SOME = r"(?:\b\d+|\b(?:two|three|four|five|six|seven|ten|twelve|ninety|hundred|a))"
_LATER = one_of(
    """after before from later_than earlier_than prior_to nach vor_dem après avant después antes"""
)
_FEAST = r"(?:christmas|new year|easter|halloween|weihnachten|noël|navidad)"
_MOVABLE = one_of(
    """easter good_friday pentecost ascension thanksgiving mother's_day father's_day labor_day
    memorial_day ostern pfingsten pâques pascua equinox solstice full_moon"""
)
_NOW = r"\b(?:now|today|tomorrow|heute|aujourd'hui|hoy)\b"

DATES = some(
    every(says(r"\d"), says(r"\bleap years?\b|\bschaltjahr|\bbissextile\b|\bbisiesto\b")),
    every(
        says(DATE),
        says(rf"\d+ (?:\w+ )?{_SPAN}\b"),
        says(
            r"\b(?:when|what (?:day|date)|which (?:day|date)|(?:last|first|final) day|deadline|due"
            r"|expires?|runs? out|ends?)\b"
        ),
    ),
    says(
        rf"^{_MOVABLE}(?: monday| sunday| day)? {_YEAR}",
        rf"\bwhen (?:is|was|will|does|did)\b.{{0,60}}{_MOVABLE}\b.{{0,30}}{_YEAR}",
        rf"{DATE}.{{0,200}}\b(?:what|which) (?:day|date|weekday)\b",
        rf"{DATE}.{{0,60}}{DATE}.{{0,60}}\bhow (?:many|long)\b",
        rf"\bhow many {_SPAN} old\b|\d+(?:\.|th|st|nd|rd) (?:tag|day) (?:of|des)\b.{{0,20}}{_YEAR}",
        rf"\b(?:week|working |business )?days\b.{{0,20}}\b(?:in|of) {_MONTH} {_YEAR}",
        rf"\bfriday the 13th\b.{{0,40}}{_YEAR}|{_CLOCK} ?(?:-|–|to|bis) ?{_CLOCK}.{{0,60}}(?:\?"
        rf"|\bhow\b)",
        rf"\b(?:first|second|third|fourth|last) {WEEKDAY_NAME} (?:of|in)\b.{{0,60}}{_YEAR}",
        rf"\b(?:what|which) (?:day|date|weekday)\b.{{0,80}}(?:{DATE}|\d|\b{WEEKDAY_NAME}\b)",
        rf"\bweekdays?\b.{{0,60}}{DATE}|{DATE}.{{0,60}}\b(?:the|its) weekday\b",
        rf"\bcount (?:all |the )?(?:\w+ ){{0,2}}(?:{_SPAN}|weekdays|{WEEKDAY_NAME}s)\b"
        rf".{{0,80}}{DATE}",
        r"\bday of the week\b.{0,200}\d|\bwelcher (?:wochen)?tag\b|\bquel jour\b|\bqué día\b",
        r"\bhow (?:many|long)\b.{0,60}\b(?:between|from|until|till|since|to|before|after|in)\b"
        rf".{{0,40}}(?:{DATE}|{_CLOCK})",
        rf"\b(?:wie ?viele|combien de|cuánt[oa]s)\b.{{0,30}}\b{_SPAN}\b"
        rf".{{0,60}}(?:{DATE}|{_CLOCK}|\b{_MONTH}\b)",
        rf"\b{_SPAN} (?:are there |is it |left |remain |to go |is |are )*"
        rf"(?:between|until|till|since)\b.{{0,60}}(?:{DATE}|{_CLOCK}|\d|{_FEAST})",
        rf"{_SOME} (?:business |working |calendar )?{_SPAN}\s+{_LATER}\b"
        rf".{{0,30}}(?:{DATE}|{_CLOCK}|{_NOW}|\b{WEEKDAY_NAME}\b|\b{_MONTH}\b)",
        r"\b(?:how old|age|wie alt|quel âge|cuántos años)\b.{0,200}"
        rf"(?:\bborn|birth|geboren|\bnée?|{DATE})",
        r"\bborn (?:in|on)\b.{0,200}\bhow old\b",
        rf"\bhow (?:many|long)\b.{{0,60}}\b(?:from|between)\b.{{0,30}}{_YEAR}.{{0,30}}"
        rf"\b(?:to|and|until)\b.{{0,20}}{_YEAR}",
        rf"\b(?:how many|wie ?viele|combien de|cuánt[oa]s) (?:{_SPAN}"
        rf"|{WEEKDAY_NAME}s?)\b.{{0,40}}{_YEAR}",
        rf"\bdates\b.{{0,20}}\b(?:for|in|of) (?:{_MONTH} )?{_YEAR}",
        r"\bif (?:today|it|tomorrow|yesterday|now) ?(?:is|was|'s)\b"
        rf".{{0,40}}\b(?:{WEEKDAY_NAME}|{_MONTH})\b.{{0,200}}\b(?:what|which|when)\b",
        r"\b(?:iso|calendar) week\b|\bweek number\b|\bday of the year\b|\bkalenderwoche\b"
        r"|\b(?:unix (?:time|timestamp)|epoch)\b.{0,200}\d",
    ),
)
_ZONE = r"\b(?:time ?zones?|utc|gmt|cet|cest|[ecmp][sd]t|bst|ist)\b"
TIMES = every(
    says(_CLOCK, _ZONE),
    says(
        r"\b(?:how long|what time|which time|when (?:is|am|are|can|will|does|do|did|should|must"
        r"|would)"
        r"|how many (?:hours|minutes)|what(?:'s| is) that|time in|duration|elapsed|pace|speed|until"
        r"|local time|convert|wie lange"
        r"|um wie ?viel uhr|wann|combien de temps|à quelle heure|cuánto tiempo|a qué hora)\b"
    ),
    some(
        numbers(1),
        says(rf"{_CLOCK}.{{0,200}}{_CLOCK}", _ZONE, r"\b(?:if|when) it(?:'s| is)\b"),
    ),
)
