"""Users of the 7 days up to each of 90 days."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from bench.question import PRODUCT, Period, Question, Rows
from bench.sides.frames import day_number, within

if TYPE_CHECKING:
    import pandas as pd

PERIOD = Period.days(90)
DAYS = 7


def read(result: dict[str, Any]) -> Rows:
    return [(day, users) for day, users in result["series"][0]["points"]]


def pandas(frame: pd.DataFrame) -> Rows:
    asked = within(frame, PERIOD, days_before=DAYS - 1)
    seen = asked[["person", "day"]].drop_duplicates().sort_values(["person", "day"])
    person, day = seen["person"].to_numpy(), day_number(seen["day"])
    following = np.full(len(day), 1 << 40)
    following[:-1] = np.where(person[1:] == person[:-1], day[1:], 1 << 40)
    first = day_number(PERIOD.first)
    change = np.zeros(200, np.int64)
    np.add.at(change, day - first + DAYS, 1)
    np.add.at(change, np.minimum(day + DAYS, following) - first + DAYS, -1)
    users = np.cumsum(change)[DAYS:]
    return [(str(PERIOD.first + timedelta(days=n)), int(users[n])) for n in range(90)]


QUESTION = Question(
    name="rolling_wau",
    says="Users of the trailing 7 days, 90 points",
    folder=Path(__file__).parent,
    period=PERIOD,
    columns=("uid", "ts"),
    document={
        "kind": "trend",
        "product": PRODUCT,
        "range": PERIOD.document,
        "series": [{"event": "*", "measure": "wau"}],
    },
    read=read,
    pandas=pandas,
    rollup=True,
    constants={"before": str(PERIOD.ms(days_before=DAYS - 1)[0])},
)
