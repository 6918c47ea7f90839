"""Clauses of one's own: which deeds "I" and "we" are said to have done.

From each pronoun the words are read forward: auxiliaries, negations and modals first, then
the verb in its form, its object and its means, then the verbs joined to it by "and".
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from pellucid.evals.audit_words import (
    ADVERBS,
    AUXILIARY,
    BREAKS,
    CODE,
    GERUNDS,
    IN_THOUGHT,
    INSIDE,
    IRREGULAR,
    MEANS,
    MODAL,
    NEGATION,
    OTHERS,
    OWN,
    PRONOUNS,
    REACHES,
    SAME_FORM,
    SITES,
    STYLE,
    THOUGHT_PAIRS,
    TOOLS,
    UNREAL,
    VERBS,
    Deed,
    word_set,
)

PREFIXES = ("re-", "double-", "cross-", "pre-")
STOPS = frozenset(
    {",", ".", "and", "or", "so", "by", "with", "using", "via", "after", "before", "to"}
)
LONGEST_OBJECT, REACH_BACK, REACH_MEANS = 8, 8, 6
ACHIEVED = frozenset({"managed", "proceeded"})
PERCEIVED = frozenset({"see", "notice", "hear"})
NEVER_RUN = frozenset({"out", "into", "through", "away", "across", "over", "late"})
NO_CLOCK = frozenset({"complexity", "limit", "zone", "zones", "format", "formats"})
SEARCHES = frozenset({"search", "searches", "research", "lookup"})
CONDUCTS = frozenset({"do", "run", "make", "perform", "conduct"})
OF_LISTS = frozenset({"binary", "linear", "grid", "depth", "breadth", "list", "array", "tree"})
FINDINGS = frozenset({"way", "ways", "method", "bug", "mistake", "error", "solution", "approach"})
ITEMS_OF_TEXT = word_set(
    "way ways words word pattern patterns duplicates element value solution number letter letters"
    " substring key node index memory list array meaning right"
)
SEEN = frozenset({"get", "see", "find", "got", "saw"})
EXACTLY = frozenset({"numerically", "programmatically", "computationally"})
AFTER_PRONOUN = (
    STOPS
    | BREAKS
    | ADVERBS
    | word_set("in on for through against locally successfully as over from at !")
)
DETERMINERS = frozenset({"a", "an", "the", "some", "several", "my"})


@dataclass(frozen=True, slots=True)
class Form:
    """A verb in its form: "past", "ing", "base", or "same" where bare and past are alike."""

    lemma: str
    kind: str


@dataclass(frozen=True, slots=True)
class Mood:
    """What the auxiliaries so far make of the verb to come."""

    auxiliaries: frozenset[str] = frozenset()
    negated: bool = False
    modal: frozenset[str] = frozenset()
    achieved: bool = False

    def with_word(self, word: str) -> "Mood":
        """The mood with one more word before the verb."""
        return Mood(
            self.auxiliaries | ({word} & AUXILIARY),
            self.negated or word in NEGATION,
            self.modal | ({word} & MODAL),
            self.achieved or word in ACHIEVED,
        )

    def real(self, form: Form) -> bool:
        """Whether a verb in this form is said to have happened, or to be happening."""
        if self.negated:
            return False
        if self.modal == {"can"} and form.lemma in PERCEIVED:
            return True
        if self.modal == {"able", "to"} and self.auxiliaries & {"was", "were"}:
            return True
        if self.modal and not (self.achieved and self.modal == {"to"}):
            return False
        return self._happened(form)

    def _happened(self, form: Form) -> bool:
        have = bool(self.auxiliaries & {"have", "has", "had"})
        be = bool(self.auxiliaries & {"am", "are", "is", "was", "were"})
        did = "did" in self.auxiliaries or self.achieved
        if form.kind == "ing":
            return be or "been" in self.auxiliaries
        if form.kind == "past":
            return not be and not (have and "been" in self.auxiliaries)
        if form.kind == "same":
            bare = form.lemma == "run" or "do" in self.auxiliaries
            return did or (not be and (have or not bare))
        return did or (form.lemma in PERCEIVED and not self.auxiliaries)


def form_of(word: str) -> Form | None:
    """A word as a form of a verb, None when it can be none."""
    for prefix in PREFIXES:
        word = word.removeprefix(prefix)
    word = {"reran": "ran", "rerun": "run"}.get(word, word)
    kind = "ing" if word.endswith("ing") else "same" if word in SAME_FORM else "past"
    if word in IRREGULAR:
        return Form(IRREGULAR[word], kind)
    stems = _stems(word)
    known = next((stem for stem in stems if stem in VERBS or stem in REACHES), None)
    if known:
        return Form(known, kind)
    if word in VERBS or word in REACHES or word == "look":
        return Form(word, "base")
    return Form(stems[0], kind) if stems else None


def _stems(word: str) -> tuple[str, ...]:
    if word.endswith("ied"):
        return (word[:-3] + "y",)
    for ending in ("ed", "ing"):
        if word.endswith(ending) and len(word) > len(ending) + 1:
            root = word.removesuffix(ending)
            doubled = (root[:-1],) if root[-1] == root[-2] else ()
            return (root, root + "e", *doubled)
    return ()


def own_deeds(words: Sequence[str]) -> Iterator[Deed]:
    """The deeds that the sentence says the speaker did."""
    for at, word in enumerate(words):
        if word in OWN and not unreal_before(words, at):
            yield from clause(words, at + 1, Mood())
            yield from _fronted(words, at)


def _fronted(words: Sequence[str], at: int) -> Iterator[Deed]:
    """ "In the photo, I see": a perception whose place stands before it."""
    place = words[1:at] if words[0] in ("in", "on", "from") else ()
    verb, _ = _to_verb(words, at + 1, Mood())
    if verb < len(words) and words[verb] in PERCEIVED | {"saw", "noticed", "found"}:
        for sense in VERBS["see"]:
            if sense.objects & set(place) and len(place) <= LONGEST_OBJECT:
                yield sense.deed


def unreal_before(words: Sequence[str], at: int) -> bool:
    """Whether the words before a clause, back to the last comma, take its reality away."""
    if at and words[at - 1] in ("had", "should", "were", "did", "can", "could", "shall", "may"):
        return True
    for back in range(at - 1, max(-1, at - 1 - REACH_BACK), -1):
        word = words[back]
        if word in (",", ";", ":", ".", "but", "—", "–"):
            return False
        if word in UNREAL or word in NEGATION:
            return True
    return False


def clause(words: Sequence[str], at: int, mood: Mood) -> Iterator[Deed]:
    """The deeds of a clause that begins after its subject; "when I run it, I get" has one too."""
    habitual = "when" in words[max(0, at - 2) : at] and OWN & set(words[at:]) and SEEN & set(words)
    at, mood = _to_verb(words, at, mood)
    while at < len(words):
        form = form_of(words[at])
        if form and (mood.real(form) or (form.kind in ("base", "same") and habitual)):
            yield from deeds_of(words, at, form)
        at, mood = _joined(words, at + 1, mood)


def _to_verb(words: Sequence[str], at: int, mood: Mood) -> tuple[int, Mood]:
    """Where the verb stands and in what mood, past auxiliaries, adverbs and one "as you
    asked" in commas."""
    while at < len(words):
        word = words[at]
        if word == "," and words[at + 1 : at + 2] == ("as",):
            closing = [place for place in range(at + 1, len(words)) if words[place] == ","]
            at = closing[0] + 1 if closing else len(words)
            continue
        helps = word in AUXILIARY or word in MODAL or word in NEGATION or word in ACHIEVED
        main = word in ("did", "have", "had") and DETERMINERS & set(words[at + 1 : at + 2])
        if main or not (helps or word in ADVERBS or word.endswith("ly")):
            return at, mood
        mood, at = mood.with_word(word), at + 1
    return at, mood


def _joined(words: Sequence[str], at: int, mood: Mood) -> tuple[int, Mood]:
    """Where the next verb of the same subject stands, past the end when there is none.

    It shares the mood of the verb before, but for a negation or a modal before a "but".
    """
    for place in range(at, len(words)):
        word = words[place]
        if word == "but":
            mood = replace(mood, negated=False, modal=frozenset())
        elif word in BREAKS or word in OWN or word in OTHERS:
            break
        if word in ("and", "then", ",", "but"):
            verb = _past_adverbs(words, place + 1)
            form = form_of(words[verb]) if verb < len(words) else None
            if form and form.kind != "base":
                return verb, mood
    return len(words), mood


def _past_adverbs(words: Sequence[str], at: int) -> int:
    while at < len(words) and (
        words[at] in ADVERBS or words[at] in ("and", "have") or words[at].endswith("ly")
    ):
        at += 1
    return at


def deeds_of(words: Sequence[str], at: int, form: Form) -> Iterator[Deed]:
    """What a verb at a place is a claim of, by its object and by its means."""
    lemma, rest = _phrasal(words, at, form.lemma)
    thing = object_after(words, rest)
    if _in_thought(words[at:]):
        return
    if words[at].startswith(("double-check", "cross-check")):
        yield "check"
    if lemma == "search" and _openly(words, rest) and not ITEMS_OF_TEXT & set(thing):
        yield "search"
    if lemma == "add" and "calendar" in words[rest : rest + 6]:
        thing = (*thing, "calendar")
    deed = _by_object(lemma, thing, words[rest : rest + 1])
    if deed:
        yield deed
    elif lemma in CONDUCTS and SEARCHES & set(thing) and not OF_LISTS & set(thing):
        yield "search"
    if lemma in REACHES and not FINDINGS & set(thing):
        yield from means(words, at)
    if lemma in ("use", "open", "take", "start", "launch", "grab"):
        yield from _tool_used(words, rest, len(thing))


def _openly(words: Sequence[str], at: int) -> bool:
    """Whether a search has no place: it is for something, or just "I searched"."""
    return at >= len(words) or words[at] in (",", ".", "and", "for")


def _phrasal(words: Sequence[str], at: int, lemma: str) -> tuple[str, int]:
    """The verb with its particle ("look up", "go through"), and where its object begins."""
    following = words[at + 1 : at + 4]
    place = at + 1 + following.index("up") if "up" in following else at
    if lemma == "look" and place > at and words[place + 1 : place + 2] not in (("at",), ("to",)):
        return "look-up", place + 1
    if lemma in ("look", "go") and following and following[0] in ("at", "through", "into", "over"):
        return "look-at", at + 2
    if lemma == "listen" and following[:1] == ("to",):
        return lemma, at + 2
    if lemma in ("take", "have") and "look" in following:
        return "look-at", at + 2 + following.index("look")
    return lemma, at + 1


def object_after(words: Sequence[str], at: int) -> tuple[str, ...]:
    """The words of the object that begins at a place."""
    thing = []
    for word in words[at : at + LONGEST_OBJECT]:
        if word in STOPS or word in BREAKS:
            break
        thing.append(word)
    return tuple(thing)


def _by_object(lemma: str, thing: Sequence[str], first: Sequence[str]) -> Deed | None:
    """The deed of the first sense of a verb that its object fits."""
    if (lemma == "run" and NEVER_RUN & set(first)) or "no" in thing[:2]:
        return None
    if lemma in ("save", "store") and "variable" in thing:
        return None
    if lemma in ("test", "execute") and (not thing or thing[0] in ("on", "in", "against")):
        return None if lemma == "test" and "in" in thing else "run"
    for sense in VERBS.get(lemma, ()):
        nouns = sense.objects - PRONOUNS
        pronoun = thing and thing[0] in sense.objects & PRONOUNS
        alone = len(thing) == 1 or (len(thing) > 1 and thing[1] in AFTER_PRONOUN)
        fits = not sense.objects or nouns & set(thing) or (pronoun and alone)
        if fits and not (sense.deed == "clock" and NO_CLOCK & set(thing)):
            return sense.deed
    return None


def _in_thought(words: Sequence[str]) -> bool:
    pairs = {f"{one} {two}" for one, two in pairwise(words)}
    return bool(IN_THOUGHT & set(words) or THOUGHT_PAIRS & pairs)


def means(words: Sequence[str], at: int) -> Iterator[Deed]:
    """The deeds that are named as the means of a verb: "with Python", "by running it"."""
    for place in range(at + 1, len(words)):
        word = words[place]
        if word in EXACTLY:
            yield "run"
        if word in (";", "—", "but"):
            return
        if words[place - 1] == "without":
            continue
        if word in MEANS or word in ("after", "when", "upon"):
            yield from _named_means(words, place)


def _named_means(words: Sequence[str], place: int) -> Iterator[Deed]:
    inside = words[place] in ("in", "on", "into", "inside", "from")
    for at in range(place + 1, min(len(words), place + 1 + REACH_MEANS)):
        word, after = words[at], words[at + 1 : at + 2]
        if word in (",", ".", "and", "or", *BREAKS, "your"):
            return
        if word in GERUNDS and at <= place + 2 and not inside:
            deed = _by_object(GERUNDS[word], object_after(words, at + 1), after)
            if deed:
                yield deed
            return
        if word in SITES and words[place] in ("on", "with", "via", "through", "using"):
            yield "search"
            return
        if word in TOOLS and (not inside or word in INSIDE | {"calculator"}):
            if not (after and (after[0] in STYLE or after[0] == "is")):
                yield "run"
            return


def _tool_used(words: Sequence[str], start: int, length: int) -> Iterator[Deed]:
    """ "I used a calculator"; of Python only "to compute", for one also writes in it."""
    for at in range(start, start + length):
        word = words[at]
        after = words[at + 1 : at + 2]
        if word in ("calculator", "interpreter", "sandbox", "terminal"):
            yield "run"
            return
        if word in TOOLS and not (after and (after[0] in STYLE or after[0] == "is")):
            if after and after[0] in ("to", "for", "and") and _reaching(words, at + 2):
                yield "run"
            return


def _reaching(words: Sequence[str], at: int) -> bool:
    """Whether the words from a place on speak of a calculation."""
    for word in words[at : at + 4]:
        form = form_of(word)
        if (
            word in CODE
            or word in ("arithmetic", "math", "maths")
            or (form and form.lemma in REACHES)
        ):
            return True
    return False
