"""What a document may name: the agents, functions and types of the pipeline."""

from examples.ask_docs.agents import (
    CheckCitations,
    KeepLog,
    LookUp,
    Question,
    SayNothingFound,
    Summarise,
    Write,
)
from examples.ask_docs.answer import hedge, readings
from examples.ask_docs.evidence import Confident, Unsure, is_relevant, is_sure
from examples.ask_docs.flow import understood, whole
from examples.ask_docs.search import Search

__all__ = [
    "CheckCitations",
    "Confident",
    "KeepLog",
    "LookUp",
    "Question",
    "SayNothingFound",
    "Search",
    "Summarise",
    "Unsure",
    "Write",
    "hedge",
    "is_relevant",
    "is_sure",
    "readings",
    "understood",
    "whole",
]
