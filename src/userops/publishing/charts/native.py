"""A chart as Office draws it: categories and series of numbers, that a reader may edit.

Lines and bars, side by side or stacked, are native. Flows, heat maps and boxes stay pictures.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from userops.publishing.charts.options import first_panel, open_places
from userops.publishing.wording import clipped

Kind = Literal["line", "column", "bar"]
MOST_CATEGORIES, MOST_SERIES = 200, 12
LONGEST_NAME = 60
FEW_DAYS = 8
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Series:
    """`hidden`: the unseen foot of a waterfall. `tone`: `bad`, or `faded` for what was lost. `open`: places of
    incomplete periods."""

    name: str
    values: tuple[float | None, ...]
    hidden: bool = False
    tone: str = ""
    open: frozenset[int] = frozenset()

    @property
    def open_ends(self) -> list[int]:
        """The points to which a line is dashed: Office dashes what leads to a point, so after an open first one too."""
        return sorted(self.open | {at + 1 for at in self.open if at == 0 and len(self.values) > 1})


@dataclass(frozen=True, slots=True)
class Native:
    """`format`: count, number, percent or seconds. `lowest`: where the axis begins, if not at 0. `measured`: what
    the axis of values counts, where the chart says so."""

    kind: Kind
    stacked: bool
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    format: str
    lowest: float | None = None
    measured: str = ""


def native(option: Mapping[str, Any] | None) -> Native | None:
    """An option as a native chart; none where Office has no such chart."""
    if not option:
        return None
    panel = first_panel(option)
    along, across = _axis(panel.get("xAxis")), _axis(panel.get("yAxis"))
    given = [each for each in panel.get("series") or [] if each.get("id") != "annotations"]
    kinds = {each.get("type") for each in given}
    upright = along.get("type") == "category"
    named = along if upright else across
    categories = _of_one_year([clipped(str(e), LONGEST_NAME) for e in named.get("data") or ()])
    # a band of an interval is not a line of its own; its numbers stand in the table
    given = [each for each in given if not (each.get("type") == "line" and each.get("silent"))]
    fits = 0 < len(categories) <= MOST_CATEGORIES and len(given) > 0
    one_axis = not any(each.get("yAxisIndex") or each.get("xAxisIndex") for each in given)
    if kinds not in ({"line"}, {"bar"}) or not fits or not one_axis:
        return None
    series = _merged(_series(each, len(categories)) for each in given)
    if len(series) > MOST_SERIES:
        return None
    kind: Kind = "line" if kinds == {"line"} else "column" if upright else "bar"
    hints = panel.get("userops") or {}
    stacked = kind != "line" and any(each.get("stack") for each in given)
    values = across if upright else along
    lowest = values.get("min")
    return Native(
        kind,
        stacked,
        categories,
        series,
        str(hints.get("format", "count")),
        float(lowest) if isinstance(lowest, int | float) and lowest else None,
        clipped(str(values.get("name") or ""), LONGEST_NAME),
    )


def _of_one_year(names: list[str]) -> tuple[str, ...]:
    """Many days of one year without it, so that they have room beside each other."""
    years = {each[:5] for each in names}
    days = len(names) > FEW_DAYS and len(years) == 1 and all(map(_DAY.fullmatch, names))
    return tuple(each[5:] for each in names) if days else tuple(names)


def _axis(axis: Any) -> Mapping[str, Any]:
    one = axis[0] if isinstance(axis, list) and axis else axis
    return one if isinstance(one, Mapping) else {}


def _series(given: Mapping[str, Any], count: int) -> Series:
    values = [_value(each) for each in (given.get("data") or [])[:count]]
    values += [None] * (count - len(values))
    own = given.get("userops") or {}
    style = given.get("itemStyle") or {}
    colour = str(style.get("color", ""))
    tone = str(own.get("tone", ""))
    return Series(
        clipped(str(given.get("name") or ""), LONGEST_NAME),
        tuple(values),
        hidden=colour == "transparent",
        tone=tone or ("faded" if colour.startswith("rgba(") else ""),
        open=open_places(given),
    )


def _value(item: Any) -> float | None:
    value = item.get("value") if isinstance(item, Mapping) else item
    if isinstance(value, list):
        value = value[-1] if value else None
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _merged(series: Iterable[Series]) -> tuple[Series, ...]:
    """A line that is drawn in two parts, full and dashed, is one."""
    found: dict[str, Series] = {}
    for at, each in enumerate(series):
        key = each.name or f"\0{at}"
        before = found.get(key)
        if before is None:
            found[key] = each
            continue
        values = tuple(
            old if old is not None else new
            for old, new in zip(before.values, each.values, strict=True)
        )
        new = {at for at in each.open if before.values[at] is None}
        found[key] = replace(before, values=values, open=before.open | new)
    return tuple(found.values())


def signed(form: str) -> str:
    """A format with the minus sign, as numbers of the text have it."""
    return f'{form};"−"{form}'


OFFICE_FORMATS: Mapping[str, str] = {
    "count": signed("#,##0.##"),
    "number": signed("#,##0.##"),
    "percent": signed("0.0%"),
    "seconds": signed("#,##0.0"),
}
WHOLE = signed("#,##0")
MUCH = 1_000
"""From so much on nobody reads decimals."""


def office_format(chart: Native) -> str:
    """The number format of axis and labels."""
    if chart.format in ("count", "number"):
        whole = all(
            value is None or float(value).is_integer()
            for each in chart.series
            for value in each.values
        )
        return WHOLE if whole or highest(chart) >= MUCH else signed("#,##0.0")
    return OFFICE_FORMATS.get(chart.format, WHOLE)


def axis_format(chart: Native) -> str:
    """Marks of an axis are round."""
    if chart.format == "percent":
        small = highest(chart) - (chart.lowest or 0) <= 0.08
        return OFFICE_FORMATS["percent"] if small else signed("0%")
    return WHOLE if highest(chart) > 10 else office_format(chart)


def highest(chart: Native) -> float:
    """The highest point: of stacked bars their sum."""
    columns = [
        [each.values[at] or 0.0 for each in chart.series] for at in range(len(chart.categories))
    ]
    if chart.stacked:
        return max(sum(value for value in column if value > 0) for column in columns)
    return max(value for column in columns for value in column)


def paler(colour: str) -> str:
    """`RRGGBB` as it is on white at 45%."""
    parts = (int(colour[at : at + 2], 16) for at in (0, 2, 4))
    return "".join(f"{round(255 - 0.45 * (255 - part)):02X}" for part in parts)


def colours(chart: Native, palette: Mapping[str, str]) -> list[str]:
    """A colour `RRGGBB` for each series, as the page draws it."""
    found, place = [], 0
    for each in chart.series:
        if each.hidden:
            found.append("")
            place += 1
            continue
        name = each.tone if each.tone == "bad" else f"chart-{place % 8 + 1}"
        colour = "D9DBE0" if each.tone == "faded" else palette[name].lstrip("#").upper()
        found.append(colour)
        place += 1
    return found
