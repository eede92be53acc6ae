"""The slow, obvious reference: walk through a ticket's life minute by minute. Only tests use it.

Events are whole minutes. It shares no code with `lifeline` and `instances`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from userops.feedback.clocks.lifeline import Happening
from userops.worktime.calendar import Calendar
from userops.worktime.oracle import is_open

MINUTE = timedelta(minutes=1)


class Walk:
    """The state of a ticket at one minute."""

    def __init__(self, status: str, targets: dict[str, int], calendar: Calendar):
        self.status, self.targets, self.calendar = status, targets, calendar
        self.answered = False
        self.found: list[dict[str, Any]] = []
        self.running: dict[str, dict[str, Any]] = {}

    def begin(self, kind: str, moment: datetime) -> None:
        clock = {"kind": kind, "started": moment, "ended": None, "minutes": 0, "due": None}
        self.running[kind] = clock
        self.found.append(clock)

    def end(self, moment: datetime, *kinds: str) -> None:
        for kind in kinds:
            if kind in self.running:
                self.running.pop(kind)["ended"] = moment

    def event(self, each: Happening) -> None:
        moment = each.at
        if each.kind == "opened" and self.status == "closed":
            self.answered = True
        elif each.kind == "opened":
            self.begin("first", moment)
            self.begin("resolution", moment)
        elif each.kind == "answered":
            self.answered = True
            self.end(moment, "first", "next")
        elif each.kind == "received" and self.answered and "next" not in self.running:
            self.begin("next", moment)
        elif each.kind == "handed_over":
            self.end(moment, "team")
            self.begin("team", moment)
        elif each.kind == "status":
            self.change(each.data["to"], moment)

    def change(self, status: str, moment: datetime) -> None:
        old, self.status = self.status, status
        was, done = old in ("solved", "closed"), status in ("solved", "closed")
        if done and not was:
            self.answered = True
            self.end(moment, "first", "next", "resolution", "team")
        if was and not done:
            self.begin("resolution", moment)
        if status not in ("handed_over", "waiting"):
            self.end(moment, "team")

    def minute(self, moment: datetime) -> None:
        if self.status == "waiting" or not is_open(self.calendar, moment):
            return
        for clock in self.running.values():
            clock["minutes"] += 1
            if clock["minutes"] == self.targets.get(clock["kind"]):
                clock["due"] = moment + MINUTE


def clocks(
    happenings: Sequence[Happening],
    status: str,
    targets: dict[str, int],
    calendar: Calendar,
    now: datetime,
) -> list[dict[str, Any]]:
    """Kind, started, ended, working minutes and due time of each clock; `status`: the first one."""
    walk, moment, place = Walk(status, targets, calendar), happenings[0].at, 0
    while moment <= now:
        while place < len(happenings) and happenings[place].at == moment:
            walk.event(happenings[place])
            place += 1
        if moment < now:
            walk.minute(moment)
        moment += MINUTE
    return walk.found
