"""Clocks and policies as programs read them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from userops.calendars.telling import ledger_line
from userops.feedback.clocks.instances import Instance
from userops.feedback.clocks.models import Policy
from userops.feedback.clocks.ontime import OnTime
from userops.worktime.ledger import ledger, uncertain


def policy_line(policy: Policy) -> dict[str, Any]:
    """One policy; targets in working minutes."""
    names = (
        "name", "active", "severities", "tiers", "first", "next", "resolution", "team", "steps", "version",
    )  # fmt: skip
    return {
        "id": policy.pk,
        **{name: getattr(policy, name) for name in names},
        "categories": [each.pk for each in policy.categories.all()],
        "calendar": policy.calendar_id,
    }


def clock_line(each: Instance, now: datetime) -> dict[str, Any]:
    """One clock with its ledger; lengths in working minutes."""
    stretch = each.stretch
    end = max(stretch.ended or now, each.due or stretch.started)
    pauses = [*stretch.pauses]
    if stretch.paused_since is not None:
        pauses.append((stretch.paused_since, end))
    calendar = each.terms.calendar
    return {
        "kind": stretch.kind,
        "number": stretch.number,
        "started": stretch.started.isoformat(timespec="seconds"),
        "ended": stretch.ended and stretch.ended.isoformat(timespec="seconds"),
        "due": each.due and each.due.isoformat(timespec="seconds"),
        "state": "overdue" if each.overdue(now) else each.state,
        "target": each.target and each.target.total_seconds() / 60,
        "taken": each.taken(now).total_seconds() / 60,
        "policy": each.terms.policy,
        "calendar": each.terms.calendar_key,
        "pauses": [
            [a.isoformat("T", "seconds"), b.isoformat("T", "seconds")] for a, b in stretch.pauses
        ],
        "supposed_years": list(uncertain(calendar, stretch.started, end)),
        "days": [
            ledger_line(line)
            for line in ledger(calendar, stretch.started, end, each.target, pauses)
        ]
        if each.target
        else [],
    }


def on_time_line(found: OnTime) -> dict[str, Any]:
    """The figure with its parts."""
    names = (
        "kind",
        "k",
        "n",
        "share",
        "interval",
        "late",
        "overdue",
        "reopened",
        "provisional",
        "pending",
    )
    return {name: getattr(found, name) for name in names}
