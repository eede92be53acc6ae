"""RFM: how recently, how often and for how much people buy, and the eight groups that follow."""

from __future__ import annotations

import json
from pathlib import Path

from userops.analyses.analysis import Analysis
from userops.analyses.rfm.chart import chart
from userops.analyses.rfm.describing import describe
from userops.analyses.rfm.document import PROBLEMS, Rfm
from userops.analyses.rfm.page import PAGE
from userops.analyses.rfm.people import people
from userops.analyses.rfm.running import run
from userops.analyses.rfm.table import table
from userops.words import Words

RFM = Analysis(
    kind="rfm",
    words=Words("RFM 分析", "RFM"),
    document=Rfm,
    run=run,
    describe=describe,
    table=table,
    chart=chart,
    people=people,
    example=json.loads(Path(__file__).with_name("example.json").read_text(encoding="utf-8")),
    problems=PROBLEMS,
    page=PAGE,
)

__all__ = ["RFM"]
