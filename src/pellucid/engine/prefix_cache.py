"""A radix tree of the token prefixes that sequences of the backend hold, per owner.

Pure: it knows sequence ids and tokens, never the backend. Running sequences are in it as
well (leased: others may share their prompt, nothing evicts them); when one ends, its id
stays in the tree with prompt and completion, so that turn n + 1 extends turn n.

What is worth an id: a sequence that adds at least `min_gain` tokens to what others in the
tree already hold (which drops tiny ones and repetitions). A kept sequence replaces those
whose tokens it extends.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

from pellucid.engine.cells import Imbalance

Run = tuple[int, ...]


def common(left: Sequence[int], right: Sequence[int]) -> int:
    """How many tokens two runs of the same type have in common from the start."""
    low, high = 0, min(len(left), len(right))
    while low < high:  # halving with slices compares in C, a loop over tokens would not
        middle = (low + high + 1) // 2
        if left[low:middle] == right[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


@dataclass(slots=True, eq=False)
class Node:
    """The run of tokens spelled from the root to here; `holders` end exactly here."""

    edge: Run = ()
    parent: "Node | None" = None
    children: dict[int, "Node"] = field(default_factory=dict)
    holders: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Entry:
    """A sequence in the tree."""

    node: Node
    owner: str
    length: int
    leased: bool


@dataclass(frozen=True, slots=True)
class Match:
    """The longest known prefix: the first `length` tokens held by `seq`."""

    seq: int
    length: int


class PrefixCache:
    """Which sequence holds which prefix; least recently used ones go first."""

    def __init__(self, min_gain: int) -> None:
        """An empty cache; `min_gain` (at least 1) is in tokens."""
        self._min_gain = min_gain
        self._roots: dict[str, Node] = {}
        self._entries: dict[int, Entry] = {}  # least recently used first

    def __contains__(self, seq: int) -> bool:
        """Whether the sequence is in the tree."""
        return seq in self._entries

    @property
    def cached(self) -> list[int]:
        """Sequences kept without running, least recently used first."""
        return [seq for seq, entry in self._entries.items() if not entry.leased]

    def held(self, seq: int) -> tuple[str, Run]:
        """Owner and tokens of a sequence in the tree."""
        entry = self._entries[seq]
        edges = reversed([node.edge for node in _path(entry.node)])
        return entry.owner, tuple(chain.from_iterable(edges))

    def match(self, owner: str, tokens: Run) -> Match | None:
        """The sequence that shares the longest prefix with `tokens`, now most recent."""
        if owner not in self._roots:
            return None
        node, length = _descend(self._roots[owner], tokens)
        if not length:
            return None
        while not node.holders:  # every branch ends in a holder, and each passes here
            node = next(iter(node.children.values()))
        seq = node.holders[0]
        self._entries[seq] = self._entries.pop(seq)
        return Match(seq, length)

    def lease(self, seq: int, owner: str, tokens: Run) -> None:
        """A running sequence holds `tokens`: others may share them, nothing evicts it."""
        self._insert(seq, owner, tokens, leased=True)

    def settle(self, seq: int, owner: str, tokens: Run) -> list[int]:
        """A sequence stopped running and holds `tokens`; the ids not kept come back.

        That is this one where it adds too little, else those it makes superfluous.
        """
        if seq in self:
            self.forget(seq)
        root = self._roots.get(owner, Node())
        if len(tokens) - _descend(root, tokens)[1] < self._min_gain:
            return [seq]
        self._insert(seq, owner, tokens, leased=False)
        above = _path(self._entries[seq].node.parent)
        shorter = [one for node in above for one in node.holders if not self._entries[one].leased]
        for one in shorter:
            self.forget(one)
        return shorter

    def evict(self) -> int | None:
        """Forget the least recently used sequence that does not run; None if all do."""
        seq = next(iter(self.cached), None)
        if seq is not None:
            self.forget(seq)
        return seq

    def forget(self, seq: int) -> None:
        """Take a sequence out of the tree, leased or not."""
        entry = self._entries.pop(seq)
        node = entry.node
        node.holders.remove(seq)
        while node.parent and not node.holders and not node.children:
            del node.parent.children[node.edge[0]]
            node = node.parent
        if not node.parent and not node.children:
            del self._roots[entry.owner]
        elif node.parent and not node.holders and len(node.children) == 1:
            _join(node.parent, node)

    def audit(self) -> dict[int, int]:
        """The length of each sequence in the tree; raises Imbalance where the tree is wrong."""
        found: dict[int, tuple[str, int]] = {}
        for owner, root in self._roots.items():
            for node, length in _nodes(root, 0):
                useless = node.parent and not node.holders and len(node.children) < 2
                if useless or (not node.parent and not node.children):
                    raise Imbalance(f"prefix cache: a node of {owner!r} serves nothing")
                found |= {seq: (owner, length) for seq in node.holders}
        known = {seq: (entry.owner, entry.length) for seq, entry in self._entries.items()}
        if found != known:
            raise Imbalance(f"prefix cache: the tree holds {found}, the entries say {known}")
        return {seq: length for seq, (_, length) in found.items()}

    def _insert(self, seq: int, owner: str, tokens: Run, leased: bool) -> None:
        """Add a sequence, most recently used."""
        node = _reach(self._roots.setdefault(owner, Node()), tokens)
        node.holders.append(seq)
        self._entries[seq] = Entry(node, owner, len(tokens), leased)


def _descend(root: Node, tokens: Run) -> tuple[Node, int]:
    """The deepest node that shares tokens with the run, and how many in all."""
    node, length, whole = root, 0, True
    while whole and length < len(tokens) and tokens[length] in node.children:
        node = node.children[tokens[length]]
        same = common(node.edge, tokens[length:])
        length, whole = length + same, same == len(node.edge)
    return node, length


def _reach(root: Node, tokens: Run) -> Node:
    """The node that spells the run exactly, made where it is missing."""
    node, length = _descend(root, tokens)
    beyond = sum(len(one.edge) for one in _path(node)) - length
    if beyond and node.parent:
        node = _split(node.parent, node, len(node.edge) - beyond)
    if length < len(tokens):
        node.children[tokens[length]] = node = Node(tokens[length:], node)
    return node


def _split(parent: Node, node: Node, at: int) -> Node:
    """Cut an edge in two and return the new upper node."""
    upper = Node(node.edge[:at], parent, {node.edge[at]: node})
    parent.children[node.edge[0]] = upper
    node.parent, node.edge = upper, node.edge[at:]
    return upper


def _join(parent: Node, node: Node) -> None:
    """Replace a node that only passes on by its one child."""
    (child,) = node.children.values()
    child.edge, child.parent = node.edge + child.edge, parent
    parent.children[child.edge[0]] = child


def _path(node: Node | None) -> Iterator[Node]:
    """A node and those above it."""
    while node:
        yield node
        node = node.parent


def _nodes(node: Node, above: int) -> Iterator[tuple[Node, int]]:
    """All nodes from here down, with the length of what each spells."""
    length = above + len(node.edge)
    yield node, length
    for child in node.children.values():
        yield from _nodes(child, length)
