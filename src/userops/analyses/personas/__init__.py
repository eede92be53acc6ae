"""Personas 用户画像: groups of people who are alike, and what sets each apart."""

from __future__ import annotations

import json
from pathlib import Path

from userops.analyses.analysis import Analysis
from userops.analyses.personas.chart import chart
from userops.analyses.personas.describing import describe
from userops.analyses.personas.document import PROBLEMS, Personas
from userops.analyses.personas.page import PAGE
from userops.analyses.personas.people import people
from userops.analyses.personas.running import run
from userops.analyses.personas.table import table
from userops.words import Words

PERSONAS = Analysis(
    kind="personas",
    words=Words("用户画像", "Personas"),
    document=Personas,
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

__all__ = ["PERSONAS"]
