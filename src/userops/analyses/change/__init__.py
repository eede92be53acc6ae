"""Change 变化拆解: where a figure moved between two periods; never why."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path

from userops.analyses.analysis import Analysis
from userops.analyses.change.chart import chart
from userops.analyses.change.describing import describe
from userops.analyses.change.document import PROBLEMS, change_of
from userops.analyses.change.page import PAGE, figure_options
from userops.analyses.change.people import people
from userops.analyses.change.running import run
from userops.analyses.change.table import table
from userops.words import Words


def change(analyses: Iterable[Analysis]) -> Analysis:
    """The analysis of changes of these analyses' figures."""
    document = change_of(analyses)
    options = {("Change", "figure"): partial(figure_options, document)}
    return Analysis(
        kind="change",
        words=Words("变化拆解", "Explain a change"),
        document=document,
        run=run,
        describe=describe,
        table=table,
        chart=chart,
        people=people,
        example=json.loads(Path(__file__).with_name("example.json").read_text(encoding="utf-8")),
        problems=PROBLEMS,
        page=replace(PAGE, options=options),
    )


__all__ = ["change"]
