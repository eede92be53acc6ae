from __future__ import annotations

from django.apps import AppConfig


class TicketsConfig(AppConfig):
    name = "userops.feedback.tickets"
    label = "tickets"
    default_auto_field = "django.db.models.BigAutoField"
