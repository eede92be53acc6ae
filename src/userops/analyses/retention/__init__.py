"""Retention 留存: of those who start in a period, how many come back, and what they are worth."""

from __future__ import annotations

import json
from pathlib import Path

from userops.analyses.analysis import Analysis
from userops.analyses.retention.chart import chart
from userops.analyses.retention.document import PROBLEMS, RetentionDocument
from userops.analyses.retention.explaining import EXPLAINING
from userops.analyses.retention.page import PAGE
from userops.analyses.retention.rollup import plan
from userops.analyses.retention.running import people, run
from userops.analyses.retention.table import table
from userops.analyses.retention.wording import describe
from userops.words import Words

RETENTION = Analysis(
    kind="retention",
    words=Words("留存分析", "Retention"),
    document=RetentionDocument,
    run=run,
    describe=describe,
    table=table,
    chart=chart,
    people=people,
    example=json.loads(Path(__file__).with_name("example.json").read_text(encoding="utf-8")),
    problems=PROBLEMS,
    plan=plan,
    page=PAGE,
    explaining=EXPLAINING,
)

__all__ = ["RETENTION", "RetentionDocument"]
