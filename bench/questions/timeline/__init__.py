"""The newest 100 events of one user whose ids are merged."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.question import Period, Question, Rows
from bench.sides.someone import known_id, milliseconds

if TYPE_CHECKING:
    import pandas as pd

LIMIT = 100


def ask(_workspace: Any) -> Any:
    """What the page of a user calls."""
    from bench.question import PRODUCT
    from userops.events import identity, store, timeline

    opened = store.current()
    product = opened.product(PRODUCT).pk
    person = identity.person_of(product, known_id())
    assert person is not None
    return timeline.moments(opened.engine, product, identity.uids_of(product, person), limit=LIMIT)


def read(moments: Any) -> Rows:
    return [(milliseconds(each.ts), each.event) for each in moments]


def pandas(frame: pd.DataFrame) -> Rows:
    from bench.sides.someone import person

    found = frame[frame["person"] == person()].nlargest(LIMIT, "ts", keep="first")
    return list(zip(found["ts"].astype("int64"), found["event"], strict=True))


QUESTION = Question(
    name="timeline",
    says="The newest 100 events of one merged user",
    folder=Path(__file__).parent,
    period=Period.days(120),
    columns=("uid", "ts", "event"),
    userops=ask,
    read=read,
    pandas=pandas,
)
