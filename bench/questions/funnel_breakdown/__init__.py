"""The same funnel by the platform of the first step, with times between steps on our side."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.question import PRODUCT, Question, Rows
from bench.questions.funnel_4_7d import PERIOD, STEPS, WINDOW_MS
from bench.sides.chains import chains

if TYPE_CHECKING:
    import pandas as pd


def read(result: dict[str, Any]) -> Rows:
    return [
        (line["breakdown"]["platform"], place, step["users"])
        for line in result["breakdown"]
        for place, step in enumerate(line["steps"], 1)
        if step["users"]
    ]


def pandas(frame: pd.DataFrame) -> Rows:
    found = chains(frame, PERIOD, STEPS, WINDOW_MS, "platform")
    rows = []
    for step in range(1, len(STEPS) + 1):
        counts = found[found["level"] >= step].groupby("value", observed=True).size()
        rows += [(value, step, int(n)) for value, n in counts.items() if n]
    return rows


QUESTION = Question(
    name="funnel_breakdown",
    says="The same funnel by platform (UserOps also gives times between steps and the trend)",
    folder=Path(__file__).parent,
    period=PERIOD,
    columns=("event", "uid", "ts", "platform"),
    document={
        "kind": "funnel",
        "product": PRODUCT,
        "range": PERIOD.document,
        "steps": list(STEPS),
        "window": "7d",
        "breakdown": ["platform"],
    },
    read=read,
    pandas=pandas,
    constants={"until": str(PERIOD.ms(days_after=7)[1]), "window": str(WINDOW_MS)},
)
