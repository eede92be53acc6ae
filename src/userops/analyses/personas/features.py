"""By what people are told apart: each value of each feature has a code, and events carry codes."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from userops.analyses.meaning import AMOUNT, Meaning, meaning
from userops.analyses.personas.document import FeatureName, Personas
from userops.query.filters import number_sql, text_sql
from userops.query.scope import Scope
from userops.query.sql import Values, coded_sql, statement

SQL = Path(__file__).parent / "sql"
MOST_VALUES = 40
FIFTHS = ("1", "2", "3", "4", "5")
HOURS = tuple(str(hour) for hour in range(24))
WEEKDAYS = tuple(str(day) for day in range(1, 8))
NUMBERS: dict[FeatureName, tuple[str, ...]] = {
    "value": ("value",),
    "activity": ("active_days", "events_per_day", "recency", "tenure"),
}
"""Features that are numbers of a person, not codes of events."""


@dataclass(frozen=True, slots=True)
class Feature:
    """`values[i]` has the code `first + i`. Of a `lasting` one only the value of most days counts."""

    name: FeatureName
    property: str | None
    values: tuple[str, ...]
    first: int
    lasting: bool = field(default=False)

    def place(self) -> slice:
        """Its columns in a matrix of all codes."""
        return slice(self.first - 1, self.first - 1 + len(self.values))


@dataclass(frozen=True)
class Features:
    """What is looked at in one product and range."""

    coded: tuple[Feature, ...]
    numbers: tuple[str, ...]
    purchase: str | None
    valued: bool
    """Whether purchases carry amounts."""
    kind: str | None
    """The property by which prices are compared: of goods of one kind."""
    cuts: tuple[tuple[str, tuple[float, ...]], ...]
    """The four prices that cut the prices of each kind into fifths; one kind '' without a property."""

    @property
    def codes(self) -> int:
        return sum(len(feature.values) for feature in self.coded)

    def as_json(self) -> list[dict[str, Any]]:
        return [
            {"feature": each.name, "property": each.property, "values": list(each.values)}
            for each in self.coded
        ]


def features_of(document: Personas, scope: Scope) -> Features:
    """The features that the product has: those asked for whose events and properties are there."""
    seen = meaning(scope, document.range.bounds(scope.zone), document.filters)
    taste = document.taste.property if document.taste else seen.taste()
    price = document.price.property if document.price else seen.price()
    kind = taste if taste and "taste" in document.features else None
    cuts = _cuts(document, scope, price, kind) if price and "price" in document.features else ()
    found: list[Feature] = []
    for name in document.features:
        property_, values = _values(document, scope, seen, name, taste, price if cuts else None)
        if len(values) > 1:
            first = 1 + sum(len(each.values) for each in found)
            found.append(Feature(name, property_, values, first, name in ("platform", "channel")))
    numbers = tuple(n for name in document.features for n in NUMBERS.get(name, ()))
    purchase = document.purchase or seen.purchase()
    valued = purchase is not None and seen.has_amount(purchase)
    if not valued:
        numbers = tuple(each for each in numbers if each != "value")
    return Features(tuple(found), numbers, purchase, valued, kind, cuts)


def _values(
    document: Personas,
    scope: Scope,
    seen: Meaning,
    name: FeatureName,
    taste: str | None,
    price: str | None,
) -> tuple[str | None, tuple[str, ...]]:
    if name == "hours":
        return None, HOURS
    if name == "weekdays":
        return None, WEEKDAYS
    if name == "events":
        return None, tuple(event.name for event in seen.events)[:MOST_VALUES]
    if name == "price":
        return price, FIFTHS if price else ()
    if name == "taste":
        return taste, _most_common(document, scope, taste) if taste else ()
    if name in ("platform", "channel"):
        return name, tuple(sorted(_most_common(document, scope, name)))
    return None, ()


def _pieces(document: Personas, scope: Scope, values: Values) -> dict[str, str]:
    begin, after = document.range.bounds(scope.zone)
    return {
        "person": scope.person,
        "begin": values.instant(begin),
        "after": values.instant(after),
        "condition": document.step().sql(values, scope.person),
    }


def _most_common(document: Personas, scope: Scope, name: str) -> tuple[str, ...]:
    values = scope.values()
    values.parameters["most"] = MOST_VALUES
    pieces = _pieces(document, scope, values) | {
        "value": f"toString({text_sql(name, 'event', values)})"
    }
    rows = scope.ask(statement(SQL / "values.sql", pieces), values).to_pylist()
    return tuple(row["value"] for row in rows)


def _cuts(
    document: Personas, scope: Scope, price: str, taste: str | None
) -> tuple[tuple[str, tuple[float, ...]], ...]:
    values = scope.values()
    values.parameters["most"] = 1_000
    kind = f"toString({text_sql(taste, 'event', values)})" if taste else "''"
    pieces = _pieces(document, scope, values) | {
        "kind": kind,
        "price": number_sql(price, "event", values),
    }
    rows = scope.ask(statement(SQL / "prices.sql", pieces), values).to_pylist()
    return tuple((row["kind"], tuple(row["cuts"])) for row in rows)


def codes_sql(features: Features, values: Values) -> str:
    """The codes of a row of `events`, 0 for none; the last code says that it happened at all."""
    parts = [_code_sql(features, feature, values) for feature in features.coded]
    return f"[{', '.join([*parts, f'toUInt16({features.codes + 1})'])}]"


def _code_sql(features: Features, feature: Feature, values: Values) -> str:
    if feature.name == "hours":
        return f"toUInt16({feature.first} + toHour(ts, {{timezone:String}}))"
    if feature.name == "weekdays":
        return f"toUInt16({feature.first - 1} + toDayOfWeek(ts, 0, {{timezone:String}}))"
    if feature.name == "price":
        return _price_sql(features, feature, values)
    text = "event" if feature.property is None else text_sql(feature.property, "event", values)
    codes = range(feature.first, feature.first + len(feature.values))
    return coded_sql(f"toString({text})", feature.values, codes, 0, values)


def _price_sql(features: Features, feature: Feature, values: Values) -> str:
    """Which fifth of the prices of its kind of goods a price is in; a price on a cut is in the upper one."""
    assert feature.property is not None
    price = number_sql(feature.property, "event", values)
    kinds = [kind for kind, _ in features.cuts]
    cuts = values.add([list(each) for _, each in features.cuts], "Array(Array(Float64))")
    kind = "''"
    if features.kind is not None:
        kind = f"toString({text_sql(features.kind, 'event', values)})"
    own = f"{cuts}[indexOf({values.texts(kinds)}, {kind})]"
    above = f"arrayCount(cut -> cut <= ifNull({price}, 0), {own})"
    return f"if(isFinite({price}) and notEmpty({own}), toUInt16({feature.first} + {above}), toUInt16(0))"


def amount_sql(values: Values) -> str:
    return number_sql(AMOUNT, "event", values)


def rows_pieces(
    document: Personas, scope: Scope, values: Values, part: int, parts: int
) -> dict[str, str]:
    """The events of one of equal parts of all persons."""
    whole = f"cityHash64({scope.person}) % {parts} = {part}" if parts > 1 else "1"
    return {**_pieces(document, scope, values), "part": whole}
