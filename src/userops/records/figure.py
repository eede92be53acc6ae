"""What a figure of records is: one record that reports read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from userops.analyses.table import Table
from userops.errors import NotFound
from userops.query.dates import midnight
from userops.records.document import RecordQuery
from userops.words import Words


@dataclass(frozen=True, slots=True)
class Span:
    """The range of a question, in moments: `first <= moment < after`. Nothing after `now` has happened."""

    product: int
    zone: ZoneInfo
    now: datetime
    from_day: date
    to_day: date

    @property
    def first(self) -> datetime:
        return midnight(self.from_day, self.zone)

    @property
    def after(self) -> datetime:
        return midnight(self.to_day + timedelta(days=1), self.zone)

    @property
    def end(self) -> datetime:
        """What is over of the range: until now, where it is not over."""
        return min(self.after, self.now)

    @property
    def days(self) -> list[date]:
        """The days that have begun."""
        last = min(self.to_day, self.day(self.now))
        return [self.from_day + timedelta(days=n) for n in range((last - self.from_day).days + 1)]

    def day(self, moment: datetime) -> date:
        return moment.astimezone(self.zone).date()

    def before(self) -> Span:
        """The same number of days right before."""
        length = self.to_day - self.from_day + timedelta(days=1)
        return Span(
            self.product, self.zone, self.now, self.from_day - length, self.from_day - timedelta(days=1)
        )  # fmt: skip


def _no_records(_document: Any) -> str:
    return ""


@dataclass(frozen=True)
class RecordFigure:
    """A kind of question about records.

    - `document`: the pydantic class; its `kind` is this `kind`.
    - `run(document, span)`: a resolved document to the JSON-ready `result`.
    - `describe(document)`: the definition in a sentence, in both languages.
    - `table(document, result)`, `chart(document, result, language)`: the result as rows and as an ECharts option.
    - `records(document)`: the address of the page that lists the records counted.
    """

    kind: str
    words: Words
    document: type[RecordQuery]
    run: Callable[[Any, Span], dict[str, Any]]
    describe: Callable[[Any], Words]
    table: Callable[[Any, dict[str, Any]], Table]
    chart: Callable[[Any, dict[str, Any], str], dict[str, Any]] | None = None
    records: Callable[[Any], str] = _no_records


class NoRecords(NotFound):
    """Why a figure of records cannot be made: the one line that stands in its place."""

    def __init__(self, zh: str, en: str):
        super().__init__(Words(zh, en), code="no_records")
