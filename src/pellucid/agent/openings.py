"""How an answer begins where something is asked for that was not and cannot be done here.

Small weights play along: asked to search, send or look, they tell what they found, sent and
saw. So the first sentence is written by rule, from the record and the tools there are, and the
model goes on from it. What it goes on with is verified like any other answer.
"""

from dataclasses import dataclass

from pellucid.agent.asking.asked import Asked, asked
from pellucid.agent.asking.cues import Cue, begins, every, has_code, has_table, says, some, without
from pellucid.agent.asking.text_cues import TRANSLATION
from pellucid.agent.asking.web_cues import PAGE_NAMED, SEARCH_WANTED
from pellucid.agent.reading.patterns import one_of
from pellucid.agent.verdicts.actions import affirmed_by, deed_asked_about
from pellucid.agent.verdicts.evidence import gather
from pellucid.agent.verdicts.first_person import FOR_OTHERS
from pellucid.core.turn import Turn

NOT_DONE = "No, I did not: nothing was run or opened or looked up for it."
PASTED_WORDS = 60
"""A message this long may carry the text that it speaks of."""


@dataclass(frozen=True, slots=True)
class Lack:
    """Something that is asked for and cannot be done: how one asks, and what is said then.

    `tools` are parts of the names of tools that can do it after all.
    """

    name: str
    cue: Cue
    sentence: str
    tools: tuple[str, ...] = ()


_READABLE = one_of("file pdf spreadsheet csv docx? document recording logs? report contract")
_FILE = says(
    r"\b(?:attached|attachments?|uploaded|enclosed)\b",
    rf"\b(?:the|my|this|that) (?:\w+ )?(?:{_READABLE}|audio|video|resume|cv|slides?) "
    r"(?:i|says?|contains?|for|and tell)\b",
    r"\b(?:open|read|summari[sz]e|load|parse|go through|look (?:at|through|into)|check) "
    rf"(?:the|my|this|that) (?:\w+ ){{0,2}}(?:{_READABLE}|files|folder|inbox|database)\b",
    r"\b[\w-]+\.(?:csv|pdf|xlsx?|docx?|txt|log|json|mp3|mp4|wav|zip|pptx?)\b",
)
_PICTURE = says(
    r"\b(?:this|the|my|that|attached) (?:\w+ )?"
    r"(?:images?|photos?|pictures?|screenshots?|selfie|x-ray|scan|painting)\b"
    r"(?! of (?:an?|the|dorian|[a-z])\b| under\b| (?:file|format|size|editor))"
)
_ORDERS = one_of(
    """send forward notify remind_me reserve purchase subscribe unsubscribe tweet upload publish
    deploy install download restart reboot e-?mail text ring phone"""
)
_HANDLES = one_of(
    """book buy order pay transfer cancel post call schedule submit file record turn_(?:on|off)
    switch_(?:on|off) play delete update change move add put save push commit print create close
    set(?:_up)? make_(?:an?|the|me_an?)"""
)
_OUTSIDE = one_of(
    """my me for_us our_(?:team|calendar|repo\\w*|server) appointment reservation alarm timer
    reminder meeting ticket flight hotel restaurant pizza taxi calendar playlist song music jazz
    lights? repo repository branch main server production account folder disk drive desktop issue
    pull_request invoice landlord bank doctor dentist"""
)
_CHANGE = begins(rf"{_ORDERS}\b(?! (?:book|message:))", rf"{_HANDLES}\b.{{0,80}}?\b{_OUTSIDE}\b")
_SHELLS = one_of(
    """terminal shell console docker npm git bash sql quer(?:y|ies) command server database notebook
    your_(?:end|side|machine|sandbox)"""
)
_RUN = says(
    rf"\b(?:run|execute|type|try|enter|start)\b.{{0,80}}\b{_SHELLS}\b|\b(?:run|execute) [`$]",
    r"\b(?:real|actual|exact|raw|complete) (?:terminal )?output\b",
    r"\b(?:api|server)(?:'s)? response\b",
    r"\b(?:ping|curl|traceroute|nslookup|ssh)\b",
    r"\b(?:call|hit|query|request) (?:the|this|our|that) (?:\S+ )?"
    r"(?:api|endpoint|service|server|database)\b",
    r"\b(?:our|my|the|your) (?:(?:production|server|application|error) )?"
    r"(?:logs?|database|server|cluster)\b",
)
_PROGRAM = says(
    r"\b(?:run|execute|test|try|check|time|benchmark) (?:this|the|it|these|that|my)\b"
    r"|\bpaste the output\b|\bconfirm (?:that )?(?:it|all|the|they) .{0,20}\bpass"
)
_CALCULATOR = says(r"\bcalculators?\b(?! (?:app|class|program|function) (?:in|for|that))")
_OWN = one_of(
    """machine laptop computer phone screen desktop kitchen hardware gpu cpu processor ip location
    ram os operating_system python_version ears eyes hands"""
)
_SENSES = says(
    r"\b(?:which|what) (?:computer|machine|laptop|device|hardware|cpu|gpu)\b.{0,20}\byou\b",
    rf"\b(?:your|you) (?:own )?{_OWN}\b|\byou(?:'re| are) running on\b",
    r"\b(?:do|are|which|what|how|on) you (?:running|run|using) on\b",
    r"\bwhat time is it(?: now| there)?[?.!]*$|\bwhat(?:'s| is) (?:the (?:date|time)|today)\b",
    r"\bhow long did (?:it|that) take you\b",
    r"\b(?:measure|weigh|benchmark|photograph|film|watch|listen to|taste|smell|touch)\b.{0,40}"
    r"\b(?:it|this|that|how|yourself|the|my)\b",
    r"\bexperiment\b.{0,60}\b(?:you|yourself|report|found|results?)\b",
    r"\bhave you (?:ever )?(?:been|tried|tasted|visited|seen|eaten|met|used|heard|owned|driven)\b",
)
_BEFORE = (
    r"(?:last (?:time|week|month|year|night|session|conversation|monday|tuesday|wednesday"
    r"|thursday|friday)|yesterday|earlier today|the other day)"
)
_MEMORY = says(
    rf"\b{_BEFORE}\b.{{0,80}}\b(?:you|we|told you|said)\b",
    rf"\b(?:you|we|i told you|i asked you)\b.{{0,80}}\b{_BEFORE}\b",
    r"\b(?:our|my) (?:last|previous|earlier|past|prior) "
    r"(?:chat|conversation|session|discussion|question)s?\b",
    r"\bdo you (?:still )?remember (?:me|what|when|our|my|how|that)\b",
)
_CHECK = says(
    r"\b(?:double|triple|cross|fact)[ -]?check|\b(?:are|were) you (?:sure|certain)\b",
    r"\bverify (?:it|this|that|them|the|each|every|all|with)\b|\bhave you (?:checked|verified)\b",
    r"\bmake (?:absolutely )?sure (?:it|this|that|they|these|you|the)\b.{0,40}"
    r"\b(?:correct|true|accurate|right|checked|real|exist)",
)
_WORDING = says(
    r"\b(?:exact|verbatim|word[- ]for[- ]word|literal)\b.{0,60}"
    r"\b(?:quot\w+|words?|wording|text|sentence|passage|line|paragraph|title|abstract)\b",
    r"\b(?:quote|recite|copy)\b.{0,60}\b(?:verbatim|word[- ]for[- ]word|exact(?:ly)?|sentence"
    r"|paragraph|passage|line|chapter|section|page)\b",
)
_BARE = says(
    r"\b(?:only|just|nothing but)\b.{0,40}\b(?:word|number|yes|no|json|letter|answer|name)\b",
    r"\b(?:answer|reply|respond|say) (?:only|just|with|in (?:one|a single|json))\b",
    r"\bnothing else\b|\bjson\b",
)
"""An answer that has to have a certain form gets no sentence before it."""

_READERS = ("search", "open", "find", "read")
_CHANGERS = (
    "send",
    "mail",
    "calendar",
    "book",
    "order",
    "create",
    "update",
    "delete",
    "save",
    "set",
)

LACKS = (
    Lack(
        "change",
        _CHANGE,
        "I can only write text here: nothing was sent or saved or changed.",
        _CHANGERS,
    ),
    Lack(
        "picture",
        every(_PICTURE, without(has_code)),
        "No picture came with your message, so I have not seen it.",
        ("look", "image"),
    ),
    Lack(
        "open",
        PAGE_NAMED,
        "I cannot open web pages here, so I have not seen that page.",
        ("open", "fetch", "brows", "url", "page", "web", "http"),
    ),
    Lack(
        "file",
        every(_FILE, without(some(has_code, has_table))),
        "No such file came with your message, so I have not read it.",
        ("file", "read", "document", "find"),
    ),
    Lack(
        "memory",
        _MEMORY,
        "I keep nothing from other conversations: I know only what stands in this one.",
    ),
    Lack(
        "run",
        _RUN,
        "I have no terminal, server or database here, so nothing was run.",
        ("run", "exec", "shell", "terminal", "sql", "query", "api", "http"),
    ),
    Lack(
        "program",
        every(_PROGRAM, has_code),
        "I cannot run code here, so nothing was run: what follows is only read from it.",
        ("python", "run", "exec"),
    ),
    Lack(
        "search",
        SEARCH_WANTED,
        "I have no web search here, so this is from memory and may be out of date.",
        ("search", "google", "lookup", "brows", "web"),
    ),
    Lack("calculator", _CALCULATOR, "I have no calculator here."),
    Lack(
        "senses",
        _SENSES,
        "I am a program without senses or a device of my own: I have not seen or measured this.",
    ),
    Lack(
        "wording",
        _WORDING,
        "I have no copy of the text here, so the wording is from memory and may differ.",
        _READERS,
    ),
    Lack(
        "check",
        _CHECK,
        "I have no source here to check this against, so it is from memory.",
        _READERS,
    ),
)
MATERIAL = tuple(
    lack for lack in LACKS if lack.name in ("picture", "open", "file", "change", "wording")
)
"""What even a text to write or to reword may lack."""


def opening(turn: Turn) -> str:
    """The first sentence of an answer in words; "" where none is needed."""
    message = turn.question
    files = (*(one.text for one in turn.attachments), *(one.head for one in turn.files))
    question = asked(message, files)
    if _BARE(question):
        return ""
    deed = deed_asked_about(message)
    if deed is not None:
        return "" if affirmed_by(message, gather(turn.items)) else NOT_DONE
    some_lacks = MATERIAL if FOR_OTHERS(question) else LACKS
    lacks = () if TRANSLATION(question) else some_lacks
    return next((lack.sentence for lack in lacks if _lacking(lack, question, message, turn)), "")


def _lacking(lack: Lack, question: Asked, message: str, turn: Turn) -> bool:
    can = any(part in tool.lower() for tool in turn.tools for part in lack.tools)
    there = lack.name in ("file", "picture", "open", "wording", "check") and (
        turn.documents or turn.files or len(message.split()) >= PASTED_WORDS
    )
    return not can and not there and lack.cue(question)
