"""Flows as documents: one model, written and read as JSON and YAML, with its JSON Schema."""
