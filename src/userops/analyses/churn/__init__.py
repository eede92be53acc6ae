"""Churn 流失: after how long a silence people hardly come back, and how many fall silent for so long."""

from __future__ import annotations

import json
from pathlib import Path

from userops.analyses.analysis import Analysis
from userops.analyses.churn.asking import plan
from userops.analyses.churn.chart import chart
from userops.analyses.churn.describing import describe
from userops.analyses.churn.document import PROBLEMS, Churn
from userops.analyses.churn.page import PAGE
from userops.analyses.churn.people import people
from userops.analyses.churn.running import run
from userops.analyses.churn.table import table
from userops.words import Words

CHURN = Analysis(
    kind="churn",
    words=Words("流失分析", "Churn"),
    document=Churn,
    run=run,
    one_result=True,
    describe=describe,
    table=table,
    chart=chart,
    people=people,
    example=json.loads(Path(__file__).with_name("example.json").read_text(encoding="utf-8")),
    problems=PROBLEMS,
    page=PAGE,
    plan=plan,
)

__all__ = ["CHURN"]
