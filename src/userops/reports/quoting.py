"""Figures in sentences: a sentence names a value of a figure, and the value is written when it is read.

`{{retention.worst}}` is the value by its own type; `{{retention.worst|kn}}` says it in another way:

| way | |
|---|---|
| `kn` | a share with what it is of: `11.2%（35/312）` |
| `interval` | the 95% interval: `8.1% 至 15.0%` |
| `round` | an average of persons: one decimal, from 20 on none |
| `size` | without its sign: for “lower by …” |
| `span` | the interval of a `size`, read in its direction: `12.8 至 17.1 个百分点` |
| `whole`, `number`, `share`, `points`, `change`, `money`, `seconds` | as that type |
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from userops.money import WHOLE_MONEY
from userops.publishing.numbers import (
    NUMERIC,
    POINTS,
    decimal,
    digits_of,
    fixed,
    k_of_n,
    known,
    shown,
)
from userops.words import Words

Value = Mapping[str, Any]
"""`value` and `type`; of a share also `k` and `n`; `low` and `high`; `zh` and `en` of a name; where it
stands: `pointer` into the result of its figure, or `of`, the values that it was computed from."""

REFERENCE = re.compile(r"\{\{\s*([a-z0-9_]+)\.([a-z0-9_]+)(?:\s*\|\s*([a-z]+))?\s*\}\}")


@dataclass(frozen=True, slots=True)
class Quote:
    """A reference to a value; in an f-string `{rate}` or, in another way, `{rate:kn}`."""

    figure: str
    name: str
    value: Any = None

    def __format__(self, way: str) -> str:
        return f"{{{{{self.figure}.{self.name}{'|' + way if way else ''}}}}}"

    def __str__(self) -> str:
        return format(self, "")


@dataclass(frozen=True, slots=True)
class Reference:
    """One reference as it stands in a text."""

    figure: str
    name: str
    way: str
    value: Value | None


INTERVAL_ZH, INTERVAL_EN = re.compile("（95% 区间[^）]*）"), re.compile(r" \(95% interval[^)]*\)")
"""How sentences tell their interval: a verdict leaves it to them."""

Values = Mapping[str, Mapping[str, Value]]
"""By figure and name."""


def references(text: str, values: Values) -> list[Reference]:
    """Those of a text, in order; `value` is None where there is no such figure or value."""
    return [
        Reference(found[1], found[2], found[3] or "", values.get(found[1], {}).get(found[2]))
        for found in REFERENCE.finditer(text)
    ]


def figures_in(texts: Iterable[str]) -> list[str]:
    """The figures that texts quote, each once, in order: their evidence."""
    return list(dict.fromkeys(found[1] for text in texts for found in REFERENCE.finditer(text)))


def filled(text: str, values: Values, language: str) -> str:
    """The text with its values written; what is not there stays as it is, for the linter to refuse."""

    def write(found: re.Match[str]) -> str:
        value = values.get(found[1], {}).get(found[2])
        return found[0] if value is None else written(value, found[3] or "", language)

    return tidied(REFERENCE.sub(write, text), language)


def tidied(text: str, language: str) -> str:
    """Chinese has no space after a closing mark: a value that ends with one takes that before it away."""
    return _LOOSE.sub("", text) if language.startswith("zh") else text


_LOOSE = re.compile(
    r"(?<=[）”。，；：、])[ ]+(?=[\u4e00-\u9fff“（])|(?<=[\u4e00-\u9fff])[ ]+(?=[（“])"
)


def written(value: Value, way: str, language: str) -> str:
    """One value as people read it."""
    if way in WAYS:
        return WAYS[way](value, language)
    if way in NUMERIC:
        return shown(value["value"], way, language)
    named = value.get("zh" if language.startswith("zh") else "en")
    return str(named) if named is not None else _said(value, value["value"], language)


def _said(value: Value, number: Any, language: str) -> str:
    """The value, or an end of its interval, with as many decimals as a sentence bears: the same for all of them."""
    if not known(number):
        return shown(number, value["type"], language)
    kind = value["type"]
    if kind == "points":
        digits = 1 if abs(value["value"]) >= ONE_POINT else 2
        pattern = f"+#,##0.{'0' * digits};-#,##0.{'0' * digits}"
        return decimal(number * 100, pattern, language) + POINTS.text(language)
    if kind == "number":
        return fixed(number, _digits(value), language)
    return shown(number, kind, language)


def _digits(value: Value) -> int:
    """Decimals that a number and the ends of its interval have in common."""
    numbers = [value.get(each) for each in ("value", "low", "high")]
    return min(digits_of(numbers), 1 if abs(value["value"]) >= MANY else 2)


ONE_POINT = 0.01
"""From a percentage point on, one decimal is told."""


LEAST_SHARE = 0.0005
"""Of less, one decimal would tell nothing."""


def _kn(value: Value, language: str) -> str:
    some = 0 < value["value"] < LEAST_SHARE if known(value["value"]) else False
    share = "<0.1%" if some else shown(value["value"], value["type"], language)
    if value.get("n") is None:
        return share
    counts = k_of_n(value["k"], value["n"], language)
    return Words(f"{share}（{counts}）", f"{share} ({counts})").text(language)


def _interval(value: Value, language: str) -> str:
    ends = [value.get("low"), value.get("high")]
    if value["type"] in ("whole", "number") and _large(value):
        low, high = (shown(round(each), "whole", language) for each in ends if known(each))
        return _between(low, high, language)
    low, high = (_said(value, each, language) for each in ends)
    return _between(low, high, language)


def _large(value: Value) -> bool:
    """Whether the ends of an interval need no decimals: those of persons, and of much."""
    ends = [value.get(each) for each in ("low", "high")]
    least = MANY if value["type"] == "whole" else WHOLE_MONEY
    return all(known(each) and abs(each) >= least for each in ends)


def _between(low: str, high: str, language: str) -> str:
    low = low.removesuffix(POINTS.text(language))
    return Words(f"{low} 至 {high}", f"{low} to {high}").text(language)


def _span(value: Value, language: str) -> str:
    kind = "share" if value["type"] == "change" else value["type"]
    ends = sorted((-1 if value["value"] < 0 else 1) * value[end] for end in ("low", "high"))
    low, high = (_said({**value, "type": kind}, each, language).removeprefix("+") for each in ends)
    return _between(low, high, language)


def _round(value: Value, language: str) -> str:
    return fixed(value["value"], 1 if abs(value["value"]) < MANY else 0, language)


def _size(value: Value, language: str) -> str:
    plain = "share" if value["type"] == "change" else str(value["type"])
    return _said({**value, "type": plain}, abs(value["value"]), language).lstrip("+")


MANY = 20
"""From so many on, averages and the ends of their intervals have no decimals."""


WAYS: Mapping[str, Callable[[Value, str], str]] = {
    "kn": _kn,
    "interval": _interval,
    "round": _round,
    "size": _size,
    "span": _span,
}
