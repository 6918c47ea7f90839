"""What pages say of a question, told in a sentence, and the words of the pages that bear it out.

Small weights read a short text well, but they say too easily that nothing says it, and forced to
copy they copy anything. So they are shown the few passages most about the question, each below what
it is of, and simply answer, with no other numerals than those that stand there. Whether that is an
answer is decided by rule (`bearing`): the page has to speak of what was asked, under its names, and
some words of it have to say what the answer says. Those are quoted.
"""

import json
import re
from collections.abc import Sequence

from pellucid.agent import answer
from pellucid.agent.bearing import Read, borne_out, closest, plain
from pellucid.agent.lookup import cited, how
from pellucid.agent.work import Release, Step, Think, Work
from pellucid.core.above import above
from pellucid.core.browsing import inert
from pellucid.core.constraint import Lark
from pellucid.core.items import Message, Reasoning
from pellucid.core.ports import Prompt
from pellucid.core.reading import Found
from pellucid.tools.browser.finding import asks_number

REPLY = 72
"""Tokens of an answer."""

ASK = (
    "{passages}\n\n---\nQuestion: {question}\n\nAnswer the question in one short sentence, with "
    "what the text above says."
)
UNTOLD = "The pages that I have read do not say."
UNSURE = "I am not sure that this answers it. The page says:"

_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")


def step(work: Work, asked: str, passages: Sequence[Found]) -> Step:
    """Have what is asked answered from passages, and tell the answer where they bear it out."""
    there = [_read(work, one) for one in passages]
    thoughts = [one.text for one in work.replies if one.purpose == "thought"]
    if not thoughts and not work.budget.thinking.left:
        return answer.best_so_far(work)
    if not thoughts:
        return _ask(work, asked, there)
    pages = [one.page.text for _, one in work.pairs if one.page]
    said = inert(" ".join(thoughts[-1].split()))
    bare = asks_number(asked) and not _DIGITS.search(said) and len(thoughts) == 1
    if bare and work.budget.thinking.left:
        return _ask(work, asked, there, needed=True)
    if quoted := borne_out(asked, said, there, pages):
        return _release(work, said, quoted, passages)
    if nearest := closest(asked, there, pages):
        return _release(work, UNSURE, [nearest], passages)
    return _release(work, UNTOLD, [], passages)


def only(numerals: Sequence[str], needed: bool = False) -> Lark:
    """One line of any words, with no other numerals than these; with one of them where one is
    `needed` and there are any."""
    words = r"WORDS: /[^\d\n]+/"
    if not numerals:
        return Lark(f"start: WORDS\n{words}")
    told = " | ".join(json.dumps(one) for one in dict.fromkeys(numerals))
    rest = "NUMERAL (WORDS NUMERAL)* WORDS?"
    rule = f"start: WORDS? {rest}" if needed else f"start: WORDS | WORDS? {rest}"
    return Lark(f"{rule}\n{words}\nNUMERAL: {told}")


def _read(work: Work, passage: Found) -> Read:
    """A passage with what says what it is of, its page's title first."""
    pages = (one.page for _, one in work.pairs if one.page)
    page = next((one for one in pages if passage.where.startswith(f"{one.url}, ")), None)
    if page is None:
        return Read(passage, "")
    over = above(page.text, passage.where.removeprefix(f"{page.url}, "))
    return Read(passage, "\n".join(filter(None, (page.title, over))), f"{page.url}\n{page.text}")


def _ask(work: Work, asked: str, there: Sequence[Read], needed: bool = False) -> Think:
    """Have it answered; once more, the same but for a number that is `needed`, costs no reading."""
    shown = "\n\n".join(f"{one.over}\n{one.passage.text}".strip() for one in there)
    told = ASK.format(passages=shown, question=asked)
    prompt = Prompt(
        (Message("user", told),),
        into=Reasoning(),
        max_tokens=min(REPLY, work.budget.thinking.left),
        constraint=only(_DIGITS.findall(plain(told)), needed),
        seed=work.turn.seed,
        owner=work.turn.owner,
    )
    return Think(prompt, "thought")


def _release(
    work: Work, said: str, quoted: Sequence[tuple[str, Found]], passages: Sequence[Found]
) -> Release:
    told = "\n\n".join([said, *(cited(words, one.where) for words, one in quoted)])
    text = told + how(work, list(passages))
    return answer.release(work, text, (*work.turn.items, *work.items), "answered")
