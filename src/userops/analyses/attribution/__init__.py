"""Attribution 归因: which channels goals are owed to, by seven models side by side."""

from __future__ import annotations

import json
from pathlib import Path

from userops.analyses.analysis import Analysis
from userops.analyses.attribution.chart import chart
from userops.analyses.attribution.describing import describe
from userops.analyses.attribution.document import AttributionDocument
from userops.analyses.attribution.page import PAGE
from userops.analyses.attribution.people import people
from userops.analyses.attribution.running import run
from userops.analyses.attribution.table import table
from userops.words import Words

ATTRIBUTION = Analysis(
    kind="attribution",
    words=Words("归因分析", "Attribution"),
    document=AttributionDocument,
    run=run,
    describe=describe,
    table=table,
    chart=chart,
    people=people,
    example=json.loads(Path(__file__).with_name("example.json").read_text(encoding="utf-8")),
    page=PAGE,
)

__all__ = ["ATTRIBUTION"]
