"""Lifecycle 生命周期: new, returning, resurrected, dormant."""

from __future__ import annotations

import json
from pathlib import Path

from userops.analyses.analysis import Analysis
from userops.analyses.lifecycle.chart import chart
from userops.analyses.lifecycle.describing import describe
from userops.analyses.lifecycle.document import Lifecycle
from userops.analyses.lifecycle.page import PAGE
from userops.analyses.lifecycle.people import people
from userops.analyses.lifecycle.rollup import plan
from userops.analyses.lifecycle.running import run
from userops.analyses.lifecycle.table import table
from userops.words import Words

LIFECYCLE = Analysis(
    kind="lifecycle",
    words=Words("生命周期", "Lifecycle"),
    document=Lifecycle,
    run=run,
    describe=describe,
    table=table,
    chart=chart,
    people=people,
    example=json.loads(Path(__file__).with_name("example.json").read_text(encoding="utf-8")),
    plan=plan,
    page=PAGE,
)

__all__ = ["LIFECYCLE"]
