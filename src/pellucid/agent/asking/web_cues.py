"""Questions that the web is wanted for."""

import re

from pellucid.agent.asking.cues import begins, every, says, some, without
from pellucid.agent.reading.patterns import one_of

_PLACE = r"(?:the )?(?:web|online|internet|google|bing|wikipedia|news)\b"
_FRESH = one_of(
    """latest current(?:ly)? today'?s? tonight live up-to-date right_now at_the_moment
    this_(?:week|morning|month)"""
)
_VALUE = one_of(
    """price rate news weather score stock version temperature forecast headlines? population
    standings traffic trending trading bitcoin exchange"""
)
SEARCH_WANTED = some(
    says(
        rf"\b(?:search|browse|look|check|find|see)\b.{{0,40}}\b(?:on|in|at|up|the)? ?{_PLACE}",
        r"\bgoogle (?:it|this|that|for|the|whether|how|what)\b",
        rf"\b{_FRESH}\b.{{0,40}}\b{_VALUE}|\b{_VALUE}\b.{{0,40}}\b{_FRESH}\b",
        r"\b(?:check|compare|cite|find|consult|cross-check|visit|use|from)\b.{0,40}"
        r"\b(?:sources|websites|web sites|news sites|articles|papers|databases)\b",
    ),
    begins(r"(?:search|look up|google|browse)\b(?! (?:the )?(?:list|array|text|string|tree))"),
)
PAGE_NAMED = says(
    r"https?://|\bwww\.|(?<![\w@.])[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|io|gov|edu)\b",
    r"\b(?:open|visit|read|go to|fetch|click|load) (?:the|this|that|my) "
    r"(?:page|link|site|website|url|article)\b",
)
"""A page is named, or an address."""

_ASKED = r"(?:what|which|who|whom|whose|when|where|how)\b"
_FACT = some(
    says(rf"\b{_ASKED}.{{0,300}}\?"),
    begins(
        rf"(?:in |on |at |for |since |from |of |by |to |with |under )?{_ASKED}",
        r"(?:is|are|was|were|does|do|did|has|have|had|can|could|will)\b.{8,}\?",
        r"(?:name|list|give(?: me)?|tell me) (?:the|all|which|what|who|when|where|how)\b",
    ),
)
_HERE = says(r"\byou(?:rs?|rself)?\b", r"\b(?:above|this (?:text|chat|conversation))\b")
FACT_WANTED = every(_FACT, without(_HERE))
"""It is asked what is so, of something outside of the conversation."""

LIMIT_ASKED = says(r"\b(?:may|can|could|at most|maximum|limit|allowed|by default)\b")
"""It is asked how many of something there may be."""

SHOWN_HERE = says(r"[:\"“”]|\b(?:word|name|text|sentence|phrase|list)s?\b")
"""What is to be counted or sorted stands in the message."""

ALTERNATIVES = says(r"\b\d+ or (?:\w+ )?\d+\b")
"""Numbers are named to choose from, not to compute with."""

_WORD = re.compile(r"`[^`]+`|--?[\w-]+|\w[\w./+-]*\w(?:\(\))?|\w")
_SPECIAL = re.compile(
    r"\w_\w|(?<!\S)--?[a-z][\w-]+|\b\w+\(\)|`[^`]+`"
    r"|\b\w+\.\w+\.\w+|\bv?\d+\.\d+\b|\b[A-Za-z][a-z]*[A-Z]\w*|\b[A-Z]{2,}/?[a-z]*[A-Z]+\b"
)


def specials(question: str) -> list[str]:
    """What a question names as programs do: options, functions, settings, versions, names in
    capitals."""
    return [word.strip("`") for word in re.findall(_WORD, question) if _SPECIAL.search(word)]


_DETAIL = re.compile(
    r"(?<!\S)-[A-Za-z](?=[\s?]|$)|\b[a-z]{3,}\d\w*\b|\b(?:by default|defaults?|options?|flags?"
    r"|settings?|parameters?|config\w*|extensions?|plug-?ins?|drivers?|sdk|checksums?|superusers?"
    r"|backups?|data types?|subscriptions?|licen[cs]es? fees?|changelog|release notes|deprecated"
    r"|release date|pricing|price|costs? per)\b",
    re.IGNORECASE,
)
_THING = re.compile(
    r"\b(?:columns?|rows?|index(?:es)?|indices|queue|operators?|functions?|arguments?|modules?"
    r"|commands?|locks?|versions?|logs?|packages?|caches?|files?|levels?|servers?|clients?|databases?|api)\b",
    re.IGNORECASE,
)
_TECHNICAL = re.compile(
    r"\b(?:bytes?|kilobytes?|megabytes?|quer(?:y|ies)|schemas?|cursors?|transactions?|checkpoints?"
    r"|replica\w*|buffers?|encodings?|syntax|regex\w*|identifiers?|indexes|indices|daemons?"
    r"|sockets?|exit (?:code|status)|error codes?|timeouts?|isolation|parsers?|compilers?"
    r"|hash(?:es|ing)?|compression|encrypt\w*|authenticat\w*|privileges?|superuser|sessions?"
    r"|threads?|integers?|floating|precision|arrays?|aliases|triggers?|constraints?|snapshots?"
    r"|partition\w*|tuples?|wildcards?|delimiters?|timestamps?|milliseconds?|operator class\w*"
    r"|environment variables?|shared memory|director(?:y|ies)|log files?|file names?|uuids?"
    r"|sqlstate|json|xml|csv|utf-?8|unicode|ssl|tls|tcp|ldap)\b",
    re.IGNORECASE,
)
_DEFINED = re.compile(
    r"\W*(?:what(?: is|'s| are| does)|why|how (?:do|does|can|to)|explain|is|are|who|when|tell me)\b"
    r"(?!.{0,80}\b(?:default|value|size|limit|maximum|minimum|name|number)\b)",
    re.IGNORECASE,
)
"""What a thing is, and why or how something works, is common knowledge as often as not."""

_CALL = re.compile(r"\b[a-z_]{3,}\([a-z_]{3,}\)", re.IGNORECASE)
_NAME = re.compile(r"(?<=[\w,;)'’] )[A-Z][a-z]+\b|\b[a-z]+[a-z0-9]*\d\w*\b|\b[A-Za-z]+[A-Z]\w*")


def coded(question: str) -> bool:
    """Whether a question has a name as only programs have them: with an underscore, dots, hyphens,
    parentheses."""
    names = (one for one in specials(question) if not one.isalpha())
    return bool(_CALL.search(question)) or any(re.search(r"[A-Za-z]", one) for one in names)


def detail(question: str) -> bool:
    """Whether the words of a question tell that what it asks is a detail of manuals, versions or
    prices, which small weights make up where they do not know it."""
    names = specials(question)
    capitals = [one for one in names if one.isupper() and one.isalpha()]
    named = bool(_NAME.search(question) or capitals) and bool(_THING.search(question))
    technical = bool(_TECHNICAL.search(question)) and not _DEFINED.match(question)
    return len(names) > len(capitals) or bool(_DETAIL.search(question)) or named or technical
