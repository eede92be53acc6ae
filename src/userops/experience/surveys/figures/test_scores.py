"""Scores of surveys in a period, counted again in plain Python."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from userops.experience.surveys.figures import FIGURES
from userops.experience.surveys.models import Response
from userops.records.answering import answer
from userops.records.figure import NoRecords

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 30, 4, tzinfo=UTC)
SCORES = FIGURES[0]


def asked(product: Any) -> Any:
    days = {"from": "2026-11-01", "to": "2026-11-30"}
    document = {"kind": "surveys.scores", "product": product.slug, "range": days}
    return answer(SCORES, document, product=product.pk, zone=ZONE, now=NOW)


def answered(survey: Any, day: date, values: list[int], key: str = "nps") -> None:
    zone = UTC if survey.anonymous else ZoneInfo(survey.product.timezone)
    at = datetime(day.year, day.month, day.day, 12, tzinfo=zone)
    Response.objects.bulk_create(
        [
            Response(
                survey=survey, version=survey.version, anonymous=survey.anonymous, way="mail",
                language="en", state="completed", started=at, completed=at, answers={key: value},
            )
            for value in values
        ]
    )  # fmt: skip


def test_scores_of_a_period_against_the_quarter_before(product: Any, running: Any):
    survey = running()
    with pytest.raises(NoRecords):
        asked(product)
    now, before = [10, 9, 8, 2, 3, 0] * 20, [10, 9, 9, 8, 10, 2] * 20
    answered(survey, date(2026, 11, 10), now)
    answered(survey, date(2026, 8, 20), before)
    answered(survey, date(2026, 7, 1), [0] * 50)  # longer ago than a quarter
    answered(survey, date(2026, 12, 1), [0] * 50)  # after the period
    (row,) = asked(product).result["scores"]
    nps = [100 * sum((v >= 9) - (v <= 6) for v in each) / len(each) for each in (now, before)]
    assert (row["value"], row["before"]) == pytest.approx(nps)
    assert row["change"] == pytest.approx(nps[0] - nps[1]) and row["certain"]
    assert (row["n"], row["before_n"]) == (120, 120)
    cells = asked(product).table().rows[0]
    assert cells[-1].en == "fell"


def test_what_cannot_be_compared_or_told_says_so(product: Any, running: Any):
    answered(running("csat"), date(2026, 11, 10), [1, 2, 5], "csat")
    answered(running(anonymous=True), date(2026, 11, 10), [10] * 5)
    rows = asked(product).result["scores"]
    assert [row["kind"] for row in rows] == ["csat"], (
        "five answers of an anonymous survey are too few"
    )
    assert rows[0]["value"] == pytest.approx((8 / 3 - 1) / 4 * 100)
    assert rows[0]["change"] is None and not rows[0]["certain"]
    assert asked(product).table().rows[0][-1].en == "nothing to compare"


def test_nothing_is_compared_with_what_lies_in_the_period(product: Any, running: Any):
    survey = running()
    answered(survey, date(2026, 11, 1), [10] * 12)
    answered(survey, date(2026, 11, 1) - timedelta(1), [0] * 12)
    (row,) = asked(product).result["scores"]
    assert (row["value"], row["before"]) == (100, -100)
