"""Paths 路径: which ways people take, where they part and where they end."""

from __future__ import annotations

import json
from pathlib import Path

from userops.analyses.analysis import Analysis
from userops.analyses.paths.chart import chart
from userops.analyses.paths.describing import describe
from userops.analyses.paths.document import PathsDocument
from userops.analyses.paths.page import PAGE
from userops.analyses.paths.people import people
from userops.analyses.paths.running import run
from userops.analyses.paths.table import table
from userops.words import Words

PATHS = Analysis(
    kind="paths",
    words=Words("路径分析", "Paths"),
    document=PathsDocument,
    run=run,
    describe=describe,
    table=table,
    chart=chart,
    people=people,
    example=json.loads(Path(__file__).with_name("example.json").read_text(encoding="utf-8")),
    page=PAGE,
)

__all__ = ["PATHS"]
