"""Traits 人群特征: who is behind a number, and what sets them apart from others."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from userops.analyses.analysis import Analysis
from userops.analyses.table import People
from userops.analyses.traits.chart import chart
from userops.analyses.traits.describing import describe
from userops.analyses.traits.document import PROBLEMS, traits_of
from userops.analyses.traits.page import PAGE
from userops.analyses.traits.people import people_with
from userops.analyses.traits.running import run_with
from userops.analyses.traits.table import table
from userops.query.document import Document
from userops.query.scope import Scope
from userops.words import Words


def traits(analyses: Iterable[Analysis]) -> Analysis:
    """The analysis of the people behind the numbers of these analyses."""
    known = {each.kind: each for each in analyses}

    def behind(
        question: Document, scope: Scope, selection: Mapping[str, Any], limit: int, offset: int
    ) -> People:
        return known[question.kind].people(question, scope, selection, limit, offset)

    return Analysis(
        kind="traits",
        words=Words("人群特征", "What sets them apart"),
        document=traits_of(known.values()),
        run=run_with(behind),
        describe=describe,
        table=table,
        chart=chart,
        people=people_with(behind),
        example=json.loads(Path(__file__).with_name("example.json").read_text(encoding="utf-8")),
        problems=PROBLEMS,
        page=PAGE,
    )


__all__ = ["traits"]
