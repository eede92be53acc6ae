"""The demo company opens with a persona set; its groups are found in the background, as of two weeks before the end
of its data and now, so that its page says who moved between them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from userops.audience.personas import actions
from userops.audience.personas.models import PersonaSet
from userops.demo.load import DemoOrder
from userops.events.models import Product
from userops.words import Words
from userops.workspace.models import User

NAME = Words("拾光集的用户", "The people of Shiguang Market")
DAYS = 60


def keep_personas(product: Product, order: DemoOrder, admin: User, language: str) -> None:
    """Makes the set where there is none."""
    if PersonaSet.objects.filter(product=product).exists():
        return
    found = actions.create_set(
        product,
        name=NAME.text(language),
        document={"range": {"last": DAYS}},
        schedule="week",
        acting_user=admin,
    )
    actions.ask_for_run(found, before=two_weeks_before(product, order), acting_user=admin)


def two_weeks_before(product: Product, order: DemoOrder) -> datetime:
    """The midnight with which the day two weeks before the last one of the data ended."""
    day = date.fromisoformat(order.end) - timedelta(days=13)
    return datetime.combine(day, time(), ZoneInfo(product.timezone))
