"""Trend 事件分析: how often, how many, how much, over time."""

from __future__ import annotations

import json
from pathlib import Path

from userops.analyses.analysis import Analysis
from userops.analyses.trend.chart import chart
from userops.analyses.trend.describing import describe
from userops.analyses.trend.document import PROBLEMS, Trend
from userops.analyses.trend.explaining import EXPLAINING
from userops.analyses.trend.page import PAGE
from userops.analyses.trend.people import people
from userops.analyses.trend.rollup import plan
from userops.analyses.trend.running import run
from userops.analyses.trend.table import table
from userops.words import Words

TREND = Analysis(
    kind="trend",
    words=Words("事件分析", "Trend"),
    document=Trend,
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

__all__ = ["TREND"]
