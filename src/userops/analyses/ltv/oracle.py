"""The slow, obvious LTV in plain Python that tests hold the SQL against. Not in the product."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

Row = dict[str, Any]
"""`person`, `ts`, `is_start`, `is_purchase`, `is_refund`, `amount`."""
HOURS = {"day": 24, "week": 168, "month": 720}


@dataclass(frozen=True)
class Oracle:
    rows: list[Row]
    zone: str
    unit: str
    clock: str
    first: date
    last: date

    def label(self, at: int, move: int = 0) -> date:
        """The first day of an instant's unit, moved by whole units."""
        day = datetime.fromtimestamp(at / 1000, ZoneInfo(self.zone)).date()
        if self.unit == "day":
            return day + timedelta(days=move)
        if self.unit == "week":
            return day - timedelta(days=day.weekday()) + timedelta(weeks=move)
        months = day.year * 12 + day.month - 1 + move
        return date(months // 12, months % 12 + 1, 1)

    def starts(self) -> dict[int, int]:
        """When each person of a cohort started."""
        first: dict[int, int] = {}
        for row in self.rows:
            if row["is_start"]:
                first[row["person"]] = min(first.get(row["person"], row["ts"]), row["ts"])
        return {
            person: at
            for person, at in first.items()
            if self.first
            <= datetime.fromtimestamp(at / 1000, ZoneInfo(self.zone)).date()
            <= self.last
        }

    def by_then(self, person: int, period: int) -> tuple[Fraction, bool]:
        """What a person brought in by the end of a period, and whether they had paid."""
        start, total, paid = self.starts()[person], Fraction(0), False
        for row in self.rows:
            if row["person"] != person or row["ts"] < start:
                continue
            if self.clock == "rolling":
                inside = row["ts"] < start + (period + 1) * HOURS[self.unit] * 3_600_000
            else:
                inside = self.label(row["ts"]) <= self.label(start, period)
            money = Fraction(str(row["amount"] or 0))
            if inside and row["is_refund"]:
                total -= abs(money)
            elif inside and row["is_purchase"]:
                total += money
                paid = paid or money > 0
        return total, paid
