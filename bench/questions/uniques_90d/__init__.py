"""Distinct users of 90 days, all events."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.question import PRODUCT, Period, Question, Rows
from bench.sides.frames import within

if TYPE_CHECKING:
    import pandas as pd

PERIOD = Period.days(90)


def read(result: dict[str, Any]) -> Rows:
    return [(result["series"][0]["total"],)]


def pandas(frame: pd.DataFrame) -> Rows:
    return [(within(frame, PERIOD)["person"].nunique(),)]


QUESTION = Question(
    name="uniques_90d",
    says="Distinct users over 90 days, all events",
    folder=Path(__file__).parent,
    period=PERIOD,
    columns=("uid", "ts"),
    document={
        "kind": "trend",
        "product": PRODUCT,
        "range": PERIOD.document,
        "unit": "year",
        "series": [{"event": "*", "measure": "users"}],
    },
    read=read,
    pandas=pandas,
    rollup=True,
)
