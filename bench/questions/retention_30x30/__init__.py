"""30 daily cohorts by first opening; who views a product on each of the 30 days after."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.question import LAST, PRODUCT, Period, Question, Rows
from bench.sides.frames import day_number

if TYPE_CHECKING:
    import pandas as pd

PERIODS = 30
PERIOD = Period.days(30, LAST - timedelta(days=PERIODS))


def read(result: dict[str, Any]) -> Rows:
    return [
        (cohort["start"], period, count)
        for cohort in result["cohorts"]
        for period, count in enumerate(cohort["retained"])
        if count
    ]


def pandas(frame: pd.DataFrame) -> Rows:
    first = frame[frame["event"] == "app_open"].groupby("person")["day"].min()
    first = first[(first >= str(PERIOD.first)) & (first <= str(PERIOD.last))]
    seen = frame[frame["event"] == "product_view"][["person", "day"]].drop_duplicates()
    seen = seen.join(first.rename("cohort"), on="person", how="inner")
    seen["period"] = day_number(seen["day"]) - day_number(seen["cohort"])
    seen = seen[(seen["period"] >= 1) & (seen["period"] <= PERIODS)]
    cells = seen.groupby(["cohort", "period"]).size()
    sizes = first.value_counts()
    return [
        *((day.strftime("%Y-%m-%d"), 0, int(n)) for day, n in sizes.items()),
        *((day.strftime("%Y-%m-%d"), int(period), int(n)) for (day, period), n in cells.items()),
    ]


QUESTION = Question(
    name="retention_30x30",
    says="Retention, 30 daily cohorts × 30 days, by first event",
    folder=Path(__file__).parent,
    period=PERIOD,
    columns=("event", "uid", "ts"),
    document={
        "kind": "retention",
        "product": PRODUCT,
        "range": PERIOD.document,
        "unit": "day",
        "start": "app_open",
        "return": "product_view",
        "periods": PERIODS,
    },
    read=read,
    pandas=pandas,
    rollup=True,
    constants={"until": str(PERIOD.ms(days_after=PERIODS)[1])},
)
