"""What may be asked in a report: analyses of events, and figures of records that slices offer. One way for both."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from userops.analyses.answering import Source
from userops.analyses.answering import answer as answer_analysis
from userops.analyses.answering import parse as parse_analysis
from userops.analyses.table import Table
from userops.errors import UserOpsError
from userops.experience.pain_points.figures import FIGURES as PAIN_POINTS
from userops.experience.surveys.figures import FIGURES as SURVEYS
from userops.feedback.figures import FIGURES as FEEDBACK
from userops.insights.builder.question import address_of
from userops.records import answering as records
from userops.records.figure import RecordFigure
from userops.words import Words

OFFERED: tuple[RecordFigure, ...] = (*FEEDBACK, *SURVEYS, *PAIN_POINTS)
"""Figures of records, by slice."""
BY_KIND: Mapping[str, RecordFigure] = {each.kind: each for each in OFFERED}


class Question(Protocol):
    def as_json(self) -> dict[str, Any]: ...


class Answered(Protocol):
    """An answer of either kind, as a report freezes it."""

    @property
    def document(self) -> Question: ...
    @property
    def result(self) -> dict[str, Any]: ...
    @property
    def definition(self) -> Words: ...
    @property
    def data_time(self) -> datetime: ...
    def table(self) -> Table: ...
    def chart(self, language: str) -> dict[str, Any]: ...


def is_of_records(document: Mapping[str, Any]) -> bool:
    return document.get("kind") in BY_KIND


def answer(document: Mapping[str, Any], source: Source, **asked: Any) -> Answered:
    """The answer to a document of either kind. `asked`: who asks, and the id to cancel it by."""
    figure = BY_KIND.get(str(document.get("kind")))
    if figure is None:
        return answer_analysis(document, source, **asked)
    facts = source.facts(str(document.get("product")))
    return records.answer(figure, document, product=facts.id, zone=ZoneInfo(facts.timezone))


def table_of(document: Mapping[str, Any], result: dict[str, Any]) -> Table:
    """A frozen result as rows."""
    figure = BY_KIND.get(str(document.get("kind")))
    if figure is None:
        analysis, question = parse_analysis(document)
        return analysis.table(question, result)
    return figure.table(records.parse(figure, document), result)


def drill_of(document: Mapping[str, Any], until: datetime | None = None) -> str:
    """Where a reader sees the question itself: the page of the analysis, or the list of the records. Empty where there
    is none. `until`: where the data of an ended history end, of which the figure was asked."""
    if not document:
        return ""
    figure = BY_KIND.get(str(document.get("kind")))
    try:
        if figure is None:
            return address_of(document, until)
        return figure.records(records.parse(figure, document))
    except UserOpsError:  # of a kind that there is no more
        return ""
