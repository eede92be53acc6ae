"""Events a day by channel, of one province only."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.question import PRODUCT, Period, Question, Rows
from bench.sides.frames import within

if TYPE_CHECKING:
    import pandas as pd

PERIOD = Period.days(90)
PROVINCE = "广东"


def read(result: dict[str, Any]) -> Rows:
    return [
        (line["breakdown"]["channel"], day, count)
        for line in result["series"]
        for day, count in line["points"]
        if count
    ]


def pandas(frame: pd.DataFrame) -> Rows:
    asked = within(frame, PERIOD)
    asked = asked[(asked["event"] == "product_view") & (asked["province"] == PROVINCE)]
    counts = asked.groupby(["channel", "day"], observed=True).size()
    return [(channel, day.strftime("%Y-%m-%d"), n) for (channel, day), n in counts.items() if n]


QUESTION = Question(
    name="trend_property_filter",
    says="Product views a day by channel, one province, 90 days",
    folder=Path(__file__).parent,
    period=PERIOD,
    columns=("event", "ts", "province", "channel"),
    document={
        "kind": "trend",
        "product": PRODUCT,
        "range": PERIOD.document,
        "series": [{"event": "product_view", "measure": "total"}],
        "breakdown": ["channel"],
        "filters": [{"property": "province", "op": "is", "value": PROVINCE}],
    },
    read=read,
    pandas=pandas,
    constants={"province": PROVINCE},
)
