"""Needs 未满足的需求: what people look for and do not get, with the evidence."""

from __future__ import annotations

import json
from pathlib import Path

from userops.analyses.analysis import Analysis
from userops.analyses.needs.chart import chart
from userops.analyses.needs.describing import describe
from userops.analyses.needs.document import PROBLEMS, Needs
from userops.analyses.needs.page import PAGE
from userops.analyses.needs.people import people
from userops.analyses.needs.running import run
from userops.analyses.needs.table import table
from userops.words import Words

NEEDS = Analysis(
    kind="needs",
    words=Words("未满足的需求", "Unmet needs"),
    document=Needs,
    run=run,
    describe=describe,
    table=table,
    chart=chart,
    people=people,
    example=json.loads(Path(__file__).with_name("example.json").read_text(encoding="utf-8")),
    problems=PROBLEMS,
    page=PAGE,
)

__all__ = ["NEEDS"]
