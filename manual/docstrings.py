"""What the reference of the site shows of the source: an extension of Griffe, which reads it.

Our docstrings are prose and examples, as Markdown; Griffe knows an example as one only under a
heading. What of a class has no docstring is left out: its signature says it, or nobody calls it.
"""

import importlib
import re
from collections.abc import Iterator, Sequence
from typing import Any, Final, override

from griffe import (
    Attribute,
    Class,
    Expr,
    ExprName,
    Extension,
    Function,
    Object,
    Parameter,
    ParameterKind,
)

from manual.public import ROOT, names

PUBLIC: Final = {each.name for each in names()}
EXAMPLE: Final = re.compile(r"^>>> .*\n?(?:.+\n?)*", re.MULTILINE)
RECEIVER: Final = "Flow[J, M]"  # of which the class says that it is `self` in its methods
ENOUGH: Final = 3  # flows, to see how the overloads of more go on


class Docstrings(Extension):
    """Fences examples, each from its `>>>` to the next empty line; leaves out what is not told."""

    @override
    def on_object(self, *, obj: Object, **kwargs: Any) -> None:
        if obj.docstring is not None:
            obj.docstring.value = fenced(obj.docstring.value)

    @override
    def on_class(self, *, cls: Class, **kwargs: Any) -> None:
        for name, member in list(cls.members.items()):
            is_special = name.startswith("__") and name != "__init__"
            if is_special or (name != "__init__" and not member.has_docstring):
                del cls.members[name]

        cls.extra["docstrings"]["bases"] = list(bases(cls))

    @override
    def on_attribute(self, *, attr: Attribute, **kwargs: Any) -> None:
        attr.value = number(attr.module.path, attr.value)

    @override
    def on_function(self, *, func: Function, **kwargs: Any) -> None:
        for parameter in func.parameters:
            parameter.default = number(func.module.path, parameter.default)
        func.overloads = shown(func.overloads or []) or None
        receiver = func.parameters[0] if func.parameters else None
        if receiver is not None and receiver.name == "self" and func.docstring is not None:
            func.docstring.value = said_of(receiver) + func.docstring.value


def fenced(text: str) -> str:
    """A docstring as Markdown, its examples in fences.

    >>> fenced("Adds.\\n\\n>>> 1 + 1\\n2").splitlines()
    ['Adds.', '', '```pycon', '>>> 1 + 1', '2', '```']
    """
    return EXAMPLE.sub(lambda found: f"```pycon\n{found[0].rstrip()}\n```\n", text).rstrip()


def bases(cls: Class) -> Iterator[str]:
    """Where those of its bases are that are not of the package, or public in it."""
    for base in cls.bases:
        if isinstance(base, Expr):
            package, _, name = base.canonical_path.rpartition(".")
            if not package.startswith(ROOT) or name in PUBLIC:
                yield base.canonical_path


def number(module: str, value: str | Expr | None) -> str | Expr | None:
    """A default that is a constant of the module, as the number that it is."""
    if isinstance(value, ExprName) and value.name.isupper():
        constant = getattr(importlib.import_module(module), value.name)
        return repr(constant) if isinstance(constant, int | float) else value
    return value


def shown(overloads: Sequence[Function]) -> list[Function]:
    """Those for few flows and for any number of them; how those between read is then clear."""
    return [each for each in overloads if _is_open(each) or _flows(each) <= ENOUGH]


def _is_open(function: Function) -> bool:
    return any(each.kind is ParameterKind.var_positional for each in function.parameters)


def _flows(function: Function) -> int:
    return sum(str(each.annotation).startswith("Flow[") for each in function.parameters)


def said_of(receiver: Parameter) -> str:
    """What `self` is, which a signature does not show, where it is not what it is elsewhere."""
    annotation = str(receiver.annotation or RECEIVER).strip("'\"")
    return "" if annotation == RECEIVER else f"Here `self` is a `{annotation}`.\n\n"
