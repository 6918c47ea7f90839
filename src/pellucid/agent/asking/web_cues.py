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
        r"(?:name|list|give|tell me) (?:the|all|which|what|who|when|where|how)\b",
    ),
)
_HERE = says(r"\byou(?:rs?|rself)?\b", r"\b(?:above|this (?:text|chat|conversation))\b")
FACT_WANTED = every(_FACT, without(_HERE))
"""It is asked what is so, of something outside of the conversation."""

_WORD = re.compile(r"`[^`]+`|--?[\w-]+|\w[\w./+-]*\w(?:\(\))?|\w")
_SPECIAL = re.compile(
    r"\w_\w|(?<!\S)--?[a-z][\w-]+|\b\w+\(\)|`[^`]+`"
    r"|\b\w+\.\w+\.\w+|\bv?\d+\.\d+\b|\b[A-Za-z][a-z]*[A-Z]\w*|\b[A-Z]{2,}/?[a-z]*[A-Z]+\b"
)


def specials(question: str) -> list[str]:
    """What a question names as programs do: options, functions, settings, versions, names in
    capitals."""
    return [word.strip("`") for word in re.findall(_WORD, question) if _SPECIAL.search(word)]
