from __future__ import annotations

from django.apps import AppConfig


class AlertsConfig(AppConfig):
    name = "userops.alerts"
    label = "alerts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from userops.alerts.using import alerts_of
        from userops.audience.segments.using import USES

        USES.append(alerts_of)
