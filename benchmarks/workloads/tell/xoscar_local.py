"""By local reference: in the caller's task, under a lock."""

import xoscar as xo

from benchmarks.workloads.tell.xoscar import referring

side = referring(xo.actor_ref)
