"""Native charts of a workbook, drawn from a block of numbers beside the table."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from userops.publishing.charts.colours import tokens
from userops.publishing.charts.native import (
    Native,
    Series,
    axis_format,
    colours,
    highest,
    office_format,
    paler,
)
from userops.publishing.workbook.looks import FONT, Looks
from userops.spreadsheets import neutral

WIDTH, HEIGHT = 760, 360
MOST_LABELS = 12
"""Along the foot of a chart; of more names every other one is left out."""
ROWS = 19
"""How many rows of the usual size a chart covers."""


def write_data(sheet: Any, native: Native, row: int, column: int, looks: Looks, title: str) -> None:
    """The block that the chart is drawn from: categories, and a column for each series."""
    sheet.write_string(row - 1, column, title, looks.quiet())
    for at, name in enumerate(native.categories, start=1):
        sheet.write_string(row + at, column, neutral(name), looks.text(bold=False))
    for place, each in enumerate(native.series, start=1):
        sheet.write_string(row, column + place, neutral(each.name), looks.head(right=True))
        form = looks.of(num_format=office_format(native), align="right")
        for at, value in enumerate(each.values, start=1):
            if value is not None:
                sheet.write_number(row + at, column + place, value, form)


def chart_of(book: Any, sheet: Any, native: Native, row: int, column: int) -> Any:
    """The chart of a block written by `write_data` at the same place."""
    kind = {"type": native.kind, **({"subtype": "stacked"} if native.stacked else {})}
    chart = book.add_chart(kind)
    last = row + len(native.categories)
    shades = colours(native, tokens())
    for place, (each, shade) in enumerate(zip(native.series, shades, strict=True), start=1):
        series: dict[str, Any] = {
            "name": [sheet.name, row, column + place],
            "categories": [sheet.name, row + 1, column, last, column],
            "values": [sheet.name, row + 1, column + place, last, column + place],
        }
        if each.hidden:
            series |= {"fill": {"none": True}, "border": {"none": True}}
        elif native.kind == "line":
            series["line"] = {"color": f"#{shade}", "width": 2.25}
            dashed = {"border": {"color": f"#{shade}", "width": 2.25, "dash_type": "square_dot"}}
            series |= _points(each, each.open_ends, dashed)
        else:
            series |= {"fill": {"color": f"#{shade}"}, "border": {"none": True}, "gap": 70}
            pale = {"fill": {"color": f"#{paler(shade)}"}, "border": {"none": True}}
            series |= _points(each, each.open, pale)
        if native.stacked:
            series["overlap"] = 100
        chart.add_series(series)
    _axes(chart, native)
    hidden = [at for at, each in enumerate(native.series) if each.hidden]
    legend = {"position": "top", "font": _font(), "delete_series": hidden}
    chart.set_legend(legend if len(native.series) - len(hidden) > 1 else {"none": True})
    chart.set_title({"none": True})
    chart.set_size({"width": WIDTH, "height": HEIGHT})
    chart.set_chartarea({"border": {"none": True}})
    return chart


def _points(series: Series, places: Iterable[int], look: dict[str, Any]) -> dict[str, Any]:
    """The look of single points; the others have that of their series."""
    chosen = set(places)
    if not chosen:
        return {}
    return {"points": [look if at in chosen else None for at in range(len(series.values))]}


def _axes(chart: Any, native: Native) -> None:
    values: dict[str, Any] = {
        "num_format": axis_format(native),
        "num_font": _font(),
        "line": {"none": True},
        "major_gridlines": {"visible": True, "line": {"color": tokens()["line"], "width": 0.75}},
    }
    if native.measured:
        values |= {"name": native.measured, "name_font": {**_font(), "bold": False}}
    if native.lowest is not None:
        values["min"] = native.lowest
    elif all(value is None or value >= 0 for each in native.series for value in each.values):
        values["min"] = 0
    if native.format == "percent" and 0.8 < highest(native) <= 1.02:
        values["max"] = 1
    names: dict[str, Any] = {"num_font": _font(), "label_position": "low"}
    if native.kind != "bar" and len(native.categories) > MOST_LABELS:
        names["interval_unit"] = -(-len(native.categories) // MOST_LABELS)
    if native.kind == "bar":
        # the first row is the upper one, as in the table; x is what lies along the foot
        names["reverse"] = True
        values["label_position"] = "high"
        chart.set_x_axis(values)
        chart.set_y_axis(names)
    else:
        chart.set_x_axis(names)
        chart.set_y_axis(values)


def _font() -> dict[str, Any]:
    return {"name": FONT, "size": 9, "color": tokens()["ink-2"]}
