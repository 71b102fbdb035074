"""By a local reference: a call that stays in this process, and goes past the mailbox."""

import xoscar as xo

from benchmarks.workloads.ask.xoscar import referring

side = referring(xo.actor_ref)
