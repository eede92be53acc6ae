"""Users who did A at least twice and B not at all in 30 days."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.question import PRODUCT, Period, Question, Rows
from bench.sides.frames import within

if TYPE_CHECKING:
    import pandas as pd

PERIOD = Period.days(30)


def ask(_workspace: Any) -> Any:
    """There is no segment call yet: by the SQL that members may ask."""
    from userops.events.store import current
    from userops.sql.answers import Question as Sql
    from userops.sql.answers import answer

    begin, end = PERIOD.ms()
    text = (Path(__file__).parent / "userops.sql").read_text(encoding="utf-8")
    return answer(Sql(PRODUCT, text, {"begin": begin, "end": end}), current())


def read(answer: Any) -> Rows:
    return [(int(answer.rows[0][0]),)]


def pandas(frame: pd.DataFrame) -> Rows:
    asked = within(frame, PERIOD)
    carts = asked[asked["event"] == "add_to_cart"].groupby("person").size()
    paid = asked.loc[asked["event"] == "pay_success", "person"].unique()
    return [(int((~carts[carts >= 2].index.isin(paid)).sum()),)]


QUESTION = Question(
    name="segment_a2_not_b",
    says="Segment: into the cart ≥ 2 times and never paid, 30 days (UserOps by its SQL door)",
    folder=Path(__file__).parent,
    period=PERIOD,
    columns=("event", "uid", "ts"),
    userops=ask,
    read=read,
    pandas=pandas,
)
