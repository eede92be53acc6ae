"""Alerts of the demo company, on two trends of its showcase."""

from __future__ import annotations

from userops.alerts.actions import Wanted, create_alert
from userops.alerts.models import Alert, Base, Kind, Rule
from userops.demo.showcase import ACTIVE, REVENUE
from userops.events.models import Product
from userops.insights.models import SavedAnalysis
from userops.words import Words
from userops.workspace.models import User


def watch_showcase(product: Product, owner: User, language: str) -> None:
    """Watch active users and revenue, unless something is watched already."""
    if Alert.objects.filter(product=product).exists():
        return
    members = (owner.pk,)
    usual = Words("日活偏离正常规律", "Active users out of the ordinary")
    fall = Words("支付金额比上周同期下降三成", "Revenue a third below last week")
    wanted = {
        ACTIVE: Wanted(name=usual.text(language), kind=Kind.ANOMALY, members=members),
        REVENUE: Wanted(
            name=fall.text(language),
            kind=Kind.THRESHOLD,
            rule=Rule.FALL,
            limit=0.3,
            base=Base.SEASON,
            members=members,
        ),
    }
    for words, each in wanted.items():
        saved = SavedAnalysis.objects.filter(product=product, name=words.text(language)).first()
        if saved is not None:
            create_alert(saved, each, acting_user=owner)
