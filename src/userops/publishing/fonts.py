"""Fonts of documents: those of the machine, and one for Chinese that is always there (decision 14)."""

from __future__ import annotations

import json
import threading
from functools import cache
from importlib.resources import files
from typing import Any

FAMILY = "Noto Sans CJK SC"
FONTS = (FAMILY, "Noto Sans", "Noto Sans Arabic", "Noto Sans Hebrew", "DejaVu Sans")
"""One face for Chinese and Latin, so that digits agree; the others are for scripts that it has not."""


class Typesetter:
    """Typst, offline: it reads no file and fetches nothing. Safe from any thread."""

    def __init__(self) -> None:
        import typst

        self.fonts = typst.Fonts(font_paths=[str(files("noto_cjk_sans_otc"))])
        self._lock = threading.Lock()

    @property
    def bold(self) -> bool:
        """Whether this machine has a bold Chinese face; else weight is feigned by a stroke."""
        return any(each.family == FAMILY and each.weight >= 600 for each in self.fonts.fonts())

    def compile(self, source: str, data: Any, **options: Any) -> Any:
        """`source` with `data` as `sys.inputs.data` (JSON): texts are data, never markup."""
        import typst

        given = {"data": json.dumps(data, ensure_ascii=False)}
        return typst.compile(source.encode(), font_paths=self.fonts, sys_inputs=given, **options)

    def picture(self, svg: str, width: float, per_inch: int, language: str) -> bytes:
        drawn: bytes = self.compile(
            _PICTURE,
            {"svg": svg, "width": width, "language": language[:2]},
            format="png",
            ppi=per_inch,
        )
        return drawn


_PICTURE = """#let data = json(bytes(sys.inputs.data))
#set page(width: data.width * 0.75pt, height: auto, margin: 0pt, fill: white)
#set text(lang: data.language, font: "Noto Sans CJK SC")
#image(bytes(data.svg), format: "svg", width: 100%)
"""


@cache
def typesetter() -> Typesetter:
    """The one of this process: it reads the fonts once."""
    return Typesetter()
