"""What is saved, what is read back, and what becomes of the books when either fails."""

from dataclasses import replace

import pytest
from engine_runs import Driven, alone, request
from shelves import EAGER, Remembered

from pellucid.engine import fake
from pellucid.engine.prefix_cache import Run
from pellucid.engine.shelf import Found, Prefix, Shelf, Worth, owner_digest

WORTH = Worth(long=40, hot=10, uses=2, grown=4, spared=8, used=8)


def run(length: int, start: int = 0) -> Run:
    return tuple(range(start, start + length))


def stocked(*runs: Run, owner: str = "ann") -> tuple[Remembered, Shelf]:
    store = Remembered({Prefix(owner_digest(owner), one): b"state" for one in runs})
    return store, Shelf(store, WORTH)


def found(shelf: Shelf, tokens: Run, have: int = 0, owner: str = "ann") -> Found:
    one = shelf.find(owner, tokens, have)
    assert one is not None
    return one


def test_the_stored_prefix_with_most_in_common_is_found() -> None:
    _, shelf = stocked(run(20), run(30, 100), (*run(10), *run(30, 500)))
    one = found(shelf, (*run(10), *run(12, 500), 7))
    assert (len(one.prefix.tokens), one.length) == (40, 22)
    assert found(shelf, run(400)).prefix.tokens == run(20)
    assert shelf.find("ann", run(9, 900), 0) is None


def test_reading_must_spare_enough_for_what_is_read() -> None:
    _, shelf = stocked(run(160))
    assert found(shelf, run(100), have=80).length == 100
    assert shelf.find("ann", run(100), 81) is None, "one in eight of 160 is 20"
    _, shelf = stocked(run(16))
    assert found(shelf, run(100), have=8).length == 16
    assert shelf.find("ann", run(100), 9) is None


def test_owners_share_nothing() -> None:
    _, shelf = stocked(run(160))
    assert shelf.find("bob", run(160), 0) is None
    assert shelf.wants("bob", run(160), 0)
    assert "ann" not in owner_digest("ann")


def test_saved_is_what_adds_enough_to_what_is_stored() -> None:
    _, shelf = stocked(run(100))
    assert shelf.wants("ann", run(40, 500), 0)
    assert not shelf.wants("ann", run(39, 500), 1)
    assert shelf.wants("ann", run(10, 500), 2)
    assert not shelf.wants("ann", run(9, 500), 9)
    assert shelf.wants("ann", run(140), 0)
    assert not shelf.wants("ann", run(139), 0)
    assert not shelf.wants("ann", run(130), 9), "less than one in four of it is new"
    assert not shelf.wants("ann", run(99), 9)


def test_what_is_stored_of_a_sequence_counts_as_used() -> None:
    store, shelf = stocked(run(50), run(50, 100), run(50, 200))
    assert not shelf.wants("ann", run(60), 0)
    assert not shelf.wants("ann", (*run(7, 100), 999), 0)
    assert [one.tokens[0] for one in store.states] == [100, 200, 0]


def test_a_prefix_gives_way_to_the_one_that_extends_it() -> None:
    store, shelf = stocked(run(50), run(50, 100))
    shelf.put("ann", run(100), b"longer")
    assert {one.tokens for one in store.states} == {run(100), run(50, 100)}
    assert found(shelf, run(40)).prefix.tokens == run(100)
    shelf.put("bob", run(200), b"another's")
    assert len(store.states) == 3


def test_of_two_files_that_extend_each_other_the_longer_is_used() -> None:
    for runs in ((run(50), run(100)), (run(100), run(50))):
        _, shelf = stocked(*runs)
        assert found(shelf, run(40)).prefix.tokens == run(100)


def test_what_vanished_is_forgotten() -> None:
    store, shelf = stocked(run(50), run(100, 500))
    one = found(shelf, run(50))
    store.states.clear()
    assert shelf.take(one) is None
    assert shelf.find("ann", run(50), 0) is None
    assert shelf.wants("ann", run(100, 500), 0)


def test_what_cannot_be_read_is_not_offered_again_though_it_is_there() -> None:
    class Unreadable(Remembered):
        def read(self, prefix: Prefix) -> None:
            return None

    shelf = Shelf(Unreadable(stocked(run(50))[0].states), WORTH)
    assert shelf.take(found(shelf, run(50))) is None
    assert shelf.find("ann", run(50), 0) is None


def test_a_state_that_is_no_good_is_removed() -> None:
    store, shelf = stocked(run(50))
    shelf.drop(found(shelf, run(50)))
    assert not store.states
    assert shelf.find("ann", run(50), 0) is None


def test_states_that_are_too_large_are_made_once() -> None:
    store, shelf = stocked()
    store.largest = 1000
    shelf.put("ann", run(100), b"x" * 1001)
    assert not shelf.wants("ann", run(100, 500), 0)
    assert shelf.wants("ann", run(99, 500), 0)
    assert not store.states


def started(store: Remembered, **sizes: int) -> Driven:
    """A scheduler on an empty backend, as after a restart."""
    return Driven(fake.Backend(**sizes), shelf=Shelf(store, EAGER))  # type: ignore[arg-type]


def save(driven: Driven) -> None:
    while driven.scheduler.save():
        driven.scheduler.audit()
    driven.scheduler.audit()


LONG = request("long", "a long prompt " * 4, 6)


def saved() -> Remembered:
    """A store in which a run of LONG was saved."""
    store = Remembered()
    driven = started(store)
    driven.submit(LONG)
    save(driven.finish())
    assert [one.tokens[: len(LONG.prompt)] for one in store.states] == [LONG.prompt]
    return store


def test_a_prompt_is_read_back_after_a_restart() -> None:
    driven = started(saved())
    driven.submit(LONG)
    driven.finish()
    assert driven.end("long").cached == len(LONG.prompt) - 1
    assert driven.answer("long") == alone(LONG)[0]


def test_a_prompt_that_shares_only_the_beginning_is_read_back_as_far() -> None:
    driven = started(saved())
    other = request("other", "a long prompt a long promise", 6)
    driven.submit(other)
    driven.finish()
    assert driven.end("other").cached == len("a long prompt a long prom")
    assert driven.answer("other") == alone(other)[0]


def test_all_candidates_share_what_was_read_back_once() -> None:
    driven = started(saved())
    several = request("n", "a long prompt " * 4, 3, n=3)
    driven.submit(several)
    driven.finish()
    assert [end.cached for end in driven.ends("n")] == [len(LONG.prompt) - 1] * 3


def test_another_owner_starts_cold() -> None:
    driven = started(saved())
    driven.submit(request("bob's", "a long prompt " * 4, 6, owner="bob"))
    assert driven.finish().end("bob's").cached == 0


def test_what_is_stored_is_not_saved_again() -> None:
    store = saved()
    driven = started(store)
    for name in ("one", "two", "three"):
        driven.submit(request(name, "a long prompt " * 4, 6))
        save(driven.finish())
    assert store.writes == 1


def test_a_prefix_that_is_shared_often_is_saved_although_it_is_short() -> None:
    store = Remembered()
    driven = started(store)
    short = request("one", "abc", 1)
    driven.submit(short)
    save(driven.finish())
    assert not store.states
    driven.submit(request("two", "abc", 1))
    save(driven.finish())
    assert [one.tokens for one in store.states] == [short.prompt]


def test_a_sequence_that_was_shared_leaves_its_id_and_not_its_fame() -> None:
    store = Remembered()
    driven = started(store, sequences=2)
    for name in ("one", "two", "three"):
        driven.submit(request(name, "abc", 1))
        driven.finish()
    for name in ("d", "e", "f"):  # takes both ids
        driven.submit(request(name, name * 3, 1))
        save(driven.finish())
    assert not any(set(one.tokens) & set(b"def") for one in store.states)


def test_one_prefix_is_saved_at_a_time_the_latest_first() -> None:
    store = Remembered()
    driven = started(store)
    for letter in "xyz":
        driven.submit(request(letter, letter * 30, 1))
    driven.finish()
    assert driven.scheduler.save()
    assert len(store.states) == 1
    store.ready = False
    assert not driven.scheduler.save(), "there is more, but not now"
    assert len(store.states) == 1
    store.ready = True
    assert driven.scheduler.save()
    assert not driven.scheduler.save()
    assert [bytes(one.tokens)[:1] for one in store.states] == [b"z", b"y", b"x"]


def test_nothing_is_saved_of_what_was_evicted_meanwhile() -> None:
    store = Remembered()
    driven = started(store, sequences=1)
    driven.submit(request("x", "x" * 30, 1))
    driven.finish()
    driven.submit(request("y", "y" * 30, 1))
    save(driven.finish())
    assert [bytes(one.tokens)[:1] for one in store.states] == [b"y"]


@pytest.mark.parametrize("left", [0, -1, -fake.CELL.size])
def test_a_state_that_does_not_fit_is_dropped_and_the_run_starts_cold(left: int) -> None:
    store = saved()
    for prefix, state in store.states.items():
        store.states[prefix] = state[:left]
    driven = started(store)
    driven.submit(LONG)
    driven.finish()
    assert driven.end("long").cached == 0
    assert driven.answer("long") == alone(LONG)[0]
    assert not store.states


def test_a_state_that_vanishes_when_it_is_read() -> None:
    class Vanishing(Remembered):
        def read(self, prefix: Prefix) -> None:
            return None

    driven = started(Vanishing(saved().states))
    driven.submit(LONG)
    assert driven.finish().end("long").cached == 0


def test_without_an_id_to_spare_nothing_is_read_back() -> None:
    store = saved()
    driven = started(store, sequences=1)
    driven.submit(LONG)
    assert driven.finish().end("long").cached == 0
    assert store.reads == 0


def test_without_cells_for_all_of_it_nothing_is_read_back() -> None:
    short = request("short", "a long prompt", 6)
    store = saved()
    (prefix,) = store.states
    for cells, cached in ((len(prefix.tokens), 12), (len(prefix.tokens) - 1, 0)):
        driven = started(store, cells=cells)
        driven.submit(short)
        assert driven.finish().end("short").cached == cached


def test_what_runs_keeps_its_cells_when_something_is_read_back() -> None:
    """Beside 30 cells that are promised, only 40 are left for the 50 and more stored."""
    store = saved()
    driven = started(store, cells=70)
    driven.submit(request("running", "x" * 20, 10))
    driven.step()
    driven.submit(request("short", "a long prompt", 6))
    driven.finish()
    assert driven.end("short").cached == 0
    assert driven.answer("running") == alone(request("running", "x" * 20, 10))[0]


def test_kept_prefixes_make_room_for_what_is_read_back() -> None:
    store = saved()
    driven = started(store, cells=80)
    driven.submit(request("kept", "k" * 50, 2))
    driven.finish()
    driven.submit(LONG)
    driven.finish()
    assert driven.end("long").cached == len(LONG.prompt) - 1


def test_what_is_read_back_takes_the_place_of_what_it_extends() -> None:
    driven = started(saved())
    driven.submit(request("tiny", "a ", 1))
    driven.finish()
    assert len(driven.scheduler._memory._prefixes.cached) == 1
    driven.submit(LONG)
    driven.finish()
    assert len(driven.scheduler._memory._prefixes.cached) == 1


def test_nothing_is_read_for_a_run_that_does_not_fit_yet() -> None:
    store = saved()
    driven = started(store, cells=150)
    driven.submit(request("running", "x" * 60, 20))
    driven.step()
    driven.submit(request("large", "a long prompt " * 4, 20))
    driven.step()
    assert store.reads == 0
    driven.finish()
    assert store.reads == 1


def test_who_fits_only_because_a_neighbour_runs_shares_with_that_one() -> None:
    store = Remembered()
    first = started(store)
    first.submit(request("first", "x" * 20 + "y" * 30, 1))
    save(first.finish())
    driven = Driven(fake.Backend(cells=80), shelf=Shelf(store, replace(EAGER, spared=25)))
    driven.submit(request("runs", "x" * 20, 6))
    while not driven.answer("runs"):
        driven.step()
    asked = request("asks", "x" * 20 + "y" * 40, 2)
    driven.submit(asked)
    driven.finish()
    assert driven.end("asks").cached == 20
    assert driven.answer("asks") == alone(asked)[0]
    assert store.reads == 0


def test_a_prompt_on_disk_does_not_wait_for_a_neighbour_that_shares_less() -> None:
    driven = started(saved())
    driven.submit(request("slow", "a long" + "x" * 90, 4))
    driven.step()
    driven.submit(LONG)
    driven.step()
    assert "long" in {job.request.request_id for job in driven.scheduler._running.values()}
