"""IFEval (arXiv 2311.07911): a checker for each verifiable instruction, strict reading.

The official checkers are on no package index by themselves, only inside of large harnesses;
these are our own, written after their rules (Apache-2.0, google-research). They differ in two
places: words and sentences are split by rule instead of by NLTK's trained splitter, and
languages are told by `py3langid` instead of the abandoned `langdetect`.

An answer is right when it follows every instruction; how many it followed is counted, too.
"""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from pellucid.core.errors import BadRequest
from pellucid.evals.mathematics import missing
from pellucid.evals.task import Answer, Grade, Question

Arguments = Mapping[str, Any]
Checker = Callable[[str, Arguments], bool]

_SENTENCE_END = re.compile(r"(?<=[.!?])[\"')\]]*\s+(?=[\"'(\[*]*[A-Z0-9])")
_ABBREVIATION = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|Prof|St|vs|etc|e\.g|i\.e|[A-Z])\.$")


def followed(question: Question, answer: Answer) -> Grade:
    """Whether every instruction is followed; the note names those that are not."""
    given = {name: value for name, value in question.row.items() if name != "prompt"}
    pairs = list(zip(given["instruction_id_list"], given["kwargs"], strict=True))
    broken = [name for name, arguments in pairs if not follows(name, arguments, answer.text)]
    counts = {"instructions": len(pairs), "followed": len(pairs) - len(broken)}
    return Grade(not broken, "", f"not followed: {', '.join(broken)}" if broken else "", "", counts)


def follows(name: str, arguments: Arguments, text: str) -> bool:
    """Whether a text follows one instruction; an empty text follows none. BadRequest for an
    instruction nobody knows."""
    if name not in CHECKERS:
        raise BadRequest(f"ifeval: there is no checker for {name}")
    return bool(text.strip()) and CHECKERS[name](text, arguments)


def holds(count: int, relation: str, wanted: int) -> bool:
    """IFEval's two relations: "less than" and "at least"."""
    return count < wanted if relation == "less than" else count >= wanted


def sentences(text: str) -> list[str]:
    """The sentences of a text: they end with . ! or ? before a capital letter or a number,
    but not behind an abbreviation or an initial; a line break in between ends one as well."""
    found: list[str] = []
    for paragraph in filter(str.strip, re.split(r"\n+", text)):
        pending = ""
        for part in _SENTENCE_END.split(paragraph.strip()):
            pending = f"{pending} {part}".strip()
            if not _ABBREVIATION.search(pending):
                found.append(pending)
                pending = ""
        found += [pending] if pending else []
    return found


def language(text: str) -> str:
    """The language of a text, as an ISO 639-1 code; BadRequest when py3langid is missing."""
    try:
        import py3langid
    except ImportError:
        raise missing("ifeval", "py3langid") from None
    return str(py3langid.classify(text.lower())[0])


def _words(text: str, given: Arguments) -> bool:
    return holds(len(re.findall(r"\w+", text)), given["relation"], given["num_words"])


def _sentence_count(text: str, given: Arguments) -> bool:
    return holds(len(sentences(text)), given["relation"], given["num_sentences"])


def _paragraphs(text: str, given: Arguments) -> bool:
    parts = re.split(r"\s?\*\*\*\s?", text)
    inner_empty = any(not part.strip() for part in parts[1:-1])
    return not inner_empty and sum(bool(p.strip()) for p in parts) == given["num_paragraphs"]


def _first_word(text: str, given: Arguments) -> bool:
    parts, place = text.split("\n\n"), given["nth_paragraph"] - 1
    count = sum(bool(part.strip()) for part in parts)
    if count != given["num_paragraphs"] or place >= count or not parts[place].strip():
        return False
    first = parts[place].split()[0].lstrip("'\"").lower()
    return re.split(r"[.,?!'\"]", first)[0] == str(given["first_word"]).lower()


def _keywords(text: str, given: Arguments) -> bool:
    return all(re.search(word, text, re.IGNORECASE) for word in given["keywords"])


def _forbidden(text: str, given: Arguments) -> bool:
    words = given["forbidden_words"]
    return not any(re.search(rf"\b{word}\b", text, re.IGNORECASE) for word in words)


def _keyword_frequency(text: str, given: Arguments) -> bool:
    count = len(re.findall(str(given["keyword"]).strip(), text, re.IGNORECASE))
    return holds(count, given["relation"], given["frequency"])


def _letter_frequency(text: str, given: Arguments) -> bool:
    count = text.lower().count(str(given["letter"]).strip().lower())
    return holds(count, given["let_relation"], given["let_frequency"])


def _highlights(text: str, given: Arguments) -> bool:
    single = [one for one in re.findall(r"\*[^\n*]*\*", text) if one.strip("*").strip()]
    double = [one for one in re.findall(r"\*\*[^\n*]*\*\*", text) if one[2:-2].strip()]
    return len(single) + len(double) >= int(given["num_highlights"])


def _bullets(text: str, given: Arguments) -> bool:
    stars = re.findall(r"^\s*\*[^*].*$", text, re.MULTILINE)
    dashes = re.findall(r"^\s*-.*$", text, re.MULTILINE)
    return len(stars) + len(dashes) == int(given["num_bullets"])


def _sections(text: str, given: Arguments) -> bool:
    mark = str(given["section_spliter"]).strip()
    return len(re.findall(rf"\s?{mark}\s?\d+\s?", text)) >= int(given["num_sections"])


def _title(text: str, _: Arguments) -> bool:
    return any(one.strip("<>").strip() for one in re.findall(r"<<[^\n]+>>", text))


def _json(text: str, _: Arguments) -> bool:
    bare = re.sub(r"^```(?:json)?|```$", "", text.strip(), flags=re.IGNORECASE).strip()
    try:
        json.loads(bare)
    except ValueError:
        return False
    return True


def _placeholders(text: str, given: Arguments) -> bool:
    return len(re.findall(r"\[.*?\]", text)) >= int(given["num_placeholders"])


def _postscript(text: str, given: Arguments) -> bool:
    marker = str(given["postscript_marker"]).strip()
    known = {"P.P.S": r"p\.\s?p\.\s?s", "P.S.": r"p\.\s?s\."}
    pattern = known.get(marker, re.escape(marker.lower()))
    return re.search(pattern, text.lower()) is not None


def _repeated(text: str, given: Arguments) -> bool:
    return text.strip().lower().startswith(str(given["prompt_to_repeat"]).strip().lower())


def _two_responses(text: str, _: Arguments) -> bool:
    parts = text.split("******")
    told = [part.strip() for part in parts if part.strip()]
    inner_empty = any(not part.strip() for part in parts[1:-1])
    return not inner_empty and len(told) == 2 and told[0] != told[1]


def _ended(text: str, given: Arguments) -> bool:
    return text.strip().strip('"').lower().endswith(str(given["end_phrase"]).strip().lower())


def _quoted(text: str, _: Arguments) -> bool:
    bare = text.strip()
    return len(bare) > 1 and bare[0] == bare[-1] == '"'


def _capital_words(text: str, given: Arguments) -> bool:
    words = [word for word in re.findall(r"[\w'-]+", text) if word.isupper()]
    return holds(len(words), given["capital_relation"], given["capital_frequency"])


def _constrained(text: str, _: Arguments) -> bool:
    options = ("My answer is yes.", "My answer is no.", "My answer is maybe.")
    return any(option in text for option in options)


CHECKERS: dict[str, Checker] = {
    "change_case:capital_word_frequency": _capital_words,
    "change_case:english_capital": lambda text, _: text.isupper() and language(text) == "en",
    "change_case:english_lowercase": lambda text, _: text.islower() and language(text) == "en",
    "combination:repeat_prompt": _repeated,
    "combination:two_responses": _two_responses,
    "detectable_content:number_placeholders": _placeholders,
    "detectable_content:postscript": _postscript,
    "detectable_format:constrained_response": _constrained,
    "detectable_format:json_format": _json,
    "detectable_format:multiple_sections": _sections,
    "detectable_format:number_bullet_lists": _bullets,
    "detectable_format:number_highlighted_sections": _highlights,
    "detectable_format:title": _title,
    "keywords:existence": _keywords,
    "keywords:forbidden_words": _forbidden,
    "keywords:frequency": _keyword_frequency,
    "keywords:letter_frequency": _letter_frequency,
    "language:response_language": lambda text, given: language(text) == given["language"],
    "length_constraints:nth_paragraph_first_word": _first_word,
    "length_constraints:number_paragraphs": _paragraphs,
    "length_constraints:number_sentences": _sentence_count,
    "length_constraints:number_words": _words,
    "punctuation:no_comma": lambda text, _: "," not in text,
    "startend:end_checker": _ended,
    "startend:quotation": _quoted,
}
