"""The demo company opens with everybody's churn risk; it is predicted in the background."""

from __future__ import annotations

from userops.audience.risk import actions
from userops.audience.risk.models import RiskState
from userops.audience.risk.tasks import refresh_risk_of
from userops.events.models import Product
from userops.workspace.models import User

CORE, WINDOW = "app_open", 14


def predict_risk(product: Product, admin: User) -> None:
    """Asks for a prediction where there never was one."""
    if RiskState.objects.filter(product=product).exists():
        return
    actions.set_settings(product, CORE, WINDOW, acting_user=admin)
    refresh_risk_of(product.pk, admin.pk)
