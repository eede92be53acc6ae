from __future__ import annotations

from django.apps import AppConfig


class PersonasConfig(AppConfig):
    name = "userops.audience.personas"
    label = "personas"
    default_auto_field = "django.db.models.BigAutoField"
