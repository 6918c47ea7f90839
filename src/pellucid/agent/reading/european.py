"""Numbers as continental Europe writes them: 1.234.567,89 and 12 345,67 and 2,5 km.

A comma between digits is also what stands in lists and pairs, a space what stands between
two numbers. So they are read only where grouping, a unit or a currency makes it certain.
"""

import re
from fractions import Fraction

_UNIT = (
    r"(?=[ \u00a0\u202f]?(?:[%€£¥₹]|(?:EUR|Euros?|[kcm]?m|[km]?g|[cmd]?l|km/h|kWh?|kB|[MGT]B"
    r"|Stunden?|Minuten?|Meter|Prozent|heures?|m[èe]tres?|horas?|metros?|°C)\b))"
)
_END = r"(?![.,]?\d)"
EUROPEAN = re.compile(
    rf"""(?<![\w.,])(?:
        \d{{1,3}}(?:\.\d{{3}})+,\d{{1,9}}{_END}
      | \d{{1,3}}(?:\.\d{{3}}){{2,}}(?![\w.]|,\d)
      | \d{{1,3}}(?:[\ \u00a0\u202f]\d{{3}})+,\d{{1,9}}{_END}
      | \d{{1,3}}(?:\ \d{{3}})+{_UNIT}
      | \d{{1,9}},\d{{1,2}}{_END}{_UNIT}
      | (?:(?<=€)|(?<=€[\ \u00a0]))\d{{1,9}},\d{{1,2}}{_END}
    )""",
    re.VERBOSE,
)


def worth(text: str) -> tuple[Fraction, Fraction]:
    """Value and worth of the last digit of a numeral that EUROPEAN matches."""
    before, _, after = text.partition(",")
    digits = re.sub(r"\D", "", before)
    step = Fraction(1, 10 ** len(after))
    return int(digits + after) * step, step
