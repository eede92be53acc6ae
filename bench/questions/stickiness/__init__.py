"""Users by the number of days on which they were active."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.question import PRODUCT, Period, Question, Rows
from bench.sides.frames import within

if TYPE_CHECKING:
    import pandas as pd

PERIOD = Period.days(30)


def read(result: dict[str, Any]) -> Rows:
    return [(days, users) for days, users in enumerate(result["exactly"], 1) if users]


def pandas(frame: pd.DataFrame) -> Rows:
    days = within(frame, PERIOD)[["person", "day"]].drop_duplicates().groupby("person").size()
    return [(int(n), int(users)) for n, users in days.value_counts().items()]


QUESTION = Question(
    name="stickiness",
    says="Users by active days of 30 (UserOps gives DAU/MAU as well)",
    folder=Path(__file__).parent,
    period=PERIOD,
    columns=("uid", "ts"),
    document={
        "kind": "stickiness",
        "product": PRODUCT,
        "range": PERIOD.document,
        "unit": "day",
        "event": "*",
    },
    read=read,
    pandas=pandas,
    rollup=True,
)
