"""Brackets of code in languages nothing here can parse."""

import re

_LIKE_C = r"//[^\n]*|/\*.*?(?:\*/|\Z)"
_COMMENTS = {
    "ruby": r"#[^\n]*",
    "css": r"/\*.*?(?:\*/|\Z)",
}
_TEXTS = r"\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'"
_LONG_TEXTS = {
    "javascript": r"`(?:\\.|[^`\\])*`",
    "typescript": r"`(?:\\.|[^`\\])*`",
    "go": r"`[^`]*`",
    "kotlin": r"\"\"\".*?\"\"\"",
    "scala": r"\"\"\".*?\"\"\"",
    "swift": r"\"\"\".*?\"\"\"",
    "java": r"\"\"\".*?\"\"\"",
}
_LIFETIME = r"'[a-z_]\w*\b(?!')"
_PATTERN = (
    r"(?:(?<=[(=,:!&|?;{}])|(?<=return))[ \t]*/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n\[])+/"
)
_MORE = {"rust": _LIFETIME, "javascript": _PATTERN, "typescript": _PATTERN, "ruby": _PATTERN}
PAIRS = {")": "(", "]": "[", "}": "{"}
KNOWN = frozenset({
    "c", "c++", "c#", "css", "go", "java", "javascript", "kotlin", "ruby", "rust", "scala", "swift",
    "typescript",
})  # fmt: skip
"""Languages whose brackets always come in pairs outside of strings and comments."""


def unbalanced(code: str, language: str) -> str:
    """What is wrong with the brackets, with its line; "" when they are balanced.

    Strings and comments of the language are passed over.
    """
    others = (_LONG_TEXTS.get(language, ""), _MORE.get(language, ""), _TEXTS)
    parts = (_COMMENTS.get(language, _LIKE_C), *others)
    skipped = re.compile("|".join(part for part in parts if part), re.S)
    text = skipped.sub(lambda found: "\n" * found[0].count("\n"), code)
    opened: list[tuple[str, int]] = []
    for line, content in enumerate(text.split("\n"), 1):
        for sign in content:
            if sign in "([{":
                opened.append((sign, line))
            elif sign in PAIRS and (not opened or opened.pop()[0] != PAIRS[sign]):
                return f"line {line}: {sign!r} closes nothing"
    if opened:
        sign, line = opened[-1]
        return f"line {line}: {sign!r} is never closed"
    return ""
