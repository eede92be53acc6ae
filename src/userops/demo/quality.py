"""The data-quality report of the demo company's events, made as for any import."""

from __future__ import annotations

from collections import Counter
from itertools import chain

import polars as pl

from userops.demo.company import Company
from userops.events.quality import DataProfile, QualityReport, make_report

_REFUSED = pl.DataFrame(
    schema={"row": pl.Int64, "code": pl.String, "detail": pl.String, "raw": pl.String}
)


def quality_report(company: Company, chunk_rows: int) -> QualityReport:
    """Statistics over all rows; the simulator makes none that the store would refuse."""
    profile = DataProfile()
    for chunk in chain([company.history], company.event_chunks(chunk_rows)):
        frame = pl.DataFrame(pl.from_arrow(chunk.drop(["uuid", "props"])))
        accepted = frame.with_columns(pl.col(pl.Categorical).cast(pl.String))
        filled = pl.col(pl.String).replace("", None)
        profile += DataProfile.of(
            columns=accepted.with_columns(filled, pl.col("amount").cast(pl.String)).drop("ts"),
            accepted=accepted,
            refused=_REFUSED,
            notes=Counter(),
            timezone=company.time_zone,
        )
    return make_report(
        profile,
        stored=profile.accepted,
        duplicates=0,
        repeated=0,
        timezone=company.time_zone,
    )
