"""Errands of reports, where they are refused."""

from __future__ import annotations

from typing import Any

import pytest

from userops.errors import Refused
from userops.maintenance.reporting import sign
from userops.reports.actions import create_report
from userops.reports.models import Sentence


def test_a_signature_that_is_refused_leaves_the_draft(
    store: Any, product: Any, make_user: Any
) -> None:
    issue = create_report(product, "user-analysis", "2026-09", acting_user=make_user("admin"))
    issue.status = "draft"
    issue.save()
    Sentence.objects.create(
        issue=issue, key="a", chapter="advice", position=0, style="action", zh="做", en="Do"
    )
    with pytest.raises(Refused) as wrong:
        sign(store, product=product.slug, report=issue.report_id)
    issue.refresh_from_db()
    assert (wrong.value.code, issue.status) == ("report_lint", "draft")
