"""Guesses how an answer goes on, from where its last tokens stood before (prompt lookup).

Who edits or quotes writes again what is in the prompt, so the tokens that followed the last few
there are a good guess, for nothing (A. Saxena, "Prompt Lookup Decoding", 2023; speculative
decoding: Leviathan et al., ICML 2023). A guess is checked by computing all its tokens at once: as
long as what is drawn is what was guessed, the next draw is known, too. Pure.
"""

from collections.abc import Sequence

from pellucid.engine.jobs import Job

# So many tokens must have stood together before.
NGRAM = 3
# Seconds are averaged over about so many steps, right tokens over so many guesses: an answer
# that copies shows it at once, and so does one that does not.
MEMORY, TRIALS = 8, 3
# So many tokens of an answer's first guess are expected to be right.
EXPECTED = 2.5
# How much more is expected of an answer whose guesses do not pay, for each guess that was not
# tried: now and then one is.
HOPE = 0.05


class Lookup:
    """The tokens of one run, with the places where each few of them stood last; and how many
    tokens of a guess are right, as a moving average."""

    def __init__(self, right: float) -> None:
        """Nothing is known; `right` is what is expected at first."""
        self.right = right
        self._tokens: list[int] = []
        self._places: dict[tuple[int, ...], int] = {}

    def extend(self, tokens: Sequence[int]) -> None:
        """The text is these tokens now, which begin with those known before; about a
        millisecond for 5,000 new ones."""
        start = len(self._tokens)
        self._tokens += tokens[start:]
        # The last few have no place yet: nothing has followed them.
        for end in range(max(start, NGRAM), len(tokens)):
            self._places[tuple(tokens[end - NGRAM : end])] = end

    def guess(self, most: int) -> tuple[int, ...]:
        """At most so many tokens that may follow; none where the last few are new."""
        place = self._places.get(tuple(self._tokens[-NGRAM:]))
        return tuple(self._tokens[place : place + most]) if place is not None else ()


class Pace:
    """What steps of one token and steps with a guess take on this machine, in seconds, as
    moving averages: whether guessing pays is measured all the time, not assumed."""

    def __init__(self) -> None:
        """Nothing is measured."""
        self._plain = self._guessed = 0.0

    def step(self, tokens: int, seconds: float) -> None:
        """A step of one run took so long; more than one token is one with a guess."""
        if tokens == 1:
            self._plain += (seconds - self._plain) / (MEMORY if self._plain else 1)
        else:
            self._guessed += (seconds - self._guessed) / (MEMORY if self._guessed else 1)

    def pays(self, right: float) -> bool:
        """Whether a guess of which so many tokens are right gains time; it is tried before
        anything is measured."""
        measured = self._plain and self._guessed
        return not measured or (1 + right) * self._plain > self._guessed


class Guesses:
    """Guesses for the one run that has a step to itself: in a step of several, a guess would
    take the place of tokens that others need."""

    def __init__(self, most: int) -> None:
        """A guess has `most` tokens; 0: none are made."""
        self._most = most
        self._pace = Pace()
        self._job: Job | None = None  # the last run that guesses were made for
        self._lookup = Lookup(0.0)

    def guess(self, job: Job, room: int) -> tuple[int, ...]:
        """What may follow the tokens of a run, at most `room` of them; nothing where that
        would not pay, or could change what is drawn (a deterministic run) or told of it."""
        sampling, most = job.request.sampling, min(self._most, room)
        plain = not (sampling.grammar or sampling.logprobs or job.request.deterministic)
        if most < 1 or job.reading or not plain:
            return ()
        if self._job is not job:
            self._job, self._lookup = job, Lookup(min(EXPECTED, self._most))
        self._lookup.extend(job.tokens)
        guess = self._lookup.guess(most)
        if guess and not self._pace.pays(self._lookup.right):
            self._lookup.right += HOPE
            return ()
        return guess

    def learn(self, guessed: int, right: int, seconds: float) -> None:
        """A step of the last run asked for, with so many tokens guessed and so many right."""
        self._pace.step(1 + guessed, seconds)
        if guessed:
            whole = right * self._most / guessed
            self._lookup.right += (whole - self._lookup.right) / TRIALS
