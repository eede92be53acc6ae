from __future__ import annotations

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "userops.reports"
    label = "reports"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from userops.audience.segments.using import USES
        from userops.reports.using import reports_of

        USES.append(reports_of)
