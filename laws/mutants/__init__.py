"""What is wrong, each in one way, by what it is that is wrong."""

from collections.abc import Mapping

from laws.mutant import Mutant
from laws.mutants import (
    analyses,
    documents,
    flows,
    interpreters,
    mailbox_lives,
    mailbox_queues,
    mailbox_waiting,
    program_runs,
    programs,
    stores,
    streams,
    supervision,
    virtual_actors,
)

MUTANTS: Mapping[str, tuple[Mutant, ...]] = {
    "flows": flows.MUTANTS,
    "interpreters": interpreters.MUTANTS + streams.MUTANTS,
    "documents": documents.MUTANTS,
    "analyses": analyses.MUTANTS,
    "programs": programs.MUTANTS,
    "runs of programs": program_runs.MUTANTS,
    "mailboxes": mailbox_queues.MUTANTS + mailbox_waiting.MUTANTS + mailbox_lives.MUTANTS,
    "registry stores": stores.MUTANTS,
    "virtual actors": virtual_actors.MUTANTS,
    "supervision": supervision.MUTANTS,
}
