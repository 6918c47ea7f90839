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

_YEAR = r"((?:19|20)\d\d)"
_FROM_TO = re.compile(rf"\bfrom\D{{1,20}}{_YEAR}\D{{1,30}}?\bto\D{{1,20}}{_YEAR}", re.I)


def backwards(question: str) -> bool:
    """Whether a change is asked for from a later year to an earlier one."""
    found = _FROM_TO.search(question)
    return found is not None and int(found[1]) > int(found[2])
