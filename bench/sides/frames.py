"""What the pandas functions share: rows of a period, days as numbers."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from bench.question import Period

if TYPE_CHECKING:
    import pandas as pd


def within(frame: pd.DataFrame, period: Period, days_before: int = 0) -> pd.DataFrame:
    begin, end = period.ms(days_before)
    return frame[(frame["ts"] >= begin) & (frame["ts"] < end)]


def day_number(days: Any) -> Any:
    """Days since 1970 of a date or of a column of dates."""
    if isinstance(days, date):
        return (days - date(1970, 1, 1)).days
    return days.to_numpy().astype("datetime64[D]").astype(np.int64)
