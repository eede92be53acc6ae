"""One import, from the file to its quality report.

Read and convert every row, staging it beside the store; then, when the whole file is read, move what is
new into the store under the run's own batch, and mark the run done in the same transaction that keeps
its report. A crash or a cancel before that leaves no event; the staged rows wait to be resumed.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from userops.errors import Refused, UserOpsError
from userops.events.importers.aboutusers import BATCH, apply
from userops.events.importers.converting import Converter
from userops.events.importers.mapping import Mapping, check_mapping
from userops.events.importers.outcome import (
    ImportCancelled,
    ImportOutcome,
    OvertakenError,
    Progress,
)
from userops.events.importers.pipeline import Pipeline
from userops.events.importers.proposing import Note, settle
from userops.events.importers.quarantine import Quarantine, quarantine_path
from userops.events.importers.reading import open_rows, read_chunks, read_sample
from userops.events.importers.rows import RowReader
from userops.events.importers.senders import SenderIds
from userops.events.importers.stage import Stage, clean, resumable
from userops.events.limits import MAX_PROPERTIES
from userops.events.models import ImportRun, Intake, Product
from userops.events.models import QualityReport as StoredReport
from userops.events.quality import DataProfile, QualityReport, make_report
from userops.events.rollups import building, touching
from userops.events.store import Store
from userops.words import Words

__all__ = [
    "ImportCancelled",
    "ImportOutcome",
    "Progress",
    "check",
    "execute",
    "prepare",
    "run_import",
]

log = logging.getLogger("userops.import")

ATTEMPTS = 3
"""How often a file is read again because the same events came in live or in another import."""
_moving = threading.Lock()
"""Two files with the same rows must not both find them new."""
_active: set[int] = set()
_claiming = threading.Lock()


_FAILED = UserOpsError(
    Words(
        "导入失败，没有写入任何事件；原因见服务器日志。",
        "The import failed and stored no event; the server's log says why.",
    ),
    code="import_failed",
)


def _never() -> bool:
    return False


def _silent(_: Progress) -> None:
    return None


def prepare(
    product: Product, path: Path, mapping: Mapping, *, started_by: str = ""
) -> tuple[ImportRun, tuple[Note, ...]]:
    """Check and settle a mapping and write the run down, waiting. An interrupted run of the same
    file with the same mapping is taken up again. Raises `Refused` when the mapping is wrong."""
    settled, notes = check(path, mapping)
    fields = {
        "product": product,
        "file_hash": file_hash(path),
        "mapping": msgspec.to_builtins(settled),
    }
    interrupted = resumable().filter(**fields)
    run = interrupted.exclude(pk__in=_active).order_by("pk").last()
    if run is None:
        run = ImportRun(**fields)
    run.file_name, run.file_path = path.name[-255:], str(path)
    run.state, run.started_by = ImportRun.State.WAITING, started_by
    run.cancel_asked, run.error, run.finished = False, None, None
    run.save()
    return run, notes


def check(path: Path, mapping: Mapping) -> tuple[Mapping, tuple[Note, ...]]:
    """The mapping with everything decided, and what a person should know of it. Raises `Refused`."""
    sample = read_sample(path, mapping.file)
    check_mapping(mapping, sample.table.column_names)
    settled, notes = settle(mapping, sample)
    _check_width(settled, sample.table.column_names)
    return settled, notes


def _never_written(
    product: Product, path: Path, mapping: Mapping
) -> tuple[ImportRun, tuple[Note, ...]]:
    """The run of a dry run: it is in no table, so that no crash can make it an import. Its number is
    above those of real runs."""
    settled, notes = check(path, mapping)
    run = ImportRun(
        pk=2**40 + secrets.randbits(40),
        product=product,
        file_name=path.name[-255:],
        file_path=str(path),
        mapping=msgspec.to_builtins(settled),
        created=datetime.now(UTC),
    )
    return run, notes


def run_import(
    store: Store,
    product: Product,
    path: Path,
    mapping: Mapping,
    *,
    dry_run: bool = False,
    progress: Callable[[Progress], None] = _silent,
    cancelled: Callable[[], bool] = _never,
    started_by: str = "",
) -> ImportOutcome:
    """Import a file. Raises `Refused` for a wrong mapping or a damaged file, `ImportCancelled`."""
    if dry_run:
        run, notes = _never_written(product, path, mapping)
    else:
        run, notes = prepare(product, path, mapping, started_by=started_by)
    return execute(store, run, dry_run=dry_run, progress=progress, cancelled=cancelled, notes=notes)


def execute(
    store: Store,
    run: ImportRun,
    *,
    dry_run: bool = False,
    progress: Callable[[Progress], None] = _silent,
    cancelled: Callable[[], bool] = _never,
    notes: tuple[Note, ...] = (),
) -> ImportOutcome:
    """Carry out a prepared run. However it ends, the run says so. A dry run leaves nothing."""
    _claim(run)
    execution = _Execution(store, run, dry_run, progress, cancelled)
    if not dry_run:
        run.state = ImportRun.State.RUNNING
        run.save(update_fields=["state"])
    try:
        clean(store.engine, _active)
        outcome = execution.carry_out(notes)
    except BaseException as wrong:
        execution.put_aside(wrong)
        raise
    finally:
        _active.discard(run.pk)
        if dry_run:
            execution.stage.drop()
    if not dry_run:
        execution.build_rollups()
    return outcome


def _claim(run: ImportRun) -> None:
    """A run is carried out by one thread, once: the queue may hold it twice after a restart. Two at a
    time would stage every row twice. Raises `Refused`."""
    with _claiming:
        done = ImportRun.objects.filter(pk=run.pk, state=ImportRun.State.DONE).exists()
        if run.pk in _active or done:
            raise Refused(
                Words("这次导入正在进行或已完成。", "This import is running or done already."),
                code="import_not_resumable",
            )
        _active.add(run.pk)


def file_hash(path: Path) -> str:
    """BLAKE2b-256 of the file as it lies on the disk."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=32)).hexdigest()


class _Execution:
    """One run while it is carried out."""

    def __init__(
        self,
        store: Store,
        run: ImportRun,
        dry_run: bool,
        progress: Callable[[Progress], None],
        cancelled: Callable[[], bool],
    ) -> None:
        self.store = store
        self.run = run
        self.dry_run = dry_run
        self.tell = progress
        self.cancelled = cancelled
        self.mapping = msgspec.convert(run.mapping, Mapping)
        self.timezone = self.mapping.timezone or run.product.timezone
        self.path = Path(run.file_path)
        self.stage = self._new_stage()
        self.quarantine = Quarantine(quarantine_path(store.config.data, run.pk))
        self.begun = time.monotonic()
        self.rows = self.refused = 0
        self.profile = DataProfile()
        self.senders = SenderIds(run.product.pk, {}, known=False)

    def _new_stage(self) -> Stage:
        return Stage(
            self.store.engine,
            self.run.pk,
            self.run.product.pk,
            dedupe=self.mapping.dedupe,
            storing=not self.dry_run,
        )

    def carry_out(self, notes: tuple[Note, ...]) -> ImportOutcome:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return self._carry_out_once(notes)
            except OvertakenError:
                if attempt == ATTEMPTS:
                    raise
                self._start_anew()
        raise AssertionError("unreachable")

    def _start_anew(self) -> None:
        """Some of the file's events came in otherwise while it was read: now they are known."""
        self.stage.drop()
        self.quarantine.discard()
        self.quarantine = Quarantine(self.quarantine.path)
        self.stage = self._new_stage()

    def _carry_out_once(self, notes: tuple[Note, ...]) -> ImportOutcome:
        reader = open_rows(self.path, self.mapping.file)
        self._read(reader)
        self._stop_if_cancelled()
        self._report("storing", 1.0)
        with _moving, self._taken_back_on_failure():
            stored, repeated = self._store()
            refused = self.profile.refused.total()
            report = make_report(
                self.profile,
                stored=stored,
                duplicates=self.profile.accepted - stored,
                repeated=repeated,
                timezone=self.run.product.timezone,
                encoding=reader.notes.encoding,
                bad_bytes=reader.notes.bad_bytes,
                suspect_characters=reader.notes.suspect_characters,
                codes=self.mapping.role_columns,
            )
            report = msgspec.structs.replace(report, users=len(self.senders), users_exact=True)
            self._finish(report)
        self._report("done", 1.0)
        return ImportOutcome(
            run=None if self.dry_run else self.run.pk,
            rows=report.rows,
            stored=stored,
            refused=refused,
            duplicates=report.duplicates,
            seconds=time.monotonic() - self.begun,
            mapping=self.mapping,
            notes=notes,
            report=report,
            quarantine=self.quarantine.path if refused and not self.dry_run else None,
        )

    def _read(self, reader: RowReader) -> None:
        """Convert and stage every chunk. Rows that an interrupted run has staged are only counted
        again: the figures must cover the whole file."""
        # the clock of the run, so that resuming refuses the same future times
        now_ms = int(self.run.created.timestamp() * 1000)
        converter = Converter(self.mapping, now_ms=now_ms, timezone=self.timezone)
        staged = self.stage.open()
        known = not (self.dry_run or self.mapping.profile)
        self.senders = SenderIds(self.run.product.pk, self.stage.uids(), known=known)
        self.rows = self.refused = 0
        with Pipeline(self.stage, self.run.product.timezone) as pipeline:
            for chunk in read_chunks(reader, self.path, typed=True):
                self._stop_if_cancelled()
                done = converter.convert(chunk)
                self.quarantine.add(done.refused)
                before = not done.accepted.height or int(done.accepted["row"][-1]) <= staged
                uids, new = self.senders.uids(done.accepted["distinct_id"])
                pipeline.take(done, before, None if self.mapping.profile else uids, new)
                self.rows += done.accepted.height + done.refused.height
                self.refused += done.refused.height
                self._report("reading", reader.notes.share_read)
        self.profile = pipeline.profile

    def _store(self) -> tuple[int, int]:
        """Move the staged rows into the store; answers how many were new, and how many rows of the
        file are copies of another."""
        if self.mapping.profile:
            if not self.dry_run:
                self._apply_users()
            return self.profile.accepted, 0
        repeated = self.stage.repeated()
        if self.dry_run:
            return self.stage.fresh(), repeated
        with ThreadPoolExecutor(1, "import-join") as beside:
            joined = beside.submit(self.stage.join_chunks)
            others = self._take()
            joined.result()
        self.stage.move(others)
        return self.stage.moved(), repeated

    def _take(self) -> dict[int, int]:
        """Give the users their uids and take the numbers of the rows; answers the uids that are other ones than
        foreseen. Raises `OvertakenError`."""
        others = self.senders.settle(self.store.batches)
        with self.store.batches.idle():  # what comes in live from here on is later than this number
            before = Intake.objects.values_list("done", flat=True).get(pk=1)
        self.stage.take()
        with self.store.batches.idle():
            if self.stage.is_overtaken(before):
                raise OvertakenError
        self._touch_days()
        return others

    def _apply_users(self) -> None:
        for part in self.stage.profiles(BATCH):
            refused = apply(self.store, self.run.product.pk, self.mapping, part)
            self.quarantine.add(refused)
            self.profile += DataProfile.of_refused(refused)

    def _touch_days(self) -> None:
        """The days of the staged rows change: before the rows are there, and when they count."""
        touching.touch_times(self.run.product.pk, self.stage.times())

    @contextmanager
    def _taken_back_on_failure(self) -> Iterator[None]:
        """While no other import moves: it would take rows for duplicates that are deleted then."""
        try:
            yield
        except BaseException:
            self.stage.take_back()
            raise

    def _finish(self, report: QualityReport) -> None:
        """Mark the run done, with all that belongs to it, in one transaction."""
        if self.dry_run:
            self.quarantine.discard()
            return
        with self.store.batches.begin():
            self._touch_days()
            self._note_names(report)
            self.quarantine.keep(self.run)
            StoredReport.objects.update_or_create(
                import_run=self.run,
                defaults={"product": self.run.product, "report": msgspec.to_builtins(report)},
            )
            self.run.rows, self.run.stored = report.rows, report.stored
            self.run.refused, self.run.duplicates = report.refused, report.duplicates
            self.run.state, self.run.finished = ImportRun.State.DONE, datetime.now(UTC)
            self.run.save()
        self.stage.drop()

    def _note_names(self, report: QualityReport) -> None:
        catalogue = self.store.ingest.catalogue
        product = self.run.product.pk
        catalogue.note_events(product, [name for name, _ in report.events])
        if self.mapping.profile:
            return
        columns = [field.name for field in report.fields if field.rows > field.missing]
        numbers = set(self.mapping.number_columns or ())
        seen: dict[str, object] = {
            name: 0 if name in numbers else "" for name in self.mapping.property_columns(columns)
        }
        seen |= {name: 0 if name == "amount" else "" for name in self.mapping.fields.values()}
        catalogue.note_properties(product, "event", [seen])

    def build_rollups(self) -> None:
        """The import counts already: a failure here only leaves its days to the background."""
        try:
            building.build(self.store.engine, self.store.batches, self.run.product)
        except UserOpsError:
            log.exception("the rollups of import %s could not be built", self.run.pk)

    def put_aside(self, wrong: BaseException) -> None:
        """Leave no event behind, and say why it ended."""
        self.quarantine.discard()
        self.store.ingest.catalogue.forget()
        self.stage.take_back()
        if self.dry_run:
            return
        cancelled = isinstance(wrong, ImportCancelled | KeyboardInterrupt)
        self.run.state = ImportRun.State.CANCELLED if cancelled else ImportRun.State.FAILED
        self.run.finished = datetime.now(UTC)
        if isinstance(wrong, UserOpsError):
            self.run.error = wrong.body()["error"]
        elif not cancelled:
            log.error("import %s failed", self.run.pk, exc_info=wrong)
            self.run.error = _FAILED.body()["error"]
        self.run.save(update_fields=["state", "finished", "error"])

    def _stop_if_cancelled(self) -> None:
        if self.cancelled():
            raise ImportCancelled(
                Words(
                    "导入已取消，没有写入任何事件。",
                    "The import was cancelled; no event was stored.",
                ),
                hint=Words(
                    "用同样的设置再次导入同一文件，会从中断处继续。",
                    "Import the same file with the same settings to go on from there.",
                ),
            )

    def _report(self, stage: str, share: float) -> None:
        seconds = time.monotonic() - self.begun
        rate = self.rows / seconds if seconds else 0.0
        left = seconds / share * (1 - share) if share > 0.01 else None
        self.tell(
            Progress(
                stage=stage,
                rows=self.rows,
                refused=self.refused,
                share=share,
                rate=rate,
                seconds_left=left,
            )
        )


def _check_width(mapping: Mapping, columns: list[str]) -> None:
    width = len(mapping.property_columns(columns))
    if width > MAX_PROPERTIES:
        raise Refused(
            Words(
                f"属性列有 {width} 个，上限 {MAX_PROPERTIES}。请用 --props 指定需要的列。",
                f"{width} columns would become properties; at most {MAX_PROPERTIES} may. Name the "
                f"ones you need with --props.",
            ),
            code="too_many_properties",
        )
