from __future__ import annotations

from django.apps import AppConfig


class CollectConfig(AppConfig):
    name = "userops.collect"
    label = "collect"
    default_auto_field = "django.db.models.BigAutoField"
