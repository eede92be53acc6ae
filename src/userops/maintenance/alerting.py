"""Errands of alerts: the list, and judging now."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from userops.alerts.evaluating import evaluate
from userops.alerts.models import Alert, Check
from userops.errors import NotFound
from userops.events.store import Store
from userops.words import Words


def listing(store: Store, *, product: str) -> list[dict[str, Any]]:
    """The alerts of a product with what each found last."""
    return [_told(each) for each in Alert.objects.filter(product=store.product(product))]


def check(store: Store, *, product: str, alert: int | None = None) -> list[dict[str, Any]]:
    """Judge the finished periods now; answers what is new. Raises `NotFound`."""
    rows = Alert.objects.filter(product=store.product(product), active=True)
    rows = rows.select_related("product", "analysis")
    if alert is not None and not rows.filter(pk=alert).exists():
        raise NotFound(
            Words(f"没有编号为 {alert} 且在监控中的告警。", f"There is no active alert {alert}."),
            code="alert_not_found",
        )
    found: list[dict[str, Any]] = []
    for row in rows if alert is None else rows.filter(pk=alert):
        made = evaluate(row, store, datetime.now(UTC))
        found += [{"alert": row.name, **_check(each)} for each in made]
        if row.problem:
            found.append({"alert": row.name, "problem": row.problem})
    return found


def _told(alert: Alert) -> dict[str, Any]:
    last = alert.checks.first()
    return {
        "id": alert.pk,
        "name": alert.name,
        "kind": alert.kind,
        "active": alert.active,
        "outside_since": alert.outside_since,
        "problem": alert.problem,
        "next_due": alert.next_due.isoformat(timespec="seconds"),
        "last": _check(last) if last else None,
    }


def _check(check: Check) -> dict[str, Any]:
    return {
        "period": check.period,
        "value": check.value,
        "base": check.base,
        "low": check.low,
        "high": check.high,
        "outcome": check.outcome,
        "event": check.event,
        "told": check.told,
    }
