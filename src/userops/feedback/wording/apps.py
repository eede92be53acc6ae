from __future__ import annotations

from django.apps import AppConfig


class WordingConfig(AppConfig):
    name = "userops.feedback.wording"
    label = "wording"
    default_auto_field = "django.db.models.BigAutoField"
