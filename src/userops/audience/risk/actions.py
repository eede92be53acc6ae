"""Writes: what the churn risk is computed of, and computing it now."""

from __future__ import annotations

from userops.audience.risk.models import RiskState
from userops.audience.risk.refreshing import refresh, state_of
from userops.errors import Refused
from userops.events.models import EventDefinition, Product
from userops.events.store import Store
from userops.words import Words
from userops.workspace.access import check
from userops.workspace.log import note
from userops.workspace.models import User
from userops.workspace.roles import Permission

WINDOWS = range(1, 366)


def set_settings(product: Product, event: str, window: int, *, acting_user: User) -> RiskState:
    """What is predicted from the next refresh on. Raises `Refused`."""
    check(acting_user, product, Permission.ANALYSE)
    known = EventDefinition.objects.filter(product=product, name=event).exists()
    if event != "*" and not known:
        raise Refused(
            Words(f"没有事件 {event[:80]!r}。", f"There is no event {event[:80]!r}."),
            code="event_unknown",
            hint=Words("请从产品目录中选择。", "Choose one of the catalogue."),
        )
    if window not in WINDOWS:
        raise Refused(
            Words(
                f"流失天数应为 {WINDOWS[0]} 到 {WINDOWS[-1]}；实际为 {window}。",
                f"The window has {WINDOWS[0]} to {WINDOWS[-1]} days; got {window}.",
            ),
            code="risk_window_invalid",
        )
    state = state_of(product)
    state.event, state.window = event, window
    state.save(update_fields=["event", "window"])
    note(acting_user, "risk.configured", product=product, event=event, window=window)
    return state


def refresh_now(store: Store, product: Product, *, acting_user: User) -> RiskState:
    """Predict anew, and publish the chances as the facts `$risk` and `$risk_band`."""
    check(acting_user, product, Permission.ANALYSE)
    state = refresh(store, product)
    note(acting_user, "risk.refreshed", product=product, people=state.people)
    return state
