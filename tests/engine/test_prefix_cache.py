"""The radix tree against a list of what was put in."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pellucid.engine.cells import Imbalance
from pellucid.engine.prefix_cache import Match, Node, PrefixCache, Run, common

TOKENS = st.lists(st.integers(1, 2), max_size=10).map(tuple)
OWNERS = st.sampled_from(["ann", "bob"])
ACTIONS = st.lists(
    st.tuples(st.sampled_from(["lease", "settle", "forget", "evict"]), OWNERS, TOKENS), max_size=30
)


def naive(left: Run, right: Run) -> int:
    same = [a == b for a, b in zip(left, right, strict=False)]
    return same.index(False) if False in same else len(same)


@given(TOKENS, TOKENS)
def test_common(left: Run, right: Run) -> None:
    assert common(left, right) == naive(left, right)


class Listed:
    """The naive cache: owner, tokens and lease of each sequence."""

    def __init__(self, min_gain: int) -> None:
        self.min_gain = min_gain
        self.entries: dict[int, tuple[str, Run, bool]] = {}

    def longest(self, owner: str, tokens: Run) -> int:
        mine = (held for one, held, _ in self.entries.values() if one == owner)
        return max((naive(held, tokens) for held in mine), default=0)

    def settle(self, seq: int, owner: str, tokens: Run) -> set[int]:
        self.entries.pop(seq, None)
        if len(tokens) - self.longest(owner, tokens) < self.min_gain:
            return {seq}
        shorter = {
            other
            for other, (one, held, leased) in self.entries.items()
            if one == owner and not leased and tokens[: len(held)] == held
        }
        self.entries[seq] = (owner, tokens, False)
        for other in shorter:
            del self.entries[other]
        return shorter


@given(ACTIONS, st.integers(1, 4), TOKENS)
@settings(deadline=None, max_examples=300)
def test_like_a_list(actions: list[tuple[str, str, Run]], min_gain: int, probe: Run) -> None:
    cache, listed = PrefixCache(min_gain), Listed(min_gain)
    for seq, (action, owner, tokens) in enumerate(actions):
        if action == "lease" and tokens:
            cache.lease(seq, owner, tokens)
            listed.entries[seq] = (owner, tokens, True)
        elif action == "settle":
            leased = [one for one, entry in listed.entries.items() if entry[2]]
            seq, owner = (leased[0], listed.entries[leased[0]][0]) if leased else (seq, owner)
            assert set(cache.settle(seq, owner, tokens)) == listed.settle(seq, owner, tokens)
        elif action == "forget" and listed.entries:
            one = next(iter(listed.entries))
            cache.forget(one)
            del listed.entries[one]
        elif action == "evict":
            gone = cache.evict()
            kept = [one for one, entry in listed.entries.items() if not entry[2]]
            assert gone in kept if kept else gone is None
            listed.entries.pop(gone, None)  # type: ignore[arg-type]
        assert cache.audit() == {one: len(entry[1]) for one, entry in listed.entries.items()}
        for whose in ("ann", "bob"):
            match = cache.match(whose, probe)
            assert (match.length if match else 0) == listed.longest(whose, probe)
            if match:
                one, held, _ = listed.entries[match.seq]
                assert one == whose
                assert held[: match.length] == probe[: match.length]


def cache_of(*runs: Run, min_gain: int = 1) -> PrefixCache:
    cache = PrefixCache(min_gain)
    for seq, run in enumerate(runs):
        assert cache.settle(seq, "ann", run) == []
    return cache


def test_the_longest_prefix_matches_in_the_middle_of_an_edge() -> None:
    cache = cache_of((1, 2, 3, 4), (1, 2, 5))
    assert cache.match("ann", (1, 2, 3, 9)) == Match(0, 3)
    assert cache.match("ann", (1, 2, 5, 6)) == Match(1, 3)
    assert cache.match("ann", (9,)) is None


def test_owners_see_only_their_own() -> None:
    assert cache_of((1, 2, 3)).match("bob", (1, 2, 3)) is None


def test_the_least_recently_used_goes_first() -> None:
    cache = cache_of((1, 1), (2, 2), (3, 3))
    cache.match("ann", (1, 1))
    assert [cache.evict(), cache.evict(), cache.evict(), cache.evict()] == [1, 2, 0, None]


def test_a_lease_protects_from_eviction_and_from_being_replaced() -> None:
    cache = PrefixCache(1)
    cache.lease(0, "ann", (1, 2))
    assert cache.evict() is None
    assert cache.settle(1, "ann", (1, 2, 3)) == []
    assert cache.cached == [1]
    assert cache.match("ann", (1, 2)) is not None


def test_an_extension_replaces_what_it_extends() -> None:
    cache = cache_of((1, 2))
    assert cache.settle(1, "ann", (1, 2, 3)) == [0]
    assert cache.audit() == {1: 3}


def test_what_adds_too_little_is_not_kept() -> None:
    cache = cache_of((1, 2, 3, 4), min_gain=3)
    assert cache.settle(1, "ann", (1, 2)) == [1]
    assert cache.settle(2, "ann", (1, 2, 3, 4, 5, 6)) == [2]
    assert cache.settle(3, "ann", (7, 8)) == [3]
    assert cache.settle(4, "bob", (1, 2, 3)) == []
    assert cache.audit() == {0: 4, 4: 3}


def test_the_audit_sees_a_tree_that_disagrees_with_its_entries() -> None:
    cache = cache_of((1, 2, 3))
    cache._entries[0].length = 2
    with pytest.raises(Imbalance, match="the entries say"):
        cache.audit()


def test_the_audit_sees_nodes_without_use() -> None:
    cache = cache_of((1, 2, 3))
    cache._entries[0].node.children[9] = Node((9,), cache._entries[0].node)
    with pytest.raises(Imbalance, match="serves nothing"):
        cache.audit()
    empty = PrefixCache(1)
    empty._roots["ann"] = Node()
    with pytest.raises(Imbalance, match="'ann' serves nothing"):
        empty.audit()
