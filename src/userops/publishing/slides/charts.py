"""Charts on slides: native and editable where PowerPoint has them, else pictures."""

from __future__ import annotations

import math
from typing import Any

from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_TICK_LABEL_POSITION,
)
from pptx.enum.dml import MSO_LINE
from pptx.util import Pt

from userops.publishing.charts import FEW_NAMES
from userops.publishing.charts.colours import tokens
from userops.publishing.charts.native import (
    Native,
    axis_format,
    colours,
    highest,
    office_format,
    paler,
)
from userops.publishing.slides.theme import colour, face, run
from userops.publishing.tables import width_of

_TYPES = {
    ("line", False): XL_CHART_TYPE.LINE,
    ("column", False): XL_CHART_TYPE.COLUMN_CLUSTERED,
    ("column", True): XL_CHART_TYPE.COLUMN_STACKED,
    ("bar", False): XL_CHART_TYPE.BAR_CLUSTERED,
    ("bar", True): XL_CHART_TYPE.BAR_STACKED,
}
MOST_LABELS = {"bar": 24, "column": 12}
"""Bars up to so many carry their values: beside each other they would touch."""


def add(slide: Any, native: Native, place: tuple[int, int, int, int]) -> Any:
    """A chart with its numbers in a sheet behind it; answers the shape."""
    data = CategoryChartData(number_format=office_format(native))
    data.categories = native.categories
    for at, each in enumerate(native.series):
        data.add_series(each.name or ("" if each.hidden else f"{at + 1}"), each.values)
    shape = slide.shapes.add_chart(_TYPES[native.kind, native.stacked], *place, data)
    chart = shape.chart
    chart.has_title = False
    chart.font.size, chart.font.color.rgb = Pt(11), colour("ink-2")
    face(chart._chartSpace.txPr.p_lst[0].pPr.defRPr)
    _legend(chart, native)
    _axes(chart, native)
    _series(chart, native)
    return shape


def _legend(chart: Any, native: Native) -> None:
    named = [each for each in native.series if not each.hidden]
    chart.has_legend = len(named) > 1
    if chart.has_legend:
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False
        chart.legend.font.size = Pt(11)
        _without_hidden(chart, native)


def _without_hidden(chart: Any, native: Native) -> None:
    from lxml import etree
    from pptx.oxml.ns import qn

    legend = chart.legend._element
    for at, each in enumerate(native.series):
        if each.hidden:
            entry = etree.Element(qn("c:legendEntry"))
            etree.SubElement(entry, qn("c:idx"), val=str(at))
            etree.SubElement(entry, qn("c:delete"), val="1")
            legend.insert(1, entry)


def _axes(chart: Any, native: Native) -> None:
    values, names = chart.value_axis, chart.category_axis
    if native.measured:
        _titled(values, native.measured)
    values.has_major_gridlines = True
    values.major_gridlines.format.line.color.rgb = colour("line")
    values.format.line.fill.background()
    values.tick_labels.number_format = axis_format(native)
    values.tick_labels.number_format_is_linked = False
    values.tick_labels.font.size = names.tick_labels.font.size = Pt(11)
    names.format.line.color.rgb = colour("line-strong")
    # below the axis, also where bars go down from it
    names.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    if native.lowest is not None:
        values.minimum_scale = native.lowest
    elif all(value is None or value >= 0 for each in native.series for value in each.values):
        values.minimum_scale = 0
    if native.format == "percent" and 0.8 < highest(native) <= 1.02:
        values.maximum_scale = 1
    _sparse(names, native)
    if native.kind == "bar":
        names.reverse_order = True  # the first row is the upper one, as in the table
        values.tick_label_position = XL_TICK_LABEL_POSITION.HIGH


def _titled(axis: Any, text: str) -> None:
    """What an axis counts, written along it."""
    axis.has_title = True
    paragraph = axis.axis_title.text_frame.paragraphs[0]
    run(paragraph, text, 11, "ink-3")


def _sparse(axis: Any, native: Native) -> None:
    """Of many names along the foot only some are written."""
    from lxml import etree
    from pptx.oxml.ns import qn

    # of few names those of several words break in two lines
    lines = 2 if len(native.categories) <= FEW_NAMES else 1
    longest = max(width_of(each) / (lines if " " in each else 1) for each in native.categories)
    skip = math.ceil(len(native.categories) * (longest + 0.8) / 78)
    if native.kind == "bar" or skip < 2:
        return
    _level(axis)
    element = axis._element
    before = element.find(qn("c:noMultiLvlLbl"))
    for tag in ("c:tickLblSkip", "c:tickMarkSkip"):
        made = etree.Element(qn(tag), val=str(skip))
        if before is not None:
            before.addprevious(made)
        else:
            element.append(made)


def _level(axis: Any) -> None:
    """LibreOffice does not know `tickLblSkip`: names that are turned, if by what nobody sees, it neither breaks nor
    lets touch, and leaves some out."""
    body = axis._element.txPr.bodyPr
    body.set("rot", str(BARELY))
    body.set("vert", "horz")


BARELY = 1_000
"""Of 60,000 a degree."""


def _series(chart: Any, native: Native) -> None:
    plot = chart.plots[0]
    if native.kind != "line":
        plot.gap_width = 60 if native.stacked else 70
        plot.overlap = 100 if native.stacked else -5
    lonely = sum(1 for each in native.series if each.tone != "faded") == 1
    few = len(native.categories) * len(native.series) <= MOST_LABELS.get(native.kind, 0)
    for each, given, shade in zip(
        plot.series, native.series, colours(native, tokens()), strict=True
    ):
        if given.hidden:
            each.format.fill.background()
            continue
        paint = RGBColor.from_string(shade)
        if native.kind == "line":
            each.smooth = False
            each.format.line.color.rgb, each.format.line.width = paint, Pt(2.25)
            each.marker.style = None
            each.marker.size = 5
            each.marker.format.fill.solid()
            each.marker.format.fill.fore_color.rgb = paint
            each.marker.format.line.color.rgb = paint
            for at in given.open_ends:
                line = each.points[at].format.line
                line.color.rgb, line.width, line.dash_style = paint, Pt(2.25), MSO_LINE.SQUARE_DOT
            # LibreOffice draws no dashes of single points
            for at in given.open:
                fill = each.points[at].marker.format.fill
                fill.solid()
                fill.fore_color.rgb = RGBColor.from_string(paler(shade))
            continue
        each.format.fill.solid()
        each.format.fill.fore_color.rgb = paint
        each.invert_if_negative = False
        for at in given.open:
            fill = each.points[at].format.fill
            fill.solid()
            fill.fore_color.rgb = RGBColor.from_string(paler(shade))
        if few and given.tone != "faded" and (not native.stacked or lonely):
            labels = each.data_labels
            labels.show_value, labels.number_format_is_linked = True, False
            labels.number_format = office_format(native)
            inside = native.stacked
            labels.position = (
                XL_LABEL_POSITION.INSIDE_END if inside else XL_LABEL_POSITION.OUTSIDE_END
            )
            labels.font.size = Pt(11)
            labels.font.color.rgb = colour("surface" if inside else "ink-2")
