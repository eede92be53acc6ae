"""Puts the demo company into an open store, and starts over cleanly when a crash cut it short.

What was asked for (seed, events, days) is written down first, so a later start goes on with the
same company. Events are written as one import: until its run is marked done, the store throws them
away at the next start. Identities, profiles and names may be repeated without harm.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from django.db import transaction

from userops.demo.company import Company, simulate
from userops.demo.names import write_names
from userops.demo.quality import quality_report
from userops.demo.stream import sender_ids
from userops.demo.world import BRAND, PRODUCT, TIME_ZONE
from userops.errors import Refused, UserOpsError
from userops.events.batches import import_batch
from userops.events.fields import NUMBER_FIELDS, TEXT_FIELDS
from userops.events.identity import chunks, resolve
from userops.events.models import ImportRun, Product, QualityReport
from userops.events.records import Identify, ProfileChange, Record, taken_id
from userops.events.rollups.touching import touch_all
from userops.events.store import Store
from userops.words import Words
from userops.workspace.setup import ensure_product

ORDER_FILE = "demo.json"
TRUTH_FILE = "demo-truth.json"
DOOR = "demo"
FILE_NAME = "userops demo"
"""The name of the import run."""
CHUNK_ROWS = 200_000
SUBMIT_SIZE = 10_000

Progress = Callable[[Words, int, int], None]
"""Called with what is being done, how much is done, and how much there is."""


@dataclass(frozen=True, slots=True)
class DemoOrder:
    """Which company a data folder holds."""

    seed: int
    events: int
    end: str
    """Last day, ISO."""
    days: int = 60

    def simulate(self) -> Company:
        return simulate(self.seed, date.fromisoformat(self.end), self.days, self.events)


@dataclass(frozen=True, slots=True)
class Loaded:
    """The company in the store. `fresh`: it was loaded by this call."""

    order: DemoOrder
    product: Product
    fresh: bool
    seconds: float


def load_demo(store: Store, seed: int | None, events: int | None, progress: Progress) -> Loaded:
    """Make sure that the demo company is in the store. Raises `Refused` when the folder already
    holds another one than was asked for."""
    begun = time.monotonic()
    runs = ImportRun.objects.filter(product__slug=PRODUCT)
    run = runs.filter(file_name=FILE_NAME, state=ImportRun.State.DONE).first()
    if run is None and runs.exclude(file_name=FILE_NAME).exists():
        raise _occupied()
    order = _settle(store.config.data, seed, events)
    if run is not None:
        return Loaded(order, run.product, fresh=False, seconds=0.0)
    name = BRAND.text(store.config.language)
    product, _ = ensure_product(PRODUCT, timezone=TIME_ZONE, name=name)
    progress(Words("正在模拟演示公司", "Simulating the demo company"), 0, order.events)
    company = order.simulate()
    run = _start_run(product)
    _write_events(store, company, run, progress)
    _write_people(store, product, company, progress)
    write_names(product, company)
    write_json(store.config.data / TRUTH_FILE, company.truth)
    progress(Words("正在检查数据质量", "Checking data quality"), 0, company.event_count)
    _finish(run, company)
    store.build_rollups(product)
    return Loaded(order, product, fresh=True, seconds=time.monotonic() - begun)


_UNFINISHED = UserOpsError(
    Words("演示公司没有装载完。", "The demo company was not loaded to the end."),
    code="demo_unfinished",
    hint=Words("请再次运行 userops demo。", "Run userops demo again."),
)


def _settle(data: Path, seed: int | None, events: int | None) -> DemoOrder:
    """The company of this folder: the one written down, or the one that is asked for now."""
    path = data / ORDER_FILE
    if not path.exists():
        end = last_whole_day(datetime.now(UTC)).isoformat()
        order = DemoOrder(seed if seed is not None else 1, events or 1_000_000, end)
        write_json(path, asdict(order))
        return order
    order = DemoOrder(**json.loads(path.read_text()))
    if (seed is not None and seed != order.seed) or (events and events != order.events):
        raise Refused(
            Words(
                f"{data} 中已有另一家演示公司（种子 {order.seed}，约 {order.events} 条事件）。",
                f"{data} already holds a demo company (seed {order.seed}, about {order.events}"
                " events), not the one asked for.",
            ),
            code="demo_exists",
            hint=Words("用 --data 指定另一个目录。", "Name another folder with --data."),
        )
    return order


def last_whole_day(now: datetime) -> date:
    """Yesterday where the company is: from 16:00 UTC on that is the running day of UTC."""
    return now.astimezone(ZoneInfo(TIME_ZONE)).date() - timedelta(1)


def _occupied() -> Refused:
    return Refused(
        Words(
            f"产品 {PRODUCT} 已存在，且不是演示公司。",
            f"There is a product {PRODUCT} already, and it is not the demo company.",
        ),
        code="demo_product_taken",
        hint=Words("用 --data 指定另一个目录。", "Name another folder with --data."),
    )


def _start_run(product: Product) -> ImportRun:
    """A run that counts only once it is done. Until then it stands as failed, so that nobody takes
    it for a file to go on with; the events of one cut short went when the store was opened."""
    ImportRun.objects.filter(product=product, file_name=FILE_NAME).delete()
    return ImportRun.objects.create(
        product=product,
        file_name=FILE_NAME,
        file_path="",
        state=ImportRun.State.FAILED,
        error=_UNFINISHED.body()["error"],
    )


def _write_events(store: Store, company: Company, run: ImportRun, progress: Progress) -> None:
    names = sender_ids(company.scene.people)
    used = np.unique(company.rows.sender).tolist()
    with transaction.atomic():
        uids = resolve(run.product.pk, [names[index] for index in used])
    uid_of = np.zeros(len(names), dtype=np.uint32)
    uid_of[used] = [uids[names[index]] for index in used]
    received = int(time.time() * 1000)
    before = company.history
    members = [uids[name] for name in before["distinct_id"].to_pylist()]
    table = _stored_columns(before, np.array(members, dtype=np.uint32), run, received)
    store.engine.insert("events", table)
    store.engine.insert("taken", _taken_rows(before, run))
    done = 0
    for chunk in company.event_chunks(CHUNK_ROWS):
        part = slice(done, done + chunk.num_rows)
        table = _stored_columns(chunk, uid_of[company.rows.sender[part]], run, received)
        store.engine.insert("events", table)
        store.engine.insert("taken", _taken_rows(chunk, run))
        done += chunk.num_rows
        progress(Words("正在写入事件", "Writing events"), done, company.event_count)


def _stored_columns(
    chunk: pa.Table, uids: npt.NDArray[np.uint32], run: ImportRun, received: int
) -> pa.Table:
    """A chunk as rows of the engine's table."""
    count = chunk.num_rows
    texts = {
        name: _plain(chunk[name]) if name in chunk.column_names else pa.repeat("", count)
        for name in TEXT_FIELDS
    }
    return pa.table(
        {
            "product": pa.repeat(pa.scalar(run.product.pk, pa.uint32()), count),
            "event": _plain(chunk["event"]),
            "uid": pa.array(uids),
            "ts": pc.cast(chunk["ts"], pa.timestamp("ms", "UTC")),
            "batch": pa.repeat(pa.scalar(import_batch(run.pk), pa.uint64()), count),
            "received": pa.repeat(pa.scalar(received, pa.timestamp("ms", "UTC")), count),
            **texts,
            **{name: chunk[name] for name in NUMBER_FIELDS},
            "source": pa.repeat(DOOR, count),
            "props": chunk["props"],
        }
    )


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return column.cast(pa.string())


def _taken_rows(chunk: pa.Table, run: ImportRun) -> pa.Table:
    """The numbers of a chunk's uuids."""
    count = chunk.num_rows
    numbers = [taken_id(UUID(bytes=raw)) for raw in chunk["uuid"].to_pylist()]
    return pa.table(
        {
            "product": pa.repeat(pa.scalar(run.product.pk, pa.uint32()), count),
            "id": pa.array(numbers, pa.uint64()),
            "batch": pa.repeat(pa.scalar(import_batch(run.pk), pa.uint64()), count),
        }
    )


def _write_people(store: Store, product: Product, company: Company, progress: Progress) -> None:
    """Identities and profiles, by the same way as live ones."""
    pairs = company.identities.to_pylist()
    records: list[Record] = [Identify(distinct_id=member) for member in company.profiles]
    records += [Identify(**pair) for pair in pairs]
    records += [
        ProfileChange(distinct_id=member, operation="set", properties=profile)
        for member, profile in company.profiles.items()
    ]
    done = 0
    for part in chunks(records, SUBMIT_SIZE):
        store.ingest.submit(product.pk, DOOR, part)
        done += len(part)
        progress(
            Words("正在合并身份与用户属性", "Merging identities and profiles"), done, len(records)
        )


@transaction.atomic
def _finish(run: ImportRun, company: Company) -> None:
    """From here on the events count."""
    report = quality_report(company, CHUNK_ROWS)
    total = company.event_count + company.history.num_rows
    QualityReport.objects.create(
        import_run=run, product=run.product, report=msgspec.to_builtins(report)
    )
    touch_all(run.product.pk)
    ImportRun.objects.filter(pk=run.pk).update(
        state=ImportRun.State.DONE,
        error=None,
        rows=total,
        stored=total,
        finished=datetime.now(UTC),
    )


def write_json(path: Path, content: object) -> None:
    """All or nothing: a crash leaves the old file or the new one."""
    draft = path.with_suffix(".part")
    draft.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
    os.replace(draft, path)  # noqa: PTH105
