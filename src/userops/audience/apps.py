from __future__ import annotations

from django.apps import AppConfig


class AudienceConfig(AppConfig):
    name = "userops.audience"
    label = "audience"
    default_auto_field = "django.db.models.BigAutoField"
