"""Chats with a model that go on where they were left: virtual actors, and Redis below."""
