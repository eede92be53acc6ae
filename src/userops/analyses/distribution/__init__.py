"""Distribution 分布: how users spread by what each of them did."""

from __future__ import annotations

import json
from pathlib import Path

from userops.analyses.analysis import Analysis
from userops.analyses.distribution.chart import chart
from userops.analyses.distribution.describing import describe
from userops.analyses.distribution.document import PROBLEMS, Distribution
from userops.analyses.distribution.page import PAGE
from userops.analyses.distribution.people import people
from userops.analyses.distribution.running import run
from userops.analyses.distribution.table import table
from userops.words import Words

DISTRIBUTION = Analysis(
    kind="distribution",
    words=Words("分布分析", "Distribution"),
    document=Distribution,
    run=run,
    describe=describe,
    table=table,
    chart=chart,
    people=people,
    example=json.loads(Path(__file__).with_name("example.json").read_text(encoding="utf-8")),
    problems=PROBLEMS,
    page=PAGE,
)

__all__ = ["DISTRIBUTION"]
