"""Links of an answer: each must come from the user, from a tool or from a page."""

import re
from html import unescape
from urllib.parse import urlsplit

from pellucid.agent.reading.prose import INLINE_CODE, Span, blanked, urls, without_code
from pellucid.agent.verdicts.evidence import Evidence
from pellucid.core.claims import Claim

TARGET = re.compile(
    r"\]\(\s*<?((?:[a-z0-9-]+\.)+(?!(?:md|py|txt|html?|pdf|jsx?|tsx?|png|jpe?g|gif|svg|csv|json|rs|sh"
    r"|go|java|c|h|cpp|cs|rb|toml|ya?ml|ipynb|rst|xml|css|docx?|xlsx?|zip)\b)[a-z]{2,}"
    r"(?:[/?#:][^\s()<>]*)?)",
    re.IGNORECASE,
)
"""The target of a Markdown link that is an address without a scheme, and no file."""

LOCAL = re.compile(
    r"(?:localhost|127(?:\.\d+){3}|0\.0\.0\.0|[\w.-]+\.(?:local|localhost|test|invalid))(?::\d+)?",
    re.I,
)
"""Hosts that are nobody's but the reader's own (RFC 6761)."""

PLACEHOLDER = re.compile(r"(?:[\w-]+\.)*example(?:\.(?:com|org|net))?(?::\d+)?", re.I)
"""Hosts that stand for any other (RFC 2606); inside of code nobody takes them for a source."""


def link_claims(answer: str, evidence: Evidence) -> list[Claim]:
    """A claim for each address: given when the user or a tool named it, else contradicted."""
    known = {bare_address(evidence.linked[slice(*span)]) for span in addresses(evidence.linked)}
    flat = without_code(answer)
    code = [found.span() for found in INLINE_CODE.finditer(flat)]
    claims = []
    for start, end in addresses(flat):
        text = answer[start:end]
        address = bare_address(text)
        host = address.partition("/")[0].partition("?")[0]
        inside = any(low < start < high for low, high in code)
        if LOCAL.fullmatch(host) or (inside and PLACEHOLDER.fullmatch(host)):
            continue
        if address in known or (address == host and _named(host, evidence.linked)):
            claims.append(Claim("link", "given", start, end, text, evidence=("input",)))
        else:
            note = "this address does not come from the conversation"
            claims.append(Claim("link", "contradicted", start, end, text, note=note))
    return claims


def addresses(text: str) -> tuple[Span, ...]:
    """Ranges of the addresses of a text, targets of Markdown links without a scheme included."""
    plain = urls(text)
    targets = [found.span(1) for found in TARGET.finditer(blanked(text, plain, "\ufffc"))]
    return tuple(sorted([*plain, *targets]))


def _named(host: str, text: str) -> bool:
    """Whether the conversation names a site, however it writes it."""
    return bool(re.search(rf"(?<![\w.@-])(?:www\.)?{re.escape(host)}(?![\w-]|\.\w)", text, re.I))


def bare_address(address: str) -> str:
    """An address without scheme, "www.", fragment and closing slash, its host in lower case."""
    address = unescape(address)
    if "//" not in address:
        address = "http://" + address
    try:
        parts = urlsplit(address)
    except ValueError:  # a broken IPv6 host
        return address
    query = f"?{parts.query}" if parts.query else ""
    return parts.netloc.lower().removeprefix("www.") + parts.path.rstrip("/") + query
