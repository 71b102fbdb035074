"""What the command answers to the shell, and the error that means bad usage."""

DONE = 0
FAILED = 1
BAD_USAGE = 2
INTERRUPTED = 130  # 128 + SIGINT, as a shell has it
READER_GONE = 141  # 128 + SIGPIPE
TERMINATED = 143  # 128 + SIGTERM


class BadUsage(Exception):
    """The arguments cannot be followed; the text says what was expected, what came, what to do."""
