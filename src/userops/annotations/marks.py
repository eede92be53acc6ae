"""Annotations on a chart: which period each falls into, and the marks that ECharts draws."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q

from userops.annotations.axis import Period, periods
from userops.annotations.models import Annotation, Kind
from userops.events.models import Product

SERIES = "annotations"
"""The id of the series that carries the marks; it has no name, so that no legend shows it."""
MOST = 60
"""Marks on one chart."""


@dataclass(slots=True)
class Mark:
    """What falls into one period; `to` is the last period of the longest span that begins here."""

    at: int
    to: int
    notes: list[Annotation] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """The most serious kind among several."""
        kinds = {note.kind for note in self.notes}
        order = (Kind.INCIDENT, Kind.RELEASE, Kind.CAMPAIGN, Kind.OTHER)
        return str(next(kind.value for kind in order if kind.value in kinds))

    @property
    def text(self) -> str:
        """All that it stands for, for those who point at it."""
        return "\n".join(f"{n.span} {n.get_kind_display()} {n.text}" for n in self.notes)


def annotated(
    option: dict[str, Any], product: Product, first_day: date, unit: str = ""
) -> dict[str, Any]:
    """The option with the product's annotations on its time axis; as it was when it has none.

    `first_day` is the first of the chart: hours do not name their year.
    """
    shown = periods(_categories(option), year=first_day.year, unit=unit)
    if shown is None:
        return option
    marks = _marks(product, shown)
    if not marks:
        return option
    hints = {**option.get("userops", {}), "annotations": [_told(mark) for mark in marks]}
    return {**option, "series": [*option["series"], _series(marks)], "userops": hints}


def marks_on(
    product: Product, labels: Sequence[str], first_day: date, unit: str = ""
) -> dict[int, Mark]:
    """The marks of periods that are named as a chart's axis names them, by their place; none where the
    names are no times. `first_day` is the first of them: hours do not name their year."""
    shown = periods(labels, year=first_day.year, unit=unit)
    return {mark.at: mark for mark in _marks(product, shown)} if shown else {}


def _marks(product: Product, shown: list[Period]) -> list[Mark]:
    begun = Q(first__gte=shown[0].begin.date()) | Q(last__gte=shown[0].begin.date())
    rows = Annotation.objects.filter(begun, product=product, first__lte=shown[-1].end.date())
    return marks_of(rows.select_related("owner").order_by("first", "first_time", "pk"), shown)


def _categories(option: dict[str, Any]) -> Sequence[object]:
    axis = option.get("xAxis")
    if not isinstance(axis, dict) or axis.get("type") != "category":
        return []
    found: Sequence[object] = axis.get("data") or []
    return found


def marks_of(annotations: Iterable[Annotation], shown: list[Period]) -> list[Mark]:
    """In order; those in one period are joined. The newest stay when there are too many."""
    marks: dict[int, Mark] = {}
    for annotation in annotations:
        inside = _places(annotation, shown)
        if inside is None:
            continue
        mark = marks.setdefault(inside[0], Mark(inside[0], inside[0]))
        mark.notes.append(annotation)
        mark.to = max(mark.to, inside[1])
    return [marks[at] for at in sorted(marks)][-MOST:]


def _places(annotation: Annotation, shown: list[Period]) -> tuple[int, int] | None:
    """The first and last period that it touches."""
    begin = annotation.begins.earliest
    # a day without an end counts as its first moment: it is drawn where it begins
    end = annotation.ends.latest if annotation.ends else begin
    first = bisect_right(shown, begin, key=lambda each: each.end)
    last = bisect_right(shown, end, key=lambda each: each.begin) - 1
    return (first, last) if first <= last else None


def _series(marks: list[Mark]) -> dict[str, Any]:
    """A series without data: lines with the numbers of the list below, and areas for spans."""
    return {
        "id": SERIES,
        "type": "line",
        "data": [],
        "silent": True,
        "markLine": {
            "silent": True,
            "symbol": "none",
            "data": [
                {
                    "xAxis": mark.at,
                    "name": str(number),
                    "kind": mark.kind,
                    "label": {"formatter": str(number)},
                }
                for number, mark in enumerate(marks, start=1)
            ],
        },
        "markArea": {
            "silent": True,
            "data": [
                [{"xAxis": mark.at, "name": ""}, {"xAxis": mark.to}]
                for mark in marks
                if mark.to > mark.at
            ],
        },
    }


def _told(mark: Mark) -> dict[str, Any]:
    """For the tooltip and for the list below the chart."""
    return {
        "at": mark.at,
        "to": mark.to,
        "kind": mark.kind,
        "notes": [
            {
                "id": note.pk,
                "kind": note.kind,
                "kind_name": str(note.get_kind_display()),
                "text": note.text,
                "when": note.span,
                "who": str(note.owner or ""),
                "link": note.link,
            }
            for note in mark.notes
        ],
    }
