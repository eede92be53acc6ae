"""LTV by cohort: what users are worth after so many periods, and when their cost is paid back."""

from __future__ import annotations

import json
from pathlib import Path

from userops.analyses.analysis import Analysis
from userops.analyses.ltv.chart import chart
from userops.analyses.ltv.describing import describe
from userops.analyses.ltv.document import PROBLEMS, Ltv
from userops.analyses.ltv.page import PAGE
from userops.analyses.ltv.people import people
from userops.analyses.ltv.running import run
from userops.analyses.ltv.table import table
from userops.words import Words

LTV = Analysis(
    kind="ltv",
    words=Words("LTV 分析", "LTV"),
    document=Ltv,
    run=run,
    describe=describe,
    table=table,
    chart=chart,
    people=people,
    example=json.loads(Path(__file__).with_name("example.json").read_text(encoding="utf-8")),
    problems=PROBLEMS,
    page=PAGE,
)

__all__ = ["LTV"]
