"""Which channels payments of 30 days are owed to: first, last and equal shares of the openings before."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from bench.question import PRODUCT, Period, Question, Rows
from bench.sides.frames import within

if TYPE_CHECKING:
    import pandas as pd

PERIOD = Period.days(30)
LOOKBACK_DAYS = 7
MODELS = ("first", "last", "linear")


def read(result: dict[str, Any]) -> Rows:
    """Goals without a touch stand under a channel that no label names."""
    names = result["labels"]
    rows = []
    for line in result["channels"]:
        shares = [line["credits"][model] for model in MODELS]
        if line["channel"] in names and any(shares):
            rows.append((names[line["channel"]], *shares))
    return rows


def pandas(frame: pd.DataFrame) -> Rows:
    asked = within(frame, PERIOD, days_before=LOOKBACK_DAYS)
    begin, _end = PERIOD.ms()
    # a person and a moment in one number
    key = asked["person"].to_numpy().astype(np.int64) << 42 | asked["ts"].to_numpy()
    opened = (asked["event"] == "app_open").to_numpy()
    paid = ((asked["event"] == "pay_success") & (asked["ts"] >= begin)).to_numpy()
    order = np.argsort(key[opened], kind="stable")
    touches = key[opened][order]
    channel = asked["channel"].cat.codes.to_numpy()[opened][order]
    goals = key[paid]
    low = np.searchsorted(touches, goals - LOOKBACK_DAYS * 86_400_000, side="left")
    high = np.searchsorted(touches, goals, side="right")
    low, high = low[high > low], high[high > low]
    names = asked["channel"].cat.categories
    count, size = len(names), high - low
    rows = np.repeat(low - np.append(0, np.cumsum(size)[:-1]), size) + np.arange(size.sum())
    shares = [
        np.bincount(channel[low], minlength=count),
        np.bincount(channel[high - 1], minlength=count),
        np.bincount(channel[rows], weights=np.repeat(1 / size, size), minlength=count),
    ]
    return [(names[n], *(float(each[n]) for each in shares)) for n in range(count)]


QUESTION = Question(
    name="attribution",
    says="Attribution: payments to channels, 7 days back, 3 models (UserOps gives 7)",
    folder=Path(__file__).parent,
    period=PERIOD,
    columns=("event", "uid", "ts", "channel"),
    document={
        "kind": "attribution",
        "product": PRODUCT,
        "range": PERIOD.document,
        "touches": [{"event": "app_open", "property": "channel"}],
        "goal": "pay_success",
        "lookback": f"{LOOKBACK_DAYS}d",
    },
    read=read,
    pandas=pandas,
    constants={
        "earliest": str(PERIOD.ms(days_before=LOOKBACK_DAYS)[0]),
        "lookback": str(LOOKBACK_DAYS * 86_400_000),
    },
)
