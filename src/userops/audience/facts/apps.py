from __future__ import annotations

from django.apps import AppConfig


class FactsConfig(AppConfig):
    name = "userops.audience.facts"
    label = "facts"
    default_auto_field = "django.db.models.BigAutoField"
