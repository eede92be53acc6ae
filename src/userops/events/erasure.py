"""Erase one person (PIPL, GDPR): their events, ids, profile and refused rows, physically, with proof.

All of it happens in one batch of the batch protocol, while no other batch is written. A crash in
between leaves the person's ids in place, so erasing again finishes the work. The same id sent later
starts as a new person: its old number is never used again. What stays are the numbers of the messages
(`taken`), which tell nothing of the person: a message that is sent again does not bring them back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction

from userops.errors import NotFound, Refused, StoreFailed
from userops.events import facts, persons
from userops.events.batches import SYNC
from userops.events.engine import Engine
from userops.events.identity import CACHE, chunks, uids_of
from userops.events.mentions import remove_from_file, rows_that_mention, without_persons
from userops.events.models import (
    Erasure,
    ImportRun,
    Merge,
    Product,
    Profile,
    QualityReport,
    QuarantinedRow,
    UserId,
)
from userops.events.rollups import touching
from userops.events.store import Store
from userops.words import Words

DELETIONS: tuple[tuple[str, str], ...] = (
    ("events", "product = {product:UInt32} and uid in {uids:Array(UInt32)}"),
    (
        "people",
        """product = {product:UInt32}
            and (uid in {uids:Array(UInt32)} or person in {uids:Array(UInt32)})""",
    ),
    ("profiles", "product = {product:UInt32} and person in {uids:Array(UInt32)}"),
    ("facts", "product = {product:UInt32} and uid in {uids:Array(UInt32)}"),
)
"""The engine's tables and which of their rows belong to a person. Constants of ours; only values vary."""


@dataclass(frozen=True)
class _Traces:
    """Where a person is found: everything that erasing has to remove."""

    product: int
    uids: list[int]
    ids: list[str]

    @classmethod
    def of(cls, product: int, person: int) -> _Traces:
        uids = uids_of(product, person)
        rows = UserId.objects.filter(product=product, uid__in=uids)
        return cls(product, uids, list(rows.values_list("distinct_id", flat=True)))

    def rows(self) -> dict[str, Any]:
        """The rows of the operational database, by table."""
        mine = {"product": self.product, "uid__in": self.uids}
        merges = Merge.objects.filter(**mine) | Merge.objects.filter(
            product=self.product, into__in=self.uids
        )
        refused = rows_that_mention(self.product, self.ids)
        return {
            "user_ids": UserId.objects.filter(**mine),
            "user_profiles": Profile.objects.filter(**mine),
            "merges": merges,
            "refused_rows": QuarantinedRow.objects.filter(pk__in=refused),
        }

    def parameters(self) -> dict[str, Any]:
        return {"product": self.product, "uids": self.uids}

    def count(self, engine: Engine, table: str, which: str) -> int:
        # table and condition are constants of ours; only numbers vary
        sql = f"select count() from {table} where {which}"  # noqa: S608
        return int(engine.value(sql, self.parameters()))


def erase(store: Store, product: Product, person: int, asked_by: str) -> Erasure:
    """Erase the person that the uid `person` belongs to; answers the proof.

    Raises `NotFound` when there is no such person, `Refused` while an import of the product runs,
    and `StoreFailed` when something of the person is left, which leaves the ids in place.
    """
    with store.batches.idle():
        # for good, whatever becomes of the rest: rows that are half gone are counted from the events
        touching.touch_users(store.engine, product.pk, uids_of(product.pk, person))
        return _erase(store, product, person, asked_by)


def _erase(store: Store, product: Product, person: int, asked_by: str) -> Erasure:
    with store.batches.begin():
        _refuse_while_importing(product)
        traces = _Traces.of(product.pk, person)
        if not traces.ids:
            raise NotFound(Words("没有这个用户。", "There is no such user."), code="user_not_found")
        before, after = _delete(store.engine, traces)
        facts.count_again(store.engine, product.pk)
        before["refused_rows_in_files"] = _clean_files(store, product, traces.ids)
        before["quality_reports"] = _clean_reports(product, traces.ids)
        store.ingest.forget_recent(product.pk, traces.ids)
        left = {table: count for table, count in after.items() if count}
        if left:
            raise StoreFailed(
                Words("用户数据未能全部删除。", "Not everything of this user could be erased."),
                code="erasure_incomplete",
                left=left,
            )
        # forgotten now, and again once committed: a reader may have asked in between
        CACHE.clear()
        transaction.on_commit(CACHE.clear)
        store.ingest.forget_arrivals(product.pk)
        proof = {"uids": len(traces.uids), "before": before, "after": after}
        return Erasure.objects.create(product=product, asked_by=asked_by, proof=proof)


def _refuse_while_importing(product: Product) -> None:
    running = ImportRun.objects.filter(product=product, state=ImportRun.State.RUNNING)
    if running.exists():
        raise Refused(
            Words(
                "该产品正在导入数据，导入中的行可能含有此用户。",
                "An import of this product is running and may hold rows of this user.",
            ),
            code="import_running",
            hint=Words("请等导入结束后重试。", "Try again when the import has ended."),
        )


def _delete(engine: Engine, traces: _Traces) -> tuple[dict[str, int], dict[str, int]]:
    """Delete from table after table; how many rows each held of the person before and after."""
    before, after = {}, {}
    for table, which in DELETIONS:
        before[table] = traces.count(engine, table, which)
        if before[table]:
            engine.command(f"alter table {table} delete where {which}", traces.parameters(), SYNC)
        after[table] = traces.count(engine, table, which)
    persons.reload_persons(engine, traces.product)
    found = traces.rows()
    for table, rows in found.items():
        before[table] = rows.count()
    for rows in found.values():
        for chunk in chunks(list(rows.values_list("pk", flat=True))):
            rows.model.objects.filter(pk__in=chunk).delete()
    return before, after | {table: rows.count() for table, rows in traces.rows().items()}


def _clean_files(store: Store, product: Product, ids: list[str]) -> int:
    """Take the person out of the files of refused rows, and drop what unfinished imports have staged
    (they start anew when resumed). Answers how many rows of files that were."""
    # heavy modules, needed only here
    from userops.events.importers.quarantine import quarantine_path
    from userops.events.importers.stage import Stage

    removed = 0
    for run in ImportRun.objects.filter(product=product):
        removed += remove_from_file(quarantine_path(store.config.data, run.pk), ids)
        if run.state != ImportRun.State.DONE:
            Stage(store.engine, run.pk).drop()
    return removed


def _clean_reports(product: Product, ids: list[str]) -> int:
    """Take the person out of the examples and frequent values of quality reports; how many those were."""
    removed = 0
    for stored in QualityReport.objects.filter(product=product).iterator():
        report, count = without_persons(stored.report, ids)
        if count:
            QualityReport.objects.filter(pk=stored.pk).update(report=report)
            removed += count
    return removed
