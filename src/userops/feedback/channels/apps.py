from __future__ import annotations

from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    name = "userops.feedback.channels"
    label = "feedback_channels"
    default_auto_field = "django.db.models.BigAutoField"
