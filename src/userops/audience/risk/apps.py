from __future__ import annotations

from django.apps import AppConfig


class RiskConfig(AppConfig):
    name = "userops.audience.risk"
    label = "risk"
    default_auto_field = "django.db.models.BigAutoField"
