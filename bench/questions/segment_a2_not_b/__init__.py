"""Users who did A at least twice and B not at all in 30 days."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.question import Period, Question, Rows
from bench.sides.frames import within

if TYPE_CHECKING:
    import pandas as pd

PERIOD = Period.days(30)


def ask(workspace: Any) -> Any:
    """There is no segment call yet; the SQL door, where there is one."""
    begin, end = PERIOD.ms()
    sql = (Path(__file__).parent / "userops.sql").read_text(encoding="utf-8")
    return workspace.sql(sql, {"begin": begin, "end": end})


def read(result: Any) -> Rows:
    return [(result.arrow().column(0)[0].as_py(),)]


def pandas(frame: pd.DataFrame) -> Rows:
    asked = within(frame, PERIOD)
    carts = asked[asked["event"] == "add_to_cart"].groupby("person").size()
    paid = asked.loc[asked["event"] == "pay_success", "person"].unique()
    return [(int((~carts[carts >= 2].index.isin(paid)).sum()),)]


QUESTION = Question(
    name="segment_a2_not_b",
    says="Segment: into the cart ≥ 2 times and never paid, 30 days",
    folder=Path(__file__).parent,
    period=PERIOD,
    columns=("event", "uid", "ts"),
    userops=ask,
    read=read,
    pandas=pandas,
)
