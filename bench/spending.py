"""What a run itself costs: wall time and processor time of the whole tree of processes, part by part."""

from __future__ import annotations

import os
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


class Spending:
    """Adds up parts that follow each other; a name may come back."""

    def __init__(self) -> None:
        self._seconds: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])

    @contextmanager
    def on(self, part: str) -> Iterator[None]:
        begun, worked = time.monotonic(), processor_seconds()
        try:
            yield
        finally:
            spent = self._seconds[part]
            spent[0] += time.monotonic() - begun
            spent[1] += processor_seconds() - worked

    @property
    def parts(self) -> dict[str, dict[str, float]]:
        return {
            part: {"seconds": wall, "cpu_seconds": worked}
            for part, (wall, worked) in self._seconds.items()
        }


def processor_seconds() -> float:
    """Of this process, of its children and theirs: those that run and those that have been waited for."""
    children = _children()
    ticks = _spent(Path("/proc/self/stat").read_text())
    waiting = list(children[os.getpid()])
    while waiting:
        child, spent = waiting.pop()
        ticks += spent
        waiting += children[child]
    return ticks / TICK


def _children() -> defaultdict[int, list[tuple[int, int]]]:
    """Process → its children, each with what it spent."""
    found: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                stat = (folder / "stat").read_text()
            except OSError:  # it has ended meanwhile
                continue
            parent = int(stat.rpartition(")")[2].split()[1])
            found[parent].append((int(folder.name), _spent(stat)))
    return found


def _spent(stat: str) -> int:
    """Ticks of a process and of its children that were waited for: `utime` to `cstime` of proc(5)."""
    return sum(map(int, stat.rpartition(")")[2].split()[11:15]))
