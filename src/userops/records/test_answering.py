"""Questions about records: frozen, exact, absolute when asked, refused when wrong."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from userops.analyses.table import Column, Table
from userops.errors import DocumentError
from userops.records.answering import answer
from userops.records.document import RecordQuery
from userops.records.figure import RecordFigure, Span
from userops.words import Words

NOW = datetime(2026, 3, 10, 5, tzinfo=UTC)


class Days(RecordQuery):
    kind: Literal["days"] = "days"
    least: int = 0


def run(query: Days, span: Span) -> dict[str, Any]:
    return {
        "days": [str(day) for day in span.days],
        "before": str(span.before().from_day),
        "least": query.least,
    }


DAYS = RecordFigure(
    "days", Words("天", "Days"), Days, run, lambda _q: Words("已开始的天", "Days that have begun"),
    lambda _q, result: Table((Column("day", Words("天", "Day"), "date"),), [(d,) for d in result["days"]]),
)  # fmt: skip


def asked(document: dict[str, Any], zone: str = "Asia/Shanghai") -> Any:
    return answer(
        DAYS, {"kind": "days", "product": "p", **document}, product=1, zone=ZoneInfo(zone), now=NOW
    )


def test_a_range_is_absolute_and_ends_with_today():
    found = asked({"range": {"from": "2026-03-08", "to": "2026-03-31"}})
    assert found.result["days"] == ["2026-03-08", "2026-03-09", "2026-03-10"]
    assert found.result["before"] == "2026-02-12"
    relative = asked({"range": {"last": 3}})
    days = relative.document.as_json()["range"]
    assert (days["from"], days["to"]) == ("2026-03-07", "2026-03-09"), "until yesterday, absolute"
    assert relative.document.hash() == asked({"range": {"last": 3}}).document.hash()
    assert relative.document.hash() != asked({"range": {"last": 3}, "least": 1}).document.hash()
    assert found.table().rows[0] == ("2026-03-08",) and found.chart("zh") == {}


def test_a_document_is_frozen_and_says_what_is_wrong():
    with pytest.raises(DocumentError):
        asked({"lest": 1})
    with pytest.raises(ValidationError):
        asked({}).document.least = 2


def test_days_of_a_span_are_those_of_the_zone():
    new_york = asked({"range": {"from": "2026-03-08", "to": "2026-03-08"}}, "America/New_York")
    assert new_york.result["days"] == ["2026-03-08"]
    span = Span(1, ZoneInfo("America/New_York"), NOW, date(2026, 3, 8), date(2026, 3, 8))
    assert (span.after - span.first).total_seconds() == 23 * 3600, "the clock was put forward"
