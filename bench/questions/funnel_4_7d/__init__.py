"""Four steps in order, within 7 days of the first."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.question import PRODUCT, Period, Question, Rows
from bench.sides.chains import chains

if TYPE_CHECKING:
    import pandas as pd

PERIOD = Period.days(90, Period.days(8).first)
"""The last attempt has had its 7 days when the history ends."""
STEPS = ("product_view", "add_to_cart", "checkout", "pay_success")
WINDOW_MS = 7 * 86_400_000


def read(result: dict[str, Any]) -> Rows:
    return [(place, step["users"]) for place, step in enumerate(result["steps"], 1)]


def pandas(frame: pd.DataFrame) -> Rows:
    found = chains(frame, PERIOD, STEPS, WINDOW_MS)
    return [(step, int((found["level"] >= step).sum())) for step in range(1, len(STEPS) + 1)]


QUESTION = Question(
    name="funnel_4_7d",
    says="Funnel of 4 steps, 7-day window, 90 days of starts",
    folder=Path(__file__).parent,
    period=PERIOD,
    columns=("event", "uid", "ts"),
    document={
        "kind": "funnel",
        "product": PRODUCT,
        "range": PERIOD.document,
        "steps": list(STEPS),
        "window": "7d",
        "counts_only": True,
    },
    read=read,
    pandas=pandas,
    constants={"until": str(PERIOD.ms(days_after=7)[1]), "window": str(WINDOW_MS)},
)
