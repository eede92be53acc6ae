"""A report of some users only, what is known of them beside events, and last year."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from userops.errors import Refused
from userops.events import facts
from userops.events.facts import About
from userops.events.models import PropertyDefinition
from userops.reports.actions import create_report
from userops.reports.asking import ask
from userops.reports.book import Book, Frozen
from userops.reports.kinds.user_analysis.chapters.behaviour import FIGURES as BEHAVIOUR
from userops.reports.kinds.user_analysis.chapters.segments import FIGURES as SEGMENTS
from userops.reports.kinds.user_analysis.chapters.size import FIGURES as SIZE
from userops.reports.kinds.user_analysis.tables import segment_matrix
from userops.reports.outline import NotComputable
from userops.reports.periods import period_of
from userops.reports.subject import read_subject
from userops.reports.views import Catalogue, views_of
from userops.words import Words

NOW = datetime(2026, 10, 1, tzinfo=UTC)
PLANS = {plan.key: plan for plan in (*SIZE, *SEGMENTS, *BEHAVIOUR)}


def subject_of(product, store, settings, first=date(2026, 8, 1)):
    known = store.fact_versions(product.pk)
    return read_subject(product, period_of("2026-09"), settings, NOW, first, None, known)


def test_whom_a_report_is_of_goes_into_every_question_and_is_refused_when_unknown(
    shop, store, writer
):
    with pytest.raises(Refused) as refused:
        create_report(
            shop, "user-analysis", "2026-09", settings={"only": "微信"}, acting_user=writer
        )
    assert refused.value.code == "report_whom_unknown"
    with pytest.raises(Refused):
        subject_of(shop, store, {"without": "tests"})  # nothing says who is a test
    PropertyDefinition.objects.create(product=shop, of="user", name="is_test")
    subject = subject_of(shop, store, {"without": "tests"})
    assert subject.whom.without_tests and "测试账号" in subject.whom.words.zh
    answered = ask(store, subject, PLANS["active"])
    (kept,) = answered.document.as_json()["filters"]
    assert (kept["property"], kept["op"]) == ("is_test", "is_not")
    everyone = ask(store, subject_of(shop, store, {}), PLANS["active"])
    totals = [each.result["series"][0]["total"] for each in (answered, everyone)]
    assert totals[0] == totals[1], "nobody is a test"


def test_satisfaction_is_read_from_facts_and_a_dash_says_why(shop, store):
    with pytest.raises(NotComputable) as why:
        ask(store, subject_of(shop, store, {}), PLANS["csat_by_segment"])
    assert "$csat" in why.value.words.zh
    about = About("$csat", "computed", Words("满意度", "Satisfaction"), "number")
    facts.write(store, shop, about, range(60), [1 + uid % 5 for uid in range(60)])
    subject = subject_of(shop, store, {})
    book = Book(subject)
    keys = ("users_by_segment", "retention_by_segment", "weekly_by_segment", "csat_by_segment")
    for key in keys:
        answered = ask(store, subject, PLANS[key])
        book.figures[key] = Frozen(key, answered.result, answered)
    told = views_of(answered, Catalogue.of(shop), shop)
    assert "用户的“满意度”" in told["zh"]["definition"] and "$csat" not in told["en"]["definition"]
    table = segment_matrix(book)
    names = [column.name for column in table.columns]
    rows = [dict(zip(names, row, strict=True)) for row in table.plain()]
    assert all(row["nps"] is None and row["wau"] is not None for row in rows)
    answered = [row for row in rows if row["csat_n"]]
    assert answered and sum(row["csat_n"] for row in answered) <= 60
    assert all(1 <= row["csat"] <= 5 for row in answered)


def test_last_year_is_compared_from_thirteen_months_on(shop, store):
    with pytest.raises(NotComputable):
        ask(store, subject_of(shop, store, {}), PLANS["active_year"])
    subject = subject_of(shop, store, {}, first=date(2025, 8, 1))
    answered = ask(store, subject, PLANS["active_year"])
    assert answered.result["series"][0]["comparison"]["total"] == 0
