"""Taking records in: exactly once, and acknowledged only when durable.

Requests that arrive while a batch is being written wait together and become the next batch (group
commit): the first of them to wake writes for all, and those already settled leave without waiting for
it. Before it writes it lets those come along that are being read at that moment. So one request alone
is answered at once, and under load the batches grow by themselves.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

import msgspec
import pyarrow as pa

from userops.errors import StoreBusy, UserOpsError
from userops.events import people, profiles
from userops.events.batches import IMPORTS, Batches
from userops.events.catalogue import Catalogue
from userops.events.columns import event_columns
from userops.events.engine import Engine
from userops.events.identity import Forest, chunks, resolve
from userops.events.limits import MAX_BATCH
from userops.events.models import ImportRun, QuarantinedRow
from userops.events.records import (
    Alias,
    Event,
    Identify,
    ProfileChange,
    Record,
    Refusal,
    taken_id,
)
from userops.events.rollups import touching
from userops.words import Words

log = logging.getLogger("userops.ingest")

QUIET, LONGEST = 0.004, 0.04
"""Seconds: who writes waits for others while they keep coming, and how long at most."""
MAX_GROUP = MAX_BATCH
"""Records in one batch; a larger request is a batch of its own."""
CONFLICT = "identity_conflict"
RECENT = 100
"""Arrivals of each product that the live view remembers."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one request. All of it is durable."""

    stored: int
    duplicates: int
    refused: int


@dataclass(frozen=True, slots=True)
class Arrival:
    """One message that came in: a stored event, or a refusal. `received` is in UTC milliseconds."""

    received: int
    door: str
    event: Event | None
    refusal: Refusal | None = None


@dataclass(eq=False)
class _Request:
    product: int
    door: str
    records: Sequence[Record]
    refusals: list[Refusal]
    received: int
    import_run: int | None = None
    replayed: int | None = None
    receipt: Receipt | None = None
    failure: BaseException | None = None
    fresh: list[Event] = field(default_factory=list)
    changes: list[ProfileChange] = field(default_factory=list)
    duplicates: int = 0

    @property
    def settled(self) -> bool:
        return self.receipt is not None or self.failure is not None


class Ingest:
    """The one way in for live data. Thread-safe."""

    def __init__(self, engine: Engine, batches: Batches):
        self.engine = engine
        self.batches = batches
        self.catalogue = Catalogue()
        self.recent: dict[int, deque[Arrival]] = defaultdict(lambda: deque(maxlen=RECENT))
        """The newest arrivals of each product since the start, newest last: the live view."""
        self._waiting: deque[_Request] = deque()
        lock = threading.RLock()
        self._turn, self._came = threading.Condition(lock), threading.Condition(lock)
        self._reading = 0
        self._writing = False

    @contextmanager
    def reading(self) -> Iterator[None]:
        """A request is being read: whoever is about to write waits a moment for it."""
        with self._turn:
            self._reading += 1
        try:
            yield
        finally:
            with self._turn:
                self._reading -= 1

    def submit(
        self,
        product: int,
        door: str,
        records: Sequence[Record],
        refusals: Iterable[Refusal] = (),
        *,
        received: int | None = None,
        import_run: int | None = None,
        replayed: int | None = None,
    ) -> Receipt:
        """Take in what one request brought. Returns when it is durable; raises when nothing was taken.

        `replayed` is the quarantined row that it was: both count in one transaction. Never call this
        within a transaction: it would hold the database against the one who writes for all.
        """
        now = received if received is not None else time.time_ns() // 1_000_000
        request = _Request(product, door, records, list(refusals), now, import_run, replayed)
        with self._turn:
            self._waiting.append(request)
            self._came.notify()
        while not request.settled:
            self._write_or_wait(request)
        if request.failure is not None:
            raise request.failure
        assert request.receipt is not None
        return request.receipt

    def _write_or_wait(self, request: _Request) -> None:
        """Write all that waits, or wait while another thread does."""
        with self._turn:
            while self._writing and not request.settled:
                self._turn.wait()
            if request.settled:
                return
            self._writing = True
        group: list[_Request] = []
        try:
            group = self._gather()
            self._write(group)
        except BaseException as wrong:
            for each in group:  # nobody may wait for ever
                each.failure = each.failure or wrong
            raise
        finally:
            with self._turn:
                self._writing = False
                self._turn.notify_all()

    def _gather(self) -> list[_Request]:
        """All that wait, and those who are on their way: to write for four takes little longer than for one."""
        until = time.monotonic() + LONGEST
        known = 1
        with self._turn:
            while self._reading or known < len(self._waiting):
                known = len(self._waiting)
                left = until - time.monotonic()
                if left <= 0:
                    break
                self._came.wait(min(left, QUIET))
            return self._next_group()

    def _next_group(self) -> list[_Request]:
        group: list[_Request] = []
        size = 0
        while self._waiting and (not group or size + len(self._waiting[0].records) <= MAX_GROUP):
            group.append(self._waiting.popleft())
            size += len(group[-1].records)
        return group

    def _write(self, group: list[_Request]) -> None:
        try:
            with self.batches.begin() as batch:
                _Writing(self.engine, self.catalogue, batch).write(group)
        except Exception as wrong:
            self.catalogue.forget()
            if len(group) > 1:  # one bad request must not take the others with it
                for request in group:
                    self._write([request])
                return
            if not isinstance(wrong, UserOpsError):
                log.exception("a batch could not be written")
            group[0].failure = wrong
            return
        for request in group:
            stored = len(request.fresh) + len(request.changes)
            request.receipt = Receipt(stored, request.duplicates, len(request.refusals))
            self._show(request)

    def forget_recent(self, product: int, distinct_ids: Iterable[str]) -> None:
        """Take the arrivals of these ids, and refusals as such, out of the live view."""
        gone = set(distinct_ids)
        shown = self.recent[product]
        kept = [each for each in list(shown) if each.event and each.event.distinct_id not in gone]
        shown.clear()
        shown.extend(kept)

    def forget_arrivals(self, product: int) -> None:
        """Empty the live view of a product: one of its people was erased."""
        self.recent.pop(product, None)

    def _show(self, request: _Request) -> None:
        shown = self.recent[request.product]
        when, door = request.received, request.door
        shown.extend(Arrival(when, door, event) for event in request.fresh[-RECENT:])
        shown.extend(Arrival(when, door, None, each) for each in request.refusals[-RECENT:])


class _Writing:
    """One batch being written."""

    def __init__(self, engine: Engine, catalogue: Catalogue, batch: int):
        self.engine = engine
        self.catalogue = catalogue
        self.batch = batch
        self.rows: list[pa.Table] = []
        self.taken: list[pa.Table] = []

    def write(self, group: list[_Request]) -> None:
        by_product: dict[int, list[_Request]] = defaultdict(list)
        for request in group:
            request.fresh, request.changes, request.duplicates = [], [], 0
            request.refusals = [each for each in request.refusals if each.code != CONFLICT]
            by_product[request.product].append(request)
        for product, requests in by_product.items():
            self._choose_fresh(product, requests)
            uids = resolve(product, _distinct_ids(requests))
            forest, changed = self._apply_people(product, requests, uids)
            people.mirror(self.engine, forest, changed, self.batch)
            self._add_rows(product, requests, uids)
            self._note(product, requests)
        self._insert()
        for product, requests in by_product.items():
            times = [event.ts for request in requests for event in request.fresh]
            touching.touch_times(product, times)
        self._quarantine(group)

    def _choose_fresh(self, product: int, requests: list[_Request]) -> None:
        """Drop what has been taken before, or stands twice in this batch."""
        ids = [taken_id(uuid) for each in requests for one in each.records if (uuid := _uuid(one))]
        taken = self._taken(product, ids)
        fresh: list[int] = []
        numbers = iter(ids)
        for request in requests:
            for record in request.records:
                if _uuid(record) is not None:
                    number = next(numbers)
                    if number in taken:
                        request.duplicates += 1
                        continue
                    taken.add(number)
                    fresh.append(number)
                if isinstance(record, Event):
                    request.fresh.append(record)
                elif isinstance(record, ProfileChange):
                    request.changes.append(record)
        if fresh:
            self._remember(product, fresh)

    def _taken(self, product: int, ids: list[int]) -> set[int]:
        taken: set[int] = set()
        for chunk in chunks(ids):
            rows = self.engine.rows(
                "select id, batch from taken"
                " where product = {product:UInt32} and id in {ids:Array(UInt64)}",
                {"product": product, "ids": chunk},
            )
            _refuse_unfinished({batch - IMPORTS for _, batch in rows if batch >= IMPORTS})
            taken.update(row[0] for row in rows)
        return taken

    def _remember(self, product: int, ids: list[int]) -> None:
        count = len(ids)
        columns = {
            "product": pa.repeat(pa.scalar(product, pa.uint32()), count),
            "id": pa.array(ids, pa.uint64()),
            "batch": pa.repeat(pa.scalar(self.batch, pa.uint64()), count),
        }
        self.taken.append(pa.table(columns))

    def _insert(self) -> None:
        """Both tables at once: most of the time goes into waiting for the disk."""
        with ThreadPoolExecutor(1, "ingest-taken") as beside:
            other = None
            if self.taken:
                other = beside.submit(self.engine.insert, "taken", pa.concat_tables(self.taken))
            if self.rows:
                self.engine.insert("events", pa.concat_tables(self.rows))
            if other is not None:
                other.result()

    def _apply_people(
        self, product: int, requests: list[_Request], uids: dict[str, int]
    ) -> tuple[Forest, set[int]]:
        """Apply identities, then profile changes, in the order in which they came."""
        forest = Forest(product)
        links = [
            (request, each)
            for request in requests
            for each in request.records
            if isinstance(each, Identify | Alias)
        ]
        changes = [each for request in requests for each in request.changes]
        if not links and not changes:
            return forest, set()
        concerned = {uids[name] for _, link in links for name in _names(link)}
        forest.load(concerned | {uids[each.distinct_id] for each in changes})
        for request, link in links:
            if not _apply_link(forest, link, uids):
                request.refusals.append(_conflict(link))
        forest.save()
        own: dict[int, profiles.Properties] = {}
        roots = {forest.root(uids[each.distinct_id]) for each in changes}
        own = profiles.load(product, roots)
        for change in changes:
            root = forest.root(uids[change.distinct_id])
            own[root] = profiles.apply(own.get(root, {}), change)
        profiles.save(product, own)
        return forest, set(own)

    def _add_rows(self, product: int, requests: list[_Request], uids: dict[str, int]) -> None:
        """One table for each door: many small requests are as one large one."""
        by_door: dict[str, list[_Request]] = defaultdict(list)
        for request in requests:
            by_door[request.door].append(request)
        for door, here in by_door.items():
            events = [event for request in here for event in request.fresh]
            if not events:
                continue
            received = [request.received for request in here for _ in request.fresh]
            numbers = [uids[event.distinct_id] for event in events]
            self.rows.append(event_columns(product, door, self.batch, received, events, numbers))

    def _note(self, product: int, requests: list[_Request]) -> None:
        events = [event for request in requests for event in request.fresh]
        self.catalogue.note_events(product, {event.event for event in events})
        self.catalogue.note_properties(product, "event", (event.properties for event in events))
        changes = (each for request in requests for each in request.changes)
        learned = (each.properties for each in changes if each.operation in ("set", "set_once"))
        self.catalogue.note_properties(product, "user", learned)

    def _quarantine(self, group: list[_Request]) -> None:
        QuarantinedRow.objects.bulk_create(
            [
                QuarantinedRow(
                    product_id=request.product,
                    door=request.door,
                    import_run_id=request.import_run,
                    code=refusal.code,
                    detail=refusal.detail[:500],
                    raw=refusal.raw,
                )
                for request in group
                for refusal in request.refusals
            ],
            batch_size=1_000,
        )
        replayed = [request.replayed for request in group if request.replayed is not None]
        if replayed:
            rows = QuarantinedRow.objects.filter(pk__in=replayed)
            rows.update(replayed=datetime.now(UTC))


def _refuse_unfinished(runs: set[int]) -> None:
    """Raises `StoreBusy` when events stand in an import that may still be taken back: to call them
    duplicates now would lose them then."""
    done = ImportRun.objects.filter(pk__in=runs, state=ImportRun.State.DONE)
    if runs and done.count() < len(runs):
        raise StoreBusy(
            Words(
                "相同的事件正在由一次导入写入，请稍后重发。",
                "An import is storing the same events at this moment; send them again later.",
            ),
            code="import_running",
        )


def _uuid(record: Record) -> UUID | None:
    return record.uuid if isinstance(record, Event | ProfileChange) else None


def _names(link: Identify | Alias) -> list[str]:
    other = link.anonymous_id if isinstance(link, Identify) else link.alias
    return [link.distinct_id] if other is None else [link.distinct_id, other]


def _distinct_ids(requests: list[_Request]) -> list[str]:
    """All ids that need a uid: those of duplicates have one already, and get no new one."""
    names: list[str] = []
    for request in requests:
        names.extend(event.distinct_id for event in request.fresh)
        names.extend(change.distinct_id for change in request.changes)
        for each in request.records:
            if isinstance(each, Identify | Alias):
                names.extend(_names(each))
    return names


def _apply_link(forest: Forest, link: Identify | Alias, uids: dict[str, int]) -> bool:
    if isinstance(link, Identify):
        anonymous = uids[link.anonymous_id] if link.anonymous_id is not None else None
        return forest.identify(uids[link.distinct_id], anonymous)
    return forest.alias(uids[link.distinct_id], uids[link.alias])


def _conflict(link: Identify | Alias) -> Refusal:
    names = " / ".join(_names(link))
    return Refusal(
        code=CONFLICT,
        detail=f"{names}: both are known users, or an administrator keeps them apart",
        raw=msgspec.json.encode(link).decode(),
    )
