from __future__ import annotations

from django.apps import AppConfig


class ClocksConfig(AppConfig):
    name = "userops.feedback.clocks"
    label = "feedback_clocks"
    default_auto_field = "django.db.models.BigAutoField"
