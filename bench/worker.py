"""The process of one side: reads commands from standard input, one JSON line each, and answers so."""

from __future__ import annotations

import gc
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.history import History
from bench.question import canonical
from bench.questions import BY_NAME
from bench.sides import someone
from bench.sides.side import Side


def _userops() -> Side:
    from bench.sides.userops_side import UserOps

    return UserOps()


def _posthog_shape() -> Side:
    from bench.sides.posthog_shape import PostHogShape

    return PostHogShape()


def _duckdb() -> Side:
    from bench.sides.duckdb_side import DuckDB

    return DuckDB()


def _pandas() -> Side:
    from bench.sides.pandas_side import Pandas

    return Pandas()


SIDES: dict[str, Callable[[], Side]] = {
    "userops": _userops,
    "posthog_shape": _posthog_shape,
    "duckdb": _duckdb,
    "pandas": _pandas,
}


class Worker:
    """The commands."""

    def __init__(self, side: Side) -> None:
        self.side = side

    def load(self, folder: str, history: dict[str, Any]) -> dict[str, Any]:
        return self.side.load(Path(folder), _history(history))

    def settle(self) -> None:
        self.side.settle()

    def open(self, folder: str) -> None:
        self.side.open(Path(folder))

    def can(self, question: str) -> str:
        return self.side.can(BY_NAME[question])

    def ask(self, question: str) -> dict[str, Any]:
        asked = BY_NAME[question]
        begun, worked = time.perf_counter(), time.process_time()
        answer = self.side.run(asked)
        ms = (time.perf_counter() - begun) * 1000
        cpu_ms = (time.process_time() - worked) * 1000
        rows = canonical(self.side.rows(asked, answer))
        return {"ms": ms, "cpu_ms": cpu_ms, "rows": rows}

    def raw(self, size: int, blocks: int) -> float:
        """Rows a second of the engine alone; only UserOps's side has it."""
        rate: float = self.side.raw(size, blocks)  # type: ignore[attr-defined]
        return rate

    def facts(self) -> dict[str, Any]:
        return self.side.facts()

    def join(self) -> None:
        """The end of a part."""
        self.side.close()

    def close(self) -> None:
        self.side.close()


def _history(facts: dict[str, Any]) -> History:
    return History(**{**facts, "folder": Path(facts["folder"])})


def main() -> None:
    # libraries may print: answers go out by a channel of their own
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    side = SIDES[sys.argv[1]]()
    side.prepare()
    worker = Worker(side)
    assert someone.HISTORY in os.environ
    parted = False
    gc.freeze()  # what is loaded stays: parts need not look at it, which would copy it
    print(json.dumps({"answer": "ready"}), file=answers, flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        do = order.pop("do")
        if do == "part":
            # libraries are loaded, nothing is opened: the child goes on as a fresh process, this one waits
            if child := os.fork():
                _, ended = os.waitpid(child, 0)
                if ended:
                    said = {"error": f"the process ended with {ended}"}
                    print(json.dumps(said), file=answers, flush=True)
                continue
            print(json.dumps({"answer": os.getpid()}), file=answers, flush=True)
            parted = True
            continue
        if do == "join" and not parted:  # the child has ended by itself, and that was told
            print(json.dumps({"answer": None}), file=answers, flush=True)
            continue
        try:
            answer = {"answer": getattr(worker, do)(**order)}
        except Exception as wrong:  # noqa: BLE001 - whatever it is, the one who asked must hear it
            answer = {"error": f"{type(wrong).__name__}: {wrong}"[:2_000]}
        print(json.dumps(answer, default=int), file=answers, flush=True)
        if do in {"join", "close"}:
            os._exit(0)  # all is written; taking modules apart takes a second


if __name__ == "__main__":
    main()
