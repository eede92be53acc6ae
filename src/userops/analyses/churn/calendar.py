"""Which days a churn analysis looks at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from userops.analyses.churn.document import Churn, ChurnUnit
from userops.query.dates import EARLIEST, Bucket, absolute, add_units, buckets
from userops.query.scope import Scope

EPOCH = date(1970, 1, 1).toordinal()


def number_of(day: date) -> int:
    """Days since 1970."""
    return day.toordinal() - EPOCH


@dataclass(frozen=True, slots=True)
class Calendar:
    """- `units`: the whole units that the range touches.
    - `first`, `last`: of the days looked at; `last` is over, and may be before `first`.
    """

    unit: ChurnUnit
    units: list[Bucket]
    first: date
    last: date

    @property
    def empty(self) -> bool:
        return self.last < self.first

    @property
    def numbers(self) -> tuple[int, int]:
        """`first` and `last` in days since 1970."""
        return number_of(self.first), number_of(self.last)

    def bounds(self, scope: Scope) -> tuple[int, int]:
        """First millisecond that is read, and first after: who comes back may have been there long before."""
        return absolute(EARLIEST, self.last).bounds(scope.zone)

    def of_unit(self, unit: Bucket) -> tuple[int, int]:
        """The first and last day of a unit, the last one no later than what is looked at."""
        first = date.fromisoformat(unit.key())
        following = add_units(first, 1, self.unit)
        return number_of(first), min(number_of(following) - 1, number_of(self.last))


def calendar(document: Churn, scope: Scope) -> Calendar:
    units = buckets(document.range, document.unit, scope.zone)
    first = date.fromisoformat(units[0].key())
    yesterday = scope.now.astimezone(scope.zone).date() - timedelta(days=1)
    following = add_units(date.fromisoformat(units[-1].key()), 1, document.unit)
    last = min(following - timedelta(days=1), yesterday)
    return Calendar(document.unit, units, first, last)
