"""Checks that the store keeps its promises, on the data as it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Max

from userops.events import facts, schema
from userops.events.batches import IMPORTS, import_batch
from userops.events.models import ImportRun, Intake, Merge, Product, UserId
from userops.events.rollups.verifying import repair as mend
from userops.events.rollups.verifying import verify
from userops.events.store import Store
from userops.words import Words


@dataclass(frozen=True, slots=True)
class Finding:
    """One promise, and whether it is kept."""

    code: str
    good: bool
    words: Words

    def as_dict(self) -> dict[str, Any]:
        return {"code": self.code, "good": self.good, **self.words.as_dict()}


def check(store: Store) -> list[Finding]:
    """All checks, in order."""
    findings = [_schema(store), _rolled_back(store), _batches(store), _twice(store)]
    for product in Product.objects.order_by("slug"):
        findings += [_uids(store, product), _persons(store, product), _facts(store, product)]
        findings.append(_count(store, product))
    return findings


def check_rollups(store: Store, *, repair: bool = False) -> list[Finding]:
    """Count every day again that counts from its rollup, and compare; with `repair`, build anew what is
    wrong or missing."""
    found = []
    for product in Product.objects.order_by("slug"):
        with store.batches.idle():
            verified = verify(store.engine, product)
        good = not verified.wrong
        days = ", ".join(str(day) for day in verified.wrong[:10])
        found.append(
            Finding(
                "rollups",
                good,
                Words(
                    f"{product.slug}：按日汇总 {verified.days} 天，"
                    + ("与事件一致" if good else f"{len(verified.wrong)} 天与事件不符：{days}"),
                    f"{product.slug}: {verified.days} days of rollups, "
                    + ("equal to the events" if good else f"{len(verified.wrong)} differ: {days}"),
                ),
            )
        )
        if repair:
            built = mend(store.engine, store.batches, product, verified.wrong)
            words = Words(
                f"{product.slug}：重新汇总 {built} 天", f"{product.slug}: {built} days built anew"
            )
            found.append(Finding("rollups_repaired", True, words))
    return found


def _schema(store: Store) -> Finding:
    have, newest = schema.current_version(store.engine), schema.versions()[-1][0]
    return Finding(
        "schema",
        have == newest,
        Words(f"事件库结构版本 {have}(最新 {newest})", f"event schema version {have} of {newest}"),
    )


def _rolled_back(store: Store) -> Finding:
    count = store.rolled_back
    return Finding(
        "rolled_back",
        True,
        Words(
            f"启动时清除未确认的事件 {count} 条", f"{count} unacknowledged events removed at start"
        ),
    )


def _batches(store: Store) -> Finding:
    intake = Intake.objects.filter(pk=1).first()
    done = intake.done if intake else 0
    # an import that runs at this moment may be moving its rows into place
    known = ImportRun.objects.filter(state__in=[ImportRun.State.DONE, ImportRun.State.RUNNING])
    imports = [import_batch(pk) for pk in known.values_list("pk", flat=True)]
    stray = store.engine.value(
        "select count() from events where (batch > {done:UInt64} and batch < {first:UInt64})"
        " or (batch >= {first:UInt64} and not has({imports:Array(UInt64)}, batch))",
        {"done": done, "first": IMPORTS, "imports": imports},
    )
    return Finding(
        "batches",
        stray == 0,
        Words(f"不属于任何已完成批次的事件 {stray} 条", f"{stray} events of no finished batch"),
    )


def _twice(store: Store) -> Finding:
    """Each event came with a number of its own: a batch with more events than numbers holds some twice."""
    twice = store.engine.value(
        "select sum(greatest(events - ids, 0)) from ("
        " select sum(e) as events, sum(i) as ids from ("
        " select product, batch, toInt64(count()) as e, toInt64(0) as i from events group by product, batch"
        " union all select product, batch, toInt64(0), toInt64(uniqExact(id)) from taken"
        " group by product, batch) group by product, batch)"
    )
    return Finding(
        "twice", twice == 0, Words(f"重复存储的事件 {twice} 个", f"{twice} events stored twice")
    )


def _uids(store: Store, product: Product) -> Finding:
    highest = store.engine.value(
        "select max(uid) from events where product = {product:UInt32}", {"product": product.pk}
    )
    ids = UserId.objects.filter(product=product)
    count, top = ids.count(), ids.aggregate(top=Max("uid"))["top"]
    good = highest <= (top or 0) and product.next_uid >= count
    return Finding(
        "uids",
        good,
        Words(
            f"{product.slug}：{count} 个用户标识，编号连续",
            f"{product.slug}: {count} user ids, numbers agree",
        ),
    )


def _persons(store: Store, product: Product) -> Finding:
    active = Merge.objects.filter(product=product, undone=None).count()
    mirrored = store.engine.value(
        "select count() from (select argMax(person, version) as latest, uid from people"
        " where product = {product:UInt32} group by uid having latest != uid)",
        {"product": product.pk},
    )
    return Finding(
        "persons",
        active == mirrored,
        Words(
            f"{product.slug}：合并 {active} 次，事件库中 {mirrored} 个",
            f"{product.slug}: {active} merges, {mirrored} in the event store",
        ),
    )


def _facts(store: Store, product: Product) -> Finding:
    with store.batches.idle():
        wrong = facts.wrong(store.engine, product.pk)
    count = product.facts.count()
    names = ", ".join(wrong[:10])
    return Finding(
        "facts",
        not wrong,
        Words(
            f"{product.slug}：用户事实 {count} 项，"
            + (f"{len(wrong)} 项与记录不符：{names}" if wrong else "与记录一致"),
            f"{product.slug}: {count} facts about users, "
            + (f"{len(wrong)} not as recorded: {names}" if wrong else "as recorded"),
        ),
    )


def _count(store: Store, product: Product) -> Finding:
    events, users = store.engine.rows(
        "select count(), uniqExact(uid) from events where product = {product:UInt32}",
        {"product": product.pk},
    )[0]
    return Finding(
        "count",
        True,
        Words(
            f"{product.slug}：{events} 个事件",
            f"{product.slug}: {events} events, {users} ids with events",
        ),
    )
