"""What every command does about errors that may happen to any."""

import traceback
from collections.abc import Callable
from functools import wraps

from everything_is_an_actor.cli.load import ImportFailed
from everything_is_an_actor.cli.messages import say
from everything_is_an_actor.cli.output import OutputError, ReaderGoneError
from everything_is_an_actor.cli.usage import FAILED, INTERRUPTED, READER_GONE, BadUsage


def answering[**P](command: Callable[P, int]) -> Callable[P, int]:
    """`command`, which answers with an exit code also when it is stopped, or cannot write.

    Where a module fails while it is imported, it shows where, if it was asked `with_traceback`.
    """

    @wraps(command)
    def answered(*args: P.args, **kwargs: P.kwargs) -> int:
        try:
            return command(*args, **kwargs)
        except ImportFailed as error:
            if not kwargs.get("with_traceback") or error.__cause__ is None:
                raise BadUsage(f"{error} (--traceback shows more)") from None
            traceback.print_exception(error.__cause__)
            raise
        except OutputError as error:
            say(str(error))
            return FAILED
        except ReaderGoneError:
            return READER_GONE
        except KeyboardInterrupt:
            say("interrupted")
            return INTERRUPTED

    return answered
