"""Asking the questions of a report: each document over the report's period and users, two at a time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import uuid4

from django.db import connection

from userops.analyses.answering import Source
from userops.reports.offered import Answered, answer, is_of_records
from userops.reports.outline import FigurePlan
from userops.reports.subject import Subject

AT_A_TIME = 2
"""As many heavy questions as the engine is given at once."""


@dataclass(frozen=True, slots=True)
class Asked:
    """`wrong`: why there is no answer."""

    answer: Answered | None
    wrong: Exception | None
    seconds: float


def ask(source: Source, subject: Subject, plan: FigurePlan) -> Answered:
    """The answer to a figure's question over the period (or the one before it)."""
    assert plan.ask is not None
    range_ = subject.period.before if plan.before else subject.period.range
    document = {
        "product": subject.product,
        "range": range_.model_dump(mode="json", by_alias=True, exclude_none=True),
        **plan.ask(subject),
    }
    if subject.whom.filters and not plan.everybody and not is_of_records(document):
        document["filters"] = [*document.get("filters", ()), *subject.whom.filters]
    document["range"] = {k: v for k, v in document["range"].items() if k in ("from", "to")}
    return answer(document, source, query_id=uuid4().hex, asker="reports", until=subject.until)


@contextmanager
def asked_ahead(
    source: Source, subject: Subject, plans: Sequence[FigurePlan]
) -> Iterator[Callable[[FigurePlan], Asked]]:
    """Begin all questions in their order; what is yielded waits for one of them.

    Within a transaction they are asked one by one when they are waited for: another thread would not see what
    it wrote.
    """
    if connection.in_atomic_block:
        yield lambda plan: _asked(source, subject, plan)
        return
    pool = ThreadPoolExecutor(AT_A_TIME, "report-figures")
    waiting: dict[str, Future[Asked]] = {
        plan.key: pool.submit(_beside, source, subject, plan) for plan in plans if plan.ask
    }
    try:
        yield lambda plan: waiting[plan.key].result()
    finally:
        pool.shutdown(cancel_futures=True)


def _beside(source: Source, subject: Subject, plan: FigurePlan) -> Asked:
    try:
        return _asked(source, subject, plan)
    finally:
        connection.close()  # it belongs to this thread


def _asked(source: Source, subject: Subject, plan: FigurePlan) -> Asked:
    begun = time.perf_counter()
    found: Answered | None = None
    wrong: Exception | None = None
    try:
        found = ask(source, subject, plan)
    except Exception as why:  # noqa: BLE001 - whoever waits for it raises it
        wrong = why
    return Asked(found, wrong, time.perf_counter() - begun)
