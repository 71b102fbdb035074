"""Programs without actors: by a script of replies, and on models."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from returns.result import Success

from everything_is_an_actor import (
    Actor,
    ActorError,
    ActorNotFoundError,
    ActorRef,
    ActorStoppedError,
    ActorSystem,
    AllForOneStrategy,
    NameInUseError,
    OneForOneStrategy,
    RestartBackoff,
)
from everything_is_an_actor.agents import AgentSystem
from everything_is_an_actor.free import (
    ActorModel,
    ActorOp,
    Free,
    Operation,
    Pure,
    Suspend,
    UnknownActorError,
    UnscriptedAskError,
    ask,
    attempt,
    fold_map,
    get_ref,
    par,
    run_model,
    run_pure,
    run_scripted,
    sequence_diagram,
    sleep,
    spawn,
    stop,
    tell,
    trace_json,
)
from everything_is_an_actor.testing.programs import Counter, counter

A = "/app/a"
MODEL: dict[Any, Any] = {A: counter(), Counter: counter}


class Own(Operation["Own", int]):
    pass


async def asynchronous(path: str, message: object) -> None: ...


# ------------------------------------------------------------------------------------ a script


def test_a_reply_is_that_of_the_path_and_the_message() -> None:
    script = {(A, 1): "one", (A, 2): "two"}
    assert run_scripted(par(ask(A, 2), ask(A, 1)), script).value == ("two", "one")


def test_a_script_may_be_a_function() -> None:
    assert run_scripted(ask(A, [1]), lambda path, message: (path, message)).value == (A, [1])


def test_a_missing_reply_names_the_ask_and_what_there_is() -> None:
    with pytest.raises(UnscriptedAskError) as caught:
        run_scripted(ask(A, 3), {(A, 1): "one", ("/app/b", 2): "two"})
    assert str(caught.value) == (
        "the script has no reply to 3 at /app/a; it has one to 1 at /app/a"
    )
    assert isinstance(caught.value, LookupError)
    assert isinstance(caught.value, ActorError)


@pytest.mark.parametrize("message", [[1], {}, {1}])
def test_a_message_that_can_be_no_key_has_no_reply(message: object) -> None:
    with pytest.raises(UnscriptedAskError, match="it is empty"):
        run_scripted(ask(A, message), {})


@pytest.mark.parametrize("error", [ValueError("no"), asyncio.CancelledError()])
def test_an_exception_in_a_script_is_raised(error: BaseException) -> None:
    with pytest.raises(type(error)):
        run_scripted(ask(A, 1), {(A, 1): error})


def test_what_is_spawned_in_a_script_has_the_path_that_it_would_have() -> None:
    program = spawn(Counter, "c").flat_map(lambda ref: ref.free_ask(1))
    assert run_scripted(program, {("/app/c", 1): 2}, system="app").value == 2


def test_refs_of_one_path_are_equal_in_a_script() -> None:
    left, right = run_scripted(par(get_ref(A), get_ref(A)), {}).value
    assert left == right
    assert hash(left) == hash(right)
    assert left.name == "a"
    assert left.is_alive


async def test_a_ref_of_a_script_is_of_no_use_elsewhere() -> None:
    ref: ActorRef[Any, Any] = run_scripted(get_ref(A), {}).value
    async with ActorSystem("app") as system:
        with pytest.raises(RuntimeError, match=r"exists on paper only.*name the actor by its path"):
            await system.run_free(ref.free_ask(1))


@pytest.mark.parametrize(
    ("script", "text"),
    [
        (3, "script must be a function, got 3"),
        (asynchronous, "a script is pure"),
        ({A: 1}, "a key must be (path, message), got '/app/a'"),
        ({(A,): 1}, "a key must be (path, message)"),
        ({(1, 2): 3}, "a key must be (path, message)"),
    ],
)
def test_what_is_no_script_is_told_at_once(script: Any, text: str) -> None:
    with pytest.raises(TypeError) as caught:
        run_scripted(Pure(1), script)
    assert text in str(caught.value)


# ------------------------------------------------------------------------------------- a model


def test_what_is_told_is_handled_before_what_is_asked_later() -> None:
    ran = run_model(tell(A, 1).then(tell(A, 2)).then(ask(A, 3)), MODEL)
    assert (ran.value, ran.states) == (6, {A: 6})


def test_a_sleep_takes_virtual_time() -> None:
    ran = run_model(par(sleep(1.5), sleep(3600.0)).then(sleep(1.0)), {})
    assert (ran.value, ran.seconds) == (None, 3601.0)


def test_a_failure_restarts_an_actor_with_its_first_state() -> None:
    program = ask(A, 3).then(attempt(ask(A, -1))).then(ask(A, 2))
    assert run_model(program, MODEL).value == 2


def test_an_actor_that_fails_too_often_is_stopped() -> None:
    with pytest.raises(ActorStoppedError, match="it failed with ValueError"):
        run_model(
            get_ref(A).flat_map(lambda a: attempt(a.free_ask(-1)).then(a.free_ask(1))),
            MODEL,
            supervisor_strategy=OneForOneStrategy(max_restarts=0),
        )


def test_names_are_as_in_a_system() -> None:
    twice = spawn(Counter, "c").then(spawn(Counter, "c"))
    with pytest.raises(NameInUseError, match="/app/c is alive"):
        run_model(twice, MODEL, system="app")
    again = spawn(Counter, "c").then(stop("/app/c")).then(spawn(Counter, "c"))
    assert run_model(again, MODEL, system="app").value.path == "/app/c"
    with pytest.raises(ActorNotFoundError):
        run_model(stop(A).then(ask(A, 1)), MODEL)


def test_an_actor_of_another_incarnation_has_stopped() -> None:
    program = get_ref(A).flat_map(lambda a: stop(A).then(a.free_ask(1)))
    with pytest.raises(ActorStoppedError, match="the message came too late"):
        run_model(program, MODEL)


def test_arguments_of_a_spawn_go_to_what_makes_the_model() -> None:
    program = spawn(Counter, "c", args=(40,)).flat_map(lambda c: c.free_ask(2))
    assert run_model(program, MODEL).value == 42
    with pytest.raises(TypeError, match="must be a function that makes an ActorModel of them"):
        run_model(program, {Counter: counter()})
    with pytest.raises(TypeError, match="the model of Counter must be an ActorModel, got 3"):
        run_model(program, {Counter: lambda total: 3})  # type: ignore[dict-item, return-value]  # that is the question


def test_what_the_model_does_not_have_is_named() -> None:
    class Other(Actor[int, int]):
        pass

    with pytest.raises(UnknownActorError, match="no class Other; it has /app/a, class Counter"):
        run_model(spawn(Other, "o"), MODEL)


def test_a_model_that_yields_no_pair_fails_by_a_text_that_says_so() -> None:
    with pytest.raises(TypeError, match=r"the model of /app/a must yield \(state, reply\), got 3"):
        run_model(ask(A, 1), {A: ActorModel(0, lambda state, message: 3)})  # type: ignore[arg-type, return-value]  # that is the question


@pytest.mark.parametrize(
    ("model", "text"),
    [
        (3, "model must map paths and classes to ActorModels"),
        ({A: 3}, "model['/app/a'] must be an ActorModel, got 3"),
        ({A: counter}, "model['/app/a'] must be an ActorModel"),
        ({Counter: 3}, "must be an ActorModel, got 3"),
        ({3: counter()}, "a key must be a path or what is spawned, got 3"),
        ({"app/a": counter()}, "a path is like '/app/counter', got 'app/a'"),
    ],
)
def test_what_is_no_model_is_told_at_once(model: Any, text: str) -> None:
    with pytest.raises((TypeError, ValueError)) as caught:
        run_model(Pure(1), model)
    assert text in str(caught.value)


@pytest.mark.parametrize("receive", [3, asynchronous])
def test_a_model_of_an_actor_is_a_pure_function(receive: Any) -> None:
    with pytest.raises(TypeError, match="receive must be a"):
        ActorModel(0, receive)


@pytest.mark.parametrize(
    "strategy", [3, AllForOneStrategy(), OneForOneStrategy(backoff=RestartBackoff())]
)
def test_a_strategy_that_a_model_cannot_follow_is_refused(strategy: Any) -> None:
    with pytest.raises((TypeError, ValueError), match="run_model"):
        run_model(Pure(1), {}, supervisor_strategy=strategy)


@pytest.mark.parametrize("system", [3, None, "", "a/b"])
def test_a_system_has_a_name(system: Any) -> None:
    with pytest.raises((TypeError, ValueError), match="name must"):
        run_model(Pure(1), {}, system=system)
    with pytest.raises((TypeError, ValueError), match="name must"):
        run_scripted(Pure(1), {}, system=system)


# ------------------------------------------------------------------------------- what is foreign


async def test_an_operation_that_is_not_on_actors_is_refused_by_name() -> None:
    program: Free[Any, int] = Suspend(Own())
    async with ActorSystem() as system:
        with pytest.raises(TypeError, match="is no operation on actors: an Interpreter of your"):
            await system.run_free(program)
    with pytest.raises(TypeError, match="is no operation on actors"):
        run_model(program, {})
    with pytest.raises(TypeError, match="is no operation on actors"):
        run_scripted(program, {})


async def test_what_can_take_no_steps_is_refused_before_anything_is_done() -> None:
    async with ActorSystem("app") as system:
        await system.spawn(Counter, "a")
        with pytest.raises(TypeError, match="trace must be a list"):
            await system.run_free(tell(A, 1), trace=())  # type: ignore[arg-type]  # that is the question
        assert await system.ask(A, 0) == 0


def test_what_is_no_coroutine_cannot_be_run() -> None:
    with pytest.raises(TypeError, match="run_pure: folded must be a coroutine"):
        run_pure(3)  # type: ignore[arg-type]  # that is the question
    with pytest.raises(TypeError, match="interpreter must be an Interpreter, got 3"):
        run_pure(fold_map(Pure(1), 3))  # type: ignore[arg-type]  # that is the question


@pytest.mark.parametrize(
    ("given", "hint"),
    [
        (run_scripted(Pure(1), {}), ": pass its .trace"),
        (Pure(1), ": run the program first"),
        (3, "got 3"),
        ([Success(1)], "a trace is a sequence of Steps"),
    ],
)
def test_what_is_no_trace_is_told(given: Any, hint: str) -> None:
    for made in (trace_json, sequence_diagram):
        with pytest.raises(TypeError) as caught:
            made(given)
        assert hint in str(caught.value)


# ------------------------------------------------------------------------ each way to run one


def scripted(program: Free[ActorOp, Any]) -> Any:
    return run_scripted(program, {}).value


def modelled(program: Free[ActorOp, Any]) -> Any:
    return run_model(program, {}).value


def live(program: Free[ActorOp, Any]) -> Any:
    async def main() -> Any:
        async with AgentSystem() as system:
            return await system.run_free(program)

    return asyncio.run(main())


def deep(step: Callable[[Free[ActorOp, Any]], Free[ActorOp, Any]], depth: int) -> Any:
    program: Free[ActorOp, Any] = Pure(0)
    for _ in range(depth):
        program = step(program)
    return program


def following(n: int) -> Free[ActorOp, int]:
    return Pure(n + 1)


def counting(n: int) -> Free[ActorOp, int]:
    return Pure(n) if n == 100_000 else Pure(n + 1).flat_map(counting)


@pytest.mark.parametrize("run", [scripted, modelled, live])
class TestEveryWayToRun:
    def test_takes_a_program_that_ends_at_once(self, run: Callable[[Any], Any]) -> None:
        assert run(Pure(1)) == 1
        assert run(Pure(1).flat_map(following)) == 2
        assert run(Pure(Pure(1))) == Pure(1)
        assert run(attempt(Pure(1))) == Success(1)
        assert run(par()) == ()

    def test_takes_binds_of_any_depth(self, run: Callable[[Any], Any]) -> None:
        assert run(deep(lambda program: program.flat_map(following), 100_000)) == 100_000
        assert run(counting(0)) == 100_000
        assert run(deep(lambda program: Pure(1).then(program), 100_000)) == 0

    def test_takes_attempts_and_branches_of_any_depth(self, run: Callable[[Any], Any]) -> None:
        assert run(deep(attempt, 100_000).map(lambda _: "done")) == "done"
        assert run(deep(par, 10_000).map(lambda _: "done")) == "done"
