"""How much is generated for one law on one interpreter: a quarter of what the profile says."""

from hypothesis import settings

SETTINGS = settings(max_examples=settings().max_examples // 4)
