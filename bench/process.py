"""A side's process as the benchmark sees it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SAMPLE_SECONDS = 0.004


class SideFailed(Exception):  # noqa: N818
    """What a side said instead of an answer."""


class Process:
    """Starts the process; `ready` waits until its libraries are loaded. While it is `parted`, what is called
    is called in a child of it, which ends then; the process itself has opened nothing."""

    def __init__(self, side: str, folder: Path) -> None:
        self.side = side
        self.folder = folder
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.worker", side],
            cwd=ROOT,
            env={**os.environ, "USEROPS_DATA": str(folder)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ready(self) -> None:
        self._answer()
        self.asked = self._process.pid

    @contextmanager
    def parted(self) -> Iterator[None]:
        self.asked = int(self.call("part"))
        try:
            yield
        finally:
            self.call("join")
            self.asked = self._process.pid

    def call(self, do: str, **arguments: Any) -> Any:
        """Raises `SideFailed` with what the side said."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps({"do": do, **arguments}) + "\n")
            self._process.stdin.flush()
        except OSError as wrong:
            raise SideFailed(f"the process of {self.side} is gone: {wrong}") from None
        return self._answer()

    def _answer(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise SideFailed(f"the process of {self.side} ended ({self._process.wait()})")
        said = json.loads(line)
        if "error" in said:
            raise SideFailed(f"{self.side}: {said['error']}")
        return said["answer"]

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def memory_mb(self) -> float:
        """Own memory, without mapped files and program code."""
        status = Path(f"/proc/{self.asked}/status").read_text()
        found = re.search(r"RssAnon:\s+(\d+) kB", status)
        return int(found[1]) / 1024 if found else 0.0

    @contextmanager
    def watched(self) -> Iterator[list[float]]:
        """Samples own memory meanwhile; the list gets how far it rose, in MB."""
        peak: list[float] = []
        over = threading.Event()
        before = self.memory_mb()

        def watch() -> None:
            highest = before
            while not over.wait(SAMPLE_SECONDS):
                highest = max(highest, self.memory_mb())
            peak.append(max(highest, self.memory_mb()) - before)

        thread = threading.Thread(target=watch)
        thread.start()
        try:
            yield peak
        finally:
            over.set()
            thread.join()

    def close(self) -> None:
        """Ask it to end, and make sure that it does."""
        try:
            if self.alive:
                self.call("close")
                self._process.wait(60)
        except (SideFailed, OSError, subprocess.TimeoutExpired):
            self._process.kill()
        finally:
            self._process.wait()
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe is not None:
                    pipe.close()


def write_out(folder: Path) -> None:
    """Have the system write what it keeps of a folder's files; cached pages that are not written stay cached."""
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.fdatasync(file.fileno())


def forget_cached_pages(folder: Path) -> None:
    """Have the system drop its cached pages of a folder's files; they are read from the disk then."""
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def wait_until_quiet(seconds: float = 0.01) -> None:
    """A breath, so that what the last question left to be done does not count for the next."""
    time.sleep(seconds)
