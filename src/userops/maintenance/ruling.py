"""Errands of automation rules and of deadlines. The machine's own administrator does them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from userops.events.models import Product
from userops.events.store import Store
from userops.feedback.clocks.models import Policy
from userops.feedback.clocks.ontime import on_time
from userops.feedback.clocks.reading import instances_of
from userops.feedback.clocks.telling import clock_line, on_time_line, policy_line
from userops.feedback.rules import actions
from userops.feedback.rules.models import Rule
from userops.feedback.rules.options import Options
from userops.feedback.rules.reading import log_of, rule_named
from userops.feedback.rules.telling import firing_line, rule_line, run_line
from userops.feedback.rules.trying import go_on
from userops.feedback.sorting.models import Category, Team
from userops.feedback.tickets.reading import numbered
from userops.workspace.setup import local_admin


def rules(store: Store, *, product: str) -> list[dict[str, Any]]:
    """The rules of a product in their order."""
    found = store.product(product)
    options = Options(found)
    return [rule_line(each, options) for each in Rule.objects.filter(product=found)]


def rule(store: Store, *, product: str, name: str) -> dict[str, Any]:
    """One rule. Raises `NotFound`."""
    row = rule_named(store.product(product), name)
    return rule_line(row, Options(row.product))


def make(store: Store, *, product: str, name: str, document: Any) -> dict[str, Any]:
    """A new rule, switched off. Raises `Refused`."""
    found = store.product(product)
    made = actions.create_rule(found, name, document, acting_user=local_admin())
    return rule_line(made, Options(found))


def switch(store: Store, *, product: str, name: str, active: bool) -> dict[str, Any]:
    """On or off. Raises `NotFound`."""
    row = rule_named(store.product(product), name)
    actions.switch_rule(row, active=active, acting_user=local_admin())
    return rule_line(row, Options(row.product))


def dry_run(
    store: Store, *, product: str, name: str, first: str = "", until: str = "", days: int = 30
) -> dict[str, Any]:
    """Try it over the tickets of these days, now; else of so many up to the product's today. Raises `NotFound`,
    `Refused`."""
    found = store.product(product)
    row = rule_named(found, name)
    today = datetime.now(ZoneInfo(found.timezone)).date()
    end = date.fromisoformat(until) if until else today
    begin = date.fromisoformat(first) if first else end - timedelta(days=days - 1)
    run = actions.start_dry_run(row, begin, end, at_once=True, acting_user=local_admin())
    go_on(run)
    run.refresh_from_db()
    return run_line(run)


def log(
    store: Store, *, product: str, name: str = "", ticket: int | None = None, limit: int = 50
) -> list[dict[str, Any]]:
    """What fired, the newest first. Raises `NotFound`."""
    found = store.product(product)
    key = rule_named(found, name).pk if name else None
    return [firing_line(each) for each in log_of(found, rule=key, ticket=ticket)[:limit]]


def policies(store: Store, *, product: str) -> list[dict[str, Any]]:
    """Deadline policies in their order."""
    rows = Policy.objects.filter(product=store.product(product)).prefetch_related("categories")
    return [policy_line(each) for each in rows]


def clocks(store: Store, *, product: str, ticket: int) -> list[dict[str, Any]]:
    """The clocks of a ticket, each with its days. Raises `NotFound`."""
    row = numbered(store.product(product), ticket)
    now = datetime.now(UTC)
    return [clock_line(each, now) for each in instances_of(row)]


def kept(
    store: Store, *, product: str, first: str = "", last: str = "", kind: str = "resolution"
) -> dict[str, Any]:
    """How much of what was due in these days was in time; by default of the last 30."""
    found = store.product(product)
    end = date.fromisoformat(last) if last else _today(found)
    begin = date.fromisoformat(first) if first else end - timedelta(days=29)
    return on_time_line(on_time(found, begin, end, kind))


def sorting(store: Store, *, product: str) -> dict[str, Any]:
    """Categories as a tree, and teams with their members."""
    found = store.product(product)
    return {
        "categories": [
            {"id": row.pk, "path": row.path, "team": row.team.name if row.team else None,
             "keywords": row.keywords, "active": row.active}
            for row in Category.objects.filter(product=found).select_related("team")
        ],
        "teams": [
            {"id": row.pk, "name": row.name,
             "members": sorted(each.email for each in row.members.all())}
            for row in Team.objects.filter(product=found).prefetch_related("members")
        ],
    }  # fmt: skip


def _today(product: Product) -> date:
    return datetime.now(ZoneInfo(product.timezone)).date()
