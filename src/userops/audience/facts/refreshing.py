"""Refreshing the facts of a product: only when its events, people, settings or the day have changed."""

from __future__ import annotations

import logging
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from django.db.models import Count, Max

from userops.audience.facts.category import best_candidate
from userops.audience.facts.computing import Facts, Wanted, after, computed, renewed
from userops.audience.facts.definitions import FACTS
from userops.audience.facts.models import FactState
from userops.audience.facts.summaries import summary
from userops.audience.facts.touched import Seen, look, seen_of, touched
from userops.audience.people import scope_of
from userops.errors import UserOpsError
from userops.events import facts
from userops.events.exclusive import exclusive
from userops.events.models import Erasure, Merge, Product
from userops.events.store import Store
from userops.query.dates import midnight, milliseconds
from userops.query.scope import Scope
from userops.query.sql import statement

log = logging.getLogger("userops.audience")
SQL = Path(__file__).parent / "sql"
_EPOCH = date(1970, 1, 1).toordinal()
MOST_TOUCHED = 0.5
"""Beyond this share of the people it is quicker to read all events once more."""


def state_of(product: Product) -> FactState:
    """The settings and the last refresh of a product's facts."""
    return FactState.objects.get_or_create(product=product)[0]


def refresh_all(store: Store) -> None:
    """Every product in turn; one that fails does not keep the others from theirs."""
    for product in Product.objects.order_by("pk"):
        try:
            refresh(store, product)
        except UserOpsError:
            log.exception("the facts of %s were not refreshed", product.slug)


def refresh(store: Store, product: Product, *, force: bool = False) -> bool:
    """Compute the facts of a product anew where anything changed; answers whether that was so."""
    with exclusive(f"facts-{product.pk}"):
        state = state_of(product)
        scope, begun = scope_of(store, product), time.perf_counter()
        extent = extent_of(scope)
        if not extent["events"]:
            return False
        as_of = as_of_day(extent, scope)
        mark = _fingerprint(product, state, extent, as_of)
        if state.fingerprint == mark and not force:
            return False
        category = state.category_property or best_candidate(scope, product)
        wanted = Wanted(
            as_of, state.value_property, category, state.lifecycle_days, extent["events"]
        )
        since, seen = datetime.now(UTC), look(scope, after(scope, wanted))
        basis = _basis(product, state, category)
        those = None if force else _touched(scope, state, seen, basis)
        if those is None:
            found = computed(scope, wanted)
        else:
            before = {fact.name: facts.read(store, product, fact.name) for fact in FACTS}
            found = renewed(scope, wanted, before, those)
        _write(store, product, found, since)
        state.as_of, state.fingerprint, state.category_used = as_of, mark, category
        state.seen = {**seen.as_json(), "basis": basis}
        state.renewed = None if those is None else len(those)
        state.refreshed, state.people = datetime.now(UTC), len(found["$first_seen"])
        state.summaries = {fact.name: summary(fact, found[fact.name]) for fact in FACTS}
        state.took_ms = (time.perf_counter() - begun) * 1000
        state.save()
        return True


def _touched(scope: Scope, state: FactState, seen: Seen, basis: list[Any]) -> list[int] | None:
    """Of whom the events are read anew; None: of everybody."""
    kept = dict(state.seen)
    last = seen_of(kept) if kept.pop("basis", None) == basis else None
    found = touched(scope, last, seen.after) if last else None
    return found if found is not None and len(found) <= MOST_TOUCHED * state.people else None


def _basis(product: Product, state: FactState, category: str) -> list[Any]:
    """What the facts of somebody without new events may change with; the lifecycle is made anew in any case."""
    erased = Erasure.objects.filter(product=product).count()
    names = [fact.name for fact in FACTS]
    return [product.timezone, state.value_property, category, erased, names]


def as_of_day(extent: dict[str, Any], scope: Scope) -> date:
    """The last whole day, or the last day before it that has an event. A product that began today is
    looked at as it is today."""
    if not extent["events_before"]:
        return scope.now.astimezone(scope.zone).date()
    return date.fromordinal(_EPOCH + extent["last_day"])


def extent_of(scope: Scope) -> dict[str, Any]:
    """How many events there are, how many before today, and the last day with one of those."""
    values = scope.values()
    today = scope.now.astimezone(scope.zone).date()
    before = values.instant(milliseconds(midnight(today, scope.zone)))
    found: dict[str, Any] = scope.ask(
        statement(SQL / "extent.sql", {"before": before}), values
    ).to_pylist()[0]
    return found


def _fingerprint(
    product: Product, state: FactState, extent: dict[str, Any], as_of: date
) -> dict[str, Any]:
    """What the facts follow from. Other facts raise the version of the product's data too; these do not."""
    merges = Merge.objects.filter(product=product)
    return {
        "events": extent["events_before"] or extent["events"],
        "batch": extent["batch_before"],
        "merges": merges.aggregate(all=Count("pk"), last=Max("pk"), undone=Count("undone")),
        "erasures": Erasure.objects.filter(product=product).count(),
        "as_of": str(as_of),
        "timezone": product.timezone,
        "settings": [state.value_property, state.category_property, state.lifecycle_days],
    }


def _write(store: Store, product: Product, found: Facts, since: datetime) -> None:
    there = facts.versions(product.pk)
    for fact in FACTS:
        values = found[fact.name]
        if not values:
            if fact.name in there:
                facts.drop(store, product, fact.name)
            continue
        kind: facts.Type = "number" if fact.type == "number" else "text"
        about = facts.About(fact.name, "computed", fact.words, kind, fact.values)
        facts.write(store, product, about, list(values), list(values.values()), since=since)
