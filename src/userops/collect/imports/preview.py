"""The first rows of a file as they would be stored."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson

from userops.collect.imports.draft import Draft
from userops.events.fields import BY_NAME
from userops.events.importers.converting import Converter
from userops.events.importers.mapping import Mapping, check_mapping
from userops.events.importers.proposing import settle
from userops.events.importers.reading import read_sample
from userops.events.limits import BY_CODE
from userops.events.models import Product

SHOWN = 10


@dataclass(frozen=True, slots=True)
class Preview:
    """Rows that would be taken, rows that would be refused, and how many of each in the sample."""

    mapping: Mapping
    rows: list[dict[str, Any]]
    refused: list[dict[str, Any]]
    taken_count: int
    refused_count: int


def preview_of(product: Product, draft: Draft, mapping: Mapping, language: str) -> Preview:
    """Convert the file's first rows. Raises `Refused` when the mapping is wrong."""
    sample = read_sample(draft.path, mapping.file)
    check_mapping(mapping, sample.table.column_names)
    settled, _notes = settle(mapping, sample)
    converter = Converter(settled, now_ms=time.time_ns() // 10**6, timezone=product.timezone)
    done = converter.convert(sample)
    refused = done.refused.head(SHOWN).to_dicts()
    return Preview(
        mapping=settled,
        rows=[_row(each) for each in done.accepted.head(SHOWN).to_dicts()],
        refused=[{**each, "reason": _reason(each["code"], language)} for each in refused],
        taken_count=done.accepted.height,
        refused_count=done.refused.height,
    )


def _row(row: dict[str, Any]) -> dict[str, Any]:
    time_ = datetime.fromtimestamp(row["ts"] / 1000, tz=UTC) if row.get("ts") is not None else None
    fields = {name: row[name] for name in row if name in BY_NAME and row[name] not in (None, "")}
    properties = {**fields, **orjson.loads(row["props"] or "{}")}
    return {
        "row": row["row"],
        "event": row.get("event", ""),
        "user": row["distinct_id"],
        "time": time_,
        "properties": list(properties.items()),
    }


def _reason(code: str, language: str) -> str:
    reason = BY_CODE.get(code)
    return reason.words.text(language) if reason else code
