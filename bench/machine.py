"""Where the benchmark ran: what a reader needs to compare, nothing that names the machine."""

from __future__ import annotations

import os
import platform
import re
from importlib.metadata import version
from pathlib import Path
from typing import Any


def machine() -> dict[str, Any]:
    """Processor, memory, versions, and how busy it was when the run began."""
    memory = re.search(r"MemTotal:\s+(\d+)", Path("/proc/meminfo").read_text())
    processor = re.search(r"model name\s+:\s+(.+)", Path("/proc/cpuinfo").read_text())
    return {
        "processor": processor[1].strip() if processor else platform.machine(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_gib": round(int(memory[1]) / 2**20) if memory else None,
        "system": f"{platform.system()} {platform.release().split('-')[0]}",
        "load_average": round(os.getloadavg()[0], 1),
        "versions": {
            "userops": version("userops"),
            "python": platform.python_version(),
            **{name: version(name) for name in ("chdb", "duckdb", "pandas")},
        },
    }
