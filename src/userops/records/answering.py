"""From a JSON document to an answer: the one way for all figures of records."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from userops.analyses.table import Table
from userops.query.problems import document_error
from userops.records.document import RecordQuery
from userops.records.figure import RecordFigure, Span
from userops.words import Words


@dataclass(frozen=True, slots=True)
class RecordAnswer:
    """A resolved question and its figures, as they stood at `data_time`."""

    figure: RecordFigure
    document: RecordQuery
    result: dict[str, Any]
    definition: Words
    data_time: datetime
    took_ms: float

    def table(self) -> Table:
        return self.figure.table(self.document, self.result)

    def chart(self, language: str) -> dict[str, Any]:
        """Empty where the figure is a table only."""
        draw = self.figure.chart
        return draw(self.document, self.result, language) if draw else {}


def parse(figure: RecordFigure, document: Mapping[str, Any]) -> RecordQuery:
    """Raises `DocumentError` that says what, expected, got, how to mend."""
    try:
        return figure.document.model_validate(document)
    except ValidationError as wrong:
        raise document_error(wrong, document) from None


def answer(
    figure: RecordFigure,
    document: Mapping[str, Any],
    *,
    product: int,
    zone: ZoneInfo,
    now: datetime | None = None,
) -> RecordAnswer:
    """Parse, resolve and run a document for a product."""
    now = now or datetime.now(UTC)
    question = parse(figure, document).resolve(now, zone)
    span = Span(product, zone, now, question.range.first, question.range.last_day)
    begun = time.perf_counter()
    result = figure.run(question, span)
    took = (time.perf_counter() - begun) * 1000
    return RecordAnswer(figure, question, result, figure.describe(question), now, took)
