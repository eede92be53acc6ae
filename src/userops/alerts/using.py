"""Alerts on a trend that asks for a segment: it cannot be deleted before they do no more."""

from __future__ import annotations

from collections.abc import Iterable

from userops.alerts.models import Alert
from userops.audience.segments.models import Segment
from userops.audience.segments.using import Use, called, holding
from userops.words import Words


def alerts_of(segment: Segment) -> Iterable[Use]:
    rows = Alert.objects.filter(product=segment.product).select_related("analysis")
    for alert in holding(rows, "analysis__document", segment.fact):
        yield Use(Words("告警", "alert"), called(alert.name))
