"""What a function or an agent takes and gives, read off its annotations without calling it.

A callable of any sort becomes an `Arrow`: two terms, which may share type variables. Annotations
are whatever somebody has written, and looking at them may run their code (a `__getattr__`, a string
that names what does not exist). An annotation that cannot be read is one that says nothing; the
arrow then says why, and no error leaves this module.
"""

import inspect
import sys
import typing
from collections.abc import AsyncIterable, Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum, EnumType
from functools import cache, partial
from inspect import CO_ASYNC_GENERATOR, CO_COROUTINE, Parameter
from types import BuiltinMethodType, FunctionType, MethodDescriptorType, MethodType, SimpleNamespace
from typing import Any, NewType, final, get_origin

from everything_is_an_actor.interpreters.generic_builtins import (
    BOUND_METHODS,
    CONSTRUCTORS,
    FUNCTIONS,
    METHODS,
    OVERLOADS,
    Annotated,
)
from everything_is_an_actor.interpreters.hint_terms import SELF, Term, Terms, parameters
from everything_is_an_actor.interpreters.lineage import Lineage


@dataclass(frozen=True, slots=True)
class Arrow:
    """From `input` to `output`. Of what is unknown in them, `unchecked` says why.

    `arity` is empty if the callable can be called with one argument, else it says what it takes.
    Each member of what flows in goes to the first of the `overloads` that takes it, if any does.
    """

    input: Term
    output: Term
    unchecked: str = ""
    arity: str = ""
    overloads: "tuple[Arrow, ...]" = ()


@final
@dataclass(frozen=True, slots=True)
class Field:
    """A member that is read, and may be set."""

    hint: Term
    is_settable: bool


@final
@dataclass(frozen=True, slots=True)
class Method:
    """A member that is called: what it takes by position, of which so many are needed, and gives.

    `rest` is what it takes after those, if it does; of a coroutine function `output` is the result.
    What it takes by keyword only may be left out.
    """

    taken: tuple[Term, ...]
    output: Term
    needed: int
    rest: Term | None
    is_coroutine: bool
    has_keywords: bool


@final
@dataclass(frozen=True, slots=True)
class Absent:
    """The class certainly has no such member."""


@final
@dataclass(frozen=True, slots=True)
class Unclear:
    """There may be one, of which not all is known."""


type Member = Field | Method | Absent | Unclear


class Signatures:
    """Reads arrows, each once."""

    def __init__(self, terms: Terms, lineage: Lineage) -> None:
        self._terms = terms
        self._lineage = lineage
        # With what it was read of, so that no other object takes its identity meanwhile.
        self._known: dict[tuple[int, bool], tuple[object, Arrow]] = {}

    def function(self, fn: Callable[..., Any]) -> Arrow:
        """The arrow of a function, class or object that is called with one argument."""
        known = self._known.get((id(fn), False))
        if known is None:
            known = self._known[id(fn), False] = fn, self._safely(self._function, fn)
        return known[1]

    def agent(self, target: Callable[..., Any]) -> Arrow:
        """The arrow of a leaf: of its `execute`, or of an `async def`."""
        known = self._known.get((id(target), True))
        if known is None:
            known = self._known[id(target), True] = target, self._safely(self._agent, target)
        return known[1]

    def result(self, fn: Callable[..., Any]) -> Term:
        """What a function or class gives that is called without arguments."""
        try:
            if _is_class(fn):
                return self._terms.read(fn)
            if _is_hidden(fn):
                return self._terms.unknown
            output = _Annotations(fn, self._terms, self._owned(fn)).of("return")
        except Exception:  # whatever an annotation may raise
            return self._terms.unknown
        return self._terms.unknown if output is None else output

    def member(self, term: Term, name: str, itself: Term) -> "Member":
        """What a class has under a name; `itself` is what it calls `Self`."""
        cls = term.form
        if not isinstance(cls, type) or cls is type:
            return Unclear()
        try:
            return self._member(term, cls, name, itself)
        except Exception:  # whatever an annotation may raise
            return Unclear()

    def _member(self, term: Term, cls: type[Any], name: str, itself: Term) -> "Member":
        owner = next((base for base in cls.__mro__ if name in _said_by(base)), None)
        if owner is None:
            return Unclear() if _may_have(cls, name) else Absent()
        env = {**self._lineage.bindings(term, owner), SELF: itself}
        found = vars(owner).get(name)
        if isinstance(found, property):
            if not isinstance(found.fget, FunctionType) or _is_hidden(found.fget):
                return Unclear()
            output = _Annotations(found.fget, self._terms, env).of("return")
            return Unclear() if output is None else Field(output, found.fset is not None)
        if name in vars(owner).get("__annotations__", ()):
            hint = typing.get_type_hints(owner).get(name, Any)
            made: Any = getattr(owner, "__dataclass_params__", None)
            is_settable = not (getattr(made, "frozen", False) or issubclass(owner, tuple))
            return Field(self._terms.substitute(self._terms.read(hint), env), is_settable)
        skip = 0 if isinstance(found, staticmethod) else 1
        fn = getattr(found, "__func__", found)
        if not isinstance(fn, FunctionType) or _is_hidden(fn):
            return Unclear()
        return self._method(fn, env, skip)

    def _method(self, fn: FunctionType, env: dict[Any, Term], skip: int) -> "Member":
        annotations = _Annotations(fn, self._terms, env)
        taken = _without_self(list(inspect.signature(fn).parameters.values()), skip)
        output = annotations.of("return")
        optional = (Parameter.VAR_KEYWORD, Parameter.KEYWORD_ONLY)
        if output is None or any(
            each.kind is Parameter.KEYWORD_ONLY and each.default is Parameter.empty
            for each in taken
        ):
            return Unclear()
        positional = [each for each in taken if each.kind not in optional]
        found = [annotations.of(each.name) for each in positional]
        terms = [each for each in found if each is not None]
        if len(terms) < len(found):
            return Unclear()
        rest = positional and positional[-1].kind is Parameter.VAR_POSITIONAL
        return Method(
            tuple(terms[:-1] if rest else terms),
            output,
            sum(each.default is Parameter.empty for each in positional) - bool(rest),
            terms[-1] if rest else None,
            bool(fn.__code__.co_flags & CO_COROUTINE),
            len(positional) < len(taken),
        )

    def _safely(self, read: Callable[[Callable[..., Any]], Arrow], fn: Callable[..., Any]) -> Arrow:
        try:
            return read(fn)
        except Exception as error:  # whatever an annotation may raise
            unknown = self._terms.unknown
            return Arrow(unknown, unknown, f"its annotations raise {type(error).__name__}")

    # ------------------------------------------------------------------ functions and classes

    def _function(self, fn: Callable[..., Any]) -> Arrow:
        origin: Any = get_origin(fn) or fn
        for known, (input, output) in FUNCTIONS.items():
            if known is origin:
                env = dict(zip(parameters(origin), self._terms.read(fn).args, strict=False))
                arrow = Arrow(self._terms.read(input), self._terms.read(output))
                if origin is fn:
                    return arrow
                return Arrow(self._terms.substitute(arrow.input, env), self._terms.read(fn))
        if isinstance(fn, MethodDescriptorType):
            return self._builtin_method(fn)
        if isinstance(fn, NewType):
            return Arrow(self._terms.read(fn.__supertype__), self._terms.read(fn))
        if isinstance(fn, BuiltinMethodType) and isinstance(fn.__self__, str | bytes):
            bound = BOUND_METHODS.get(type(fn.__self__), {}).get(fn.__name__)
            if bound is not None:
                return Arrow(self._terms.read(bound[0]), self._terms.read(bound[1]))
        if id(fn) in _GENERIC_FUNCTIONS:
            return self._overloaded(_GENERIC_FUNCTIONS[id(fn)])
        if _is_class(fn):
            return self._class(fn)
        arrow = self._annotated(fn, self._owned(fn))
        if not isinstance(fn, FunctionType) or _is_hidden(fn):
            return arrow
        overloads = (self._annotated(each, {}) for each in typing.get_overloads(fn))
        return replace(arrow, overloads=tuple(each for each in overloads if not each.unchecked))

    def _overloaded(self, signatures: Sequence[Annotated]) -> Arrow:
        unknown, read = self._terms.unknown, self._terms.read
        arrows = tuple(Arrow(read(input), read(output)) for input, output in signatures)
        why = "it is known of numbers and texts, not of what it is given here"
        return Arrow(unknown, unknown, why, overloads=arrows)

    def _builtin_method(self, fn: MethodDescriptorType) -> Arrow:
        cls = fn.__objclass__
        given = METHODS.get(cls, {}).get(fn.__name__)
        input = self._terms.bare(cls)
        if given is None:
            return Arrow(input, self._terms.unknown, "its result has no annotation")
        return Arrow(input, self._terms.read(given))

    def _class(self, cls: Callable[..., Any]) -> Arrow:
        """A class is a function from what its constructor takes to itself."""
        origin = get_origin(cls) or cls
        assert isinstance(origin, type)
        made = self._terms.own(origin) if origin is cls else self._terms.read(cls)
        unknown = Arrow(self._terms.unknown, made, "its constructor has no annotations")
        if issubclass(origin, Enum) and type(origin) is EnumType and len(origin):
            return Arrow(self._terms.object, made)
        if type(origin).__call__ is not type.__call__:
            return unknown  # a metaclass may take anything
        constructor = next((c for base, c in CONSTRUCTORS.items() if base is origin), None)
        if constructor is not None:
            return Arrow(self._terms.read(constructor), made)
        for name in ("__init__", "__new__"):
            owner = next(base for base in origin.__mro__ if name in vars(base))
            make = vars(owner)[name]
            make = getattr(make, "__func__", make)
            if isinstance(make, FunctionType):
                env = {**self._lineage.bindings(made, owner), SELF: made}
                arrow = self._annotated(make, env, skip=1)
                why = arrow.unchecked if arrow.input is self._terms.unknown else ""
                return Arrow(arrow.input, made, why, arrow.arity)
        if issubclass(origin, BaseException):
            return Arrow(self._terms.object, made)
        if origin.__init__ is object.__init__ and origin.__new__ is object.__new__:
            return Arrow(self._terms.unknown, made, arity="nothing")
        return unknown

    def _annotated(
        self, fn: Callable[..., Any], env: dict[Any, Term], skip: int = 0, awaited: bool = False
    ) -> Arrow:
        unknown = self._terms.unknown
        if not skip and (name := _bare_parameter(fn)) is not None:
            why = f"its parameter {name} and its result: no annotation"
            return Arrow(unknown, unknown, why)
        fn, is_hidden = _called(fn), _is_hidden(fn)
        try:
            signature = inspect.signature(fn, follow_wrapped=not is_hidden)
            taken = list(signature.parameters.values())
        except (TypeError, ValueError):
            return Arrow(unknown, unknown, _HIDDEN if is_hidden else "it has no signature")
        taken = _without_self(taken, skip)
        if is_hidden:
            return Arrow(unknown, unknown, _HIDDEN, _arity(taken))
        annotations = _Annotations(fn, self._terms, env)
        first = taken[0] if taken and taken[0].kind in _TAKING else None
        input = None if first is None else annotations.of(first.name)
        output = annotations.of("return")
        if output is not None and awaited:
            output = self._awaited(_underlying(fn), output)
        lacking = [f"its parameter {first.name}"] if first is not None and input is None else []
        lacking += ["its result"] if output is None else []
        why = f"{' and '.join(lacking)}: {annotations.problem}" if lacking else ""
        return Arrow(input or unknown, output or unknown, why, _arity(taken))

    def _owned(self, fn: Callable[..., Any]) -> dict[Any, Term]:
        """What the type parameters of the class are whose method this is."""
        while isinstance(fn, partial):
            fn = fn.func
        owner: object = getattr(fn, "__self__", None) if isinstance(fn, MethodType) else fn
        if isinstance(owner, type | FunctionType) or owner is None:
            cls, term = owner, None
        else:
            cls = type(owner)
            term = self._terms.read(getattr(owner, "__orig_class__", cls))
        name = fn.__func__.__name__ if isinstance(fn, MethodType) else "__call__"
        if not isinstance(cls, type):
            return {}
        definer = next((base for base in cls.__mro__ if name in vars(base)), None)
        term = self._terms.bare(cls) if term is None else term
        return {} if definer is None else {**self._lineage.bindings(term, definer), SELF: term}

    # ------------------------------------------------------------------ agents

    def _agent(self, target: Callable[..., Any]) -> Arrow:
        if not _is_class(target):
            return self._annotated(target, self._owned(target), awaited=True)
        cls = get_origin(target) or target
        assert isinstance(cls, type)
        term = self._terms.own(cls) if cls is target else self._terms.read(target)
        arrow: Arrow | None = None
        for owner in cls.__mro__:
            execute = vars(owner).get("execute")
            if execute is None:
                continue
            execute = getattr(execute, "__func__", execute)
            env = {**self._lineage.bindings(term, owner), SELF: term}
            here = self._annotated(execute, env, skip=1, awaited=True)
            arrow = here if arrow is None else self._completed(arrow, here)
            if self._terms.unknown not in (arrow.input, arrow.output):
                break
        assert arrow is not None
        return arrow

    def _completed(self, arrow: Arrow, inherited: Arrow) -> Arrow:
        """What an `execute` without annotations overrides says for it."""
        unknown, nothing = self._terms.unknown, (self._terms.unknown, self._terms.any)
        takes = arrow.input if arrow.input is not unknown else inherited.input
        gives = arrow.output if arrow.output is not unknown else inherited.output
        takes = unknown if takes in nothing and arrow.input is unknown else takes
        gives = unknown if gives in nothing and arrow.output is unknown else gives
        why = arrow.unchecked if unknown in (takes, gives) else ""
        return Arrow(takes, gives, why, arrow.arity)

    def _awaited(self, fn: object, output: Term) -> Term:
        """What is there once the result of an agent's function was awaited, or its chunks."""
        flags = getattr(getattr(fn, "__code__", None), "co_flags", 0)
        if flags & CO_COROUTINE or output is self._terms.any:
            return output
        for member in output.members:  # an `AgentActor` leaves open which of the two it is
            awaitable = self._lineage.view(member, Awaitable)
            if awaitable is not None and not flags & CO_ASYNC_GENERATOR:
                return awaitable.args[0]
        for member in output.members:
            chunks = self._lineage.view(member, AsyncIterable)
            if chunks is not None:
                return self._terms.make(list, chunks.args[0])
        return self._terms.any


class _Annotations:
    """The annotations of a function, each read when it is asked for."""

    def __init__(self, fn: Callable[..., Any], terms: Terms, env: dict[Any, Term]) -> None:
        self._terms = terms
        self._env = env
        self._fn = _underlying(fn)
        found: object = getattr(self._fn, "__annotations__", None)
        self._raw = found if isinstance(found, dict) else {}
        self.problem = "no annotation"

    def of(self, name: str) -> Term | None:
        """The hint of a parameter, or of `return`; `None` if there is none that can be read."""
        if name not in self._raw:
            return None
        holder = SimpleNamespace(__annotations__={name: self._raw[name]})
        try:
            hint = typing.get_type_hints(holder, *self._namespaces(), include_extras=False)[name]
            return self._terms.substitute(self._terms.read(hint), self._env)
        except Exception as error:  # whatever it names, or is
            self.problem = f"the annotation cannot be resolved ({type(error).__name__}: {error})"
            return None

    def _namespaces(self) -> tuple[dict[str, Any], dict[str, Any]]:
        fn = self._fn
        around = getattr(fn, "__globals__", None)
        if around is None:
            around = vars(sys.modules.get(getattr(fn, "__module__", ""), typing))
        bound = (var for var in self._env if isinstance(var, typing.TypeVar) and var is not SELF)
        here = {var.__name__: var for var in bound}
        here |= {var.__name__: var for var in getattr(fn, "__type_params__", ())}
        code, cells = getattr(fn, "__code__", None), getattr(fn, "__closure__", None)
        if code is not None and cells:
            for name, cell in zip(code.co_freevars, cells, strict=False):
                try:
                    here[name] = cell.cell_contents
                except ValueError:  # not yet assigned
                    continue
        return around, here


_GENERIC_FUNCTIONS = {id(fn): signatures for fn, signatures in OVERLOADS.items()}
_HEAP = 1 << 9  # the flag of a class that was made at run time
_HIDDEN = "it is wrapped by a decorator, which may change its type"
_Cached = type(cache(len))
_OF_PYTHON = (FunctionType, MethodType, partial, type, _Cached)
_POSITIONAL = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
_TAKING = (*_POSITIONAL, Parameter.VAR_POSITIONAL)


def _is_class(fn: object) -> bool:
    return isinstance(get_origin(fn) or fn, type)


def _without_self(taken: list[Parameter], skip: int) -> list[Parameter]:
    """What is left to be given; `*args` takes the object as well."""
    takes_all = bool(taken) and taken[0].kind is Parameter.VAR_POSITIONAL
    return taken if takes_all else taken[skip:]


def _said_by(cls: type[Any]) -> set[str]:
    return {*vars(cls), *vars(cls).get("__annotations__", ())}


def _may_have(cls: type[Any], name: str) -> bool:
    """Whether objects may have what their class does not say.

    Some code of it names it, or the class is none of Python's: a namespace has any attribute.
    """
    for base in cls.__mro__:
        if "__getattr__" in vars(base) or isinstance(base.__getattribute__, FunctionType):
            return True
        is_of_python = base.__flags__ & _HEAP and not base.__module__.startswith("_")
        if not is_of_python and base.__module__ != "builtins":
            return True
        for each in vars(base).values():
            fn = each.fget if isinstance(each, property) else getattr(each, "__func__", each)
            code = getattr(inspect.unwrap(fn) if callable(fn) else fn, "__code__", None)
            if name in getattr(code, "co_names", ()):
                return True
    return False


def _called(fn: Callable[..., Any]) -> Callable[..., Any]:
    """What is run if an object is called: the method of its class, whatever it says of itself."""
    if isinstance(fn, _OF_PYTHON) or not callable(fn):
        return fn
    call = inspect.getattr_static(type(fn), "__call__", None)
    return MethodType(call, fn) if isinstance(call, FunctionType) else fn


def _layers(fn: object) -> Iterator[object]:
    """A callable, and what it consists in: a decorator is looked through if it keeps the type."""
    while True:
        yield fn
        if isinstance(fn, partial):
            fn = fn.func
        elif isinstance(fn, MethodType):
            fn = fn.__func__
        elif isinstance(fn, _Cached):
            fn = fn.__wrapped__
        elif callable(fn) and (call := _called(fn)) is not fn:
            fn = call
        else:
            return


def _underlying(fn: object) -> object:
    """The function that has the annotations of a callable."""
    *_, last = _layers(fn)
    return last


def _is_hidden(fn: object) -> bool:
    """Whether a decorator's wrapper stands before the function: it bears its annotations, no more.

    `functools.wraps` copies them from what is wrapped, whatever the wrapper takes and gives.
    """
    last = _underlying(fn)
    own = getattr(last, "__dict__", {})
    return not isinstance(last, type) and ("__wrapped__" in own or "__signature__" in own)


def _bare_parameter(fn: object) -> str | None:
    """The parameter of a plain function of one, without annotations: of most of the lambdas."""
    if not isinstance(fn, FunctionType) or fn.__annotations__ or fn.__dict__:
        return None
    code = fn.__code__
    plain = code.co_argcount == 1 and not code.co_kwonlyargcount
    return code.co_varnames[0] if plain else None


def _arity(taken: list[Parameter]) -> str:
    """What a function takes that cannot be called with one argument; empty if it can."""
    needed = [
        f"{each.name} (by keyword only)" if each.kind is Parameter.KEYWORD_ONLY else each.name
        for each in taken
        if each.default is Parameter.empty
        and each.kind not in (Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD)
    ]
    if not taken or taken[0].kind not in _TAKING:
        return ", ".join(needed) or "nothing"
    extra = [name for name in needed if name != taken[0].name]
    return ", ".join(needed) if extra else ""
