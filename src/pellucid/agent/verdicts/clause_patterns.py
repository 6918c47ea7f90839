"""What clauses about deeds are made of: patterns for `agent/verdicts/first_person.py`."""

import re
from collections.abc import Callable

from pellucid.agent.reading.patterns import finder, one_of


def _words(listed: str) -> str:
    """A pattern of these words; a low line stands for any white space."""
    return one_of(listed.replace("_", r"\s+"))


def _pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def _naming(names: str, pattern: str) -> Callable[[str], bool]:
    """Whether a text has the pattern, whose every match holds one of the names: where none is
    there, which is told at once, the pattern is not tried at each of its places."""
    named, search = finder(names), _pattern(pattern).search
    return lambda text: named(text.lower()) and search(text) is not None


_ADVERBS = (
    rf"(?:(?:{_words('just also then already even now first indeed both once twice again never')}"
    r"|\w+ly)\s+){0,3}"
)
_VERB = r"(?P<verb>[a-z]+(?:-[a-z]+)*)\b(?!['’]t\b)"
_SOME_WORDS = r"(?:[\w'’-]+\s+)"

SUBJECT = _pattern(
    rf"\b(?:I(?P<aux>['’]ve|['’]m|\s+(?:have|had|am|was))?|(?P<we>we)(?P<weaux>['’]ve|\s+have)?)\s+"
    rf"(?:been\s+)?{_ADVERBS}{_VERB}\b"
)
"""Somebody who speaks and the verb of what they did."""

DID = _pattern(rf"\bI\s+(?:did|do)\s+{_ADVERBS}(?:go\s+and\s+)?{_VERB}\b")
FOLLOWING = _pattern(rf"(?:,|\band|\bthen|\bbut)\s+(?:then\s+)?{_ADVERBS}{_VERB}\b")
"""A further verb of the same subject."""

_OPENERS = _words("yes yep sure done okay ok absolutely certainly of_course all_set no_problem")
_OBJECTS = _words(
    """it this that them the your these those all both everything each every with on against by in
    twice again online through over via for three two once without just to and_\\w+ed"""
)
OPENING = _pattern(
    rf"(?:{_OPENERS}\b[\s,.!:;—–-]*)*{_ADVERBS}{_VERB}(?=\s+{_OBJECTS}\b|[.,!:]|\s*$)"
)
"""A verb that a sentence begins with: "Yes, checked it."."""

BARE = _pattern(r"run|\w*ing")
"""Forms that open a sentence without telling of the past."""

BEEN = _pattern(r"\bbeen\b")
_REPORT = _words("found see saw got was am noticed conclude confirm can")
_THEN = _words(
    """I we it_turns it_appears it_seems it_looks it_is it_was here['’]s here_is here_are
    the_(?:answer|result|correct|total|output|value|current|latest)"""
)
GERUND = _pattern(
    rf"\b(?:after|upon|on|having|by|from|while|when)\s+{_ADVERBS}{_VERB}\b"
    rf"(?=[^.!?\n]{{0,160}}(?:,\s+{_THEN}\b|\s+I\s+{_REPORT}\b))"
)
UNDER_WAY = _pattern(
    rf"{_ADVERBS}(?P<verb>[a-z]+(?:-[a-z]+)*ing)\b(?=[^.!?\n]{{0,60}}(?:\bnow\b|\.\.\.|…)"
    rf"|[^.!?\n]{{0,120}},\s+I\s+{_REPORT}\b)"
)
"""What a sentence begins with that is being done: "Checking it now ..."."""

ASKED = _pattern(
    r"\bI(?:['’]ve|\s+have)?\s+(?:(?:just|also|even)\s+)?(?:asked|spoke|spoken|talked|met)\s+"
    r"(?:(?:to|with)\s+)?(?:an?|my|the|some|several|two|three)\s+(?!question)\w+"
)
YOURS = _pattern(
    r"\b(?:to|from|in|on|into|at|of)\s+your\s+(?:\w+\s+)?(?:drive|disk|calendar|inbox|account|cart|server|repo\w*"
    r"|phone|folder|desktop|database|playlist|schedule|contacts|computer|laptop)\b"
    r"|\blet\s+(?:your|the)\s+\w+\s+know\b"
)
"""Something of the user's that only a tool can reach."""

TRIED = _pattern(
    r"\b(?:I|we)(?:['’]ve|\s+have)?\s+(?:just\s+|also\s+)?(?:did|done|ran|run|made|performed|conducted|carried\s+out|had)\s+"
    r"(?:the|an?|some|several|two|three)\s+(?:\w+\s+){0,2}?(?:experiments?|tests?|trials?|surveys?|measurements?"
    r"|interviews?|checks?|look(?!\s+of\b)|search(?:es)?)\b"
)
WENT_THROUGH = _pattern(
    r"\bI(?:['’]ve|\s+have)?\s+(?:\w+ly\s+)?(?:went|gone|looked|flicked|leafed|read)\s+"
    r"(?:through|over|into|back\s+to)\s+[^.!?,;\n]{0,40}?\b(?:pages?|pdf|files?|documents?|folders?|logs?|manual"
    r"|text|report|attachments?|book|contract|inbox|repo(?:sitory)?)\b"
)
YOU_GAVE = _pattern(
    r"\bthe\s+\w+\s+(?:that\s+)?you(?:['’]ve|\s+have)?\s+(?:attached|uploaded|shared|linked|sent)\b"
)
"""Something that came along, which must have been read to be told of."""

LATELY = _pattern(
    r"\b(?:this\s+(?:morning|afternoon|evening|week)|yesterday|last\s+(?:week(?:end)?|night|month|year|summer|winter)"
    r"|(?:minutes|hours|days|weeks|months|years|moment|while)\s+ago|earlier\s+today|just\s+now)\b"
)
LOOKING = _pattern(
    r"(?:looking|checking|scanning|searching|going|reading|browsing)\s+(?:(?:at|through|out\s+of|in|over|up|on)\s+)?"
    r"(?:your|my|the\s+(?:live|attached|uploaded|linked))\s+\w+"
)
FROM_RUNNING = _pattern(
    r"\b(?:output|result|value|response)s?\b[^.!?\n]{0,30}\b(?:of|after|from|by|when)\s+(?:running|executing|calling|querying)\b"
    r"|\bit\s+(?:gave|returned|showed|told)\s+me\b(?=[^.!?\n]{0,20}\d)"
)
SEARCHES = _pattern(
    r"\blet\s+me\s+(?:search|look|check|see|open|pull|run|find)\b[^.!?\n]{0,60}(?:\.\.\.|…)"
)
_OBJECT = _words(
    """answers? results? code calculations? information responses? solutions? numbers? values? data
    figures? files? e-?mails? messages? requests? orders? reservations? appointments? functions?
    scripts? programs? outputs? facts? details quer(?:y|ies) tests? references? citations?
    sources? links? quotes? quotations? payments? meetings? invites? invitations? reminders?
    documents?"""
)
PASSIVE = _pattern(
    r"\b(?:(?:this|it|everything)(?=\s+has\b)"
    rf"|(?:the|these|those|all(?:\s+the)?|my|your)\s+(?:\w+\s+){{0,2}}?{_OBJECT}"
    r"|your\s+(?:\w+\s+){0,2}?\w+)\s+(?:(?:has|have)\s+(?:all\s+)?been|was|were)\s+"
    rf"{_ADVERBS}{_VERB}\b(?![^.!?\n]{{0,80}}\bby\s+(?!me\b))"
)
YOURS_DONE = _pattern(
    r"\b(?:your\s+(?:[\w'’-]+\s+){0,3}?[\w'’-]+|\w[^!?\n]{0,50}?)\s+(?:has|have)\s+(?:(?:now|just|already)\s+)?been\s+"
    rf"{_ADVERBS}{_VERB}\b(?![^.!?\n]{{0,80}}\bby\s+(?!me\b))"
)
DONE_NOW = _pattern(
    rf"\b(?:your\s+(?:\w+\s+){{0,2}}?\w+\s+(?:is|are)(?:\s+now)?|\w+\s+(?:is|are)\s+now)\s+{_ADVERBS}{_VERB}\b"
)
"""A state that somebody has brought about: "Your table is booked"."""

_A_QUICK = _words("quick second careful brief thorough final independent simple fresh short manual")
_TRIALS = _words(
    """checks? double-check cross-check verification tests? search(?:es)? look-?up measurements?
    experiments? review inspection analysis runs? benchmarks? readings? trial observations?
    investigation inquir(?:y|ies) scan audit records? logs? notes files"""
)
_TELLS = _words(
    """came_back come_back shows? showed confirms? confirmed reveal(?:s|ed)? found finds returned
    returns indicate[sd]? turned_up suggest(?:s|ed)? passed ran say says said gave gives agree[sd]?
    matched matches yield(?:s|ed)?"""
)
NOMINAL = _pattern(
    rf"\b(?:my|our|a(?=\s+{_A_QUICK})|the\s+(?:quick|second|independent))\s+(?:(?!own\b)\w+\s+){{0,2}}?"
    rf"(?P<noun>{_TRIALS})\s+(?:of\s+[^.!?,;\n]{{1,60}}?\s+)?(?:all\s+)?{_TELLS}\b"
)
"""What a check or a search of nobody's is said to have shown."""

_MACHINES = r"""(?:(?:check|count|translat|convert|detect|validat|test|pars|scann|generat|simulat
    |profil|format|compil|solv)(?:er|or)|engine|tool|app)"""
MACHINE = _pattern(
    rf"\s*{_SOME_WORDS}{{1,6}}?(?:through|into)\s+(?:an?|the|my)\s+(?:[\w-]+\s+){{0,2}}?"
    + re.sub(r"\s+", "", _MACHINES)
    + r"\b"
)
"""What a thing is put through that is no work on paper."""

_ON_MINE = _words("screen desk shelf bookshelf device monitor wall wrist way own_eyes")
_IN_MINE = _words(
    """hands? eyes ears kitchen garden car house flat apartment pocket telescope binoculars
    microscope camera window office desk"""
)
_PEOPLE = _words(
    """team colleagues? staff experts? developers? engineers? editors? assistants? supervisor boss
    friends? neighbou?rs? wife husband mother father kids? dog cat doctor"""
)
_THEY_DID = _words(
    """has have had say says said told tested checked reviewed confirm\\w* found uses? used
    recommend\\w* looked"""
)
BODY = _pattern(
    rf"\b(?:in\s+front\s+of\s+me|on\s+my\s+{_ON_MINE}|(?:in|with|through|by)\s+my\s+(?:own\s+)?{_IN_MINE}"
    r"|(?:in|from|by|based\s+on)\s+(?:my|our)\s+(?:own\s+)?(?:\w+\s+)?(?:experience|lab|tests?|testing|trials?)"
    rf"|(?:our|my)\s+{_PEOPLE}(?:\s+of\s+\w+)?\s+{_THEY_DID}"
    r"|(?<!you\s)(?<!n['’]t\s)(?:told|showed|assured|informed|emailed|texted|called)\s+me\b"
    r"(?!\s+to\s+(?:write|answer|help)))"
)
"""What only somebody with a body, things and people around them can say."""

_DISPLAYS = _words(
    """clock watch radar departure_board display screen readout terminal console monitor shell
    prompt stopwatch thermometer scale browser debugger profiler word_processor spell-?checker
    plug-?in linter compiler validator meter counter sensor tracker app dashboard"""
)
_READS = _words(
    """shows? showed displays? displayed reads? says? said printed prints? gave gives outputs?
    indicates? came_up reported reports?"""
)
DISPLAY = _pattern(
    rf"\b(?:the|my|its|a)\s+(?:\w+\s+){{0,2}}?{_DISPLAYS}\s+(?:(?:now|currently|then|also)\s+)?{_READS}\b"
)

_PICTURES = _words(
    """image picture photo(?:graph)? screenshot attachment pdf audio recording video clip webcam
    camera feed uploaded_file attached_file"""
)
_SHOWS = _words("shows has depicts contains features captures")
SEEING = _pattern(
    r"\b(?:I\s+(?:(?:can|could)\s+)?(?:clearly\s+)?(?:see|saw|hear|heard|notice|noticed|view)\b"
    r"[^.!?;\n]{0,80}?\b(?:in|from|on|at)"
    r"|looking\s+at|judging\s+(?:by|from)|based\s+on|according\s+to|from|in)\s+"
    r"(?:the|your|this|that)\s+(?:(?:attached|uploaded|provided|shared|linked|live|current)\s+)*"
    rf"{_PICTURES}s?\b"
    rf"|\bthe\s+(?:(?:attached|uploaded)\s+)?(?:{_PICTURES}|street\s+view|satellite\s+\w+)\s+{_SHOWS}\b"
)
"""What stands in something that has to be looked at."""

_DAYS = _words(
    "time week month year night session conversation monday tuesday wednesday thursday friday"
)
_TALKS = _words("chats? conversations? sessions? discussions? talks? exchange meeting")
REMEMBERED = _pattern(
    rf"\b(?:last\s+{_DAYS}|yesterday|the\s+other\s+day"
    rf"|(?:our|your|my)\s+(?:last|previous|earlier|past|prior)\s+{_TALKS})\b"
)
_I_SAID = _words(
    """remember recall told said suggested recommended gave mentioned explained helped shared"""
)
RECALLING = _pattern(
    rf"\b(?:I\s+(?:(?:do|still|clearly)\s+)*{_I_SAID}"
    rf"|you\s+{_words('told asked mentioned said shared wanted were had')}"
    rf"|we\s+{_words('talked discussed spoke agreed covered worked looked went decided left')})\b"
)
"""With a time before this conversation: what is remembered of another one."""

_YES = _words(r"yes yeah yep absolutely certainly of_course indeed sure definitely")
AFFIRMED = _pattern(
    rf"\s*(?:{_YES}|I\s+(?:(?:\w+ly|sure)\s+)?(?:did|have))\b"
    r"(?![^.!?\n]{0,60}\b(?:not|n['’]t|can|could|will|would|unfortunately)\b)"
    r"(?=[^.!?\n]{0,30}(?:[.!,]|$|I\s+(?:did|have|was|really|actually)))"
)
_NO_YES = "".join(
    rf"(?<!{word}\s)"
    for word in ["why", "how", "when", "where", "what", "who", "which", "much", "many", "long"]
)
QUESTIONED = _pattern(
    rf"{_NO_YES}\b(?:did|have|(?:are|were)\s+you\s+(?:sure|certain)(?:\s+that)?)\s+you\s+"
    rf"(?:{_words('really actually even just already ever truly personally manually')}\s+)*"
    r"(?P<verb>[a-z]+(?:-[a-z]+)*)"
)
"""A question about a deed that yes or no answers."""

_SOURCED = _words(
    """reliable official several multiple trusted external independent reputable various primary
    current recent other different up-to-date"""
)
_PLACES = _words(
    """online internet web websites? webpages? google wikipedia databases? search_engines? news
    catalog(?:ue)?s? archives? registry directory forecast inbox mailbox api live_(?:data|feed)"""
)
_SOURCES = _words("sources? sites? databases? references? outlets? reports?")
_DEVICES = _words(
    """calculator computer laptop pc machine phone smartphone spreadsheet excel telescope scales?
    thermometer ruler stopwatch camera microscope sensor interpreter compiler terminal debugger
    simulator wolfram\\s?alpha"""
)
_BY = (
    rf"\b{_words('using with via through on in from at against by used use opened into')}\s+"
    rf"{_SOME_WORDS}{{0,4}}?"
)
by_device = _naming(
    rf"{_DEVICES}|software|tool|app",
    rf"{_BY}(?:{_DEVICES}|(?:an?|some|the)\s+(?:\w+\s+){{0,3}}(?:software|tool|app))\b",
)
"""Whether something was done by a device."""

at_place = _naming(
    rf"{_PLACES}|{_SOURCES}",
    rf"{_BY}(?:{_PLACES}|{_SOURCED}\s+(?:\w+\s+)?{_SOURCES})\b|\bonline\b",
)
"""Whether it was done outside of the words: in the web, in a database, in several sources."""

_BY_HAND = _words(
    r"""by_hand by_plugging by_(?:adding|multiplying|dividing|counting|working) substitut\w+
    step_by_step mentally in_my_head on_paper"""
)
_OF_WORDS = _words(
    r"""that\s whether\b each\b every_(?:case|step|term) cases?\b signs?\b units?\b steps\b
    reasoning logic question prompt wording x\s*= n\s*= claim_for condition constraint requirement
    instructions? consisten\w+ assumption parity divisib\w+ edge_case definition spelling grammar
    length word_count tone with_an?_(?:second|different|other)_(?:method|approach)"""
)
ON_PAPER = _pattern(rf"\b(?:{_BY_HAND}|{_OF_WORDS})")
"""Checks that the words themselves can be."""

_TROUBLE = _words(r"problem\w* issue\w* limit\w* difficult\w*")
_STEPS = _words("steps cases options possibilities list reasoning math")
IDIOM = _pattern(
    rf"\s*(?:out\s+of|into\s+(?:an?|some|the)\s+(?:\w+\s+)?{_TROUBLE}"
    rf"|(?:quickly\s+)?through\s+(?:(?:the|all|every|each)\s+){{1,2}}{_STEPS}"
    rf"|my\s+{_words('memory knowledge mind training fingers head')}|with\s+(?:an?|the|some)\b"
    r"|for\s+(?:the\s+right|an?\s+better|words|patterns?)|no\b|nothing\b|you\s+no\b|(?:up|down)\s+to\b"
    r"|by\b(?!\s+(?:phone|e-?mail|mail|courier)))"
)
_ACROSS = _words("and or but that which with from on in into")
_TERMS = _words(
    """brackets? parenthes[ie]s terms? equations? expressions? matri(?:x|ces) fractions? sides?
    variables? exponents? coefficients? digits? numbers? integers? values? formulas? sentences?
    paragraphs? words? phrases? verses? lines? stanzas? lists? steps? examples? sections? tasks?
    items? points? bullets? options? arguments? topics? arrays? strings? trees? graphs? text poem
    letters? roots? squares? [xyzn]"""
)
MATTER = _pattern(
    rf"(?:(?!{_ACROSS}\b){_SOME_WORDS}){{0,5}}?{_TERMS}\b(?!\s+(?:file|database|on\s+(?:my|the|a)\s+\w+))"
)
"""Terms and words, which are at hand."""

_WRITINGS = _words(
    """code functions? loops? class(?:es)? quer(?:y|ies) schema tables? columns? methods? imports?
    comments? algorithms? approach solution answer response essay e-?mail draft outline tone
    version summary plan explanation message"""
)
PROGRAM = _pattern(rf"{_SOME_WORDS}{{0,4}}?{_WRITINGS}\b")
HERE = _pattern(
    r"\b(?:(?:above|below)(?!\s*[$€£\d])|here"
    r"|in\s+(?:the|this|my)\s+"
    rf"{_words('answer plan list table response code example text summary')})\b"
)
CLAUSE = _pattern(r"(?:(?!,\s+(?:so|but|please|you|and\s+(?:it|you|the))\b)[^.!?;\n]){0,160}")
