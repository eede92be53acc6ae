"""Files of tickets: looked at before, taken in, taken back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import FileResponse, HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, File, Form, Router, Schema, Status, UploadedFile

from userops.api.auth import caller, product_for
from userops.api.bodies import RequestBody
from userops.api.paging import Key, Page, Pages
from userops.collect.imports import draft
from userops.errors import UserOpsError
from userops.events.importers.mapping import parse_event_map
from userops.feedback.channels.importing import actions
from userops.feedback.channels.importing.mapping import TicketMapping, mapped
from userops.feedback.channels.importing.running import quarantine_file, run
from userops.feedback.channels.models import TicketImport
from userops.workspace.roles import Permission

router = Router(tags=["tickets"])
MANAGE = Permission.MANAGE_DATA


class TicketFileIn(RequestBody):
    """What stays empty is found out from the file."""

    columns: str = Field(
        "",
        max_length=10_000,
        description="Field and its column: `text=评论内容,at=评论时间`. Fields: text, subject, at, external_id, "
        "distinct_id, name, email, phone, device, area, app_version, category, severity, language, score",
    )
    time_format: str = Field("", description="`iso`, `epoch_s`, `epoch_ms`, `yyyymmdd`, …")
    timezone: str = Field("", description="Of times without offset; default: the product's")
    origin: str = Field(
        "", max_length=100, description="Where the file comes from, such as App Store"
    )
    closed: bool | None = Field(
        None,
        description="Records of the past: they come in closed; default: by how old the newest is",
    )
    dry_run: bool = Field(False, description="Only tell what would be taken")

    def mapping(self, product: Any, path: Any) -> TicketMapping:
        return mapped(
            path, product.timezone, parse_event_map(self.columns), time_format=self.time_format,
            timezone=self.timezone, origin=self.origin, closed=self.closed,
        )  # fmt: skip


class TicketImportOut(Schema):
    """`id` is none of a dry run. `outcome`: rows = opened + repeated + refused, `codes` and the first reasons of
    what was refused; of one that was undone also `undone`, `kept`."""

    id: int | None
    file_name: str
    state: str
    mapping: dict[str, Any]
    outcome: dict[str, Any]
    error: dict[str, Any] | None
    started_by: str
    created: datetime | None
    finished: datetime | None


def _one(request: HttpRequest, product: str, key: int) -> TicketImport:
    found = product_for(request, product, MANAGE)
    rows = TicketImport.objects.select_related("product")
    return get_object_or_404(rows, product=found, pk=key)


@router.get("/{slug:product}/ticket-imports", response=Page[TicketImportOut])
def ticket_imports(request: HttpRequest, product: str, paging: Pages) -> dict[str, Any]:
    """Files of tickets that were taken in, the newest first."""
    rows = TicketImport.objects.filter(product=product_for(request, product, MANAGE))
    return {"total": rows.count(), "items": list(rows[paging.slice])}


@router.post(
    "/{slug:product}/ticket-imports", response={200: TicketImportOut, 202: TicketImportOut}
)
def import_ticket_file(
    request: HttpRequest, product: str, file: File[UploadedFile], options: Form[TicketFileIn]
) -> Any:
    """Open the tickets of a CSV, Excel, JSONL or Parquet file in the background; a dry run tells at once what would
    be taken. The same rows again open nothing twice."""
    found, user = product_for(request, product, MANAGE), caller(request).user
    kept = draft.keep(found, file)
    try:
        mapping = options.mapping(found, kept.path)
        if not options.dry_run:
            return Status(
                202, actions.start_ticket_import(found, kept.path, mapping, acting_user=user)
            )
        told = run(found, kept.path, mapping, dry_run=True).as_dict()
    except UserOpsError:
        kept.discard()
        raise
    kept.discard()
    return TicketImport(
        file_name=kept.path.name, state="dry_run", outcome=told, mapping=actions.written(mapping),
        started_by=user.email,
    )  # fmt: skip


@router.get("/{slug:product}/ticket-imports/{run}", response=TicketImportOut)
def ticket_import(request: HttpRequest, product: str, run: Key) -> TicketImport:
    """How far it is, or what came of it."""
    return _one(request, product, run)


@router.post("/{slug:product}/ticket-imports/{run}/cancel", response=TicketImportOut)
def cancel_ticket_import(request: HttpRequest, product: str, run: Key) -> TicketImport:
    """Stop reading; what was opened stays, until it is undone."""
    row = _one(request, product, run)
    actions.cancel_ticket_import(row, acting_user=caller(request).user)
    row.refresh_from_db()
    return row


@router.post("/{slug:product}/ticket-imports/{run}/undo", response=TicketImportOut)
def undo_ticket_import(request: HttpRequest, product: str, run: Key) -> TicketImport:
    """Take its tickets back, in the background; those on which somebody has worked since stay."""
    row = _one(request, product, run)
    actions.undo_ticket_import(row, acting_user=caller(request).user)
    row.refresh_from_db()
    return row


@router.get("/{slug:product}/ticket-imports/{run}/refused", response=None)
def refused_ticket_rows(request: HttpRequest, product: str, run: Key) -> FileResponse:
    """The rows that were refused, with their reasons, as a CSV file: mend it and import it again."""
    return quarantine_file(_one(request, product, run))
