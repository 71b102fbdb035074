"""The pipeline as a document is the pipeline."""

from __future__ import annotations

from pathlib import Path

import examples.ask_docs
from everything_is_an_actor.flow import Registry, from_json, from_yaml, to_json, to_yaml
from examples.ask_docs.flow import ask

DOCUMENT = Path(examples.ask_docs.__file__ or "").with_name("pipeline.yaml")
NAMES = Registry.from_module("examples.ask_docs.names")


def test_the_document_is_the_pipeline() -> None:
    assert from_yaml(DOCUMENT.read_bytes(), NAMES) == ask


def test_the_pipeline_is_written_and_comes_back() -> None:
    assert from_yaml(to_yaml(ask, NAMES), NAMES) == ask
    assert from_json(to_json(ask), NAMES) == ask
