"""Quotations of an answer, matched with the words of the conversation.

Words in quotation marks of any style, and block quotes of Markdown. Those that stand in the
conversation are `given` (or `computed`, in an output); those that do not are contradicted
when the answer gives them to the user or to something the user provided.
"""

import re
from collections.abc import Iterator

from pellucid.agent.reading.prose import Span, sentence_at, sentences, without_code
from pellucid.agent.verdicts.evidence import Evidence, Source
from pellucid.core.claims import Claim, Verdict

QUOTE = re.compile(
    r"\"([^\"\n]{8,2000}?)\"|„([^„“”]{8,2000}?)[“”]|“([^“”]{8,2000}?)”|«([^«»]{8,2000}?)»"
    r"|»([^«»]{8,2000}?)«|‹([^‹›]{8,2000}?)›|「([^「」]{8,2000}?)」|``([^`\n]{8,2000}?)''"
    r"|(?<!\w)‘([^‘\n]{8,2000}?)’(?!\w)"
    r"|(?<![\w'])'((?:[^'\n]|(?<=\w)'(?=\w)){8,2000}?)'(?!\w)"
)
BLOCK = re.compile(r"(?:^[ \t]{0,3}>[^\n]*(?:\n|\Z))+", re.MULTILINE)
BLOCK_MARK = re.compile(r"^[ \t]{0,3}>[> \t]*", re.MULTILINE)
SHORTEST_QUOTE = 4
NEARBY = 150
SAID = (
    r"(?:say|says|said|state|states|stated|write|writes|wrote|written|mention|mentions|mentioned|read|reads"
    r"|note|notes|noted|ask|asks|asked|contain|contains|explain|explains|described?|specif(?:y|ies|ied)|put)"
)
THEIRS = (
    r"(?:you|your\s+(?:\w+\s+)?(?:message|question|document|text|file|note|email|data|input|prompt|letter|report)"
    r"|(?:the|this)\s+(?:\w+\s+)?(?:document|file|text|passage|article|page|message|question|report|email|letter"
    r"|paper|contract|source|output|transcript|attachment|log|user|prompt|problem))"
)
_GERMAN = r"(?:Dokument|Text|Datei|Artikel|Vertrag|Bericht|Nachricht|Brief|Frage|Anhang)"
_FRENCH = r"(?:document|texte|fichier|article|contrat|rapport|message|lettre|question)"
_SPANISH = r"(?:documento|texto|archivo|art[ií]culo|contrato|informe|mensaje|carta|pregunta)"
ATTRIBUTED = re.compile(
    rf"\b{THEIRS}\b[^.!?\"“]{{0,60}}\b{SAID}\b|\b(?:according\s+to|quoting|in|from|as)\s+{THEIRS}\b"
    rf"|\bin\s+your\s+(?:own\s+)?words\b|\bquote\s+from\b"
    r"|\b(?:Sie|du|ihr)\b[^.!?]{0,40}\b(?:schreib|schrieb|sag(?:t|en|st)|geschrieben|gesagt)"
    rf"|\b(?:im|in\s+\w+|laut\s+\w+|gemäß\s+\w+|das|der|die)\s+(?:\w+\s+)?{_GERMAN}\b"
    r"|\b(?:vous|tu)\s+(?:(?:avez|as)\s+)?(?:écri|dit\b|dites\b|mentionn)"
    rf"|\b(?:selon|dans|d['’]après)\s+(?:le|la|l['’]|votre|ton|ce|cette)\s*(?:\w+\s+)?{_FRENCH}\b"
    rf"|\b(?:según|en)\s+(?:el|la|su|tu|este|esta)\s+(?:\w+\s+)?{_SPANISH}\b"
    r"|\b(?:usted|tú)\s+(?:escrib|dijo|dijiste|mencion)",
    re.IGNORECASE,
)
DOTS = re.compile(r"\s*(?:\[?\.\.\.\]?|\[?…\]?)\s*")


def quotation_claims(answer: str, evidence: Evidence) -> list[Claim]:
    """A claim for each quotation that is found, and each that the user is wrongly said to have."""
    flat = without_code(answer)
    spans = sentences(flat)
    known: list[tuple[Source, Verdict, str]] = [
        (one, evidence.support(one), folded(one.text)) for one in evidence.given
    ]
    known += [(one, "computed", folded(one.text)) for one in evidence.runs]
    claims: list[Claim] = []
    for (start, end), words, before in _quotations(flat, spans):
        if len(words.split()) < SHORTEST_QUOTE or (claims and start < claims[-1].end):
            continue
        home = next(((one, how) for one, how, text in known if _within(words, text)), None)
        text = answer[start:end]
        if home is not None:
            source, verdict = home
            claims.append(Claim("quotation", verdict, start, end, text, evidence=(source.name,)))
        elif ATTRIBUTED.search(before):
            note = "these words are not in the conversation"
            claims.append(Claim("quotation", "contradicted", start, end, text, note=note))
    return claims


def _quotations(text: str, spans: tuple[Span, ...]) -> Iterator[tuple[Span, str, str]]:
    """Each quotation's range, its words, and the words around that may say whose they are."""
    found: list[tuple[Span, str, str]] = []
    for block in BLOCK.finditer(text):
        start, end = block.start(), block.start() + len(block.group().rstrip())
        before = text[max(0, start - NEARBY) : start].rstrip()
        before = re.split(r"[.!?]\s|\n\n", before)[-1]
        words = BLOCK_MARK.sub("", text[start:end]).strip(" \n*_\"“”„«»'‘’")
        found.append(((start, end), words, before))
    for quote in QUOTE.finditer(text):
        start, end = quote.span()
        home = sentence_at(spans, start)
        low, high = max(home[0], start - NEARBY), max(end, min(home[1], end + NEARBY))
        words = next(group for group in quote.groups() if group is not None)
        found.append(((start, end), words, f"{text[low:start]} … {text[end:high]}"))
    yield from sorted(found, key=lambda each: (each[0][0], -each[0][1]))


def folded(text: str) -> str:
    """Text with case, white space, hyphenation, quote style, emphasis and dashes evened out."""
    text = re.sub(r"[-\u00ad‐]\s*\n\s*", "", text.casefold())
    text = re.sub(r"[“”«»„‹›「」]|``|''", '"', text)
    text = re.sub(r"[‘’‚]", "'", text)
    text = re.sub(r"[‐‑‒–—−-]", "-", text)
    text = re.sub(r"\*+|\b_|_\b", "", text)
    return re.sub(r"\s+", " ", text.replace("\u00ad", "")).strip()


def _within(quote: str, text: str) -> bool:
    """Whether the quotation's parts stand in a folded text, in order, dots leaving words out."""
    at = 0
    for part in DOTS.split(quote):
        words = folded(part).strip("\"' ").rstrip(".,;:!?")
        place = text.find(words, at)
        if place < 0:
            return False
        at = place + len(words)
    return True
