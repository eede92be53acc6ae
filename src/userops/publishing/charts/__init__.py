"""Charts as pictures: the option and the look of the page, drawn without a browser.

SVG by ECharts in V8, PNG from it by Typst. Safe from any thread, one chart at a time.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from userops.publishing.charts.colours import Theme, rgb, tokens
from userops.publishing.charts.options import first_panel
from userops.publishing.charts.stage import stage
from userops.publishing.fonts import FAMILY, typesetter
from userops.publishing.tables import width_of

WIDTH = 720
"""CSS pixels across a page of a document."""
PER_INCH = 240
"""Dots of a picture per inch of paper."""
WORDS = {
    "zh": {"day": "天", "hour": "小时", "minute": "分", "second": "秒"},
    "en": {"day": "d", "hour": "h", "minute": "min", "second": "s"},
}
_STYLE = re.compile(r' style="([^"]*)"')
_SHEET = re.compile(r"<style\b.*?</style>", re.DOTALL)
_SIZE = re.compile(r'<svg width="([\d.]+)" height="([\d.]+)"')


@dataclass(frozen=True, slots=True)
class Picture:
    """SVG text without styles and scripts; its size in CSS pixels."""

    svg: str
    width: float
    height: float


def picture(
    option: Mapping[str, Any],
    language: str,
    *,
    width: int = WIDTH,
    theme: Theme = "light",
    height: int | None = None,
) -> Picture:
    """An option drawn; `height` in place of that at which it is read best. A chart that needs more width than given
    is drawn wider. Raises `StoreFailed`."""
    panel = _whole_names(_all_named(first_panel(option)))
    chinese = language.lower().startswith("zh")
    tall = height or height_of(panel)
    given = {
        "option": panel,
        "language": "zh-Hans" if chinese else "en",
        "words": WORDS["zh" if chinese else "en"],
        "width": width,
        "height": tall,
        "colours": {**{name: rgb(each) for name, each in tokens(theme).items()}, "font": FAMILY},
    }
    text = orjson.dumps(given, default=str, option=orjson.OPT_NON_STR_KEYS).decode()
    svg = _plain(stage().draw(text))
    size = _SIZE.search(svg)
    wide, high = (float(size[1]), float(size[2])) if size else (float(width), float(tall))
    return Picture(svg, wide, high)


FEW_NAMES = 12
"""Names along the foot that are all written, slanted where they would touch; of more some are left out."""


def _all_named(option: Mapping[str, Any]) -> dict[str, Any]:
    axes = option.get("xAxis")
    axis = axes[0] if isinstance(axes, list) and axes else axes
    few = isinstance(axis, dict) and axis.get("type") == "category"
    if not few or not isinstance(axis, dict) or len(axis.get("data") or ()) > FEW_NAMES:
        return dict(option)
    named = {**axis, "axisLabel": {"interval": 0, **(axis.get("axisLabel") or {})}}
    return {**option, "xAxis": [named, *axes[1:]] if isinstance(axes, list) else named}


ON_PAPER = 250
"""Pixels across for names of horizontal bars."""


def _whole_names(option: dict[str, Any]) -> dict[str, Any]:
    """Names that a page cuts, as pointing at them tells the rest, are read to their end on paper."""
    axes = option.get("yAxis")
    label = axes.get("axisLabel") or {} if isinstance(axes, dict) else {}
    if label.get("overflow") != "truncate" or not isinstance(axes, dict):
        return option
    whole = {**label, "width": max(ON_PAPER, label.get("width", 0)), "overflow": "break"}
    return {**option, "yAxis": {**axes, "axisLabel": whole}}


def height_of(option: Mapping[str, Any]) -> int:
    """The height in CSS pixels at which a chart can be read."""
    series = option.get("series") or [{}]
    kinds = {each.get("type") for each in series}
    rows = _categories(option.get("yAxis"))
    if "sankey" in kinds:
        return 400
    if "heatmap" in kinds:
        return 110 + 30 * max(rows, 3)
    if rows:  # horizontal bars; names may take two lines of their row, some need three
        row = LONG_ROW if _long_names(option.get("yAxis")) else 30
        beside = sum(1 for each in series if each.get("type") == "bar" and not each.get("stack"))
        if rows <= MOST_GROUPS:  # each bar of a row carries its value
            row = max(row, LABELLED * beside)
        return 56 + row * max(rows, 3)
    return 300


NAMES_ACROSS, LETTER, LONG_ROW = 168, 12, 48
"""Pixels across for names where the axis does not say, of a Chinese character, and of a bar whose name needs more than
`LINES` lines."""
LINES = 2
LABELLED, MOST_GROUPS = 19, 12
"""Pixels of a bar with its value beside it, and rows up to which bars beside each other are so high."""


def _long_names(axis: Any) -> bool:
    one = axis[0] if isinstance(axis, list) and axis else axis
    across = (one.get("axisLabel") or {}).get("width", NAMES_ACROSS) / LETTER
    return any(width_of(str(each)) > LINES * (across - 1) for each in one.get("data") or ())


def _categories(axis: Any) -> int:
    one = axis[0] if isinstance(axis, list) and axis else axis
    return len(one.get("data") or ()) if isinstance(one, dict) else 0


def _plain(svg: str) -> str:
    """Styles as attributes, and none for a pointer: a page with a strict policy may hold it."""
    return _STYLE.sub(lambda found: _attributes(found[1]), _SHEET.sub("", svg))


def _attributes(style: str) -> str:
    parts = [each.split(":", 1) for each in style.split(";") if ":" in each]
    return "".join(f' {name.strip()}="{value.strip()}"' for name, value in parts)


def png(drawn: Picture, language: str) -> bytes:
    """A picture in dots, `PER_INCH` of them at its size on paper."""
    return typesetter().picture(drawn.svg, drawn.width, PER_INCH, language)
