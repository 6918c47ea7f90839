"""Whether a page may show more once its scripts have run: by itself, nobody lists such pages."""

import re

from pellucid.tools.browser.parsing.tree import Node, words

LITTLE = 250
"""Characters of text below which a page with scripts may be made by them."""

SOME = 1_500
"""The same of a page that asks for scripts: what it shows besides are its menus and its address."""

_TYPES = re.compile(r"(?:(?:text|application)/(?:x-)?(?:java|ecma)script|module)?", re.IGNORECASE)
_ASKS = re.compile("javascript", re.IGNORECASE)


def scripts(root: Node) -> bool:
    """Whether there are scripts, and no data only."""
    return any(_TYPES.fullmatch(node.get("type", "").strip()) for node in root.iter("script"))


def asks(root: Node) -> bool:
    """Whether the page says to those without scripts that it needs them: in every language of the
    web they are called JavaScript."""
    return any(_ASKS.search(words(node)) for node in root.iter("noscript"))


def more(text: str, asks: bool) -> bool:
    """Whether a page with scripts that shows this text without them may show more with them."""
    return len(text) < (SOME if asks else LITTLE)
