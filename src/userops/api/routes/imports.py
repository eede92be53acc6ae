"""Imports of files, their quality reports, and the rows that were refused. Scope `import`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, File, Form, Query, Router, Schema, Status, UploadedFile

from userops.api.auth import is_local, product_for, require_scope
from userops.api.bodies import RequestBody
from userops.api.paging import Key, Page, Pages
from userops.collect import actions
from userops.collect.imports import draft
from userops.errors import NotAllowed, Refused
from userops.events import quarantine, store
from userops.events.importers.encoding import is_known_encoding
from userops.events.importers.formats import detect_format
from userops.events.importers.mapping import Mapping, parse_event_map
from userops.events.models import ImportRun, Product, QualityReport
from userops.words import Words
from userops.workspace.log import note
from userops.workspace.models import Scope, User
from userops.workspace.roles import Permission

router = Router(tags=["imports"])
MAX_REPLAYED = 10_000


class Options(RequestBody):
    """What the columns mean: the options of `userops import`. What stays empty is found out."""

    user: str = Field(description="Column of the user id")
    time: str = Field("", description="Column of the time; needed for events")
    event: str = Field("", description="Column of the event name")
    event_name: str = Field("", description="One event name for all rows")
    event_map: str = Field("", description="Values of the event column: `1=view,2=cart`")
    time_format: str = Field(
        "", description="`iso`, `epoch_s`, `epoch_ms`, `yyyymmdd`, or a pattern"
    )
    timezone: str = Field("", description="Of times without offset; default: the product's")
    props: str = Field("", description="Columns kept as properties: `a,b,c`")
    all_props: bool = Field(False, description="Keep every column without another role")
    fields: str = Field(
        "", description="Columns that are standard fields: `城市=city,渠道=channel`"
    )
    uuid: str = Field("", description="Column of a UUID that each row brings")
    profile: bool = Field(False, description="Rows describe users, not events")
    identities: bool = Field(
        False, description="Each row says which `anonymous` id is which `user`'s"
    )
    anonymous: str = Field("", description="Column of the anonymous id, with `identities`")
    dedupe: bool = Field(False, description="Rows equal in every column count once")
    encoding: str = ""
    delimiter: str = ""
    header: bool | None = None
    quotes: bool = True
    sheet: str = Field("", description="Excel: the sheet; default: the first")


class PathOptions(Options):
    path: str = Field(min_length=1, max_length=1024)


class ImportOut(Schema):
    id: int
    file_name: str
    state: str
    rows: int
    stored: int
    refused: int
    duplicates: int
    progress: dict[str, Any]
    error: dict[str, Any] | None
    mapping: dict[str, Any]
    started_by: str
    created: datetime
    finished: datetime | None


class RefusedOut(Schema):
    id: int
    door: str
    row_number: int | None
    code: str
    detail: str
    raw: str
    received: datetime


class ReplayIn(RequestBody):
    code: str = Field("", description="Only rows refused for this reason")
    door: str = Field("", description="Only rows that came by this door")


class ReplayOut(Schema):
    taken: int
    stored: int
    refused: dict[str, int]


def _mapping(path: Path, options: Options) -> Mapping:
    """The mapping that the options describe. Raises `Refused`."""
    if options.encoding and not is_known_encoding(options.encoding):
        raise Refused(
            Words(f"未知编码 {options.encoding}。", f"Unknown encoding {options.encoding}."),
            code="encoding_unknown",
        )
    found = detect_format(
        path,
        encoding=options.encoding,
        delimiter=options.delimiter.replace("\\t", "\t"),
        header=options.header,
        quotes=options.quotes,
        sheet=options.sheet,
    )
    props = tuple(name.strip() for name in options.props.split(",") if name.strip())
    return Mapping(
        file=found,
        user=options.user,
        time=options.time,
        event=options.event,
        event_name=options.event_name,
        event_map=parse_event_map(options.event_map),
        time_format=options.time_format,
        timezone=options.timezone,
        props=props,
        # a profile without properties says nothing
        all_props=options.all_props or (options.profile and not props),
        fields=parse_event_map(options.fields),
        uuid=options.uuid,
        profile=options.profile,
        identities=options.identities,
        anonymous=options.anonymous,
        dedupe=options.dedupe,
    )


@router.post("/{slug:product}/imports", response={202: ImportOut})
def start_import(
    request: HttpRequest, product: str, options: Form[Options], file: File[UploadedFile]
) -> Status[ImportRun]:
    """Upload a CSV, Excel, JSONL or Parquet file (plain, .gz or .zst) and queue its import.

    Ask for its `state` until it is `done`. Importing the same rows again stores nothing twice.
    """
    found = product_for(request, product, Permission.MANAGE_DATA)
    user = require_scope(request, Scope.IMPORT)
    kept = draft.keep(found, file)
    try:
        return Status(202, _start(found, kept.path, options, user))
    except Refused:
        kept.discard()
        raise


@router.post("/{slug:product}/imports/from-path", response={202: ImportOut})
def import_path(request: HttpRequest, product: str, body: PathOptions) -> Status[ImportRun]:
    """Queue the import of a file of the server's machine. Only for callers on that machine."""
    found = product_for(request, product, Permission.MANAGE_DATA)
    user = require_scope(request, Scope.IMPORT)
    if not is_local(request):
        raise NotAllowed(
            Words(
                "只有服务器本机的令牌可以按路径导入。",
                "Only the token of the server's own machine may name a path.",
            ),
            code="local_only",
            hint=Words("请改为上传文件。", "Upload the file instead."),
        )
    return Status(202, _start(found, Path(body.path), body, user))


def _start(product: Product, path: Path, options: Options, user: User) -> ImportRun:
    run = actions.start_import(product, path, _mapping(path, options), acting_user=user)
    run.refresh_from_db()
    return run


@router.get("/{slug:product}/imports", response=Page[ImportOut])
def imports(request: HttpRequest, product: str, paging: Pages) -> dict[str, Any]:
    """All imports, the newest first."""
    found = product_for(request, product, Permission.MANAGE_DATA)
    rows = ImportRun.objects.filter(product=found).order_by("-pk")
    return {"total": rows.count(), "items": list(rows[paging.slice])}


def _run(request: HttpRequest, slug: str, key: int) -> ImportRun:
    found = product_for(request, slug, Permission.MANAGE_DATA)
    return get_object_or_404(ImportRun.objects.select_related("product"), product=found, pk=key)


@router.get("/{slug:product}/imports/{run}", response=ImportOut)
def one_import(request: HttpRequest, product: str, run: Key) -> ImportRun:
    """How far an import is, or how it ended."""
    return _run(request, product, run)


@router.post("/{slug:product}/imports/{run}/cancel", response={202: ImportOut})
def cancel_import(request: HttpRequest, product: str, run: Key) -> Status[ImportRun]:
    """Stop an import: nothing of it is stored."""
    found = _run(request, product, run)
    actions.cancel_import(found, acting_user=require_scope(request, Scope.IMPORT))
    return Status(202, found)


@router.get("/{slug:product}/imports/{run}/report", response=dict[str, Any])
def report(request: HttpRequest, product: str, run: Key) -> dict[str, Any]:
    """The data-quality report of a finished import."""
    found = get_object_or_404(QualityReport, import_run=_run(request, product, run))
    kept: dict[str, Any] = found.report
    return kept


@router.get("/{slug:product}/quarantine", response=Page[RefusedOut])
def refused_rows(
    request: HttpRequest,
    product: str,
    paging: Pages,
    code: str = Query("", max_length=40),
    door: str = Query("", max_length=20),
) -> dict[str, Any]:
    """Rows that were refused and not replayed yet, each with its reason."""
    found = product_for(request, product, Permission.MANAGE_DATA)
    rows = quarantine.waiting(found, code, door)
    return {"total": rows.count(), "items": list(rows[paging.slice])}


@router.post("/{slug:product}/quarantine/replay", response=ReplayOut)
def replay(request: HttpRequest, product: str, body: ReplayIn) -> ReplayOut:
    """Read refused rows again (at most 10,000 at once): good ones are stored, others stay."""
    found = product_for(request, product, Permission.MANAGE_DATA)
    rows = list(quarantine.waiting(found, body.code, body.door)[:MAX_REPLAYED])
    done = quarantine.replay(store.current().ingest, found, rows)
    user = require_scope(request, Scope.IMPORT)
    note(user, "quarantine.replayed", product=found, rows=done.taken, stored=done.stored)
    return ReplayOut(taken=done.taken, stored=done.stored, refused=dict(done.refused))
