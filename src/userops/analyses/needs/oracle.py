"""The slow, obvious needs in plain Python that tests hold the SQL against. Not in the product."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

Row = dict[str, Any]
"""An event: `person`, `event`, `ts` (UTC ms), `word` and `found` (or None) of a search, `reason` of a failure."""
Counted = dict[tuple[str, str, str | None], dict[str, Any]]


def counted(
    rows: list[Row],
    zone: ZoneInfo,
    first: date,
    last: date,
    group: set[int],
    stayed_days: int,
    search: str,
    failures: list[str],
) -> Counted:
    """Of each need: the persons of the group, the others, the times it happened to the group."""

    def day(row: Row) -> date:
        return datetime.fromtimestamp(row["ts"] / 1000, tz=UTC).astimezone(zone).date()

    inside = [row for row in rows if first <= day(row) <= last]
    found: Counted = {}

    def note(row: Row, kind: str, name: str, more: str | None) -> None:
        need = found.setdefault((kind, name, more), {"users": set(), "rest": set(), "times": []})
        if row["person"] in group:
            need["users"].add(row["person"])
            need["times"].append(row["person"])
        else:
            need["rest"].add(row["person"])

    for row in inside:
        if row["event"] == search and row["found"] == 0 and row["word"]:
            note(row, "search", row["word"], None)
        if row["event"] in failures:
            note(row, "failure", row["event"], row["reason"] or None)
    days: dict[int, set[date]] = {}
    for row in inside:
        days.setdefault(row["person"], set()).add(day(row))
    before, late = (
        last - timedelta(days=2 * stayed_days - 1),
        last - timedelta(days=stayed_days - 1),
    )
    stayed = {person for person, own in days.items() if min(own) < before and max(own) >= late}
    rest = {person for person in days if person in group and person not in stayed}
    for event in {row["event"] for row in inside}:
        users = {row["person"] for row in inside if row["event"] == event}
        found["gap", event, None] = {"users": rest - users, "rest": stayed - users, "times": []}
    return found
