"""A product as it was at the end of a past day, as far as a definition asks: which facts are known of then.

Tags, personas and bands of risk have a history by day (`facts/days.py`), computed facts are computed of the
events up to that day, dynamic segments are evaluated as of that day. Lists and frozen segments do not change.
Profiles and what else is known of users have no history: they are as today, and the definition says so.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from userops.audience.facts import days
from userops.audience.facts.computing import Facts, Wanted, computed
from userops.audience.facts.definitions import BY_NAME
from userops.audience.facts.refreshing import as_of_day, extent_of, state_of
from userops.audience.people import scope_of
from userops.audience.personas.models import PersonaSet
from userops.audience.segments.models import Segment
from userops.audience.segments.others import SegmentsOf
from userops.audience.tags.models import Tag
from userops.errors import DocumentError
from userops.events import facts
from userops.events.fact_rows import IN
from userops.events.models import Fact, Product
from userops.events.store import Store
from userops.query.scope import Scope
from userops.segments import Segment as Document
from userops.segments import as_of, evaluate, parse
from userops.segments.describing import describe_past
from userops.words import Words


@dataclass(frozen=True, slots=True)
class Past:
    """Where questions about that day are asked, and what is known of it and what is not, in words."""

    scope: Scope
    words: Words


@dataclass
class _Then:
    store: Store
    product: Product
    day: date
    path: tuple[int, ...]
    scope: Scope
    notes: list[Words] = field(default_factory=list)
    versions: dict[str, int] = field(default_factory=dict)
    facts: Facts | None = None

    def lend(self, name: str, key: object, make: Callable[[], Mapping[int, str]]) -> None:
        whole = (self.store.engine.dsn, self.product.pk, name, key)
        self.versions[name] = _LENT.get(
            whole, lambda: _written(self.store, self.product, name, make())
        )


def _written(store: Store, product: Product, name: str, values: Mapping[int, str]) -> int:
    return facts.lend(store, product, name, list(values), list(values.values()))


class _Lent:
    """Versions of facts of past days that stand in the engine."""

    def __init__(self) -> None:
        self._versions: dict[object, tuple[int, datetime]] = {}
        self._lock = threading.Lock()

    def get(self, key: object, make: Callable[[], int]) -> int:
        now = datetime.now(UTC)
        with self._lock:
            self._versions = {k: each for k, each in self._versions.items() if each[1] > now}
            found = self._versions.get(key)
        if found is None:
            found = (make(), now + facts.LENT)
            with self._lock:
                self._versions[key] = found
        return found[0]


_LENT = _Lent()


def past_of(
    store: Store, product: Product, document: Document, day: date, path: tuple[int, ...] = ()
) -> Past:
    """Of a definition; `path`: the segments in which it is asked. Raises `NotFound` for a segment that is gone,
    `DocumentError` for a day that has yet to come."""
    scope = scope_of(store, product)
    today = scope.now.astimezone(scope.zone).date()
    if day > today:
        raise no_past_day(str(day), today)
    if day == today:
        return Past(as_of(scope, day), describe_past(day, []))
    then = _Then(store, product, day, path, as_of(scope, day))
    names = set(_texts(document, SegmentsOf(product), set()))
    known = {fact.name: fact for fact in _facts_of(product, names)}
    for fact in known.values():
        _HOW.get(fact.kind, _today)(then, fact)
    profiles = set(_properties(document.as_json())) - known.keys()
    if profiles:
        then.notes.append(_of_profiles(sorted(profiles)))
    return Past(as_of(scope, day, then.versions), describe_past(day, then.notes))


def no_past_day(text: str, today: date) -> DocumentError:
    return DocumentError(
        Words(
            f"{text!r} 不是过去的某一天；请选择 {today} 或更早的日期，格式如 2026-01-31。",
            f"{text!r} is no past day: choose {today} or a day before it, as in 2026-01-31.",
        ),
        code="day_invalid",
    )


def _facts_of(product: Product, names: set[str]) -> list[Fact]:
    """Those that the product has. There are some hundreds at most, and as many names as a definition holds."""
    return [
        fact for fact in Fact.objects.filter(product=product).order_by("name") if fact.name in names
    ]


def _of_profiles(names: list[str]) -> Words:
    zh, en = "、".join(f"“{each}”" for each in names), ", ".join(f"“{each}”" for each in names)
    return Words(
        f"用户资料{zh}不留历史，取当前值",
        f"profiles have no history: {en} {'is' if len(names) == 1 else 'are'} as today",
    )


def names_computed(product: Product, document: Document) -> bool:
    """Whether a definition asks for facts that are computed of events anew for a past day."""
    return not BY_NAME.keys().isdisjoint(_texts(document, SegmentsOf(product), set()))


def _texts(document: Document, others: SegmentsOf, seen: set[int]) -> Iterator[str]:
    """All texts of a definition and of the segments that it names: facts are among them."""
    yield from _strings(document.as_json())
    for number in document.segments() - seen:
        seen.add(number)
        inner = others.definition(number)
        if inner is not None:
            yield from _texts(inner, others, seen)


def _strings(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict | list):
        for each in node.values() if isinstance(node, dict) else node:
            yield from _strings(each)


def _properties(node: Any) -> Iterator[str]:
    """The properties of users on which conditions are made."""
    if isinstance(node, list):
        for each in node:
            yield from _properties(each)
    elif isinstance(node, dict):
        if "property" in node and (node.get("of") == "user" or node.get("who") == "user"):
            yield node["property"]
        for each in node.values():
            yield from _properties(each)


def _name(fact: Fact) -> Words:
    return Words(f"“{fact.label_zh}”", f"“{fact.label_en}”")


def _recorded(then: _Then, fact: Fact) -> None:
    """As it stood that day; before it was made nobody had it."""
    name, row = _name(fact), days.row_of(then.product, fact.name, then.day)
    ends = days.ends_of(then.product, fact.name)
    if row is not None and ends is not None:
        if row.pk != ends[1].pk:
            then.lend(fact.name, row.pk, lambda: days.said(row))
        then.notes.append(Words(f"{name.zh}取当日的值", f"{name.en} is as it stood that day"))
        return
    born = _born(then.product, fact)
    if born is not None and born > then.day:
        then.lend(fact.name, "nobody", dict)
        then.notes.append(
            Words(
                f"{name.zh}当日尚未建立，视为无人拥有",
                f"{name.en} did not exist yet: nobody had it",
            )
        )
        return
    if ends is None:
        _today(then, fact)
        return
    first, last = ends
    if first.pk != last.pk:
        then.lend(fact.name, first.pk, lambda: days.said(first))
    then.notes.append(
        Words(
            f"{name.zh}的变动自 {first.day} 起有记录，此前取最早的记录",
            f"changes of {name.en} are recorded since {first.day}: before, its first record counts",
        )
    )


def _born(product: Product, fact: Fact) -> date | None:
    """The day on which a tag or a set of personas was made."""
    rows: Any = Tag.objects.filter(product=product)
    if fact.kind == "persona":
        rows = PersonaSet.objects.filter(product=product)
    found = next((row for row in rows if row.fact == fact.name), None)
    return found.created.astimezone(ZoneInfo(product.timezone)).date() if found else None


def _computed(then: _Then, fact: Fact) -> None:
    """Of the events up to that day; bands of risk as they stood; other figures as today."""
    if fact.name not in BY_NAME:
        (_recorded if days.ends_of(then.product, fact.name) else _today)(then, fact)
        return
    version = then.scope.version
    then.lend(fact.name, (then.day, version), lambda: _facts(then).get(fact.name, {}))
    name = _name(fact)
    then.notes.append(
        Words(
            f"{name.zh}按当日为止的事件重算", f"{name.en} is computed of the events up to that day"
        )
    )


def _facts(then: _Then) -> Facts:
    if then.facts is None:
        # the day is over a moment after its end
        scope = replace(then.scope, now=then.scope.now + timedelta(milliseconds=1))
        state, extent = state_of(then.product), extent_of(scope)
        wanted = Wanted(
            as_of_day(extent, scope),
            state.value_property,
            state.category_used,
            state.lifecycle_days,
            extent["events"],
        )
        then.facts = computed(scope, wanted) if extent["events_before"] else {}
    return then.facts


def _segment(then: _Then, fact: Fact) -> None:
    """A segment as a property: its members of that day; a frozen one keeps its own."""
    found = next(
        (row for row in Segment.objects.filter(product=then.product) if row.fact == fact.name), None
    )
    if found is None or found.frozen or found.pk in then.path:
        return
    document, path = parse(found.document), (*then.path, found.pk)

    def members() -> dict[int, str]:
        past = past_of(then.store, then.product, document, then.day, path)
        there = evaluate(document, past.scope, SegmentsOf(then.product), own=found.pk)
        return dict.fromkeys(there, IN)

    then.lend(fact.name, (then.day, then.scope.version), members)


def _unchanged(then: _Then, fact: Fact) -> None:
    """A list has the users with whom it was uploaded."""


def _today(then: _Then, fact: Fact) -> None:
    name = _name(fact)
    then.notes.append(
        Words(f"{name.zh}不留历史，取当前值", f"{name.en} has no history: it is as today")
    )


_HOW: dict[str, Callable[[_Then, Fact], None]] = {
    "tag": _recorded,
    "persona": _recorded,
    "computed": _computed,
    "segment": _segment,
    "list": _unchanged,
}
