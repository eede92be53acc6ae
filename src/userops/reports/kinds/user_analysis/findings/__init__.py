"""The rules of the user analysis report, in the order of its chapters: one visible list."""

from __future__ import annotations

from userops.reports.kinds.user_analysis.chapters.personas import RULES as PERSONAS
from userops.reports.kinds.user_analysis.findings import (
    acquisition,
    behaviour,
    churn,
    data,
    incidents,
    needs,
    retention,
    size,
    value,
)
from userops.reports.outline import Rule

RULES: tuple[Rule, ...] = (
    *data.RULES,
    *size.RULES,
    *acquisition.RULES,
    *PERSONAS,
    *behaviour.RULES,
    *retention.RULES,
    *incidents.RULES,
    *value.RULES,
    *churn.RULES,
    *needs.RULES,
)
