"""Where the active users of each of 12 weeks come from, and how many left."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from bench.question import LAST, PRODUCT, Period, Question, Rows
from bench.sides.frames import day_number

if TYPE_CHECKING:
    import pandas as pd

SUNDAY = LAST - timedelta(days=LAST.isoweekday() % 7)
PERIOD = Period.days(84, SUNDAY)
STATES = ("new", "returning", "resurrected", "dormant")


def read(result: dict[str, Any]) -> Rows:
    return [
        (point["start"], state, point[state])
        for point in result["points"]
        for state in STATES
        if point[state]
    ]


def pandas(frame: pd.DataFrame) -> Rows:
    # day 4 of 1970 was a Monday
    week = (day_number(frame["day"]) - 4) // 7
    pairs = np.unique(frame["person"].to_numpy().astype(np.int64) << 32 | week)
    person, week = pairs >> 32, pairs & 0xFFFFFFFF
    first = np.append(True, person[1:] != person[:-1])
    after = ~first & (np.append(-9, week[:-1]) == week - 1)
    last = np.append(first[1:], True)
    stays = ~last & (np.append(week[1:], -9) == week + 1)
    states = {
        "new": week[first],
        "returning": week[after],
        "resurrected": week[~first & ~after],
        "dormant": week[~stays] + 1,
    }
    begin = (day_number(PERIOD.first) - 4) // 7
    rows: Rows = []
    for state, weeks in states.items():
        counts = np.bincount(weeks[(weeks >= begin) & (weeks < begin + 12)] - begin, minlength=12)
        for n, count in enumerate(counts):
            if count:
                rows.append((str(PERIOD.first + timedelta(weeks=n)), state, int(count)))
    return rows


QUESTION = Question(
    name="lifecycle_week",
    says="Lifecycle by week, 12 weeks, “new” by the whole history",
    folder=Path(__file__).parent,
    period=PERIOD,
    columns=("uid", "ts"),
    document={
        "kind": "lifecycle",
        "product": PRODUCT,
        "range": PERIOD.document,
        "unit": "week",
        "event": "*",
    },
    read=read,
    pandas=pandas,
    rollup=True,
)
