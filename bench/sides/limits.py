"""The same limits for all sides: memory of one question, threads."""

from __future__ import annotations

import os
from typing import Any

MEMORY = "USEROPS_QUERY_MEMORY_MB"
"""Set by the benchmark for all its processes; UserOps reads it as its own setting."""
ONCE_MERGED_IS_ENOUGH = {"optimize_skip_merged_partitions": 1}
"""For `optimize … final`: what is one merged part stays as it is."""


def memory_mb() -> int:
    return int(os.environ.get(MEMORY, "4096"))


def threads() -> int:
    return len(os.sched_getaffinity(0))


def engine_limits() -> Any:
    from userops.events.engine import Limits

    return Limits(seconds=3_600, memory_mb=memory_mb())
