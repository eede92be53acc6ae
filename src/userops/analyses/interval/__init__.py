"""Interval 间隔: how long it takes from one event to the next other one."""

from __future__ import annotations

import json
from pathlib import Path

from userops.analyses.analysis import Analysis
from userops.analyses.interval.chart import chart
from userops.analyses.interval.describing import describe
from userops.analyses.interval.document import PROBLEMS, Interval
from userops.analyses.interval.page import PAGE
from userops.analyses.interval.people import people
from userops.analyses.interval.running import run
from userops.analyses.interval.table import table
from userops.words import Words

INTERVAL = Analysis(
    kind="interval",
    words=Words("间隔分析", "Interval"),
    document=Interval,
    run=run,
    describe=describe,
    table=table,
    chart=chart,
    people=people,
    example=json.loads(Path(__file__).with_name("example.json").read_text(encoding="utf-8")),
    problems=PROBLEMS,
    page=PAGE,
)

__all__ = ["INTERVAL"]
