"""An answer's chart as this page draws it: with the product's annotations on its time axis."""

from __future__ import annotations

from typing import Any

from userops.analyses.answering import Answer
from userops.annotations.marks import annotated
from userops.events.models import Product
from userops.publishing.charts.options import drawn


def option(answer: Answer, language: str, product: Product) -> dict[str, Any]:
    """The ECharts option of an answer."""
    unit = str(getattr(answer.document, "unit", ""))
    return annotated(drawn(answer, language), product, answer.document.range.first, unit)
