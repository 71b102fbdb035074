"""Programs of one operation that yield a ref: what the runtime alone knows the types of."""

from typing import Any, Unpack, overload

from everything_is_an_actor.algebra.free import Free, Suspend
from everything_is_an_actor.algebra.leaves import AgentLike, StreamingAgentLike
from everything_is_an_actor.algebra.operations import ActorOp, GetRef, Spawn
from everything_is_an_actor.runtime.behaviour import Behaviour
from everything_is_an_actor.runtime.lifting import AnyLeaf
from everything_is_an_actor.runtime.ref import ActorRef
from everything_is_an_actor.runtime.spawning import SpawnOptions, maker, need_options
from everything_is_an_actor.runtime.task import Task, TaskResult


@overload
def spawn[M, R](
    cls: type[Behaviour[M, R]], name: str, **options: Unpack[SpawnOptions]
) -> Free[ActorOp, ActorRef[M, R]]: ...
@overload
def spawn[I, O](
    cls: AgentLike[I, O], name: str, **options: Unpack[SpawnOptions]
) -> Free[ActorOp, ActorRef[Task[I], TaskResult[O]]]: ...
@overload
def spawn[I, C](
    cls: StreamingAgentLike[I, C], name: str, **options: Unpack[SpawnOptions]
) -> Free[ActorOp, ActorRef[Task[I], TaskResult[list[C]]]]: ...
def spawn(
    cls: type[Behaviour[Any, Any]] | AnyLeaf, name: str, **options: Unpack[SpawnOptions]
) -> Free[ActorOp, ActorRef[Any, Any]]:
    """Start an actor at the top of the system, and yield its ref; as `ActorSystem.spawn`.

    Raises `TypeError` or `ValueError` for what can be no class, name or option, at once; when run
    what `ActorSystem.spawn` raises.

    >>> from everything_is_an_actor import Actor
    >>> class Greeter(Actor[str, str]):
    ...     async def on_receive(self, message: str) -> str:
    ...         return f"hello, {message}"
    >>> spawn(Greeter, "greeter", mailbox_size=10)
    spawn(Greeter, 'greeter', mailbox_size=10)
    """
    need_options("spawn", options)
    maker("spawn", cls, options.get("args", ()), options.get("kwargs"))
    return Suspend(Spawn(cls, name, options.items()))


def get_ref(path: str) -> Free[ActorOp, ActorRef[Any, Any]]:
    """The living actor at `path`, when it is its turn; what it takes is not known here.

    Raises `TypeError` for what is no path, at once; when run `ActorNotFoundError`.

    >>> get_ref("/app/greeter").flat_map(lambda greeter: greeter.free_ask("Ada"))
    get_ref('/app/greeter').flat_map(<lambda>)
    """
    return Suspend(GetRef(path))
