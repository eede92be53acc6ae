"""The ordered funnel in pandas: for each row the latest start so far, step by step."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from bench.question import Period


def chains(
    frame: pd.DataFrame, period: Period, steps: Sequence[str], window_ms: int, value: str = ""
) -> pd.DataFrame:
    """One row per person who starts: `level` reached by the best attempt and, asked for, the `value`
    at its start (a column whose categories are in order of text)."""
    begin, end = period.ms()
    chosen = frame[(frame["ts"] >= begin) & (frame["ts"] < end + window_ms)]
    step = chosen["event"].map({name: place for place, name in enumerate(steps, 1)}).astype("float")
    rows = pd.DataFrame({"person": chosen["person"], "ts": chosen["ts"], "step": step})
    rows["code"] = chosen[value].cat.codes.astype("int64") if value else 0
    rows = rows[step.notna()]
    rows = rows[(rows["step"] > 1) | (rows["ts"] < end)]
    rows = rows.sort_values(["person", "ts", "step", "code"])
    people = rows["person"]
    # the start and its code in one whole number: the latest start is the largest
    packed = (rows["ts"] * 1024 + rows["code"]).where(rows["step"] == 1).astype("Int64")
    level = pd.Series(np.where(rows["step"] == 1, 1, 0), index=rows.index)
    start = packed
    for place in range(2, len(steps) + 1):
        latest = packed.groupby(people).ffill()
        reached = (rows["step"] == place) & latest.notna()
        reached &= (rows["ts"] - latest.fillna(0) // 1024) <= window_ms
        level = level.where(~reached, place)
        start = start.where(~reached, latest)
        packed = latest.where(reached)
    rows = rows.assign(level=level, start=start)
    rows = rows[rows["level"] > 0].sort_values(
        ["person", "level", "ts", "start"], ascending=[True, False, True, False]
    )
    best = rows.drop_duplicates("person")
    if not value:
        return best[["level"]]
    names = chosen[value].cat.categories
    return best.assign(value=names.take((best["start"] % 1024).astype("int64")))[["level", "value"]]
