"""Errands of segments. The machine's own administrator does them."""

from __future__ import annotations

from datetime import date
from typing import Any

from userops.audience.segments import actions, counting
from userops.audience.segments.defining import defined
from userops.audience.segments.exporting import exported
from userops.audience.segments.listing import listed, told
from userops.audience.segments.models import Segment
from userops.audience.segments.refreshing import members_at
from userops.errors import Refused
from userops.events.store import Store
from userops.insights.exporting import csv_bytes
from userops.words import Words
from userops.workspace.setup import local_admin


def listing(store: Store, *, product: str) -> list[dict[str, Any]]:
    """All segments with their sizes at the last refresh."""
    return listed(store.product(product))


def show(store: Store, *, product: str, segment: str, day: str | None = None) -> dict[str, Any]:
    """One segment with its definition in words and its sizes by day; `then`: as of the end of a day."""
    found = actions.named(store.product(product), segment)
    definition = defined(found.product, found.document)
    sizes = [{"day": str(each.day), "size": each.size} for each in found.sizes.all()]
    shown = {**told(found), "definition": definition.as_dict(), "sizes": sizes}
    return shown if day is None else {**shown, "then": _then(store, found, day_of(day))}


def _then(store: Store, segment: Segment, day: date) -> dict[str, Any]:
    then = members_at(store, segment, day)
    size = len(then.persons)
    return {
        "day": str(day),
        "size": size,
        "everyone": then.everyone,
        "share": size / then.everyone if then.everyone else None,
        "past": then.words.as_dict(),
    }


def day_of(text: str) -> date:
    """Raises `Refused`."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(
            Words(
                f"日期应为 2026-01-31 这样的形式；实际为 {text[:40]!r}。",
                f"A day is written as 2026-01-31; got {text[:40]!r}.",
            ),
            code="day_invalid",
        ) from None


def create(
    store: Store, *, product: str, name: str, document: dict[str, Any], frozen: bool = False
) -> dict[str, Any]:
    """Keep a definition, and find who is in it."""
    made = actions.create_segment(
        store,
        store.product(product),
        document,
        name=name,
        frozen=frozen,
        acting_user=local_admin(),
    )
    return told(made)


def count(
    store: Store,
    *,
    product: str,
    document: dict[str, Any],
    quick: bool = False,
    day: str | None = None,
) -> dict[str, Any]:
    """How many users a definition means, without keeping it; `day`: as of the end of this day."""
    found, then = store.product(product), None if day is None else day_of(day)
    counted = counting.count(
        store, found, document, quick=quick, day=then, acting_user=local_admin()
    )
    return counted.as_json()


def refresh(store: Store, *, product: str, segment: str) -> dict[str, Any]:
    """Look now who is in it."""
    found = actions.named(store.product(product), segment)
    return told(actions.refresh_segment(store, found, acting_user=local_admin()))


def export(store: Store, *, product: str, segment: str, day: str | None = None) -> str:
    """Its users as CSV, now or as of the end of a day; noted in the audit log."""
    found = actions.named(store.product(product), segment)
    then = None if day is None else day_of(day)
    table, definition = exported(store, found, "csv", day=then, acting_user=local_admin())
    return csv_bytes(table, "en", definition.en).decode("utf-8-sig")
