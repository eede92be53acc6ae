"""An uploaded file that waits to be mapped: a folder of its own below the data folder."""

from __future__ import annotations

import json
import re
import shutil
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from uuid import uuid4

from userops.config import current
from userops.errors import NotFound, Refused
from userops.events.importers.formats import FileFormat, detect_format
from userops.events.importers.mapping import Mapping
from userops.events.importers.proposing import Proposal, propose
from userops.events.importers.reading import read_sample
from userops.events.models import ImportRun, Product
from userops.words import Words

ENDINGS = re.compile(
    r"\.(csv|tsv|txt|jsonl|ndjson|json|parquet|xlsx|xls)(\.gz|\.zst)?$", re.IGNORECASE
)

KEPT_DAYS = 7


class Upload(Protocol):
    """A file that a browser sent."""

    name: str | None

    def chunks(self) -> Iterable[bytes]: ...


@dataclass(frozen=True, slots=True)
class Draft:
    """`key` is unguessable and names the folder; the file keeps its own, cleaned name."""

    key: str
    path: Path

    @property
    def folder(self) -> Path:
        return self.path.parent

    def proposal(self, known: FileFormat | None = None) -> Proposal:
        """A mapping to start from. Raises `Refused` for a file that cannot be read."""
        file_format = known or detect_format(self.path)
        return propose(file_format, read_sample(self.path, file_format))

    def note_check(self, facts: dict[str, Any]) -> None:
        """Keep how far checking the whole file is, or what it found."""
        partial = self.folder / "check.state.part"
        partial.write_text(json.dumps(facts), encoding="utf-8")
        partial.replace(self.folder / "check.state")

    def check(self) -> dict[str, Any] | None:
        """The newest `note_check`; None when the file was not checked."""
        try:
            found: dict[str, Any] = json.loads((self.folder / "check.state").read_text("utf-8"))
        except OSError:
            return None
        return found

    def discard(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


def _folder(product: Product) -> Path:
    return current().data / "uploads" / str(product.pk)


def keep(product: Product, upload: Upload) -> Draft:
    """Store an uploaded file. Raises `Refused` for a kind of file that cannot be imported."""
    name = re.sub(r"[^\w.\-]+", "_", Path(upload.name or "").name)[-150:]
    if not ENDINGS.search(name):
        raise Refused(
            Words(
                f"不能导入 {name!r}：应为 CSV、Excel、JSONL 或 Parquet 文件（可为 .gz 或 .zst）。",
                f"Cannot import {name!r}: expected CSV, Excel, JSONL or Parquet, plain or .gz or .zst.",
            ),
            code="file_kind_unknown",
        )
    key = uuid4().hex
    folder = _folder(product) / key
    folder.mkdir(parents=True)
    path = folder / name
    with path.open("wb") as file:
        for chunk in upload.chunks():
            file.write(chunk)
    return Draft(key, path)


def load(product: Product, key: str) -> Draft:
    """The draft of a key. Raises `NotFound`."""
    folder = _folder(product) / key
    files = [each for each in folder.glob("*") if ENDINGS.search(each.name)]
    if not re.fullmatch(r"[0-9a-f]{32}", key) or not files:
        raise NotFound(
            Words(
                "没有这个上传文件，可能已导入或已放弃。",
                "There is no such upload; it may be imported or discarded.",
            ),
            code="upload_not_found",
        )
    return Draft(key, files[0])


def discard_source(run: ImportRun) -> None:
    """Delete the uploaded file of an import that is done; files imported from elsewhere stay."""
    discard_upload(Path(run.file_path))


def discard_upload(path: Path) -> None:
    """Delete a file that was uploaded; one from elsewhere stays."""
    if path.is_relative_to(current().data / "uploads"):
        Draft(path.parent.name, path).discard()


def discard_old(*, days: int = KEPT_DAYS) -> None:
    """Delete uploaded files that were left alone for so long."""
    before = time.time() - days * 86_400
    for folder in (current().data / "uploads").glob("*/*"):
        if folder.is_dir() and folder.stat().st_mtime < before:
            shutil.rmtree(folder, ignore_errors=True)


def mapping_of(draft: Draft, form: Any) -> Mapping:
    """The mapping that a submitted form describes. Raises `Refused`."""
    from userops.events.importers.mapping import parse_event_map

    start = draft.proposal(file_format_of(draft, form))
    columns = start.columns
    fields = {
        column: form.get(f"field-{number}", "")
        for number, column in enumerate(columns)
        if form.get(f"role-{number}") == "field" and form.get(f"field-{number}")
    }
    constant = form.get("event_from") == "name"
    return Mapping(
        file=start.mapping.file,
        user=form.get("user", ""),
        time=form.get("time", ""),
        event="" if constant else form.get("event", ""),
        event_name=form.get("event_name", "").strip() if constant else "",
        event_map=parse_event_map(form.get("event_map", "").replace("\n", ",")),
        time_format=form.get("time_format", "").strip(),
        timezone=form.get("timezone", "").strip(),
        props=tuple(c for n, c in enumerate(columns) if form.get(f"role-{n}") == "property"),
        fields=fields,
        uuid=form.get("uuid", ""),
        profile=form.get("kind") == "profile",
        identities=form.get("kind") == "identities",
        anonymous=form.get("anonymous", "") if form.get("kind") == "identities" else "",
        dedupe=form.get("dedupe") == "on",
    )


def file_format_of(draft: Draft, form: Any) -> FileFormat:
    """How the file is to be read: detected, where the form says nothing else."""
    chosen: dict[str, Any] = {}
    if form.get("encoding"):
        chosen["encoding"] = form["encoding"]
    if form.get("delimiter"):
        chosen["delimiter"] = {"tab": "\t", "space": " "}.get(form["delimiter"], form["delimiter"])
    if form.get("no_header") == "on":
        chosen["header"] = False
    if form.get("sheet"):
        chosen["sheet"] = form["sheet"]
    return detect_format(draft.path, **chosen)
