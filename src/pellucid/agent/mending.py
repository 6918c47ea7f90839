"""What of a program that failed need not be written again.

A small model asked for a repair writes the whole program anew, mostly as it was. So a name that
is only spelt otherwise is put right by rule, and what stands before the statement that failed is
kept: the model goes on from there.
"""

import ast
import re

from pellucid.agent.coding.code_blocks import parsed
from pellucid.agent.reading.prose import word_set

_UNDEFINED = re.compile(r"NameError: name '(\w+)' is not defined")
_NO_FORM = re.compile(r"AttributeError: 'datetime\.timedelta' object has no attribute 'strftime'")
_FORMED = re.compile(r"\b(\w+)\.strftime\(\s*(['\"])[^'\"\n]*\2\s*\)")
_PLACED = re.compile(r'File "<program \d+>", line (\d+)')
_ERROR = re.compile(r"^(\w+(?:Error|Exception))\b", re.MULTILINE)
LOCAL = word_set("NameError SyntaxError IndentationError AttributeError ImportError")
"""Errors that lie in the statement they are raised in; what others come from may stand before."""


def respelt(code: str, error: str) -> str:
    """The program with what a rule can put right after its error, else as it is: an undefined
    name put as the one that is defined and differs from it only in case and low lines; a length
    of time as it is, where the program gave it the form of a time of day."""
    if _NO_FORM.search(error):
        return _FORMED.sub(r"\1", code)
    found = _UNDEFINED.search(error)
    tree = parsed(code)
    if not found or tree is None:
        return code
    missing = found[1]
    stored = {
        node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    meant = [name for name in stored - {missing} if _bare(name) == _bare(missing)]
    if len(meant) != 1:
        return code
    return re.sub(rf"(?<![\w.'\"]){missing}(?![\w'\"])", meant[0], code)


def kept(code: str, error: str) -> str:
    """What stands before the statement that failed, without the comments that lead to it; "" when
    the error may come from further up."""
    kinds, places = _ERROR.findall(error), [int(line) for line in _PLACED.findall(error)]
    if not places or not kinds or kinds[-1] not in LOCAL:
        return ""
    lines = code.splitlines(keepends=True)
    before = "".join(lines[: min(places) - 1])
    tree = parsed(code)
    if tree is not None:  # the statement may begin further up
        begins = [n.lineno for n in tree.body if n.lineno <= min(places) <= (n.end_lineno or 0)]
        before = "".join(lines[: min(begins, default=1) - 1])
    whole = parsed(before)
    if whole is None or not whole.body:
        return ""
    end = whole.body[-1].end_lineno or 0
    return "".join(lines[:end]) + "\n"


def _bare(name: str) -> str:
    return name.lower().replace("_", "")
