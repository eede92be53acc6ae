from __future__ import annotations

from django.apps import AppConfig


class TopicsConfig(AppConfig):
    name = "userops.feedback.topics"
    label = "topics"
    default_auto_field = "django.db.models.BigAutoField"
