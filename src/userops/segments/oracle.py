"""Segments the slow and obvious way: every condition asked of every person, for the tests. Shares no code
with the SQL."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise, product
from typing import Any
from zoneinfo import ZoneInfo

Row = dict[str, Any]
SPANS = {"s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000}


class Company:
    """`rows`: events with `person`, `event`, `ts` in ms and their properties; `known`: what is known of
    persons; `today`: the last day that has been."""

    def __init__(self, rows: list[Row], known: dict[int, dict[str, str]], zone: str, today: date):
        self.zone = ZoneInfo(zone)
        self.rows = [row for row in rows if self.day(row) <= today]
        self.known = known
        self.today = today
        later = {row["person"] for row in rows} - {row["person"] for row in self.rows}
        self.persons = {row["person"] for row in self.rows} | (set(known) - later)

    def day(self, row: Row) -> date:
        return datetime.fromtimestamp(row["ts"] / 1000, self.zone).date()

    def members(self, node: dict[str, Any]) -> set[int]:
        return {person for person in self.persons if self.holds(node, person)}

    def holds(self, node: dict[str, Any], person: int) -> bool:
        if "and" in node:
            return all(self.holds(each, person) for each in node["and"])
        if "or" in node:
            return any(self.holds(each, person) for each in node["or"])
        if "not" in node:
            return not self.holds(node["not"], person)
        return bool(getattr(self, f"is_{node['who']}")(node, person))

    def matching(self, step: Row, person: int) -> list[Row]:
        names = [step["event"]] if isinstance(step["event"], str) else step["event"]
        return [
            row
            for row in self.rows
            if row["person"] == person
            and ("*" in names or row["event"] in names)
            and all(row.get(f["property"], "") == f["value"] for f in step.get("filters", []))
        ]

    def inside(self, range_: Row | None, row: Row) -> bool:
        if range_ is None or range_.get("preset") == "all_time":
            return True
        day = self.day(row)
        if "last" in range_:
            last: int = range_["last"]
            return self.today - timedelta(days=last) <= day < self.today
        return date.fromisoformat(range_["from"]) <= day <= date.fromisoformat(range_["to"])

    def is_did(self, node: Row, person: int) -> bool:
        rows = [row for row in self.matching(node, person) if self.inside(node.get("range"), row)]
        measure, op = str(node.get("measure", "times")), str(node.get("op", "gte"))
        if measure == "times":
            figure: float = len(rows)
        elif measure == "days":
            figure = len({self.day(row) for row in rows})
        else:
            numbers = [row[node["property"]] for row in rows if row[node["property"]] is not None]
            if not numbers:
                return False
            figure = sum(numbers) / (len(numbers) if measure == "average" else 1)
        low, high = float(node.get("value", 1)), float(node.get("high", 0))
        if op == "none":
            return figure == 0
        if op == "between":
            return low <= figure <= high
        return figure >= low if op == "gte" else figure <= low if op == "lte" else figure == low

    def is_first(self, node: Row, person: int) -> bool:
        rows = self.matching(node, person)
        return bool(rows) and self.inside(node["range"], min(rows, key=lambda row: row["ts"]))

    def is_last(self, node: Row, person: int) -> bool:
        rows = self.matching(node, person)
        return bool(rows) and self.inside(node["range"], max(rows, key=lambda row: row["ts"]))

    def is_user(self, node: Row, person: int) -> bool:
        value = self.known.get(person, {}).get(str(node["property"]), "")
        op = str(node.get("op", "is"))
        if op in ("set", "not_set"):
            return bool(value) == (op == "set")
        return (value == str(node["value"])) == (op == "is")

    def is_sequence(self, node: Row, person: int) -> bool:
        number, unit = int(node["window"][:-1]), node["window"][-1]
        steps = [self.matching(step, person) for step in node["steps"]]
        # every choice of one event for each step
        for chosen in product(*steps):
            times = [row["ts"] for row in chosen]
            different = len({id(row) for row in chosen}) == len(chosen)
            in_order = all(one <= other for one, other in pairwise(times))
            in_time = times[-1] - times[0] <= number * SPANS[unit]
            begins = self.inside(node.get("range"), chosen[0])
            if different and in_order and in_time and begins:
                return True
        return False
