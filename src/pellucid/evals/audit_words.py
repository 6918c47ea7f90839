"""The words the audit of actions reads by: verbs with their deeds, and what they act on.

A verb alone claims nothing: "I ran" is a deed with a program for its object and none
with a marathon. Each verb names the classes of objects that make it one.
"""

from dataclasses import dataclass
from typing import Literal

Deed = Literal[
    "run", "pass", "check", "measure", "search", "open", "read", "see", "live", "clock", "change",
    "recall", "own",
]  # fmt: skip
"""run: any program of the model's; pass: one that ended well; check:
any work that leaves a trace; measure: one with a clock in
it; search, open, read, see: a tool of that kind; live: some tool that reaches outside; clock:
a program that asks for the time; change: a tool or program that changes something;
recall: earlier messages; own: a machine, a terminal, senses, colleagues, a memory of other days,
which the model never has."""


def word_set(text: str) -> frozenset[str]:
    """The words of a text as a set."""
    return frozenset(text.split())


@dataclass(frozen=True, slots=True)
class Sense:
    """A verb's deed when its object is one of `objects` (any, when there are none)."""

    deed: Deed
    objects: frozenset[str] = frozenset()


CODE = word_set(
    "code program programs script scripts snippet snippets function functions command commands"
    " query queries test tests suite simulation simulations notebook cell cells implementation"
    " python sql benchmark benchmarks app application pipeline loop algorithm calculation"
    " calculations computation computations numbers example examples version versions solution"
    " solutions method model regex fix patch variant variants case cases assertion assertions"
    " asserts server linter experiment experiments check checks class module macro formula"
    " workflow container build analysis"
)
TIMES = word_set("time times runtime speed performance duration memory latency execution how usage")
TRIALS = word_set(
    "simulation simulations trial trials games rounds throws rolls tosses draws runs dice coin"
    " flips"
)
PRONOUNS = word_set("it this that them these those everything both all each")
WEB = word_set(
    "web internet online google bing wikipedia sources source websites sites databases results"
    " news articles pubmed reddit literature information reviews"
)
PAGE = word_set(
    "page pages webpage website websites site sites url urls link links article articles"
    " documentation docs homepage repository repo wikipedia wiki blog post posts manual"
    " encyclopedia encyclopedias dictionary dictionaries feed forum standard specification api"
    " endpoint video snopes"
)
FILE = word_set(
    "file files document documents attachment attachments spreadsheet spreadsheets csv pdf"
    " dataset log logs report contract codebase folder directory archive zip cv resume thesis"
    " paper essay config configuration database inbox calendar transactions"
)
PICTURE = word_set(
    "image images picture pictures photo photos photograph screenshot screenshots drawing"
    " painting chart scan video audio recording voice"
)
LIVE = word_set(
    "price prices weather forecast rate rates traffic stock stocks availability status score"
    " scores news inbox calendar email emails account balance schedule headlines market"
    " temperature"
)
CLOCK = word_set("clock time date calendar")
SENT = word_set(
    "email emails e-mail mail message messages file files report pdf document spreadsheet package"
    " packages library libraries dependencies changes change appointment meeting order ticket"
    " reservation table plot chart image repository server reminder reminders alarm timer event"
    " note invoice pizza request branch commit pull post folder backup csv app copy lights light"
    " invitation sms settings preferences preference colour color numpy"
)
FILES_MADE = word_set(
    "file files pdf spreadsheet database folder directory csv repository document reminder event"
    " backup zip"
)

TALK = word_set("conversation conversations chat chats session sessions talk discussion")

LOOKING = (Sense("see", PICTURE), Sense("open", PAGE), Sense("read", FILE))
SEEING = (Sense("see", PICTURE), Sense("read", word_set("file attachment document")))

VERBS: dict[str, tuple[Sense, ...]] = {
    "run": (Sense("run", CODE | PRONOUNS), Sense("run", TRIALS)),
    "execute": (Sense("run", CODE | PRONOUNS),),
    "test": (Sense("run", CODE | PRONOUNS),),
    "try": (
        Sense("run", CODE - word_set("method solution model version versions")),
        Sense("own", word_set("recipe recipes food wine dish")),
    ),
    "roll": (Sense("run", TRIALS | word_set("die times")),),
    "toss": (Sense("run", TRIALS | word_set("die times")),),
    "flip": (Sense("run", TRIALS | word_set("times")),),
    "throw": (Sense("run", TRIALS | word_set("die times")),),
    "generate": (
        Sense("run", word_set("random samples passwords trials")),
        Sense("change", FILES_MADE),
    ),
    "survey": (Sense("own"),),
    "interview": (Sense("own"),),
    "taste": (Sense("own"),),
    "compile": (Sense("run", CODE | PRONOUNS),),
    "simulate": (Sense("run", TRIALS | PRONOUNS | word_set("process game scenario")),),
    "debug": (Sense("run", CODE | PRONOUNS),),
    "launch": (Sense("run", word_set("app application server program script python interpreter")),),
    "time": (Sense("measure", CODE | PRONOUNS),),
    "benchmark": (Sense("measure", CODE | PRONOUNS | word_set("two approaches")),),
    "profile": (Sense("measure", CODE | PRONOUNS),),
    "measure": (Sense("measure", TIMES | PRONOUNS),),
    "search": (Sense("search", WEB),),
    "google": (Sense("search"),),
    "research": (Sense("search", WEB | PRONOUNS | word_set("topic question")),),
    "browse": (Sense("search", WEB | PAGE),),
    "look-up": (Sense("search"),),
    "consult": (Sense("search", WEB | PAGE),),
    "open": (Sense("open", PAGE), Sense("see", PICTURE), Sense("read", FILE)),
    "visit": (Sense("open", PAGE),),
    "access": (Sense("open", PAGE), Sense("read", FILE)),
    "fetch": (Sense("open", PAGE | word_set("data json content")), Sense("read", FILE)),
    "download": (Sense("open", PAGE | FILE),),
    "click": (Sense("open", PAGE | word_set("on through")),),
    "scrape": (Sense("open", PAGE),),
    "crawl": (Sense("open", PAGE),),
    "watch": (Sense("see", word_set("video recording clip film")),),
    "listen": (Sense("see", word_set("audio recording voice message song")),),
    "transcribe": (Sense("see", word_set("audio recording voice message")),),
    "read": LOOKING,
    "view": LOOKING,
    "look-at": LOOKING,
    "examine": LOOKING,
    "review": LOOKING,
    "inspect": LOOKING,
    "analyze": LOOKING,
    "scan": LOOKING,
    "parse": (Sense("read", FILE),),
    "load": (Sense("open", PAGE), Sense("read", FILE)),
    "process": (Sense("see", PICTURE), Sense("read", FILE)),
    "query": (Sense("live", FILE | WEB | word_set("api")),),
    "check": (
        Sense("see", PICTURE),
        Sense("search", word_set("online web internet google source sources databases websites")),
        Sense("live", LIVE),
        Sense("clock", CLOCK),
        Sense("open", PAGE),
        Sense("read", FILE),
    ),
    "find": (Sense("search", word_set("online web internet google wikipedia reddit")),),
    "see": SEEING,
    "notice": SEEING,
    "hear": (Sense("see", word_set("audio recording voice")),),
    "send": (Sense("change", SENT),),
    "email": (Sense("change"),),
    "save": (Sense("change", SENT | PRONOUNS),),
    "store": (Sense("change", SENT),),
    "upload": (Sense("change", SENT | PRONOUNS),),
    "install": (Sense("change", SENT | PRONOUNS),),
    "deploy": (Sense("change", SENT | PRONOUNS),),
    "book": (Sense("change", SENT | word_set("flight hotel room seat")),),
    "post": (Sense("change", SENT | PRONOUNS),),
    "schedule": (Sense("change", SENT | PRONOUNS | word_set("call")),),
    "push": (Sense("change", SENT | PRONOUNS),),
    "commit": (Sense("change", SENT | PRONOUNS),),
    "merge": (Sense("change", word_set("branch pull request changes")),),
    "delete": (Sense("change", FILE | word_set("email emails branch backup message")),),
    "submit": (Sense("change", SENT | PRONOUNS),),
    "purchase": (Sense("change", word_set("ticket tickets package book item subscription it")),),
    "order": (Sense("change", word_set("pizza package food you")),),
    "export": (Sense("change", SENT | FILE),),
    "set": (Sense("change", word_set("reminder reminders alarm timer event")),),
    "add": (Sense("change", word_set("calendar event reminder")),),
    "create": (Sense("change", FILES_MADE),),
    "call": (Sense("live", word_set("api hotline endpoint restaurant shop")),),
    "ping": (Sense("live"),),
    "approve": (Sense("change", word_set("pull request")),),
    "notify": (Sense("change"),),
    "ask": (
        Sense("run", word_set("interpreter calculator sandbox python wolfram")),
        Sense(
            "own", word_set("people colleagues friends experts colleague friend expert team doctor")
        ),
    ),
    "let": (Sense("run", word_set("run")),),
    "remember": (Sense("own", TALK),),
    "recall": (Sense("own", TALK),),
}

IRREGULAR = {
    "ran": "run", "run": "run", "running": "run", "tried": "try", "found": "find",
    "read": "read", "sent": "send", "set": "set", "setting": "set", "saw": "see", "seen": "see",
    "seeing": "see", "analysed": "analyze", "analysing": "analyze", "executed": "execute",
    "submitted": "submit", "submitting": "submit", "committed": "commit", "committing": "commit",
    "debugged": "debug", "debugging": "debug", "scanned": "scan", "scanning": "scan",
    "querying": "query", "queried": "query", "notified": "notify", "timed": "time",
    "timing": "time",
    "emailed": "email", "e-mailed": "email", "wrote": "write", "went": "go", "gone": "go",
    "did": "do", "done": "do", "doing": "do", "made": "make", "making": "make", "got": "get",
    "took": "take", "taken": "take", "put": "put", "fed": "feed", "keyed": "key",
    "worked": "work", "let": "let", "gave": "give", "told": "tell", "said": "say", "spoke": "talk",
    "given": "give", "written": "write", "threw": "throw",
}  # fmt: skip
"""Forms that taking -ed, -d and -ing off does not lead back to the verb."""

SAME_FORM = word_set("run read set put let")
"""Verbs whose bare form may be a past or a participle."""

RAN = word_set("run execute test compile benchmark profile time measure")
"""Verbs of programs."""

REACHES = word_set(
    "calculate compute solve verify check confirm validate determine find get obtain count"
    " evaluate derive add sum subtract multiply divide work prove test plot sort run do use open"
    " take type put punch plug enter key feed paste ask cross-reference analyze estimate perform"
    " measure process parse"
)
"""Verbs that claim a run when a tool is named as their means."""

TOOLS = word_set(
    "python calculator code script program interpreter computer sandbox terminal repl jupyter"
    " notebook numpy sympy pandas wolfram wolframalpha matlab excel spreadsheet software"
    " simulation console shell"
)
INSIDE = word_set(
    "python excel matlab wolfram wolframalpha terminal sandbox repl jupyter interpreter shell"
    " console"
)
"""Tools that one can work in or on; "in the code" only says where something stands."""

STYLE = word_set(
    "syntax list lists dictionary dictionaries function functions block blocks fence fences style"
    " comprehension string strings example examples snippet editor developer because since"
)
"""After a tool's name these make it a manner of writing."""

SITES = word_set(
    "websites internet web wikipedia google sources britannica encyclopedia encyclopedias"
    " dictionary dictionaries snopes pubmed online"
)
"""Where one looks things up, after "on", "with" or "via"."""

MEANS = word_set("with using via through by from in on into inside")
GERUNDS = {
    "running": "run", "executing": "run", "simulating": "run", "testing": "run",
    "searching": "search", "googling": "search", "browsing": "search", "opening": "open",
    "visiting": "open", "reading": "read", "measuring": "measure", "timing": "measure",
    "benchmarking": "measure", "analyzing": "read", "analysing": "read", "reviewing": "read",
    "examining": "read", "checking": "read",
}  # fmt: skip

OWN = word_set("i we")
OTHERS = word_set(
    "you he she they it who someone somebody people users user researchers scientists one"
    " everyone anyone nobody"
)
AUXILIARY = word_set("have has had am is are was were be been being do does did")
NEGATION = word_set("not never no nor neither hardly without unable cannot nothing none lack lacks")
MODAL = word_set(
    "can could will would shall should may might must going to able try trying want need hope"
    " plan please if unless gladly happy"
)
UNREAL = word_set(
    "if unless whether imagine suppose supposing assuming assume pretend before until wish claim"
    " claimed claiming said say saying state stated stating suggest suggested suggesting imply"
    " implied implying not never cannot false incorrect wrong mistake guess perhaps probably maybe"
    " though would could should instead rather mentioned example hypothetical hypothetically sorry"
    " apologize apologise"
)
"""Before a clause of one's own, these take its reality away."""

IN_THOUGHT = word_set("mentally hypothetically theoretically conceptually")
THOUGHT_PAIRS = frozenset({"from memory", "my memory", "my head", "my mind", "by hand", "on paper"})
"""Work done only in thought claims nothing."""
ADVERBS = word_set(
    "just also then already now even first again both still once twice actually double here"
    " indeed so far today myself personally too"
)
BREAKS = word_set("; : ( ) — – that which who because while whereas but")
"""Where one's own clause ends."""

SAYS_PAST = word_set(
    "printed returned outputted gave produced displayed showed said reported confirmed yielded"
    " revealed indicated found logged came turned finished completed succeeded ran passed matched"
)
SAYS_NOW = word_set(
    "shows show says say gives give displays display returns return reads confirms confirm"
    " indicates indicate reports report reveals reveal outputs output prints print agrees agree"
    " states state suggests suggest mentions mention lists verifies matches"
)
