"""Units that numbers come with, and how they convert.

Only what everyday questions use: enough to know that 1,115 minutes are 18 hours 35
minutes, and that an equation which mixes hours and minutes must not be judged by its
bare numerals.
"""

from fractions import Fraction

from pellucid.agent.reading.prose import word_set

_FAMILIES: dict[str, dict[str, str]] = {
    "time": {
        "1/1000": "ms millisecond milliseconds",
        "1": "s sec secs second seconds",
        "60": "min mins minute minutes",
        "3600": "h hr hrs hour hours",
        "86400": "day days",
        "604800": "week weeks wk wks",
    },
    "calendar": {"1": "month months", "12": "year years yr yrs"},
    "money": {
        "1/100": "cent cents ¢ penny pennies pence",
        "1": "$ € £ ¥ ₹ dollar dollars euro euros usd eur gbp",
    },
    "length": {
        "1/1000": "mm millimetre millimetres millimeter millimeters",
        "1/100": "cm centimetre centimetres centimeter centimeters",
        "1": "m metre metres meter meters",
        "1000": "km kilometre kilometres kilometer kilometers",
    },
    "feet": {"1": "inch inches", "12": "ft foot feet", "36": "yd yard yards"},
    "mass": {
        "1/1000": "mg milligram milligrams",
        "1": "g gram grams",
        "1000": "kg kilogram kilograms kilo kilos",
        "1000000": "ton tons tonne tonnes",
    },
    "volume": {
        "1/1000": "ml millilitre millilitres milliliter milliliters",
        "1": "l litre litres liter liters",
    },
    "count": {"1": "piece pieces item items", "12": "dozen dozens"},
    "share": {"1/100": "% percent"},
}

UNITS: dict[str, tuple[str, Fraction]] = {
    word: (family, Fraction(scale))
    for family, scales in _FAMILIES.items()
    for scale, words in scales.items()
    for word in words.split()
}
"""Unit as written, in lower case, to its family and its size in the family's base."""

ATTACHED = word_set(
    """
    a b bit bits bytes c d f gb ghz gw hz in j k kb kbps kcal khz kj km2 kmh kn kph kpa kw
    kwh lb lbs m2 m3 ma mah mb mbps mg mhz mi mj mol mph mpa mv mw n nm oz p pa pm ppm px
    rpm s sq t tb th v w wh x xp u
    """
)
"""Further letters that may follow a numeral without a space and leave it a number."""

FACTORS: dict[str, tuple[int, ...]] = {
    "time": (60, 3600, 24, 1440, 86400, 7, 168, 1000),
    "calendar": (12,),
    "money": (100,),
    "length": (10, 100, 1000),
    "feet": (12, 3, 36),
    "mass": (1000,),
    "volume": (1000,),
    "count": (12,),
    "share": (100,),
}
"""What one number may be multiplied or divided by to come into a unit of the family."""
