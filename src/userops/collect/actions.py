"""All changes of collecting: permission check, validation, the change, its log entry."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from django.db import transaction

from userops.collect import tasks
from userops.errors import Refused
from userops.events import store
from userops.events.batches import delete_batches, import_batch
from userops.events.importers import mapping as mappings
from userops.events.importers.run import prepare
from userops.events.models import (
    EventDefinition,
    ImportRun,
    Product,
    PropertyDefinition,
    QuarantinedRow,
)
from userops.events.rollups.touching import changed
from userops.words import Words
from userops.workspace.access import check
from userops.workspace.log import note
from userops.workspace.models import User
from userops.workspace.roles import Permission

TEXTS = {"label_zh": 100, "label_en": 100, "description": 2_000, "owner": 254}
"""What may be said of a catalogue entry, and how long it may be."""


@transaction.atomic
def describe_event(
    entry: EventDefinition, texts: Mapping[str, str], *, hidden: bool, acting_user: User
) -> EventDefinition:
    """Name and describe an event in the catalogue; it is then no longer shown as new."""
    check(acting_user, entry.product, Permission.ANALYSE)
    _set_texts(entry, texts)
    entry.hidden, entry.reviewed = hidden, True
    entry.save()
    note(acting_user, "event.described", product=entry.product, target=entry.name)
    return entry


@transaction.atomic
def describe_property(
    entry: PropertyDefinition,
    texts: Mapping[str, str],
    *,
    hidden: bool,
    personal: bool | None = None,
    acting_user: User,
) -> PropertyDefinition:
    """Name and describe a property in the catalogue. `personal`: whether its values say who somebody is, which
    administrators decide; None leaves it."""
    check(acting_user, entry.product, Permission.ANALYSE)
    if personal is not None and personal != entry.is_personal:
        check(acting_user, entry.product, Permission.MANAGE_WORKSPACE)
        entry.personal = personal
        changed(entry.product_id)
        note(
            acting_user, "property.personal", product=entry.product, target=entry.name, personal=personal
        )  # fmt: skip
    _set_texts(entry, {key: value for key, value in texts.items() if key != "owner"})
    entry.hidden = hidden
    entry.save()
    note(acting_user, "property.described", product=entry.product, target=entry.name)
    return entry


def _set_texts(entry: EventDefinition | PropertyDefinition, texts: Mapping[str, str]) -> None:
    for field, text in texts.items():
        longest = TEXTS[field]
        if len(text) > longest:
            raise Refused(
                Words(
                    f"{field} 最多 {longest} 个字符，实际为 {len(text)} 个。",
                    f"{field} may have at most {longest} characters; got {len(text)}.",
                ),
                code="text_too_long",
            )
        setattr(entry, field, text.strip())


def discard_rows(product: Product, codes: list[str], *, acting_user: User) -> int:
    """Throw refused rows away for good; answers how many."""
    check(acting_user, product, Permission.ERASE)
    rows = QuarantinedRow.objects.filter(product=product, replayed=None, code__in=codes)
    count = rows.count()
    rows.delete()
    note(acting_user, "quarantine.discarded", product=product, target=", ".join(codes), rows=count)
    return count


def start_import(
    product: Product, path: Path, mapping: mappings.Mapping, *, acting_user: User
) -> ImportRun:
    """Queue the import of a file. Raises `Refused` when the mapping is wrong."""
    check(acting_user, product, Permission.MANAGE_DATA)
    run, _notes = prepare(product, path, mapping, started_by=acting_user.email)
    note(acting_user, "import.started", product=product, target=run.file_name, run=run.pk)
    tasks.carry_out(run.pk)
    return run


def cancel_import(run: ImportRun, *, acting_user: User) -> None:
    """Ask a running import to stop: nothing of it is stored, and it can be resumed."""
    check(acting_user, run.product, Permission.MANAGE_DATA)
    ImportRun.objects.filter(pk=run.pk).update(cancel_asked=True)
    note(acting_user, "import.cancelled", product=run.product, target=run.file_name, run=run.pk)


def resume_import(run: ImportRun, *, acting_user: User) -> None:
    """Queue a cancelled or failed import again; it goes on from what it had read."""
    check(acting_user, run.product, Permission.MANAGE_DATA)
    ended = (ImportRun.State.CANCELLED, ImportRun.State.FAILED)
    if run.state not in ended or not Path(run.file_path).exists():
        raise Refused(
            Words(
                "这次导入不能继续，请重新上传文件。",
                "This import cannot go on; upload the file again.",
            ),
            code="import_not_resumable",
        )
    ImportRun.objects.filter(pk=run.pk).update(
        state=ImportRun.State.WAITING, cancel_asked=False, error=None, finished=None
    )
    note(acting_user, "import.resumed", product=run.product, target=run.file_name, run=run.pk)
    tasks.carry_out(run.pk)


def remove_import(run: ImportRun, *, acting_user: User) -> int:
    """Take a finished import back: its events, its quarantine, its report. Answers how many events."""
    check(acting_user, run.product, Permission.ERASE)
    opened = store.current()
    batch = import_batch(run.pk)
    with opened.batches.idle():
        run.refresh_from_db(fields=["state"])
        if run.state in (ImportRun.State.WAITING, ImportRun.State.RUNNING):
            raise Refused(
                Words("这次导入正在进行，请先取消。", "This import is running: cancel it first."),
                code="import_running",
            )
        count = delete_batches(opened.engine, batch, batch + 1)
        note(acting_user, "import.removed", product=run.product, target=run.file_name, events=count)
        run.delete()
    return count
