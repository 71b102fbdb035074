"""`zip`, `zip_all`, `each` and `traverse`: concurrent children, of which every one has to succeed.

When one fails, the others are cancelled and awaited; then the first error in time is raised.
"""

from __future__ import annotations

from array import array
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, override

import pytest

from everything_is_an_actor.flow import each, identity, pure, traverse, zip_all
from tests.flow.worlds import (
    HANGS,
    Actors,
    AnyFlow,
    Does,
    World,
    hangs,
    leaf,
    says,
)


def zipped(*flows: AnyFlow) -> AnyFlow:
    return zip_all(*flows)


def each_of_copies(*flows: AnyFlow) -> AnyFlow:
    n = len(flows)
    return pure(lambda x: (x,) * n).flat_map(each(*flows))


def traversed(*flows: AnyFlow) -> AnyFlow:
    """A traverse whose body is another flow for each element."""
    n = len(flows)
    body: AnyFlow = identity().bind(lambda pair: pure(lambda p: p[1]) >> flows[pair[0]])
    return pure(lambda x: [(i, x) for i in range(n)]).flat_map(traverse(body))


def traversed_two_at_a_time(*flows: AnyFlow) -> AnyFlow:
    n = len(flows)
    body: AnyFlow = identity().bind(lambda pair: pure(lambda p: p[1]) >> flows[pair[0]])
    return pure(lambda x: [(i, x) for i in range(n)]).flat_map(traverse(body, max_concurrency=3))


type Product = Callable[..., AnyFlow]

products = pytest.mark.parametrize(
    "product", [zipped, each_of_copies, traversed, traversed_two_at_a_time]
)


@products
def test_the_children_run_concurrently_and_their_values_are_in_order(
    world: World, product: Product
) -> None:
    outcome = world.run(product(says("a", 1, 3.0), says("b", 2, 1.0), says("c", 3, 2.0)), "x")
    assert (outcome.value, outcome.seconds) == ((1, 2, 3), 3.0)
    assert outcome.calls == ["b('x') completed", "c('x') completed", "a('x') completed"]


@products
def test_when_one_fails_the_others_are_cancelled_and_its_error_is_raised(
    world: World, product: Product
) -> None:
    outcome = world.run(product(hangs("a"), says("b", KeyError("b"), 1.0), says("c", 3, 2.0)), "x")
    assert type(outcome.error) is KeyError
    assert outcome.error.args == ("b",)
    assert outcome.seconds == 1.0
    assert outcome.calls == ["a('x') cancelled", "b('x') failed", "c('x') cancelled"]


@products
def test_the_first_error_in_time_is_raised(world: World, product: Product) -> None:
    flow = product(
        says("a", OSError(), 2.0), says("b", KeyError(), 1.0), says("c", ValueError(), 3)
    )
    outcome = world.run(flow, "x")
    assert type(outcome.error) is KeyError
    assert outcome.seconds == 1.0


@products
@pytest.mark.parametrize("after", [0.0, 1.0])
def test_of_errors_at_the_same_instant_the_leftmost_is_raised(
    world: World, product: Product, after: float
) -> None:
    flow = product(hangs("a"), says("b", KeyError("b"), after), says("c", OSError("c"), after))
    outcome = world.run(flow, "x")
    assert type(outcome.error) is KeyError
    assert outcome.seconds == after


@products
def test_one_that_fails_at_once_does_not_keep_the_others_from_starting(
    world: World, product: Product
) -> None:
    outcome = world.run(product(says("a", KeyError()), says("b", 1), hangs("c")), "x")
    assert outcome.calls == ["a('x') failed", "b('x') completed", "c('x') cancelled"]


@products
def test_a_child_that_has_succeeded_already_changes_nothing(world: World, product: Product) -> None:
    outcome = world.run(product(says("a", 1), says("b", 2, 1.0), says("c", KeyError(), 2.0)), "x")
    assert type(outcome.error) is KeyError
    assert outcome.calls == ["a('x') completed", "b('x') completed", "c('x') failed"]


@products
def test_a_failure_is_handled_where_the_node_is(world: World, product: Product) -> None:
    flow = product(hangs("a"), says("b", KeyError("b"), 1.0)).recover(lambda error: error.args)
    outcome = world.run(flow, "x")
    assert (outcome.value, outcome.seconds) == (("b",), 1.0)


@products
def test_a_failure_that_a_child_handles_itself_concerns_nobody_else(
    world: World, product: Product
) -> None:
    flow = product(says("a", 1, 2.0), says("b", KeyError("b"), 1.0).recover(lambda error: 0))
    assert world.run(flow, "x").value == (1, 0)


@products
def test_cancelled_siblings_are_in_the_middle_of_a_flow_of_their_own(
    world: World, product: Product
) -> None:
    long = says("a", 1, 1.0) >> says("b", 2, 1.0) >> says("c", 3, 1.0)
    outcome = world.run(product(long, says("d", KeyError(), 1.5)), 0)
    assert outcome.calls == ["a(0) completed", "d(0) failed", "b(1) cancelled"]
    assert outcome.seconds == 1.5


@products
def test_it_is_cut_short_by_a_timeout_around_it(world: World, product: Product) -> None:
    outcome = world.run(product(hangs("a"), says("b", 1, 1.0), says("c", 2, 9.0)).timeout(2.0), 0)
    assert isinstance(outcome.error, TimeoutError)
    assert outcome.calls == ["b(0) completed", "a(0) cancelled", "c(0) cancelled"]


class TestSiblingsThatDoNotGoQuietly:
    """Only actors have them."""

    world = Actors()

    @products
    def test_one_that_resists_for_a_while_is_awaited(self, product: Product) -> None:
        flow = product(hangs("a", resists=5.0), says("b", KeyError("b"), 1.0))
        outcome = self.world.run(flow, 0)
        assert type(outcome.error) is KeyError
        assert outcome.seconds == 6.0
        assert [call.end for call in outcome.called] == [1.0, 6.0]

    @products
    def test_what_one_raises_while_it_is_cancelled_is_a_note_on_the_first_error(
        self, product: Product
    ) -> None:
        flow = product(
            hangs("a", instead=OSError("broken")),
            says("b", KeyError("b"), 1.0),
            hangs("c", resists=2.0, instead=ValueError("late")),
        )
        outcome = self.world.run(flow, 0)
        assert type(outcome.error) is KeyError
        notes = [note for note in outcome.notes if note.startswith("while it was cancelled")]
        assert [note.rpartition(" raised ")[2] for note in notes] == [
            "OSError('broken')",
            "ValueError('late')",
        ]

    @products
    def test_what_one_yields_in_spite_of_its_cancellation_is_dropped(
        self, product: Product
    ) -> None:
        flow = product(hangs("a", instead="a value"), says("b", KeyError("b"), 1.0))
        assert type(self.world.run(flow, 0).error) is KeyError

    @products
    @pytest.mark.parametrize("fatal", [MemoryError("m"), KeyboardInterrupt("k"), SystemExit(3)])
    def test_a_fatal_error_raised_during_cancellation_goes_through(
        self, product: Product, fatal: BaseException
    ) -> None:
        flow = product(hangs("a", instead=fatal), says("b", KeyError("b"), 1.0))
        outcome = self.world.run(flow.recover(str), 0)
        assert type(outcome.error) is type(fatal)
        assert outcome.error.args == fatal.args


class TestZip:
    def test_both_flows_take_the_same_input(self, world: World) -> None:
        flow = leaf("a", lambda x: x + 1).zip(leaf("b", lambda x: x * 10))
        assert world.run(flow, 4).value == (5, 40)
        assert world.run(leaf("a", str) & leaf("b", hex), 4).value == ("4", "0x4")

    def test_a_tuple_is_an_input_like_any_other(self, world: World) -> None:
        assert world.run(identity().zip(pure(len)), (1, 2)).value == ((1, 2), 2)
        assert world.run(zip_all(identity(), pure(len)), (1, 2)).value == ((1, 2), 2)

    def test_nested_zips_nest_their_values(self, world: World) -> None:
        a, b, c = says("a", 1), says("b", 2, 1.0), says("c", 3)
        assert world.run(a.zip(b).zip(c), 0).value == ((1, 2), 3)
        assert world.run(zip_all(a, b, c), 0).value == (1, 2, 3)


class TestEach:
    flow = each(leaf("a", lambda x: x + 1), leaf("b", str))

    def test_the_ith_element_goes_to_the_ith_flow(self, world: World) -> None:
        outcome = world.run(self.flow, (1, 2))
        assert outcome.value == (2, "2")
        assert outcome.calls == ["a(1) completed", "b(2) completed"]

    @pytest.mark.parametrize("elements", [(), (1,), (1, 2, 3)])
    def test_another_number_of_elements_is_a_value_error_that_names_both(
        self, world: World, elements: tuple[int, ...]
    ) -> None:
        outcome = world.run(self.flow, elements)
        assert type(outcome.error) is ValueError
        assert f"2 flows need a tuple of 2 elements, got {len(elements)}" in str(outcome.error)
        assert outcome.calls == []

    @pytest.mark.parametrize("value", [[1, 2], "ab", 1, None])
    def test_an_input_that_is_no_tuple_is_a_type_error(self, world: World, value: Any) -> None:
        outcome = world.run(self.flow, value)
        assert type(outcome.error) is TypeError
        assert f"got {type(value).__name__}" in str(outcome.error)


class Weekdays(Sequence[str]):
    """A sequence that is not one of the builtins."""

    names = ("Monday", "Tuesday")

    @override
    def __getitem__(self, i: Any) -> Any:
        return self.names[i]

    @override
    def __len__(self) -> int:
        return len(self.names)


bounds = pytest.mark.parametrize("bound", [None, 1, 2, 3, 100])


class TestTraverse:
    @bounds
    @pytest.mark.parametrize(
        "items", [[3, 1, 2], (3, 1, 2), array("i", [3, 1, 2]), deque([3, 1, 2])]
    )
    def test_the_results_are_in_the_order_of_the_elements(
        self, world: World, bound: int | None, items: Any
    ) -> None:
        body = leaf("a", lambda n: Does(n * 10, float(n)))
        assert world.run(traverse(body, max_concurrency=bound), items).value == (30, 10, 20)

    @bounds
    @pytest.mark.parametrize("empty", [[], (), "", range(0)])
    def test_an_empty_sequence_has_an_empty_result(
        self, world: World, bound: int | None, empty: Any
    ) -> None:
        outcome = world.run(traverse(hangs("a"), max_concurrency=bound), empty)
        assert (outcome.value, outcome.calls) == ((), [])

    @bounds
    def test_any_sequence_will_do(self, world: World, bound: int | None) -> None:
        flow = traverse(pure(len), max_concurrency=bound)
        assert world.run(flow, Weekdays()).value == (6, 7)
        assert world.run(traverse(pure(ord), max_concurrency=bound), "ab").value == (97, 98)
        assert world.run(traverse(pure(bool), max_concurrency=bound), range(2)).value == (
            False,
            True,
        )

    @bounds
    @pytest.mark.parametrize("value", [iter([1]), (n for n in [1]), {1}, {1: 2}, 5, None])
    def test_what_is_no_sequence_is_a_type_error(
        self, world: World, bound: int | None, value: Any
    ) -> None:
        outcome = world.run(traverse(pure(str), max_concurrency=bound), value)
        assert type(outcome.error) is TypeError
        assert f"must be a sequence, got {type(value).__name__}" in str(outcome.error)

    def test_without_a_bound_all_run_at_once(self, world: World) -> None:
        outcome = world.run(traverse(leaf("a", lambda n: Does(n, 2.0))), range(50))
        assert outcome.seconds == 2.0

    @pytest.mark.parametrize(
        ("bound", "seconds"), [(1, 24.0), (2, 12.0), (3, 8.0), (5, 6.0), (12, 2.0), (99, 2.0)]
    )
    def test_never_more_run_at_a_time_than_max_concurrency(
        self, world: World, bound: int, seconds: float
    ) -> None:
        body = leaf("a", lambda n: Does(n, 2.0))
        outcome = world.run(traverse(body, max_concurrency=bound), range(12))
        assert outcome.seconds == seconds
        spans = [(call.start, call.end) for call in outcome.called]
        at_a_time = [sum(a <= at < b for a, b in spans) for at, _ in spans]
        assert max(at_a_time) == min(bound, 12)

    def test_a_place_that_is_free_is_taken_at_once(self, world: World) -> None:
        body = leaf("a", lambda n: Does(n, float(n)))
        outcome = world.run(traverse(body, max_concurrency=2), [5, 1, 2, 1, 4])
        assert {call.input: call.start for call in outcome.called if call.input != 1} == {
            5: 0.0,
            2: 1.0,
            4: 4.0,
        }
        assert outcome.seconds == 8.0

    @pytest.mark.parametrize("bound", [1, 2, 3])
    def test_after_a_failure_no_element_is_begun(self, world: World, bound: int) -> None:
        def script(n: int) -> Does:
            return Does(ValueError(n) if n == 2 else n, 2.0 + n / 8)

        outcome = world.run(traverse(leaf("a", script), max_concurrency=bound), range(10))
        assert outcome.error.args == (2,)
        begun = {call.input for call in outcome.called}
        assert begun == set(range(3)) | set(range(bound + 2 if bound > 1 else 3))

    @pytest.mark.parametrize("bound", [1, 2, 3])
    def test_after_a_failure_at_once_no_element_is_begun_in_its_place(
        self, world: World, bound: int
    ) -> None:
        flow = traverse(leaf("a", in_place(0, ValueError("first"))), max_concurrency=bound)
        outcome = world.run(flow, range(10))
        assert outcome.error.args == ("first",)
        assert len(outcome.called) == bound

    def test_a_failure_cancels_the_elements_that_run(self, world: World) -> None:
        script = in_place(1, Does(ValueError("one"), 3.0))
        outcome = world.run(traverse(leaf("a", script), max_concurrency=3), range(10))
        assert outcome.seconds == 3.0
        assert outcome.calls == ["a(0) cancelled", "a(1) failed", "a(2) cancelled"]

    @pytest.mark.parametrize("bound", [None, 1, 64])
    def test_ten_thousand_elements(self, world: World, bound: int | None) -> None:
        body = leaf("a", lambda n: Does(n + 1, 1.0 if n % 1000 == 0 else 0.0))
        outcome = world.run(traverse(body, max_concurrency=bound), range(10_000))
        assert outcome.value == tuple(range(1, 10_001))

    def test_the_elements_are_those_that_the_sequence_had_at_the_beginning(
        self, world: World
    ) -> None:
        items = [1, 2, 3]

        def script(n: int) -> Does:
            items.append(n)
            return Does(n, 1.0)

        for bound in (None, 1, 2):
            flow = traverse(leaf("a", script), max_concurrency=bound)
            assert world.run(flow, items).value == (1, 2, 3)
            del items[3:]


def in_place(place: int, does: Any) -> Callable[[int], Any]:
    """Hangs on every input but one."""

    def script(n: int) -> Any:
        return does if n == place else HANGS

    def raised(n: int) -> Any:
        if n == place:
            raise does
        return HANGS

    return raised if isinstance(does, BaseException) else script
