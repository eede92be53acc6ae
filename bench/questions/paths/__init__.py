"""The first four steps of every visit of 30 days."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from bench.question import PRODUCT, Period, Question, Rows
from bench.sides.frames import within

if TYPE_CHECKING:
    import pandas as pd

PERIOD = Period.days(30)
STEPS = 4
GAP_MS = 1_800_000


def read(result: dict[str, Any]) -> Rows:
    names = result["labels"]
    return [
        (link["step"], names[link["from"]], names[link["to"]], link["count"])
        for link in result["links"]
    ]


def pandas(frame: pd.DataFrame) -> Rows:
    asked = within(frame, PERIOD)[["person", "ts", "event"]]
    # the categories are in order of text
    asked = asked.assign(code=asked["event"].cat.codes).sort_values(["person", "ts", "code"])
    person, ts, code = (asked[name].to_numpy() for name in ("person", "ts", "code"))
    begins = np.append(True, (person[1:] != person[:-1]) | (np.diff(ts) > GAP_MS))
    kept = begins | np.append(True, code[1:] != code[:-1])
    code, visit = code[kept].astype(np.int64), np.cumsum(begins)[kept]
    first = np.append(True, visit[1:] != visit[:-1])
    step = np.arange(len(visit)) - np.maximum.accumulate(np.where(first, np.arange(len(visit)), 0))
    joined = np.flatnonzero(~first[1:] & (step[:-1] < STEPS - 1))
    pairs = (step[joined] << 32) | (code[joined] << 16) | code[joined + 1]
    links, counts = np.unique(pairs, return_counts=True)
    names = asked["event"].cat.categories
    return [
        (int(link >> 32) + 1, names[(link >> 16) & 0xFFFF], names[link & 0xFFFF], int(n))
        for link, n in zip(links, counts, strict=True)
    ]


QUESTION = Question(
    name="paths",
    says="Paths: first 4 steps of every session, 30 days, all events",
    folder=Path(__file__).parent,
    period=PERIOD,
    columns=("event", "uid", "ts"),
    document={
        "kind": "paths",
        "product": PRODUCT,
        "range": PERIOD.document,
        "max_steps": STEPS,
        "top": 50,
    },
    read=read,
    pandas=pandas,
    constants={"steps": str(STEPS), "gap": str(GAP_MS)},
)
