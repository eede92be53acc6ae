"""Needs with their shares, intervals and how the group differs from the others, the widest spread first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from userops.stats.comparisons import Difference, adjusted, of_shares
from userops.stats.proportions import wilson

Kind = Literal["search", "exit", "failure", "gap"]
KINDS: tuple[Kind, ...] = ("search", "exit", "failure", "gap")
DISCOVERY = 0.05


@dataclass(frozen=True, slots=True)
class Count:
    """`users` of `whole` have a need, of the others `rest` of `rest_whole`; `times` it happened to the group,
    `repeaters` met it more than once. Of an exit, `more` is the next step; of a failure, the reason."""

    kind: Kind
    name: str
    more: str | None
    times: int | None
    users: int
    whole: int
    rest: int = 0
    rest_whole: int = 0
    repeaters: int | None = None


def weighed(counts: Sequence[Count], support: int, limit: int) -> list[dict[str, Any]]:
    """At most `limit` of each kind. Comparisons with others are corrected together."""
    kept = [each for each in counts if each.users >= support]
    compared = [
        of_shares(each.users, each.whole, each.rest, each.rest_whole) if each.rest_whole else None
        for each in kept
    ]
    tested = [each for each in compared if each is not None]
    rates = iter(adjusted([each.p for each in tested]))
    rows = [
        _row(count, found, next(rates) if found is not None else None)
        for count, found in zip(kept, compared, strict=True)
    ]
    rows = [row for row in rows if row["kind"] != "gap" or row["telling"]]
    result = []
    for kind in KINDS:
        of_kind = [row for row in rows if row["kind"] == kind]
        key = "difference" if kind == "gap" else "users"
        of_kind.sort(key=lambda row: (-abs(row[key]), row["name"], row["more"] or ""))
        result += of_kind[:limit]
    return result


def _row(count: Count, found: Difference | None, rate: float | None) -> dict[str, Any]:
    interval = wilson(count.users, count.whole)
    share = count.users / count.whole if count.whole else None
    rest = count.rest / count.rest_whole if count.rest_whole else None
    return {
        "kind": count.kind,
        "name": count.name,
        "more": count.more,
        "times": count.times,
        "users": count.users,
        "whole": count.whole,
        "share": share,
        "interval": list(interval) if interval else None,
        "per_user": count.times / count.users if count.times and count.users else None,
        "repeaters": count.repeaters,
        "rest": rest,
        "rest_kn": [count.rest, count.rest_whole] if count.rest_whole else None,
        "lift": share / rest if share is not None and rest else None,
        "difference": found.value if found else None,
        "difference_interval": [found.low, found.high] if found else None,
        "q": rate,
        "telling": rate is not None and rate <= DISCOVERY,
    }
