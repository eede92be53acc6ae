from __future__ import annotations

from django.apps import AppConfig


class RulesConfig(AppConfig):
    name = "userops.feedback.rules"
    label = "feedback_rules"
    default_auto_field = "django.db.models.BigAutoField"
