"""Sessions 会话: how many, how long, how deep, where they begin and end."""

from __future__ import annotations

import json
from pathlib import Path

from userops.analyses.analysis import Analysis
from userops.analyses.sessions.chart import chart
from userops.analyses.sessions.describing import describe
from userops.analyses.sessions.document import PROBLEMS, Sessions
from userops.analyses.sessions.page import PAGE
from userops.analyses.sessions.people import people
from userops.analyses.sessions.running import run
from userops.analyses.sessions.table import table
from userops.words import Words

SESSIONS = Analysis(
    kind="sessions",
    words=Words("会话分析", "Sessions"),
    document=Sessions,
    run=run,
    describe=describe,
    table=table,
    chart=chart,
    people=people,
    example=json.loads(Path(__file__).with_name("example.json").read_text(encoding="utf-8")),
    problems=PROBLEMS,
    page=PAGE,
)

__all__ = ["SESSIONS"]
