"""The charts of a publication, each drawn once for all formats."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from typing import Any

import orjson

from userops.errors import StoreFailed
from userops.publishing.charts import Picture, picture, png
from userops.publishing.charts.colours import Theme
from userops.publishing.content import Figure, Publication

KEPT = 128
_kept: OrderedDict[str, Picture] = OrderedDict()
_dots: OrderedDict[str, bytes] = OrderedDict()
_lock = threading.Lock()


class Pictures:
    """Charts by their option: the five formats of a report ask for the same ones one after the other."""

    def __init__(self, publication: Publication) -> None:
        self.language = publication.language

    def of(
        self, figure: Figure, theme: Theme = "light", *, height: int | None = None
    ) -> Picture | None:
        """A figure's chart; none for a table, and for an option that cannot be drawn. `height` in CSS pixels,
        in place of its own."""
        if not figure.chart:
            return None
        key = self._key(figure, f"{theme}|{height}")
        with _lock:
            if key in _kept:
                return _kept[key]
        try:
            made = picture(figure.chart, self.language, theme=theme, height=height)
        except StoreFailed:
            return None
        _keep(_kept, key, made)
        return made

    def dots(self, figure: Figure, *, height: int | None = None) -> bytes | None:
        """The chart as PNG."""
        drawn = self.of(figure, height=height)
        if drawn is None:
            return None
        key = self._key(figure, f"light|{height}")
        with _lock:
            if key in _dots:
                return _dots[key]
        made = png(drawn, self.language)
        _keep(_dots, key, made)
        return made

    def _key(self, figure: Figure, look: str) -> str:
        text = orjson.dumps(figure.chart, default=str, option=orjson.OPT_NON_STR_KEYS)
        return hashlib.sha256(text + f"|{self.language}|{look}".encode()).hexdigest()


def _keep(kept: OrderedDict[str, Any], key: str, made: Any) -> None:
    with _lock:
        kept[key] = made
        while len(kept) > KEPT:
            kept.popitem(last=False)
