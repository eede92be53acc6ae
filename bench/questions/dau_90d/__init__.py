"""Active users of each of 90 days."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.question import PRODUCT, Period, Question, Rows
from bench.sides.frames import within

if TYPE_CHECKING:
    import pandas as pd

PERIOD = Period.days(90)


def read(result: dict[str, Any]) -> Rows:
    return [(day, users) for day, users in result["series"][0]["points"]]


def pandas(frame: pd.DataFrame) -> Rows:
    users = within(frame, PERIOD).groupby("day")["person"].nunique()
    return list(zip(users.index.strftime("%Y-%m-%d"), users, strict=True))


QUESTION = Question(
    name="dau_90d",
    says="Active users a day, 90 days",
    folder=Path(__file__).parent,
    period=PERIOD,
    columns=("uid", "ts"),
    document={
        "kind": "trend",
        "product": PRODUCT,
        "range": PERIOD.document,
        "series": [{"event": "*", "measure": "users"}],
    },
    read=read,
    pandas=pandas,
    rollup=True,
)
