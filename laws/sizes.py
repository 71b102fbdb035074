"""How much is generated for one law on one interpreter: a tenth of what the profile says."""

from hypothesis import settings

SETTINGS = settings(max_examples=settings().max_examples // 10)

FEW = settings(max_examples=settings().max_examples // 20)
"""Where a law is checked on an interpreter that is another one after a detour."""

MANY = settings(max_examples=2 * settings().max_examples)
"""For the one law that stands for all: two interpreters agree."""

SOME = settings(max_examples=settings().max_examples)
"""For programs, as small as they are: an agreement of theirs is quickly seen."""
