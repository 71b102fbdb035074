"""Which laws are checked on which subjects: what the tests here run, and what the table shows."""

from everything_is_an_actor.algebra.laws import FLOW
from everything_is_an_actor.algebra.laws.analyses import DRAWN, SOUNDNESS
from everything_is_an_actor.algebra.laws.bounds import BOUNDS, EQUAL_BOUNDS
from everything_is_an_actor.algebra.laws.documents import DOCUMENTS
from everything_is_an_actor.algebra.laws.folds import AGREEMENT as PROGRAMS_AGREE
from everything_is_an_actor.algebra.laws.folds import FOLDS
from everything_is_an_actor.algebra.laws.free_effects import FREE
from everything_is_an_actor.algebra.laws.interpreter import AGREEMENT, INTERPRETER
from everything_is_an_actor.algebra.laws.law import CALLS, RuleSet
from everything_is_an_actor.testing.agreement import agreeing
from everything_is_an_actor.testing.analyses import DRAWINGS, on_bounds, on_checker
from everything_is_an_actor.testing.documents import (
    FORMATS,
    JSON,
    on_documents,
    through_documents,
)
from everything_is_an_actor.testing.interpreters import DryRuns, Reference
from everything_is_an_actor.testing.on_a_loop import ACTORS
from everything_is_an_actor.testing.program_handlers import (
    FOLDED_LEDGER,
    FOLDED_LIVE,
    FOLDED_MODEL,
)
from everything_is_an_actor.testing.program_runs import (
    FAILING_LIVE_AND_MODEL,
    LIVE,
    LIVE_AND_MODEL,
    MODEL_RUNS,
    SCRIPTED,
    SCRIPTED_AND_OTHERS,
)
from everything_is_an_actor.testing.streams import STREAMS
from everything_is_an_actor.testing.subjects import ON_PAPER, Subject, on_interpreter

REFERENCE = Reference()
ON_REFERENCE = on_interpreter(REFERENCE)
ON_DRY_RUNS = on_interpreter(DryRuns())
ON_ACTORS = on_interpreter(ACTORS)
ON_STREAMS = on_interpreter(STREAMS)
ON_CALLS_OF_STREAMS = on_interpreter(STREAMS, observing=CALLS)
ON_DOCUMENTS = on_interpreter(through_documents(JSON, ACTORS))
AGREE = (
    agreeing(DryRuns(), REFERENCE),
    agreeing(ACTORS, REFERENCE),
    agreeing(STREAMS, REFERENCE),
    *(agreeing(through_documents(format, ACTORS), REFERENCE) for format in FORMATS),
)

type Suite = tuple[RuleSet, tuple[Subject, ...]]

FLOWS: Suite = (
    FLOW,
    (ON_REFERENCE, ON_DRY_RUNS, ON_ACTORS, ON_STREAMS, ON_DOCUMENTS, ON_PAPER),
)
MORPHISMS: Suite = (INTERPRETER, (ON_REFERENCE, ON_DRY_RUNS, ON_ACTORS, ON_CALLS_OF_STREAMS))
INTERPRETERS_AGREE: Suite = (AGREEMENT, AGREE)
READ_AND_WRITTEN: Suite = (DOCUMENTS, tuple(map(on_documents, FORMATS)))
BOUNDED: Suite = (BOUNDS, (on_bounds(REFERENCE), on_bounds(ACTORS)))
BOUNDED_ALIKE: Suite = (EQUAL_BOUNDS, (on_bounds(REFERENCE),))
SOUND: Suite = (SOUNDNESS, (on_checker(),))
SHOWN: Suite = (DRAWN, DRAWINGS)
PROGRAMS: Suite = (FREE, (LIVE, MODEL_RUNS, SCRIPTED))
FOLDED: Suite = (FOLDS, (FOLDED_LIVE, FOLDED_MODEL, FOLDED_LEDGER))
PROGRAMS_RUN_ALIKE: Suite = (
    PROGRAMS_AGREE,
    (LIVE_AND_MODEL, FAILING_LIVE_AND_MODEL, SCRIPTED_AND_OTHERS),
)

SUITES = (
    FLOWS,
    MORPHISMS,
    INTERPRETERS_AGREE,
    READ_AND_WRITTEN,
    BOUNDED,
    BOUNDED_ALIKE,
    SOUND,
    SHOWN,
    PROGRAMS,
    FOLDED,
    PROGRAMS_RUN_ALIKE,
)
