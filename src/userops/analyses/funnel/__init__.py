"""Funnel 漏斗: how many users go from step to step, how fast, and who drops where."""

from __future__ import annotations

import json
from pathlib import Path

from userops.analyses.analysis import Analysis
from userops.analyses.funnel.chart import chart
from userops.analyses.funnel.document import PROBLEMS, FunnelDocument
from userops.analyses.funnel.explaining import EXPLAINING
from userops.analyses.funnel.page import PAGE
from userops.analyses.funnel.running import people, run
from userops.analyses.funnel.table import table
from userops.analyses.funnel.wording import describe
from userops.words import Words

FUNNEL = Analysis(
    kind="funnel",
    words=Words("漏斗分析", "Funnel"),
    document=FunnelDocument,
    run=run,
    describe=describe,
    table=table,
    chart=chart,
    people=people,
    example=json.loads((Path(__file__).parent / "example.json").read_text(encoding="utf-8")),
    problems=PROBLEMS,
    page=PAGE,
    explaining=EXPLAINING,
)

__all__ = ["FUNNEL", "FunnelDocument"]
