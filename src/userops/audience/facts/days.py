"""What tags and personas said on past days: a row of bitmaps for each day on which they changed."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from pyroaring import BitMap

from userops.audience.facts.models import FactDay
from userops.events.identity import chunks
from userops.events.models import Erasure, Product, UserId

KEPT = timedelta(days=730)


def keep(
    product: Product, name: str, values: Mapping[int, str], now: datetime | None = None
) -> None:
    """That a fact says this (uid → value) from today on."""
    today = (now or datetime.now(UTC)).astimezone(ZoneInfo(product.timezone)).date()
    people = _packed(values.items())
    rows = FactDay.objects.filter(product=product, name=name)
    last = rows.order_by("-day").first()
    if last is not None and last.people == people:
        return
    FactDay.objects.update_or_create(
        product=product, name=name, day=today, defaults={"people": people}
    )
    # the last row before the limit still says what was so at the limit
    old = rows.filter(day__lte=today - KEPT).order_by("-day").values_list("pk", flat=True)
    FactDay.objects.filter(pk__in=list(old[1:])).delete()


def row_of(product: Product, name: str, day: date) -> FactDay | None:
    """The row that says what a fact said at the end of a day; None before its first row."""
    return _rows(product, name).filter(day__lte=day).order_by("-day").first()


def ends_of(product: Product, name: str) -> tuple[FactDay, FactDay] | None:
    """The first and the last row of a fact."""
    rows = _rows(product, name)
    first, last = rows.order_by("day").first(), rows.order_by("-day").first()
    return (first, last) if first and last else None


def _rows(product: Product, name: str) -> QuerySet[FactDay]:
    """Who had what is large, and read only where it is asked for."""
    return FactDay.objects.filter(product=product, name=name).defer("people")


def said(row: FactDay) -> dict[int, str]:
    """uid → value."""
    return {uid: value for value, text in row.people.items() for uid in _unpacked(text)}


def rename_value(product: Product, name: str, before: str, after: str) -> None:
    """A value is called otherwise, in the past as well: documents ask for it by its name of today."""
    for row in FactDay.objects.filter(product=product, name=name):
        if before in row.people:
            row.people[after] = row.people.pop(before)
            row.save(update_fields=["people"])


def forget(product: Product, name: str) -> None:
    """The fact itself is gone."""
    FactDay.objects.filter(product=product, name=name).delete()


def follow(sender: type[Erasure], instance: Erasure, created: bool, **_signal: object) -> None:
    """After an erasure was recorded: whoever has no id any more is in no row."""
    if created:
        _clean(instance.product_id)


def _clean(product: int) -> None:
    rows = FactDay.objects.filter(product=product)
    named = BitMap()
    for row in rows.iterator():
        for text in row.people.values():
            named |= _unpacked(text)
    there = BitMap()
    for chunk in chunks(named):
        ids = UserId.objects.filter(product=product, uid__among=chunk)
        there |= BitMap(ids.values_list("uid", flat=True))
    if gone := named - there:
        for row in rows.iterator():
            left = {value: _unpacked(text) - gone for value, text in row.people.items()}
            row.people = {value: _text(people) for value, people in left.items() if people}
            row.save(update_fields=["people"])


def _packed(values: Iterable[tuple[int, str]]) -> dict[str, str]:
    people: dict[str, BitMap] = {}
    for uid, value in values:
        people.setdefault(value, BitMap()).add(uid)
    return {value: _text(people[value]) for value in sorted(people)}


def _text(people: BitMap) -> str:
    people.run_optimize()
    return b64encode(people.serialize()).decode()


def _unpacked(text: str) -> BitMap:
    return BitMap.deserialize(b64decode(text))
