"""What questions about small tables ask for that is more than looking at cells."""

import re

from pellucid.agent.asking.cues import says

ELSEWHERE = says(
    r"\b(?:plot|draw|chart|graph|diagram|histogram|sav(?:e|ed|ing)|writ(?:e|ten)|creat\w+|export\w*"
    r"|convert(?:ed)? (?:to|into|the|this|it)|code|script|program|function|python|sql|pandas|json"
    r"|markdown|csv|excel|sort\w*"
    r"|order(?:ed)? by|rank\w*|median|quartile|percentile|deviation|variance|correlat\w*|regress\w*"
    r"|group by|duplicates?|unique|distinct|clean\w*|format\w*|translat\w*|summari[sz]e"
    r"|explain|describe|predict|forecast|interpolat\w*|compound\w*|top \d+"
    r"|(?:all|list) (?:of )?the (?:rows|columns|values|names))\b"
)
"""What takes a program of another kind, or words."""

COMPUTED = says(
    r"\b(?:percent\w*|ratio|proportion|share of|average|mean|sum of|how many|number of"
    r"|highest|lowest|largest|smallest)\b"
)
"""What no words of a text are the answer to; an amount or a change may be told by some."""

AVERAGED = says(r"\b(?:averages?|averaged|mean)\b")
SUMMED = says(r"\b(?:totals?|sum|combined|altogether|together|overall|in all)\b")
SHARED = says(r"\b(?:percent\w*|proportion|portion|ratio|share|fraction|margin)\b", r"%")
CHANGED = says(
    r"\b(?:chang\w+|increas\w+|decreas\w+|differ\w+|gr[eo]w\w*|rise|rose|risen|fall|fell|fallen"
    r"|drop\w*|declin\w+|more|less|higher|lower)\b"
)
MOST = says(
    r"\b(?:highest|lowest|largest|smallest|greatest|least|most|maximum|minimum|biggest|best|worst"
    r"|peak\w*)\b"
)
LIMITED = says(
    r"\b(?:more|less|fewer|greater|higher|lower|larger|smaller) than\b|\b(?:above|below|over|under"
    r"|exceed\w*|at least|at most|equal\w*)\b"
)
COUNTED = says(r"\bhow many\b|\bnumber of\b|\bcount\b")
KINDS = says(
    r"\b(?:kinds?|types?|categor\w+|components?|items?|classes|elements?|names?|listed|consists?"
    r"|compris\w+|includes?|which|years?)\b"
)
"""The words that each of the functions for tables takes: without them it is not what is asked."""

REASONED = says(
    r"\b(?:why|reasons?|because|led to|leads? to|caused?|drove|driven|due to|how did|how (?:is|are)"
    r"|what does|what is meant)\b"
)
"""What words answer, whatever rows are named."""

IN_TABLE = says(r"\b(?:in|of) (?:the|this) table\b")

_YEAR = r"((?:19|20)\d\d)"
_FROM_TO = re.compile(rf"\bfrom\D{{1,20}}{_YEAR}\D{{1,30}}?\bto\D{{1,20}}{_YEAR}", re.I)


def backwards(question: str) -> bool:
    """Whether a change is asked for from a later year to an earlier one."""
    found = _FROM_TO.search(question)
    return found is not None and int(found[1]) > int(found[2])
