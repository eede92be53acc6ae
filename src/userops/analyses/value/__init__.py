"""Value 预测价值: what customers are expected to buy and bring, by BG/NBD and Gamma-Gamma."""

from __future__ import annotations

import json
from pathlib import Path

from userops.analyses.analysis import Analysis
from userops.analyses.value.chart import chart
from userops.analyses.value.describing import describe
from userops.analyses.value.document import PROBLEMS, CustomerValue
from userops.analyses.value.page import PAGE
from userops.analyses.value.people import people
from userops.analyses.value.running import run
from userops.analyses.value.table import table
from userops.words import Words

__all__ = ["VALUE"]

VALUE = Analysis(
    kind="value",
    words=Words("价值预测", "Predicted value"),
    document=CustomerValue,
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
