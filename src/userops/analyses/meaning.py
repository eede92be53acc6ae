"""What events and properties of a product probably are, told by their names, values and habits.

Questions that no one has told which property is the category, or which event the purchase, guess here, all in
the same way; what was guessed stands in their results, and a document can say it instead.
"""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from userops.analyses.kinds import kinds_sql
from userops.events.fields import BY_NAME
from userops.query.filters import Filters, conditions_sql, text_sql
from userops.query.scope import Scope
from userops.query.sql import Values, statement

SQL = Path(__file__).parent / "sql"
MOST_EVENTS, MOST_PROPERTIES = 60, 200
NUMERIC, FEW = 0.95, 20
"""A property of which so many values are numbers, and more than a few different ones, is a number."""
TASTE_VALUES = (4, 60)
"""How many values a property has that sorts what people look at."""
CANDIDATES = 8
KEPT = 16
LEAST_HABIT = 0.02
AMOUNT = "amount"

NO_FEATURES = frozenset({
    "app_update", "update", "$AppUpdate", "app_install", "first_open", "$AppInstall", "register", "sign_up", "signup",
    "$SignUp", "login", "log_in", "sign_in", "$Login", "logout", "push_click", "push_open", "notification_open",
})  # fmt: skip
"""What nobody chooses as a feature: to update, to register, to be sent a message."""

_BUYING = re.compile(
    r"pay|purchas|order|buy|bought|charge|checkout|transaction|支付|付款|购买|成交|下单",
    re.IGNORECASE,
)
_NOT_BOUGHT = re.compile(
    r"fail|cancel|refund|return|error|declin|start|begin|init|creat|view|add|remove|失败|取消|退款|退货|开始|浏览",
    re.IGNORECASE,
)
_PRICE = re.compile(r"price|单价|价格|售价", re.IGNORECASE)
_SEARCHING = re.compile(r"search|query|搜索|检索", re.IGNORECASE)
_WORD = re.compile(r"keyword|query|search|term|word|关键词|搜索词", re.IGNORECASE)
_RESULTS = re.compile(r"result|hits|count|total|found|结果|条数", re.IGNORECASE)
_FAILING = re.compile(
    r"fail|error|crash|exception|timeout|declin|reject|abort|失败|错误|闪退|崩溃|异常|超时",
    re.IGNORECASE,
)
_REASON = re.compile(r"error|reason|code|message|exception|cause|错误|原因|代码", re.IGNORECASE)
_WRITING = re.compile(r"feedback|complain|comment|survey|反馈|投诉|意见|评论", re.IGNORECASE)
_TEXT = re.compile(r"text|comment|content|message|body|内容|文本|留言", re.IGNORECASE)
_SCORING = re.compile(r"nps|score|rating|satisf|csat|stars?|评分|打分|满意", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Event:
    name: str
    events: int
    persons: int


@dataclass(frozen=True, slots=True)
class Property:
    """Of an event property: `given` events with a value, `values` different ones."""

    name: str
    given: int
    numbers: int
    values: int

    @property
    def numeric(self) -> bool:
        """Whether its values are numbers, however few different ones."""
        return bool(self.given) and self.numbers >= NUMERIC * self.given

    @property
    def is_number(self) -> bool:
        return self.numeric and self.values > FEW


@dataclass(frozen=True)
class Meaning:
    """The events and properties of a product in a range, the widest spread first."""

    scope: Scope
    bounds: tuple[int, int]
    filters: Filters
    events: tuple[Event, ...]
    properties: tuple[Property, ...]

    def purchase(self) -> str | None:
        """The event of a purchase: named like one, not like its beginning or failure; rather one with an
        amount."""
        named = [each.name for each in self.events if _BUYING.search(each.name)]
        bought = [name for name in named if not _NOT_BOUGHT.search(name)]
        carried = self.carried(bought, [AMOUNT])
        return next((name for name in bought if carried[name][0]), bought[0] if bought else None)

    def has_amount(self, event: str) -> bool:
        return bool(self.carried([event], [AMOUNT])[event][0])

    def price(self) -> str | None:
        """The number that is called a price and is given most often."""
        return self._given(
            each for each in self.properties if each.is_number and _PRICE.search(each.name)
        )

    def search(self) -> tuple[str, str, str] | None:
        """The event of a search, the property with what was looked for, and that with how much was found."""
        for event in self.events:
            if not _SEARCHING.search(event.name):
                continue
            carried = self.carried([event.name], [each.name for each in self.properties])
            here = [
                each
                for each, count in zip(self.properties, carried[event.name], strict=True)
                if count
            ]
            word = self._given(e for e in here if not e.numeric and _WORD.search(e.name))
            found = self._given(e for e in here if e.numeric and _RESULTS.search(e.name))
            if word and found:
                return event.name, word, found
        return None

    def failures(self) -> list[str]:
        """Events that are named like something gone wrong."""
        return [each.name for each in self.events if _FAILING.search(each.name)]

    def reason(self, event: str) -> str | None:
        """The property that says why an event of failure happened."""
        named = [e.name for e in self.properties if not e.is_number and _REASON.search(e.name)]
        counts = self.carried([event], named)[event]
        best = max(zip(counts, named, strict=True), default=(0, ""))
        return best[1] if best[0] else None

    def score(self) -> tuple[str, str] | None:
        """The event and the property of a score that people gave."""
        named = [e.name for e in self.properties if e.numeric and _SCORING.search(e.name)]
        events = [e.name for e in self.events if _SCORING.search(e.name)]
        for event, counts in self.carried(events, named).items():
            best = max(zip(counts, named, strict=True), default=(0, ""))
            if best[0]:
                return event, best[1]
        return None

    def feedback(self) -> tuple[str, str] | None:
        """The event and the property of texts that people wrote."""
        events = [e.name for e in self.events if _WRITING.search(e.name)]
        named = [e.name for e in self.properties if not e.numeric and _TEXT.search(e.name)]
        for event, counts in self.carried(events, named).items():
            best = max(zip(counts, named, strict=True), default=(0, ""))
            if best[0]:
                return event, best[1]
        return None

    def taste(self) -> str | None:
        """The text that sorts what people look at: of those with a few dozen values at most, the one in
        which the days of one person agree most beyond chance, times the share of persons who have it."""
        low, high = TASTE_VALUES
        fitting = [
            each
            for each in self.properties
            if low <= each.values <= high and not each.numeric and each.name.lower() not in BY_NAME
        ]
        fitting = sorted(fitting, key=lambda each: (-each.given, each.name))[:CANDIDATES]
        if not fitting:
            return None
        values = self.scope.values()
        cells = [
            f"(toUInt16({place}), toString({text_sql(each.name, 'event', values)}))"
            for place, each in enumerate(fitting)
        ]
        rows = self._rows("habits", values, {"cells": f"[{', '.join(cells)}]"})
        most = max(event.persons for event in self.events)
        habits = {
            fitting[row["place"]].name: (row["within"] - row["overall"]) * row["persons"] / most
            for row in rows
            if row["within"] is not None
        }
        best = max(habits, key=lambda name: (habits[name], name), default=None)
        return best if best is not None and habits[best] >= LEAST_HABIT else None

    def carried(self, events: Sequence[str], names: Sequence[str]) -> dict[str, list[int]]:
        """How many of each of these events carry each of these properties."""
        found = {event: [0] * len(names) for event in events}
        if not events or not names:
            return found
        values = self.scope.values()
        counts = [
            f"countIf({text_sql(name, 'event', values)} != '') as given_{at}"
            for at, name in enumerate(names)
        ]
        pieces = {
            "counts": ", ".join(["event", *counts]),
            "more": f"and event in {values.texts(list(events))} group by event",
        }
        for row in self._rows("kinds", values, pieces):
            found[row["event"]] = [row[f"given_{at}"] for at in range(len(names))]
        return found

    @staticmethod
    def _given(properties: Iterable[Property]) -> str | None:
        ranked = sorted(properties, key=lambda each: (-each.given, each.name))
        return ranked[0].name if ranked else None

    def _rows(self, name: str, values: Values, pieces: dict[str, str]) -> list[dict[str, Any]]:
        return _rows(self.scope, self.bounds, self.filters, name, values, pieces)


_kept: OrderedDict[tuple[str, int, int, tuple[int, int], Filters], Meaning] = OrderedDict()
_lock = threading.Lock()


def meaning(scope: Scope, bounds: tuple[int, int], filters: Filters) -> Meaning:
    """What happens between two instants (UTC milliseconds) among the events that fit the filters."""
    key = (scope.engine.dsn, scope.product, scope.version, bounds, filters)
    with _lock:
        kept = _kept.get(key)
    if kept is not None:
        return replace(kept, scope=scope)
    found = _meaning(scope, bounds, filters)
    with _lock:
        _kept[key] = found
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return found


def _meaning(scope: Scope, bounds: tuple[int, int], filters: Filters) -> Meaning:
    values = scope.values()
    values.parameters["most"] = MOST_EVENTS
    events = tuple(Event(**row) for row in _rows(scope, bounds, filters, "events", values, {}))
    paths = _rows(scope, bounds, filters, "paths", scope.values(), {})
    personal = scope.personal()
    known = [name for name in sorted(paths[0]["paths"]) if ("event", name) not in personal]
    names = [*known[:MOST_PROPERTIES], AMOUNT] if events else []
    values = scope.values()
    counts = kinds_sql(names, "event", values)
    if not names:
        return Meaning(scope, bounds, filters, events, ())
    pieces = {"counts": ", ".join(counts), "more": ""}
    row = _rows(scope, bounds, filters, "kinds", values, pieces)[0]
    properties = tuple(
        Property(name, row[f"given_{at}"], row[f"numbers_{at}"], row[f"values_{at}"])
        for at, name in enumerate(names)
        if name not in BY_NAME or name == AMOUNT
    )
    return Meaning(scope, bounds, filters, events, properties)


def _rows(
    scope: Scope,
    bounds: tuple[int, int],
    filters: Filters,
    name: str,
    values: Values,
    pieces: dict[str, str],
) -> list[dict[str, Any]]:
    begin, after = bounds
    all_pieces = {
        "person": scope.person,
        "begin": values.instant(begin),
        "after": values.instant(after),
        "condition": conditions_sql(filters, values, scope.person),
        **pieces,
    }
    table = scope.ask(statement(SQL / f"meaning_{name}.sql", all_pieces), values)
    rows: list[dict[str, Any]] = table.to_pylist()
    return rows
