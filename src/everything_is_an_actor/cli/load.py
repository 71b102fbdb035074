"""From `MODULE:FLOW` to the flow, from `MODULE` to the module."""

import importlib
import pkgutil
import sys
from inspect import getattr_static
from pathlib import Path
from sysconfig import get_path
from traceback import extract_tb
from types import ModuleType
from typing import Any, Final

from everything_is_an_actor.algebra.arguments import is_agent
from everything_is_an_actor.algebra.similar import did_you_mean
from everything_is_an_actor.cli.messages import headline
from everything_is_an_actor.cli.usage import BadUsage
from everything_is_an_actor.flow import Flow

_THEIRS: Final = (
    Path(__file__).parents[1],
    *(Path(get_path(name)) for name in ("stdlib", "platstdlib", "purelib", "platlib")),
)
"""Where code is that is none of the user's."""


class ImportFailed(BadUsage):
    """A module was found, and raised while it was imported: `__cause__` says what."""


def load(target: str) -> Flow[Any, Any]:
    """The flow that `target` names, such as `myapp.flows:answer`.

    The current directory is searched before the installed packages. The types of the flow are
    those of the program that defines it: hence the `Any`. Raises `BadUsage`.
    """
    module_name, attributes = _parsed(target)
    value: object = _imported(module_name, target)
    place = module_name
    for name in attributes:
        value, place = _attribute(value, name, place), f"{place}:{name}"
    if not isinstance(value, Flow):
        raise BadUsage(f"{target} is not a flow, but {_described(value, attributes[-1])}")
    return value


def load_module(name: str, option: str) -> ModuleType:
    """The module that an option names, such as `myapp.agents`. Raises `BadUsage`."""
    if _is_path(name) or not all(part.isidentifier() for part in name.split(".")):
        hint = f" Did you mean {_dotted(name)}?" if _is_path(name) else ""
        raise BadUsage(f"{option}: expected a module, such as myapp.agents, got {name!r}.{hint}")
    return _imported(name, name)


def _parsed(target: str) -> tuple[str, list[str]]:
    module, _, path = target.partition(":")
    names = path.split(".")
    if _is_path(module) or not all(name.isidentifier() for name in [*module.split("."), *names]):
        hint = ""
        if _is_path(module):
            hint = f" Did you mean {_dotted(module)}:{path or 'FLOW'}?"
        raise BadUsage(
            f"expected a document, such as pipeline.yaml, or MODULE:FLOW, such as "
            f"myapp.flows:answer, got {target!r}.{hint}",
        )
    return module, names


def _is_path(module: str) -> bool:
    return module.endswith(".py") or "/" in module or "\\" in module


def _dotted(path: str) -> str:
    return ".".join(path.removesuffix(".py").replace("\\", "/").split("/")).strip(".")


def _imported(name: str, target: str) -> ModuleType:
    if "" not in sys.path:
        sys.path.insert(0, "")
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{name}.".startswith(f"{error.name}."):
            raise _import_failed(name, error) from error
        raise BadUsage(_not_found(name, error.name, target)) from None
    except (Exception, SystemExit) as error:
        raise _import_failed(name, error) from error


def _import_failed(name: str, error: BaseException) -> ImportFailed:
    hint = ""
    if isinstance(error, SystemExit):
        hint = " (is there a call outside of `if __name__ == '__main__'`?)"
    return ImportFailed(f"importing {name} failed{_where(error)}: {headline(error)}{hint}")


def _where(error: BaseException) -> str:
    """The last line of the user's own code on the way to an error."""
    if isinstance(error, SyntaxError):  # it says that itself
        return ""
    where = ""
    for line in extract_tb(error.__traceback__):
        file = Path(line.filename)
        if file.exists() and not any(map(file.is_relative_to, _THEIRS)):
            where = f" in line {line.lineno} of {file.name}"
    return where


def _not_found(name: str, missing: str, target: str) -> str:
    package, _, last = missing.rpartition(".")
    if not package:
        known = {module.name for module in pkgutil.iter_modules([str(Path.cwd())])}
        similar = did_you_mean(missing, known, form=target.replace(missing, "{}", 1))
        return (
            f"there is no module {name!r} in the current directory "
            f"or among the installed packages.{similar}"
        )
    parent = sys.modules[package]
    if not hasattr(parent, "__path__"):
        return f"there is no module {name!r}: {package} is a module, not a package."
    known = {module.name for module in pkgutil.iter_modules(parent.__path__)}
    rest = target.removeprefix(missing)
    similar = did_you_mean(last, known, form=f"{package}.{{}}{rest}")
    return f"there is no module {last!r} in the package {package}.{similar}"


def _attribute(value: object, name: str, place: str) -> object:
    try:
        return getattr(value, name)
    except AttributeError:
        pass
    except Exception as error:
        raise BadUsage(f"{name!r} cannot be had from {place}: {headline(error)}.") from None
    names = [known for known in dir(value) if not known.startswith("_")]
    flows = [known for known in names if isinstance(getattr_static(value, known, None), Flow)]
    form = f"{place}{'.' if ':' in place else ':'}{{}}"
    hint = did_you_mean(name, flows, form) or did_you_mean(name, names, form)
    if not hint and flows:
        hint = f" Its flows are {', '.join(flows)}."
    elif not hint:
        hint = " It has no flows."
    raise BadUsage(f"there is no {name!r} in {place}.{hint}")


def _described(value: object, name: str) -> str:
    """What a value is, and how a flow is made of it."""
    kind = f"{'an' if type(value).__name__[0] in 'aeiouAEIOU' else 'a'} {type(value).__name__}"
    if is_agent(value):
        return f"an agent. Make a flow of it in its module: agent({name})."
    if isinstance(value, type):
        return f"the class {name}."
    if isinstance(value, ModuleType):
        return "a module. Name a flow in it."
    if callable(value):
        return (
            f"{kind}. Make a flow of it in its module: pure({name}), or {name}() if it builds one."
        )
    return f"{kind}."
