from __future__ import annotations

from django.apps import AppConfig


class SchedulesConfig(AppConfig):
    name = "userops.reports.schedules"
    label = "report_schedules"
    default_auto_field = "django.db.models.BigAutoField"
