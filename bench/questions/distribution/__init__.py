"""Users by how much they paid in 30 days."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from bench.question import PRODUCT, Period, Question, Rows
from bench.sides.frames import within

if TYPE_CHECKING:
    import pandas as pd

PERIOD = Period.days(30)
CUTS = (50.005, 100.005, 200.005, 500.005, 1_000.005, 2_000.005)
"""Amounts are whole cents: no sum, in whatever order it is made, comes near a cut."""


def read(result: dict[str, Any]) -> Rows:
    return [
        (-1 if bucket["from"] is None else bucket["from"], count)
        for bucket, count in zip(result["buckets"], result["counts"], strict=True)
        if count
    ]


def pandas(frame: pd.DataFrame) -> Rows:
    asked = within(frame, PERIOD)
    sums = asked[asked["event"] == "pay_success"].groupby("person")["amount"].sum().to_numpy()
    places, counts = np.unique(np.digitize(sums, CUTS), return_counts=True)
    edges = (-1, *CUTS)
    return [(edges[place], int(n)) for place, n in zip(places, counts, strict=True)]


QUESTION = Question(
    name="distribution",
    says="Users by the sum they paid, 7 buckets, 30 days",
    folder=Path(__file__).parent,
    period=PERIOD,
    columns=("event", "uid", "ts", "amount"),
    document={
        "kind": "distribution",
        "product": PRODUCT,
        "range": PERIOD.document,
        "event": "pay_success",
        "measure": "sum",
        "property": "amount",
        "cuts": list(CUTS),
    },
    read=read,
    pandas=pandas,
    constants={"cuts": ", ".join(map(str, CUTS))},
)
