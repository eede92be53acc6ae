"""A segment that something asks for is not deleted, and who asks is said."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from userops.alerts.models import Alert
from userops.audience.personas.models import PersonaSet
from userops.audience.segments import actions
from userops.audience.segments.using import uses_of
from userops.errors import Refused
from userops.insights.models import SavedAnalysis
from userops.reports.models import FigureSnapshot, Issue, Report
from userops.words import Words


def test_what_uses_a_segment(store, shop, make_user):
    lead = make_user("lead", shop)
    where = {"where": {"who": "did", "event": "pay_success", "range": {"preset": "all_time"}}}
    segment = actions.create_segment(store, shop, where, name="买家", acting_user=lead)
    other = actions.create_segment(store, shop, where, name="也是买家", acting_user=lead)
    condition = {"property": segment.fact, "op": "set", "of": "user"}
    asks = {"product": shop.slug, "filters": [condition]}
    PersonaSet.objects.create(product=shop, name="画像", document={"kind": "personas", **asks})
    trend = SavedAnalysis.objects.create(
        product=shop, name="趋势", kind="trend", document={"kind": "trend", **asks}, owner=lead
    )
    Alert.objects.create(
        product=shop, analysis=trend, name="提醒", kind="threshold", next_due=datetime.now(UTC)
    )
    report = Report.objects.create(
        product=shop, kind="user-analysis", first=date(2026, 9, 1), last=date(2026, 9, 30)
    )
    issue = Issue.objects.create(report=report, number=1, timezone=shop.timezone)
    FigureSnapshot.objects.create(
        issue=issue, key="f", position=0, chapter="c", title={"zh": "图", "en": "figure"},
        question={"kind": "trend", **asks}, computed=datetime.now(UTC), sha256="0" * 64,
    )  # fmt: skip
    assert {(use.kind.en, use.name) for use in uses_of(segment)} == {
        ("saved analysis", Words("趋势", "趋势")),
        ("persona set", Words("画像", "画像")),
        ("alert", Words("提醒", "提醒")),
        ("report", Words("用户分析报告 2026 年 9 月", "User analysis report, September 2026")),
    }
    with pytest.raises(Refused, match="3 more"):
        actions.delete_segment(store, segment, acting_user=lead)
    assert uses_of(other) == []
    actions.delete_segment(store, other, acting_user=lead)
