from __future__ import annotations

from django.apps import AppConfig


class PainPointsConfig(AppConfig):
    name = "userops.experience.pain_points"
    label = "pain_points"
    default_auto_field = "django.db.models.BigAutoField"
