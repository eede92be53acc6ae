"""Risk 流失风险: a calibrated chance that each user is lost, learnt from the past and tested on it."""

from __future__ import annotations

import json
from pathlib import Path

from userops.analyses.analysis import Analysis
from userops.analyses.risk.chart import chart
from userops.analyses.risk.describing import describe
from userops.analyses.risk.document import PROBLEMS, Risk
from userops.analyses.risk.page import PAGE
from userops.analyses.risk.people import people
from userops.analyses.risk.running import run
from userops.analyses.risk.table import table
from userops.words import Words

RISK = Analysis(
    kind="risk",
    words=Words("流失风险", "Churn risk"),
    document=Risk,
    run=run,
    one_result=True,
    describe=describe,
    table=table,
    chart=chart,
    people=people,
    example=json.loads(Path(__file__).with_name("example.json").read_text(encoding="utf-8")),
    problems=PROBLEMS,
    page=PAGE,
)

__all__ = ["RISK"]
