"""Background work: the churn risk of a product, asked for by its page, and then every day."""

from __future__ import annotations

from huey import crontab

from userops.audience.risk import actions
from userops.audience.risk.refreshing import refresh_due
from userops.events import store
from userops.events.models import Product
from userops.events.tasks import queue
from userops.workspace.models import User


@queue.periodic_task(crontab(minute="50"))
def refresh_risk() -> None:
    refresh_due(store.current())


@queue.task()
def refresh_risk_of(product: int, user: int) -> None:
    found = Product.objects.filter(pk=product).first()
    asking = User.objects.filter(pk=user).first()
    if found is not None and asking is not None:
        actions.refresh_now(store.current(), found, acting_user=asking)
