"""Text from a model or a program, made safe to show on a terminal."""

import re

# Control characters become their pictures (one for one, so that offsets stay right):
# text that a model or a program wrote can then neither move the cursor nor hide itself.
_PICTURES = {code: 0x2400 + code for code in range(32) if chr(code) not in "\n\t"}
_PICTURES |= {127: 0x2421} | {code: 0xFFFD for code in range(128, 160)}
_DIRECTIONS = (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C)
_PICTURES |= dict.fromkeys(_DIRECTIONS, 0xFFFD)


def plain(text: str) -> str:
    """The same text, of the same length, without control and direction characters."""
    return text.replace("\r\n", "\n ").translate(_PICTURES)


def shortened(text: str, longest: int) -> str:
    """At most `longest` characters of one line, with a mark where it was cut."""
    line = re.sub(r"\s+", " ", plain(text)).strip()
    return line if len(line) <= longest else line[: longest - 1] + "…"


def count(number: int, thing: str) -> str:
    """`1 line`, `1,200 lines`."""
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"
