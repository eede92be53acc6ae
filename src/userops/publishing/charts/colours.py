"""The colours of the house for charts and documents, read from where the pages have them: tokens.css."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Literal

from userops.publishing.charts.stage import STATIC

TOKENS = STATIC / "userops" / "css" / "tokens.css"
_TOKEN = re.compile(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);")
Theme = Literal["light", "dark"]


@cache
def tokens(theme: Theme = "light") -> Mapping[str, str]:
    """All colours by name as `#rrggbb`: ink, line, accent, chart-1 …"""
    found = _TOKEN.findall(TOKENS.read_text(encoding="utf-8"))
    return {name: light if theme == "light" else dark for name, light, dark in found}


def rgb(colour: str) -> str:
    """`#0b6a64` → `rgb(11, 106, 100)`, as a browser computes it and the chart scripts expect it."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgb({red}, {green}, {blue})"
