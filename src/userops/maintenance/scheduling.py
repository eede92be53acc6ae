"""Errands of report schedules: list, make, pause, run now, and what was sent. The machine's own
administrator does them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time
from typing import Any

from userops.errors import NotFound
from userops.events.store import Store
from userops.notices.models import Channel
from userops.reports.schedules import actions
from userops.reports.schedules.models import Schedule
from userops.reports.schedules.running import carry_out_due
from userops.reports.schedules.telling import dry_run, run_line, schedule_line
from userops.words import Words
from userops.workspace.models import User
from userops.workspace.setup import local_admin


def listing(store: Store, *, product: str) -> list[dict[str, Any]]:
    """The schedules of a product."""
    return [schedule_line(each) for each in Schedule.objects.filter(product=store.product(product))]


def make(
    store: Store,
    *,
    product: str,
    at: str,
    members: list[str],
    channels: list[str],
    **wanted: Any,
) -> dict[str, Any]:
    """Make a schedule; members by mail address, channels by name. Raises `NotFound`, `Refused`."""
    found = store.product(product)
    people = _keys(User.objects.filter(email__in=members), members, "email")
    robots = _keys(Channel.objects.filter(product=found, name__in=channels), channels, "name")
    made = actions.create_schedule(
        found,
        actions.Wanted(at=time.fromisoformat(at), members=people, channels=robots, **wanted),
        acting_user=local_admin(),
    )
    return schedule_line(made)


def _keys(rows: Any, names: list[str], field: str) -> list[int]:
    known = {getattr(row, field): row.pk for row in rows}
    for name in names:
        if name not in known:
            raise NotFound(
                Words(f"没有 {name[:80]!r}。", f"There is no {name[:80]!r}."),
                code="reader_not_found",
            )
    return list(known.values())


def change(store: Store, *, product: str, schedule: int, do: str) -> dict[str, Any]:
    """`do`: pause, resume or delete. Raises `NotFound`."""
    row = _one(store, product, schedule)
    acts: dict[str, Callable[..., Any]] = {
        "pause": actions.pause,
        "resume": actions.resume,
        "delete": actions.delete_schedule,
    }
    told = schedule_line(row)
    acts[do](row, acting_user=local_admin())
    return {**told, "active": row.active}


def run(store: Store, *, product: str, schedule: int, dry: bool = False) -> dict[str, Any]:
    """Build and send the last whole period now; `dry`: only say what would be done."""
    row = _one(store, product, schedule)
    if dry:
        return dry_run(row)
    made = actions.run_now(row, acting_user=local_admin())
    carry_out_due(store, datetime.now(UTC))
    made.refresh_from_db()
    return run_line(made)


def log(store: Store, *, product: str, schedule: int) -> list[dict[str, Any]]:
    """What was sent to whom, the newest first."""
    return [run_line(each) for each in _one(store, product, schedule).runs.all()[:100]]


def _one(store: Store, product: str, key: int) -> Schedule:
    found = Schedule.objects.filter(product=store.product(product), pk=key).first()
    if found is None:
        raise NotFound(
            Words(f"没有编号为 {key} 的报告计划。", f"There is no report schedule {key}."),
            code="schedule_not_found",
        )
    return found
