from __future__ import annotations

from django.apps import AppConfig


class UnderstandingConfig(AppConfig):
    name = "userops.feedback.understanding"
    label = "understanding"
    default_auto_field = "django.db.models.BigAutoField"
