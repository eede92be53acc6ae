"""Runs the benchmark: histories, sides, questions, ingest, and what is written about them."""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import report
from bench.chart import svg
from bench.ingest import ingest
from bench.machine import machine
from bench.measuring import Plan, Run
from bench.questions import QUESTIONS
from bench.sides.limits import MEMORY
from bench.spending import Spending, processor_seconds

RESULTS = Path(__file__).parent / "results"
SIDES = ("userops", "posthog_shape", "duckdb", "pandas")


@dataclass(frozen=True)
class Options:
    """What the command line chose."""

    events: Sequence[int] = (1_000_000,)
    only: Sequence[str] = ()
    sides: Sequence[str] = SIDES
    keep: Path | None = None
    out: Path = RESULTS
    with_ingest: bool = True
    cold: Sequence[str] = ("userops",)
    memory_mb: int = 4096


def question_names() -> list[str]:
    return [each.name for each in QUESTIONS]


def run(options: Options) -> dict[str, Any]:
    """Measure, write `latest.json`, `latest.md` and `latest.svg`, answer the JSON."""
    os.environ[MEMORY] = str(options.memory_mb)
    facts = machine()
    with ExitStack() as stack:
        folder = options.keep
        if folder is None:
            made = stack.enter_context(tempfile.TemporaryDirectory(prefix="userops-bench-"))
            folder = Path(made)
        sizes = [_one_size(options, folder.absolute(), events) for events in sorted(options.events)]
    found = report.document(facts, sizes)
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "latest.json").write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n")
    (options.out / "latest.md").write_text(report.markdown(found), encoding="utf-8")
    (options.out / "latest.svg").write_text(svg(sizes[-1]), encoding="utf-8")
    return found


def _one_size(options: Options, folder: Path, events: int) -> dict[str, Any]:
    begun, worked, spending = time.monotonic(), processor_seconds(), Spending()

    def tell(text: str) -> None:
        wall, work = time.monotonic() - begun, processor_seconds() - worked
        print(f"[{wall:6.1f} s, CPU {work:6.1f} s] {text}", file=sys.stderr, flush=True)

    questions = [each for each in QUESTIONS if not options.only or each.name in options.only]
    own = folder / f"{events}"
    measured = Run(Plan(own, events, questions, options.sides, options.cold, tell, spending))()
    ingested = None
    if options.with_ingest and "userops" in options.sides:
        with tempfile.TemporaryDirectory(prefix="userops-bench-") as name:
            ingested = ingest(measured, Path(name), tell, spending)
    tell("done")
    return report.result_of(measured, ingested, spending.parts)
