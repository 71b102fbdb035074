"""A pipeline that is written in YAML, and made part of a larger one in Python."""
