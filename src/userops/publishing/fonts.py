"""Fonts of documents: those of the machine, and one for Chinese that is always there (decision 16)."""

from __future__ import annotations

import json
import logging
from functools import cache
from importlib.resources import files
from typing import Any

from userops.errors import StoreFailed
from userops.words import Words

log = logging.getLogger("userops.publishing")

FAMILY = "Noto Sans CJK SC"
FONTS = (FAMILY, "Noto Sans", "Noto Sans Arabic", "Noto Sans Hebrew", "DejaVu Sans")
"""One face for Chinese and Latin, so that digits agree; the others are for scripts that it has not."""


class Typesetter:
    """Typst, offline: it reads no file and fetches nothing. Safe from any thread."""

    def __init__(self, *, system: bool = True) -> None:
        import typst

        own = str(files("noto_cjk_sans_otc"))
        self.fonts = typst.Fonts(include_system_fonts=system, font_paths=[own])

    @property
    def bold(self) -> bool:
        """Whether this machine has a bold Chinese face; else weight is feigned by a stroke."""
        return any(each.family == FAMILY and each.weight >= 600 for each in self.fonts.fonts())

    def compile(self, source: str, data: Any, **options: Any) -> Any:
        """`source` with `data` as `sys.inputs.data` (JSON): texts are data, never markup."""
        import typst

        given = {"data": json.dumps(data, ensure_ascii=False)}
        return typst.compile(source.encode(), font_paths=self.fonts, sys_inputs=given, **options)

    def document(self, source: str, data: Any, standard: str) -> bytes:
        """A PDF that keeps to a standard; where its texts do not allow that, one that does not.

        Raises `StoreFailed`.
        """
        import typst

        for kept in ([standard], []):
            try:
                made: bytes = self.compile(source, data, format="pdf", pdf_standards=kept)
            except typst.TypstError as wrong:
                log.warning("typst refused a document (standards %s): %s", kept, wrong)
            else:
                return made
        raise StoreFailed(
            Words("PDF 未能生成。", "The PDF could not be made."), code="pdf_not_made"
        )

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
