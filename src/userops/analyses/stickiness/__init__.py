"""Stickiness 粘性: in how many intervals users are active, and the share of DAU in MAU."""

from __future__ import annotations

import json
from pathlib import Path

from userops.analyses.analysis import Analysis
from userops.analyses.stickiness.chart import chart
from userops.analyses.stickiness.describing import describe
from userops.analyses.stickiness.document import PROBLEMS, Stickiness
from userops.analyses.stickiness.page import PAGE
from userops.analyses.stickiness.people import people
from userops.analyses.stickiness.rollup import plan
from userops.analyses.stickiness.running import run
from userops.analyses.stickiness.table import table
from userops.words import Words

STICKINESS = Analysis(
    kind="stickiness",
    words=Words("粘性与频次", "Stickiness"),
    document=Stickiness,
    run=run,
    describe=describe,
    table=table,
    chart=chart,
    people=people,
    example=json.loads(Path(__file__).with_name("example.json").read_text(encoding="utf-8")),
    problems=PROBLEMS,
    plan=plan,
    page=PAGE,
)

__all__ = ["STICKINESS"]
