from __future__ import annotations

from django.apps import AppConfig


class RequirementsConfig(AppConfig):
    name = "userops.feedback.requirements"
    label = "requirements"
    default_auto_field = "django.db.models.BigAutoField"
