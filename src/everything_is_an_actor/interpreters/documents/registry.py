"""Names for agents, functions and types: how a document refers to what only code can say.

A document never imports, evaluates or calls anything. All that it can do is to name what somebody
has put into a `Registry` beforehand.
"""

import importlib
from collections.abc import Iterator, Mapping
from types import FunctionType, ModuleType
from typing import Final, Literal, get_origin, override

from everything_is_an_actor.algebra.arguments import (
    callable_name,
    is_agent,
    need_label,
    shown,
    without_caller,
)
from everything_is_an_actor.algebra.flow import Flow
from everything_is_an_actor.algebra.leaves import need_agent
from everything_is_an_actor.algebra.plain import name_of

type Role = Literal["agent", "function", "type", "error type"]
"""What a name is wanted as."""

ROLES: Final[tuple[Role, ...]] = ("agent", "function", "type", "error type")


class Registry(Mapping[str, object]):
    """Agents, functions and types by name, and their names by them. Immutable.

    Made by `of` and `from_module`, or from a mapping that says which name is whose; `|` joins two.
    Wherever a registry is wanted, a plain mapping serves as well.

    Raises `TypeError` for what is no agent, function or type, `ValueError` for two things of one
    name.

    >>> names = Registry.of(len, ValueError) | {"shout": str.upper}
    >>> names["len"], names.name_of(str.upper)
    (<built-in function len>, 'shout')
    >>> Registry({"len": len}) | {"len": max}
    Traceback (most recent call last):
        ...
    ValueError: Registry: two things are named 'len': builtins.len and builtins.max
    """

    __slots__ = ("_known", "_names", "_things")

    def __init__(self, things: Mapping[str, object] | None = None) -> None:
        if not isinstance(things, Mapping | None):
            raise TypeError(
                f"Registry: expected a mapping of names, got {shown(things)} "
                f"({type(things).__name__}): Registry.of takes things by themselves"
            )
        self._things: dict[str, object] = {}
        self._names: dict[object, str] = {}
        self._known: dict[int, str] = {}  # by the `id` of a thing
        for name, thing in (things or {}).items():
            self._add(name, thing)

    @classmethod
    def of(cls, *things: object) -> "Registry":
        """The things by their own names: the `__name__` of a class or function.

        Raises `TypeError` for what has none, such as a lambda.

        >>> Registry.of(len, list[int])
        Registry({'len': len, 'list[int]': list[int]})
        """
        made = cls()
        for thing in things:
            name = own_name(thing)
            if name is None:
                raise TypeError(
                    f"Registry.of: {described(thing)} has no name of its own: "
                    f"give it one, Registry({{'name': ...}})"
                )
            made._add(name, thing)
        return made

    @classmethod
    def from_module(cls, module: str | ModuleType) -> "Registry":
        """What a module offers: all in its `__all__`, else its own public classes and functions.

        A string names the module, which is imported. What the module has merely imported is not
        offered, so that no document can name it. Raises `ValueError` if it offers nothing, and what
        the import raises.

        >>> sorted(Registry.from_module("textwrap"))
        ['TextWrapper', 'dedent', 'fill', 'indent', 'shorten', 'wrap']
        """
        if isinstance(module, str):
            module = importlib.import_module(module)
        if not isinstance(module, ModuleType):
            raise TypeError(
                f"Registry.from_module: expected a module or its name, "
                f"got {shown(module)} ({type(module).__name__})"
            )
        listed: object = getattr(module, "__all__", None)
        if isinstance(listed, list | tuple):
            named = {name: getattr(module, name) for name in listed}
            offered = {name: thing for name, thing in named.items() if _is_nameable(thing)}
            lack = "there is no class or function in its `__all__`"
        else:
            offered = {
                name: thing
                for name, thing in vars(module).items()
                if not name.startswith("_")
                and _is_nameable(thing)
                and getattr(thing, "__module__", None) == module.__name__
            }
            lack = (
                "it defines no public class or function, "
                "and what it imports it offers only by its `__all__`"
            )
        if not offered:
            raise ValueError(f"Registry.from_module: {module.__name__} offers nothing: {lack}")
        return cls(offered)

    def name_of(self, thing: object) -> str | None:
        """The name of a thing, the first if it has several; `None` if it has none."""
        name = self._known.get(id(thing))
        if name is not None:
            return name
        try:
            return self._names.get(thing)  # a bound method is another object each time
        except Exception:  # it has no hash
            return None

    def misfit(self, name: str, role: Role) -> str | None:
        """Why what goes by a name cannot be used in a role, and what to do; `None` if it can.

        >>> Registry.of(len).misfit("len", "agent")
        'len is a function, not an agent: use it by `pure: len`'
        """
        thing = self[name]
        try:
            match role:
                case "agent":
                    need_agent("agent", "", thing, instead="")
                case "function":
                    if is_agent(thing):
                        hint = f"use it as a step, `agent: {name}`"
                        return f"{name} is an agent, not a function: {hint}"
                case "type" | "error type":
                    if not isinstance(thing, type):
                        return f"{name} is no type: name a class"
                    isinstance(None, thing)
                    if role == "error type" and not issubclass(thing, Exception):
                        return f"{name} is no type of errors: name a class of exceptions"
        except TypeError as error:
            if role == "agent" and not (isinstance(thing, type) or is_agent(thing)):
                return f"{name} is a function, not an agent: use it by `pure: {name}`"
            return f"{name} is no {role}{str(error) and f': {without_caller(error)}'}"
        except Exception as error:  # of its own code
            return f"{name} cannot be looked at: {type(error).__name__}"
        return None

    def _add(self, name: str, thing: object) -> None:
        need_label("Registry", "a name", name)
        if not _is_nameable(thing):
            hint = ": a sub-flow has its place under `flows:` of the document"
            raise TypeError(
                f"Registry: {name!r} must be an agent, a function or a type, "
                f"got {shown(thing)} ({type(thing).__name__})"
                f"{hint if isinstance(thing, Flow) else ''}"
            )
        if name in self._things and self._things[name] is not thing:
            raise ValueError(
                f"Registry: two things are named {name!r}: "
                f"{described(self._things[name])} and {described(thing)}"
            )
        self._things[name] = thing
        self._known.setdefault(id(thing), name)
        try:
            self._names.setdefault(thing, name)
        except Exception:  # it has no hash, and is known by its identity alone
            return

    @override
    def __getitem__(self, name: str) -> object:
        return self._things[name]

    @override
    def __iter__(self) -> Iterator[str]:
        return iter(self._things)

    @override
    def __len__(self) -> int:
        return len(self._things)

    def __or__(self, other: Mapping[str, object]) -> "Registry":
        if not isinstance(other, Mapping):
            return NotImplemented
        joined = Registry(self)
        for name, thing in other.items():
            joined._add(name, thing)
        return joined

    def __ror__(self, other: Mapping[str, object]) -> "Registry":
        return NotImplemented if not isinstance(other, Mapping) else Registry(other) | self

    @override
    def __repr__(self) -> str:
        things = ", ".join(f"{name!r}: {name_of(self[name])}" for name in self)
        return f"Registry({{{things}}})"


class Anything(Registry):
    """A registry that has every name, for every role: by it a document is looked at alone."""

    __slots__ = ()

    @override
    def __getitem__(self, name: str) -> object:
        if name not in self._things:
            self._things[name] = type("Anything", (Exception,), {})
        return self._things[name]

    @override
    def misfit(self, name: str, role: Role) -> str | None:
        return None


def registered(things: Mapping[str, object]) -> Registry:
    """A mapping as a registry. Raises `TypeError` or `ValueError` as `Registry` does."""
    if isinstance(things, Registry):
        return things
    if not isinstance(things, Mapping):
        raise TypeError(f"expected a Registry or a mapping of names, got {shown(things)}")
    return Registry(things)


def own_name(thing: object) -> str | None:
    """The name that a thing goes by where nobody has given it another."""
    if get_origin(thing) is not None:
        return callable_name(thing)
    name: object = getattr(thing, "__name__", None)
    return name if isinstance(name, str) and name.isidentifier() else None


def module_name(thing: object) -> str | None:
    """The `__name__` of a class or function that is defined in a module, and is no builtin."""
    if not isinstance(thing, type | FunctionType) or thing.__module__ == "builtins":
        return None
    name = thing.__name__
    return name if name.isidentifier() and thing.__qualname__ == name else None


def described(thing: object) -> str:
    """A thing by its module and name, if it has them; else what it is."""
    name = getattr(thing, "__qualname__", None)
    module = getattr(thing, "__module__", None) or getattr(
        getattr(thing, "__objclass__", None), "__module__", None
    )
    if not isinstance(name, str):
        return shown(thing)
    if name.endswith("<lambda>"):
        return "a lambda"
    return f"{module}.{name}" if isinstance(module, str) else name


def _is_nameable(thing: object) -> bool:
    return callable(thing) and not isinstance(thing, Flow)
