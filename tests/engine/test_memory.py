"""The audit of sequence ids and cells sees what is lost, doubled or left behind."""

import pytest

from pellucid.engine import fake
from pellucid.engine.backend import Work
from pellucid.engine.cells import Imbalance
from pellucid.engine.memory import Memory

PROMPT = (1, 2, 3, 4)


def cached() -> tuple[fake.Backend, Memory]:
    """A memory with one kept prefix and one run that shares it."""
    backend = fake.Backend(cells=30, sequences=3)
    memory = Memory(backend, 1)
    assert memory.open("ann", PROMPT, 4) == (0, 0)
    decode(backend, memory, 0, PROMPT)
    memory.publish(0, "ann", PROMPT)
    memory.keep(0, "ann", PROMPT)
    assert memory.open("ann", PROMPT, 4) == (1, 3)
    memory.audit([1])
    return backend, memory


def decode(backend: fake.Backend, memory: Memory, seq: int, tokens: tuple[int, ...]) -> None:
    backend.decode([Work(seq, tokens, backend.length(seq), sample=False)])
    memory.grow(seq, len(tokens))


def test_a_cell_that_the_backend_lost() -> None:
    backend, memory = cached()
    backend.drop(0, 2)
    with pytest.raises(Imbalance, match="sequence 0 has 2 cells in the backend, 4 in the books"):
        memory.audit([1])


def test_cells_left_in_a_free_sequence() -> None:
    backend, memory = cached()
    backend.share(0, 2, 1)
    with pytest.raises(Imbalance, match="sequence 2 has 1 cells in the backend, 0 in the books"):
        memory.audit([1])


def test_a_prefix_longer_than_what_is_held() -> None:
    _, memory = cached()
    memory.publish(1, "ann", PROMPT)
    with pytest.raises(Imbalance, match="3 in the books and 4 in the prefix cache"):
        memory.audit([1])


def test_an_id_that_was_lost() -> None:
    _, memory = cached()
    memory._free.clear()
    with pytest.raises(Imbalance, match=r"free \[\], cached \[0\], running \[1\]"):
        memory.audit([1])


def test_more_promised_than_there_is() -> None:
    _, memory = cached()
    memory._reserved[1] = 27
    with pytest.raises(Imbalance, match="27 promised beyond 4 used"):
        memory.audit([1])


def test_no_place_while_all_ids_run() -> None:
    _, memory = cached()
    assert memory.open("ann", PROMPT, 1) is not None
    assert memory.open("ann", PROMPT, 1) is not None  # the kept one gave its id
    assert memory.open("ann", PROMPT, 1) is None


def test_the_prefix_that_fits_best_is_the_last_to_go() -> None:
    backend, memory = cached()
    memory.discard(1)
    assert memory.open("ann", (7, 8, 9), 4) == (1, 0)
    decode(backend, memory, 1, (7, 8, 9))
    memory.keep(1, "ann", (7, 8, 9))
    assert memory.open("ann", (5,), 1) == (2, 0)
    assert memory.open("ann", PROMPT, 4) == (1, 3)


def test_a_run_that_will_not_fit_beside_the_others_waits_and_evicts_nothing() -> None:
    _, memory = cached()
    assert memory.open("ann", (9,), 25) is None
    assert memory.cached("ann", PROMPT) == 3
    memory.discard(1)
    assert memory.open("ann", (9,), 29) is not None
    assert memory.cached("ann", PROMPT) == 0
    memory.audit([1])


def test_cells_of_a_shared_prefix_count_when_a_run_asks_for_room() -> None:
    """Sharing what is only cached pins it: 3 shared, 1 + 4 of the other run, 23 to come."""
    backend, memory = cached()
    memory.discard(1)
    assert memory.open("bob", (5,), 4) == (1, 0)
    assert memory.open("ann", PROMPT, 22) is None
    assert memory.open("ann", PROMPT, 21) == (2, 3)
    memory.audit([1, 2])
    decode(backend, memory, 1, (5,))
    decode(backend, memory, 2, PROMPT[3:])
    memory.audit([1, 2])


def test_a_run_nobody_knows_of() -> None:
    _, memory = cached()
    with pytest.raises(Imbalance, match=r"running \[\]"):
        memory.audit([])
    memory._free.append(1)
    with pytest.raises(Imbalance, match=r"free \[2, 1\], cached \[0\], running \[\]"):
        memory.audit([])
