"""The tabs of the inbox with how many tickets wait in each.

What is the same for all members is counted once for each state of the desk, not for each who looks.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from django.core.cache import cache
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from userops.events.models import Product
from userops.feedback.inbox.filters import Filters
from userops.feedback.inbox.listing import COUNTED, counted
from userops.web.templatetags.figures import number
from userops.workspace.models import User

OWN: dict[str, Filters] = {"mine": Filters(owner="me"), "team": Filters(team="me")}
SHARED: dict[str, Filters] = {
    "all": Filters(),
    "unassigned": Filters(owner="none"),
    "late": Filters(late="yes", order="due"),
}
ORDER = ("all", "mine", "team", "unassigned", "late")
STANDS = 30
"""Seconds that counts of all members stand at most: what becomes late changes no ticket."""


@dataclass(frozen=True, slots=True)
class Pile:
    """A tab."""

    name: str
    title: str
    filters: Filters
    total: int

    @property
    def count(self) -> str:
        """As it is shown."""
        return f"{number(COUNTED)}+" if self.total > COUNTED else number(self.total)


def piles(product: Product, user: User, state: str, *, old: float = 0) -> list[Pile]:
    """In their order. `state` names the state of the desk (`news.state`); counts of another one are good
    enough when they are at most `old` seconds old."""
    totals = _shared(product, user, state, old)
    totals |= {name: counted(each.tickets(product, user)) for name, each in OWN.items()}
    titles = _titles()
    return [Pile(each, titles[each], (OWN | SHARED)[each], totals[each]) for each in ORDER]


def _shared(product: Product, user: User, state: str, old: float) -> dict[str, int]:
    key = f"inbox-piles-{product.pk}"
    kept_state, at, totals = cache.get(key) or ("", 0.0, {})
    if totals and (kept_state == state or time.time() - at <= old):
        return dict(totals)
    totals = {name: counted(each.tickets(product, user)) for name, each in SHARED.items()}
    cache.set(key, (state, time.time(), totals), STANDS)
    return dict(totals)


def _titles() -> dict[str, str]:
    return {
        "all": _("All active"),
        "mine": pgettext("tickets", "Mine"),
        "team": _("My teams"),
        "unassigned": _("Without owner"),
        "late": pgettext("tickets", "Late"),
    }
