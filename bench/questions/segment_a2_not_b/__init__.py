"""Users who did A at least twice and B not at all in 30 days."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.question import PRODUCT, Period, Question, Rows
from bench.sides.frames import within

if TYPE_CHECKING:
    import pandas as pd

PERIOD = Period.days(30)
SEGMENT = {
    "product": PRODUCT,
    "where": {
        "and": [
            {"event": "add_to_cart", "op": "gte", "value": 2, "range": PERIOD.document},
            {"event": "pay_success", "op": "none", "range": PERIOD.document},
        ]
    },
}


def ask(_workspace: Any) -> Any:
    """What the page of a segment calls; without a version of the data, no condition is remembered."""
    from userops.events.store import current
    from userops.query.scope import Scope
    from userops.segments import evaluate, parse

    store = current()
    facts = store.facts(PRODUCT)
    scope = Scope(
        engine=store.engine,
        product=facts.id,
        slug=facts.slug,
        timezone=facts.timezone,
        merged=facts.merged,
        now=datetime.now(UTC),
        builds=lambda: store.builds(facts.id),
    )
    return evaluate(parse(SEGMENT), scope)


def read(persons: Any) -> Rows:
    return [(len(persons),)]


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
