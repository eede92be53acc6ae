"""One size of history: load every side, ask every question of every side in turn, compare the answers."""

from __future__ import annotations

import json
import os
import statistics
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from bench.blank import Blank, make_blank
from bench.floor import floor
from bench.history import History, make
from bench.process import Process, SideFailed, forget_cached_pages, wait_until_quiet, write_out
from bench.question import Question, Rows, same
from bench.sides import someone
from bench.spending import Spending

PANDAS_UP_TO = 1_000_000
ROUNDS = 5
PATIENCE_SECONDS = {"small": 0.5, "large": 6.0}
"""A side that needs longer for a question gets fewer rounds of it, but two at least; histories of up to
1 M events are small."""
STEADY = 1.1
"""Rounds end early where the slowest of the last ones took at most so many times the fastest."""
STEADY_ROUNDS = 3
TOO_SLOW_SECONDS = 30.0
"""Such a side is asked once."""
LOADED = "loaded"
Tell = Callable[[str], None]


class AnswersDiffer(Exception):  # noqa: N818
    """Two sides answer the same question differently: nothing they say may be published."""


@dataclass(frozen=True)
class Plan:
    """What to do at one size."""

    folder: Path
    events: int
    questions: Sequence[Question]
    sides: Sequence[str]
    cold: Sequence[str] = ("userops",)
    tell: Tell = print
    spending: Spending = field(default_factory=Spending)


@dataclass
class Measured:
    """What came out, as plain values."""

    history: History
    blank: Blank | None = None
    questions: dict[str, dict[str, Any]] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)
    failed: dict[str, dict[str, str]] = field(default_factory=dict)
    """Question → side → what it said."""
    loads: dict[str, dict[str, Any]] = field(default_factory=dict)
    facts: dict[str, dict[str, Any]] = field(default_factory=dict)
    raw: dict[str, float] = field(default_factory=dict)


class Run:
    """Carries out a plan."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.processes: dict[str, Process] = {}

    def __call__(self) -> Measured:
        plan, part = self.plan, self.plan.spending.on
        plan.tell(f"{plan.events:,} events: writing the history")
        with part("history, empty folder"), ThreadPoolExecutor(1) as beside:
            blank = beside.submit(self._blank)
            history = make(plan.folder / "history", plan.events)
            os.environ[someone.HISTORY] = str(history.folder)
            self.measured = Measured(history, blank.result())
        try:
            with part("loading"):
                self._start()
                self._load()
            with part("cold questions, memory"):
                self._ask_cold()
            with part("opening"):
                self._open()
            for question in plan.questions:
                self._ask_warm(question)
            with part("sizes, floor"):
                self._look_around()
            with part("raw inserts"):
                self._insert_raw()
        finally:
            with part("closing"):
                for process in self.processes.values():
                    process.close()
        return self.measured

    def _blank(self) -> Blank | None:
        return make_blank(self.plan.folder / "blank") if "userops" in self.plan.sides else None

    @property
    def sides(self) -> list[str]:
        return [
            side for side in self.plan.sides if side != "pandas" or self.plan.events <= PANDAS_UP_TO
        ]

    def _start(self) -> None:
        """One process a side: it loads and is asked cold in parts of itself, and opens nothing before."""
        for side in self.sides:
            self.processes[side] = Process(side, self.plan.folder / side)
        for process in self.processes.values():
            process.ready()

    def _load(self) -> None:
        """Fill the folders that are empty: UserOps alone, because that is measured, then the others at once
        while it settles."""
        sides = [side for side in self.sides if side != "pandas"]
        with ThreadPoolExecutor(len(sides) or 1) as together:
            filling = []
            for side in sorted(sides, key="userops".__ne__):
                loaded = threading.Event()
                filling.append(together.submit(self._fill, side, loaded))
                if side == "userops":
                    loaded.wait()
            for each in filling:
                each.result()

    def _fill(self, side: str, loaded: threading.Event) -> None:
        """`loaded` tells that nothing that is measured goes on any more."""
        facts = {**asdict(self.measured.history), "folder": str(self.measured.history.folder)}
        process = self.processes[side]
        folder = process.folder
        mark = folder / LOADED
        try:
            if not mark.exists():
                self.plan.tell(f"loading {side}")
                if side == "userops" and self.measured.blank:
                    self.measured.blank.copy(folder)
                with process.parted():
                    said = process.call("load", folder=str(folder), history=facts)
                    loaded.set()
                    begun = time.perf_counter()
                    process.call("settle")
                said["settled"] = time.perf_counter() - begun
                mark.write_text(json.dumps(said))
        finally:
            loaded.set()
        self.measured.loads[side] = json.loads(mark.read_text())

    def _ask_cold(self) -> None:
        """Each question in a process of its own, its files dropped from the page cache."""
        for side in self.plan.cold:
            if side not in self.sides or side == "pandas":
                continue
            self.plan.tell(f"cold questions to {side}")
            write_out(self.processes[side].folder)
            for question in self.plan.questions:
                self._one_cold(self.processes[side], question)

    def _one_cold(self, process: Process, question: Question) -> None:
        forget_cached_pages(process.folder)
        with process.parted():
            process.call("open", folder=str(process.folder))
            if process.call("can", question=question.name):
                return
            with process.watched() as peak:
                try:
                    said = process.call("ask", question=question.name)
                except SideFailed as wrong:
                    self.plan.tell(f"{question.name}, cold: {wrong}")
                    return
        entry = self.measured.questions.setdefault(question.name, {})
        entry[f"{process.side}_cold_ms"] = said["ms"]
        key = "peak_mb" if process.side == "userops" else f"{process.side}_peak_mb"
        entry[key] = round(peak[0], 1)

    def _open(self) -> None:
        """All sides at once: opening is not what is measured."""
        with ThreadPoolExecutor(len(self.sides)) as together:
            list(together.map(self._open_one, self.processes.values()))

    def _open_one(self, process: Process) -> None:
        if process.side == "pandas":
            self.plan.tell("loading pandas")
            facts = {**asdict(self.measured.history), "folder": str(self.measured.history.folder)}
            self.measured.loads["pandas"] = process.call("load", folder="", history=facts)
        else:
            process.call("open", folder=str(process.folder))

    def _ask_warm(self, question: Question) -> None:
        """Rounds in turn over all sides; the median of each side's rounds counts."""
        asked = {}
        for side, process in self.processes.items():
            why = process.call("can", question=question.name)
            if not why:
                asked[side] = process
            elif side == "userops":
                self.measured.skipped[question.name] = why
                self.plan.tell(f"{question.name}: skipped, {why}")
                return
        first = {side: self._ask(question, side) for side in asked}
        times = {side: [answer] for side, answer in first.items() if answer is not None}
        _compare(question, {side: answers[0]["rows"] for side, answers in times.items()})
        spent = {side: answers[0]["ms"] / 1000 for side, answers in times.items()}
        patience = PATIENCE_SECONDS["small" if self.plan.events <= PANDAS_UP_TO else "large"]
        for number in range(ROUNDS):
            most = TOO_SLOW_SECONDS if number == 0 else patience
            for side in [each for each in times if spent[each] < most and not _steady(times[each])]:
                wait_until_quiet()
                answer = self._ask(question, side)
                if answer is None:
                    del times[side]
                    continue
                times[side].append(answer)
                spent[side] += answer["ms"] / 1000
        entry = self.measured.questions.setdefault(question.name, {})
        for side, answers in times.items():
            # the first one warms what the others share
            counted = answers[1:] or answers
            for figure in ("ms", "cpu_ms"):
                entry[f"{side}_{figure}"] = statistics.median(each[figure] for each in counted)
        told = ", ".join(f"{side} {entry[f'{side}_ms']:.1f}" for side in times)
        self.plan.tell(f"{question.name}: {told} ms")

    def _ask(self, question: Question, side: str) -> dict[str, Any] | None:
        """None of a side that runs out of memory or time, or breaks: it has no figure, the others go on."""
        try:
            with self.plan.spending.on(f"warm questions to {side}"):
                answer: dict[str, Any] = self.processes[side].call("ask", question=question.name)
        except SideFailed as wrong:
            self.plan.tell(f"{question.name}: {side} FAILED: {wrong}")
            self.measured.failed.setdefault(question.name, {})[side] = str(wrong)[:400]
            if not self.processes[side].alive:
                self.processes.pop(side).close()
            return None
        return answer

    def _look_around(self) -> None:
        """Sizes and floors."""
        for side, process in self.processes.items():
            self.measured.facts[side] = process.call("facts")
        files = self.measured.facts.get("userops", {}).pop("files", None)
        if files is None:
            return
        for question in self.plan.questions:
            if question.name in self.measured.questions:
                found = floor(question, files)
                entry = self.measured.questions[question.name]
                entry["floor_ms"], entry["floor_bytes"] = found["ms"], found["bytes"]

    def _insert_raw(self) -> None:
        """What the engine takes in by itself."""
        raw = self.processes.get("userops")
        if raw is None:
            return
        self.plan.tell("raw insert rate of the engine")
        rows = min(self.plan.events, 400_000)
        self.measured.raw = {
            "blocks_of_500": raw.call("raw", size=500, blocks=min(rows // 500, 60)),
            "large_blocks": raw.call(
                "raw", size=min(rows, 200_000), blocks=max(rows // 200_000, 1)
            ),
        }


def _steady(answers: Sequence[Mapping[str, Any]]) -> bool:
    """Whether more rounds would say the same; the first one warms and does not count."""
    last = [each["ms"] for each in answers[1:]][-STEADY_ROUNDS:]
    return len(last) == STEADY_ROUNDS and max(last) <= STEADY * min(last)


def _compare(question: Question, answers: dict[str, Rows]) -> None:
    """Raises `AnswersDiffer` when any two sides do not agree."""
    if not answers:
        return
    (one, expected), *others = answers.items()
    for side, rows in others:
        if not same(expected, rows):
            sample = [row for row in expected if row not in rows][:3]
            other = [row for row in rows if row not in expected][:3]
            raise AnswersDiffer(
                f"{question.name}: {one} answers {len(expected)} rows, {side} {len(rows)};"
                f" only {one}: {sample}, only {side}: {other}"
            )


__all__ = ["AnswersDiffer", "Measured", "Plan", "Run", "SideFailed"]
