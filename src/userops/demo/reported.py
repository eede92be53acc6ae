"""A report of the demo company over its whole window; the server builds it when it has started."""

from __future__ import annotations

from datetime import date

from userops.demo.load import DemoOrder
from userops.demo.plan import make_plan
from userops.events.models import Product
from userops.reports.actions import create_report
from userops.reports.models import Report
from userops.workspace.models import User


def begin_report(product: Product, order: DemoOrder, owner: User) -> None:
    """Ask for the user analysis report, unless there is a report already."""
    if Report.objects.filter(product=product).exists():
        return
    plan = make_plan(date.fromisoformat(order.end), order.days)
    create_report(product, "user-analysis", f"{plan.first}..{plan.last}", acting_user=owner)
