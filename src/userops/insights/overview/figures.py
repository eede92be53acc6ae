"""The figures of the overview. Each is read off the answer of a document, which it links to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from userops.analyses.answering import Answer, answer
from userops.analyses.registry import BY_KIND
from userops.annotations.marks import marks_on
from userops.events.models import Product
from userops.events.store import Store
from userops.insights.builder.choices import Choices
from userops.insights.builder.question import address_of
from userops.insights.overview.period import DAYS, SQL, Period, instant
from userops.query.scope import Scope
from userops.query.sql import statement
from userops.web.templatetags.figures import compact, k_of_n, percent
from userops.workspace.language import reader_language

Points = Sequence[float | None]


@dataclass(frozen=True, slots=True)
class Figure:
    """What a figure card shows. `now`, `before`, `base`, `unit` are those of `{% change %}`."""

    name: str
    value: str
    href: str
    now: float | None
    before: float | None
    base: str
    unit: str
    points: Points
    definition: str
    note: str = ""
    explain: str = ""
    """The page that divides the change by properties, where that can be done."""
    ago: int = 0
    """Its last point is so many days before the last day of the period."""
    notes: Sequence[tuple[int, str, str]] = ()
    """What happened at which point, as `{% sparkline %}` takes it."""


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks for figures, and of which days."""

    store: Store
    product: Product
    period: Period

    def document(self, kind: str, days: dict[str, Any], **fields: Any) -> dict[str, Any]:
        return {"kind": kind, "product": self.product.slug, "range": days, **fields}

    def answer(self, document: dict[str, Any]) -> Answer:
        return answer(document, self.store)


def _definition(found: Answer) -> str:
    return found.definition.text(reader_language())


def _points(found: Answer, index: int = 0) -> list[float | None]:
    """The points of a trend's series or formula."""
    entry = next(each for each in found.result["series"] if each["index"] == index)
    return [value for _start, value in entry["points"]]


def _at(points: Points, place: int) -> float | None:
    return points[place] if len(points) >= abs(place) else None


def _anyone(measure: str) -> dict[str, Any]:
    return {"event": "*", "measure": measure}


def _explained(ask: Asking, question: dict[str, Any], **fields: Any) -> str:
    """The page that says where a figure moved against its base."""
    if "change" not in BY_KIND:
        return ""
    whole = {"kind": "change", "product": ask.product.slug, "range": question["range"]}
    return address_of({**whole, "question": question, **fields})


def _explained_day(ask: Asking, measure: str, days_before: int) -> str:
    """Of a figure of the last day against so many days before."""
    day = ask.period.absolute(1)
    question = ask.document("trend", day, series=[_anyone(measure)])
    base = date.fromisoformat(day["from"]) - timedelta(days=days_before)
    return _explained(ask, question, compare="chosen", base_from=base.isoformat())


def new_users(ask: Asking) -> list[Figure]:
    fields = {"unit": "day", "event": "*"}
    document = ask.document("lifecycle", ask.period.days(), **fields)
    found = ask.answer(document)
    earlier = ask.answer(ask.document("lifecycle", ask.period.absolute(ago=DAYS), **fields))
    points = [point["new"] for point in found.result["points"]]
    total = sum(points)
    before = sum(point["new"] for point in earlier.result["points"])
    return [
        Figure(
            _("New users, 30 days"),
            compact(total),
            address_of(document),
            total,
            before,
            _("vs the 30 days before"),
            "percent",
            points,
            _definition(found),
        )
    ]


def daily(ask: Asking) -> list[Figure]:
    document = ask.document("trend", ask.period.days(), series=[_anyone("users")])
    found = ask.answer(document)
    points = _points(found)
    name = _("Daily active users (DAU)")
    made = _daily_figure(name, points, document, found, _at(points, -8))
    return [replace(made, explain=_explained_day(ask, "users", 7))]


def weekly(ask: Asking) -> list[Figure]:
    document = ask.document("trend", ask.period.days(), series=[_anyone("wau")])
    found = ask.answer(document)
    points = _points(found)
    base = _("vs 7 days before")
    name = _("Weekly active users (WAU)")
    made = _daily_figure(name, points, document, found, _at(points, -8), base)
    return [replace(made, explain=_explained_day(ask, "wau", 7))]


def monthly(ask: Asking) -> list[Figure]:
    document = ask.document(
        "trend", ask.period.days(), series=[_anyone("mau")], compare="previous_period"
    )
    found = ask.answer(document)
    points = _points(found)
    compared = [value for _start, value in found.result["series"][0]["comparison"]["points"]]
    before, base = _at(compared, -1), _("vs 30 days before")
    name = _("Monthly active users (MAU)")
    made = _daily_figure(name, points, document, found, before, base)
    return [replace(made, explain=_explained_day(ask, "mau", DAYS))]


def _daily_figure(
    name: str,
    points: Points,
    document: dict[str, Any],
    found: Answer,
    before: float | None,
    base: str = "",
) -> Figure:
    """A figure of the last day."""
    now = _at(points, -1)
    base = base or _("vs the same weekday last week")
    href, text = address_of(document), _definition(found)
    return Figure(name, compact(now), href, now, before, base, "percent", points, text)


def stickiness(ask: Asking) -> list[Figure]:
    document = ask.document(
        "trend",
        ask.period.days(),
        series=[_anyone("users"), _anyone("mau")],
        formulas=[{"formula": "A/B*100", "name": "DAU/MAU (%)"}],
    )
    found = ask.answer(document)
    points = [None if each is None else each / 100 for each in _points(found, 2)]
    now = _at(points, -1)
    return [
        Figure(
            _("Stickiness (DAU/MAU)"),
            percent(now),
            address_of(document),
            now,
            _at(points, -8),
            _("vs the same weekday last week"),
            "points",
            points,
            _definition(found),
        )
    ]


def _retention(ask: Asking, day: int) -> list[Figure]:
    """How many of the new users of thirty days came back on their day `day`, all of them over."""
    fields = {"unit": "day", "start": "*", "return": "*", "periods": day, "entry": "first_ever"}
    document = ask.document("retention", ask.period.absolute(ago=day), **fields)
    found = ask.answer(document)
    earlier = ask.answer(ask.document("retention", ask.period.absolute(ago=day + DAYS), **fields))
    now, before = found.result["average"][day], earlier.result["average"][day]
    return [
        Figure(
            _("Day-%(n)s retention") % {"n": day},
            percent(now),
            address_of(document),
            now,
            before,
            _("vs cohorts 30 days earlier"),
            "points",
            [cohort["rates"][day] for cohort in found.result["cohorts"]],
            _definition(found),
            k_of_n(*found.result["average_kn"][day]),
            _explained(ask, document, figure=f"period_{day}"),
            ago=day,
        )
    ]


def next_day(ask: Asking) -> list[Figure]:
    return _retention(ask, 1)


def next_week(ask: Asking) -> list[Figure]:
    return _retention(ask, 7)


def next_month(ask: Asking) -> list[Figure]:
    return _retention(ask, 30)


GROUPS: dict[str, Callable[[Asking], list[Figure]]] = {
    "new": new_users,
    "daily": daily,
    "weekly": weekly,
    "monthly": monthly,
    "stickiness": stickiness,
    "day-1": next_day,
    "day-7": next_week,
    "day-30": next_month,
}
"""Groups of figures by name; the page loads them side by side, in this order."""

NEEDS: dict[str, str] = {
    "new": "lifecycle",
    "day-1": "retention",
    "day-7": "retention",
    "day-30": "retention",
}
"""The analysis that a group is built from, where it is not the trend."""


def figures_of(group: str, ask: Asking) -> list[Figure]:
    """The figures of a group, with what happened meanwhile."""
    return [replace(each, notes=_notes(each, ask)) for each in GROUPS[group](ask)]


def _notes(figure: Figure, ask: Asking) -> list[tuple[int, str, str]]:
    end = ask.period.last_day - timedelta(days=figure.ago)
    days = [end - timedelta(days=at) for at in reversed(range(len(figure.points)))]
    marks = marks_on(ask.product, [str(day) for day in days], end)
    return [(mark.at, mark.kind, mark.text) for mark in marks.values()]


def groups() -> list[str]:
    """The groups whose analysis is there."""
    return [name for name in GROUPS if NEEDS.get(name, "trend") in BY_KIND]


@dataclass(frozen=True, slots=True)
class TopEvent:
    name: str
    label: str
    times: int
    before: int
    users: int
    href: str


TOP_DAYS = 7
TOP_EVENTS = 10


def top_events(ask: Asking, scope: Scope) -> list[TopEvent]:
    """The most frequent events of the last seven days; each links to its trend."""
    begin, after = ask.period.bounds(TOP_DAYS, ZoneInfo(ask.product.timezone))
    values = scope.values()
    pieces = {
        "person": scope.person,
        "begin": instant(values, begin),
        "before": instant(values, ask.period.bounds(2 * TOP_DAYS, scope.zone)[0]),
        "after": instant(values, after),
        "limit": values.whole(TOP_EVENTS),
    }
    rows = ask.store.engine.rows(statement(SQL / "top_events.sql", pieces), values.parameters)
    labels = Choices(ask.product, reader_language()).event_labels
    return [
        TopEvent(name, labels.get(name, name), times, before, users, _trend_of(ask, name))
        for name, times, before, users in rows
    ]


def _trend_of(ask: Asking, event: str) -> str:
    series = [{"event": event, "measure": "total"}]
    return address_of(ask.document("trend", ask.period.days(TOP_DAYS), series=series))
