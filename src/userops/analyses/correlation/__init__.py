"""Correlation: what those who stay did at first, and how strongly it goes with staying."""

from __future__ import annotations

import json
from pathlib import Path

from userops.analyses.analysis import Analysis
from userops.analyses.correlation.chart import chart
from userops.analyses.correlation.describing import describe
from userops.analyses.correlation.document import PROBLEMS, Correlation
from userops.analyses.correlation.page import PAGE
from userops.analyses.correlation.people import people
from userops.analyses.correlation.running import run
from userops.analyses.correlation.table import table
from userops.words import Words

CORRELATION = Analysis(
    kind="correlation",
    words=Words("早期行为与留存", "Correlation"),
    document=Correlation,
    run=run,
    describe=describe,
    table=table,
    chart=chart,
    people=people,
    example=json.loads(Path(__file__).with_name("example.json").read_text(encoding="utf-8")),
    problems=PROBLEMS,
    page=PAGE,
)

__all__ = ["CORRELATION"]
