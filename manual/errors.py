"""The index of errors: every public one, what it means, what to do, and how it reads.

What it means is what its class says of itself. How it reads is a text that an error had which was
raised just now, on virtual time: by what is written under its name in `provoke.py`.
"""

import inspect
from collections.abc import Iterator

from manual.markdown import code, fence, heading, row, slug
from manual.provoke import provoked
from manual.public import FACES, errors, link

ADVICE: dict[str, str] = {
    "ActorError": "Catch it for whatever the runtime raises of its own; the error of a handler "
    "reaches who asked as it is, and is none of these.",
    "ActorNotFoundError": "See that the actor is alive when its path is used: hold the ref "
    "instead, or spawn it first.",
    "ActorStoppedError": "Nobody will answer any more. Ask another one; let the supervisor restart "
    "instead of stop; or use a virtual actor, which is there whenever it is asked.",
    "AskCycleError": "Let one of the actors `tell` and be told, or call its own method instead of "
    "asking itself. The cycle is in `.paths`.",
    "AskTimeoutError": "The handler may still be at it: its reply will be dropped. Ask with a "
    "longer `timeout`, or see what the actor waits for. Of an ask that may be repeated, do so: "
    "`everything_is_an_actor.plugins.retry`.",
    "MailboxEmptyError": "Await `get`, or look at `empty` before `get_nowait`.",
    "MailboxFullError": "Await `tell`, which waits for room, or give the actor a larger mailbox, "
    'another policy (`"drop_new"`), or less to do.',
    "NameInUseError": "Take another name, or await `join()` of the actor that has it.",
    "AllFailedError": "Its `.exceptions` are the errors in the order of the flows; `except*` takes "
    "them by their types. Give the race a `fallback_to`.",
    "EventDecodeError": "Give it one line of what `event_to_json` or `eiaa run --trace` has "
    "written; of a file, each line by itself.",
    "DocumentError": "Mend the places that it names: all problems are in `.problems`, each with "
    "its path and, of a text, its line and column.",
    "FlowError": "Catch it for whatever the algebra raises of its own; the error of an agent "
    "passes as it is, and is none of these.",
    "FlowFilterError": "The value is in `.value`. Say what happens to such ones: `recover`, or a "
    "`branch_on` in the place of the `filter`.",
    "FlowTimeoutError": "What was given up on has been cancelled. Allow more seconds, where it "
    "says; or go on without it: `fallback_to`, `race`.",
    "LoopLimitError": "The last value is in `.value`. See why the body does not say `Done`; else a "
    "greater `max_iter`, or `None`.",
    "NoBranchError": "Add a case for the type, or one for `object` at the end. mypy finds a case "
    "that is left out of `on(…).on(…)`.",
    "QuorumError": "What did succeed, and the errors of the rest, are in `.result`. Ask for "
    "fewer, or `retry` the flows.",
    "SerializationError": "Give the function a name: a `def` in a module, or an entry in the "
    "registry.",
    "UnknownNameError": "Register what the document names, or take a name that there is.",
    "UnknownActorError": "Add the actor, by its path or its class, to the model.",
    "UnscriptedAskError": "Add the reply to the script; a function for a script can answer "
    "whatever is asked.",
    "DeadlockError": "Somebody waits for what nobody will do: look at what is still pending, most "
    "often an event that is never set or a message that is never sent.",
    "Oops": "Nothing: generated programs fail by it, so that their failures cannot be taken for "
    "real ones.",
    "RedisUnavailableError": "See that the server is there; `patience` says for how long an outage "
    "is waited through. What was being sent in the last moment may have arrived.",
    "RemoteActorError": "Look at the traceback of the other process in `.remote_traceback`; its "
    "type is in `.remote_type`.",
}

HEAD = """# Every error

What the library itself raises, by the module that exports it: what it means, what to do, and how it
reads. Errors of your own agents and handlers reach you as they are, with notes that say where in
the flow or program they arose. Most are also what one would catch without knowing it: a
`TimeoutError`, a `LookupError`, a `ValueError`. Wrong arguments are a `TypeError` or a `ValueError`
in the line that gives them. A `ScriptedError` is what an agent raises in a rehearsal whose script
is a document, where that says that it fails.
"""


def page() -> str:
    """The whole page, in Markdown."""
    return "\n".join(_page())


def _page() -> Iterator[str]:
    yield HEAD
    yield row("error", "is also", "means")
    yield row("---", "---", "---")
    for error in errors():
        yield row(f"[{code(error.__name__)}](#{slug(error.__name__)})", _also(error), _means(error))
    yield ""
    for title, module in FACES.items():
        own = errors(module)
        if own:
            yield heading(2, title)
        for error in own:
            yield from _entry(error, link(module, error.__name__))


def _entry(error: type[Exception], reference: str) -> Iterator[str]:
    name = error.__name__
    yield heading(3, name)
    yield f"**Means** {_means(error)}\n"
    yield f"**Do** {ADVICE[name]}\n"
    example = provoked(error)
    if example is None:
        kinds = (
            each.__name__ for each in errors() if each is not error and issubclass(each, error)
        )
        yield f"**Its kinds** {', '.join(f'[{code(kind)}](#{slug(kind)})' for kind in kinds)}.\n"
    else:
        yield f"**For example**, {example.when}:\n"
        yield fence("text", f"{name}: {example.error}")
    yield f"**Reference** {reference}\n"


def _means(error: type[Exception]) -> str:
    text = inspect.getdoc(error) or ""
    return text.partition("\n")[0]


def _also(error: type[Exception]) -> str:
    known = [
        base for base in error.__mro__[1:] if base.__module__ in ("builtins", "asyncio.queues")
    ]
    nearest = (base for base in known if sum(issubclass(other, base) for other in known) == 1)
    return ", ".join(code(base.__name__) for base in nearest)
