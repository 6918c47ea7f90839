"""Slips of the pen in programs that a rule can put right without asking the model."""

import io
import tokenize
from itertools import pairwise

from pellucid.agent.coding.code_blocks import parsed


def tidied(code: str) -> str:
    """The program with zeros before decimal integers dropped (`9` for `09`), if that lets it parse.

    Times and dates lead small weights to write them; Python refuses them.
    """
    if parsed(code) is not None:
        return code
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(code).readline))
    except (tokenize.TokenError, IndentationError):
        return code
    lines = code.splitlines(keepends=True)
    for zeros, number in reversed(list(pairwise(tokens))):
        both = zeros.type == number.type == tokenize.NUMBER
        if both and zeros.end == number.start and not zeros.string.strip("0"):
            (row, start), (_, end) = zeros.start, zeros.end
            lines[row - 1] = lines[row - 1][:start] + lines[row - 1][end:]
    changed = "".join(lines)
    return code if parsed(changed) is None else changed
