"""How a line of a trend is called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from userops.analyses.breakdown import group_words
from userops.analyses.trend.document import Series, Trend
from userops.query.naming import event_shown, shown
from userops.words import Words

_ANY = Words("任意事件", "Any event")


def entry_words(document: Trend, entry: Mapping[str, Any]) -> Words:
    """The name of an entry of the result: its breakdown values, its series, or both."""
    if not entry["breakdown"]:
        return index_words(document, entry["index"])
    value = group_words(entry["breakdown"])
    if len(document.formulas or document.series) == 1:
        return value
    name = index_words(document, entry["index"])
    return Words(f"{name.zh} · {value.zh}", f"{name.en} · {value.en}")


def _label(series: Series) -> Words:
    if series.name:
        return Words(series.name, series.name)
    if not series.events:
        return _ANY
    names = [event_shown(name) for name in series.events]
    return Words(" / ".join(each.zh for each in names), " / ".join(each.en for each in names))


def index_words(document: Trend, index: int) -> Words:
    """The name of a series or formula, with its measure unless the name given is enough."""
    if index >= len(document.series):
        formula = document.formulas[index - len(document.series)].label
        return Words(formula, formula)
    series = document.series[index]
    label = _label(series)
    alone = [each.label for each in document.series].count(series.label) == 1
    if series.measure == "total" or (series.name and alone):
        return label
    measure = series.measured().words
    if not series.property:
        return Words(f"{label.zh} · {measure.zh}", f"{label.en} · {measure.en}")
    what = shown(series.property, "event")
    return Words(f"{label.zh} · {measure.zh} {what.zh}", f"{label.en} · {measure.en} {what.en}")
