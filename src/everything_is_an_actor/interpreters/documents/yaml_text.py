"""YAML as a syntax of documents: read in `yaml_reader.py`, written in `yaml_writer.py`."""

from everything_is_an_actor.interpreters.documents.yaml_reader import parse_yaml
from everything_is_an_actor.interpreters.documents.yaml_writer import yaml_text

__all__ = ["parse_yaml", "yaml_text"]
