"""The demo company opens with a persona set; its groups are found in the background."""

from __future__ import annotations

from userops.audience.personas import actions
from userops.audience.personas.models import PersonaSet
from userops.events.models import Product
from userops.words import Words
from userops.workspace.models import User

NAME = Words("拾光集的用户", "The people of Shiguang Market")
DAYS = 60


def keep_personas(product: Product, admin: User, language: str) -> None:
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
    actions.ask_for_run(found, acting_user=admin)
